import type { Meta, StoryObj } from '@storybook/react-vite'
import { ReaderList } from 'readback'
import { expect, fn, userEvent, within } from 'storybook/test'
import { ME, messageBy } from '../fixtures/people.js'
import { crowd, SIX, SIX_AUDIENCE, SIX_WHO_SAID, standingReaders } from '../fixtures/readers.js'

const six = standingReaders({ readers: SIX, audience: SIX_AUDIENCE })
const said = standingReaders({ readers: SIX_WHO_SAID, audience: SIX_AUDIENCE })
const tenThousand = standingReaders(crowd(10_000))
const direct = standingReaders({ readers: SIX.slice(1, 2), audience: ['layla'] })
const failing = standingReaders({ readers: [], audience: SIX_AUDIENCE, fails: true, tally: { tracked: true, read: 2, of: 6, delivered: 4, viewed: 0 } })
const counted = standingReaders({ readers: SIX.slice(0, 2), audience: SIX_AUDIENCE, tally: { tracked: true, read: 4, of: 6, delivered: 4, viewed: 0 } })
const untracked = standingReaders({ readers: [], audience: [], tally: { tracked: false, reason: 'tooLarge' } })

const meta = {
  title: 'Components/ReaderList',
  component: ReaderList,
  args: { message: messageBy(ME, 'Who brings the long hose tomorrow?', 4), source: six, style: { inlineSize: 'min(400px, 90vw)', blockSize: 420, background: 'var(--rb-surface)', borderRadius: 16, paddingBlockStart: 16 } },
} satisfies Meta<typeof ReaderList>

export default meta
type Story = StoryObj<typeof meta>

/** Who read it, and when. The counts are those of the badge. */
export const Read: Story = {}

/** The same on a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' } }

/** What they said with their receipt stands beside the name, as plain text in its own direction. */
export const WithContent: Story = {
  args: { source: said },
  play: async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByText('I bring it.')).toHaveProperty('tagName', 'BDI')
  },
}

/** Whom it did not reach yet; the app may remind them. */
export const NotYet: Story = {
  args: { onRemind: fn() },
  play: async ({ canvasElement }) => {
    const [, , waiting] = await within(canvasElement).findAllByRole('tab')
    await userEvent.click(waiting as HTMLElement)
    await within(canvasElement).findByText('Tomás Rivera')
  },
}

/** Whoever has not read it is handed to the app, once. */
export const Reminding: Story = {
  args: { onRemind: fn() },
  play: async ({ canvasElement, args }) => {
    const button = await within(canvasElement).findByRole('button', { name: /3/ })
    await userEvent.click(button)
    await within(canvasElement).findByText('Reminded')
    await expect(args.onRemind).toHaveBeenLastCalledWith(['noor', 'tomas', 'sam.whitfield@example.com'])
  },
}

/** Right to left, in Chinese. */
export const RightToLeft: Story = { globals: { dir: 'rtl', locale: 'zh-CN' } }

/** Ten thousand members: loaded by pages, rendered as they come into view. */
export const TenThousand: Story = { args: { source: tenThousand, onRemind: fn() } }

/** One reader alone. */
export const Direct: Story = { args: { source: direct } }

/** Readers whom the wire counted and did not name. */
export const CountedOnly: Story = { args: { source: counted } }

/** Those of whom nobody knows whether they were counted: more are left than have not read it, so the number stands over them. */
export const CountedAmongThese: Story = {
  args: { source: counted, onRemind: fn() },
  play: async ({ canvasElement }) => {
    const [, , waiting] = await within(canvasElement).findAllByRole('tab')
    await userEvent.click(waiting as HTMLElement)
    await within(canvasElement).findByText('Read by 4 of 6')
    await within(canvasElement).findByRole('button', { name: /4/ })
  },
}

/** A page that could not be loaded. */
export const Failed: Story = { args: { source: failing } }

/** Where nobody counts, it says why. */
export const Untracked: Story = { args: { source: untracked } }
