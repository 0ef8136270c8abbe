import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { TenThousandMessages as TenThousand } from './TenThousandMessages'

const meta = {
  title: 'Scenarios/Ten thousand messages',
  component: TenThousand,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof TenThousand>

export default meta
type Story = StoryObj<typeof meta>

const mounted = (canvas: HTMLElement) => Number(canvas.querySelector('[data-figure="mounted"] output')?.textContent)
const settled = (canvas: HTMLElement) => waitFor(() => expect(canvas.querySelector('[data-settled="true"]')).not.toBeNull(), { timeout: 15_000 })

/** A plain array of ten thousand. Jump to any message or day, or fling: the page holds a screen of rows and a few beside it. */
export const TenThousandMessages: Story = { play: ({ canvasElement }) => settled(canvasElement) }

/** The same, played: to the first message, to a day, through a fling, and back; never more than a few dozen rows. */
export const Played: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await settled(canvasElement)
    const press = async (name: string, until: () => void) => {
      await userEvent.click(canvas.getByRole('button', { name }))
      await waitFor(until, { timeout: 10_000 })
      await settled(canvasElement)
      await expect(mounted(canvasElement)).toBeLessThan(60)
    }
    const shown = (key: string) => () => expect(canvasElement.querySelector(`[data-key$="${key}"]`)).not.toBeNull()
    await press('The first message', shown('line-1'))
    await press('A hundred days ago', () => expect(canvasElement.querySelectorAll('.rb-date-separator').length).toBeGreaterThan(0))
    await press('Message 5,000', shown('line-5000'))
    const top = () => (canvasElement.querySelector('.rb-list-scroller') as HTMLElement).scrollTop
    const before = top()
    await press('Fling upwards', () => expect(before - top()).toBeGreaterThan(4_000))
    await waitFor(() => expect(canvasElement.querySelector('.rb-floating-date[data-shown="true"]')).not.toBeNull(), { timeout: 5_000 })
    await press('The newest', shown('line-10000'))
  },
}
