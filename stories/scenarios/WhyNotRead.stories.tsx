import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { WhyNotRead } from './WhyNotRead'

/** `useWhyUnread(message)` in a row of one's own: each message says whether it is read, or why it is not yet. */
const meta = {
  title: 'Scenarios/Why is it not read yet',
  component: WhyNotRead,
  args: { kind: 'group', onOpen: 'dwell', readMode: 'perMessage', dwellMs: 800 },
  argTypes: { kind: { control: 'inline-radio', options: ['direct', 'group'] }, onOpen: { control: 'inline-radio', options: ['dwell', 'all'] }, readMode: { control: 'inline-radio', options: ['upTo', 'perMessage'] } },
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof WhyNotRead>

export default meta
type Story = StoryObj<typeof meta>

const answers = (canvas: HTMLElement) => [...canvas.querySelectorAll('[data-answer]')].map(({ textContent }) => textContent)
const unread = (canvas: HTMLElement) => canvas.querySelector('[data-figure="unread"] output')?.textContent

/** Who reads has the window in front; a story in a frame has the focus only once something in it has. */
async function look(canvas: HTMLElement): Promise<void> {
  await waitFor(() => expect(canvas.querySelector('[data-settled="true"] [data-answer]')).not.toBeNull(), { timeout: 15_000 })
  canvas.querySelector<HTMLElement>('.rb-list-scroller')?.focus()
}

/** In a group only what was before somebody's eyes is read: *seen*. */
export const MessageByMessage: Story = {
  play: async ({ canvasElement }) => {
    await look(canvasElement)
    await waitFor(() => expect(answers(canvasElement)).toContain('read: seen'), { timeout: 15_000 })
    await expect(Number(unread(canvasElement))).toBeGreaterThan(5)
  },
}

/** With `onOpen: 'all'` entering a direct conversation reads all of it. That it was *reached*, the answer says, not that it was seen. */
export const EnteringReadsAll: Story = {
  args: { kind: 'direct', onOpen: 'all', readMode: 'upTo', dwellMs: 10_000 },
  play: async ({ canvasElement }) => {
    await look(canvasElement)
    await waitFor(() => expect(unread(canvasElement)).toBe('0'), { timeout: 15_000 })
    await waitFor(() => expect(new Set(answers(canvasElement))).toEqual(new Set(['read: reached'])), { timeout: 15_000 })
  },
}
