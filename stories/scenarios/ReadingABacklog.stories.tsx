import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { ReadingABacklog } from './ReadingABacklog'

const meta = {
  title: 'Scenarios/Reading a backlog',
  component: ReadingABacklog,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof ReadingABacklog>

export default meta
type Story = StoryObj<typeof meta>

const figure = (canvas: HTMLElement, name: string) => Number(canvas.querySelector(`[data-figure="${name}"] output`)?.textContent)
const separatorTop = (canvas: HTMLElement) => {
  const [separator, scroller] = [canvas.querySelector('.rb-unread-separator'), canvas.querySelector('.rb-list-scroller')]
  return separator === null || scroller === null ? null : separator.getBoundingClientRect().top - scroller.getBoundingClientRect().top
}

/** Sixty messages came overnight. The list opens at the first of them; scroll slowly and the count falls, fling and it does not. Many reads leave in few reports. */
export const Overnight: Story = {
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector('[data-settled="true"]')).not.toBeNull(), { timeout: 15_000 })
    await waitFor(() => expect(separatorTop(canvasElement)).not.toBeNull(), { timeout: 15_000 })
    await expect(Math.abs(separatorTop(canvasElement) as number)).toBeLessThanOrEqual(1)
  },
}

/** The same, played: what is in view is read after its dwell and the rest stays unread; a jump to the newest reads nothing on its way. */
export const Played: Story = {
  play: async (context) => {
    const { canvasElement } = context
    await Overnight.play?.(context)
    // Who reads has the window in front; a story in a frame has the focus only once something in it has.
    canvasElement.querySelector<HTMLElement>('.rb-list-scroller')?.focus()
    await waitFor(() => expect(figure(canvasElement, 'unread')).toBeLessThan(60), { timeout: 15_000 })
    await waitFor(() => expect(figure(canvasElement, 'reports')).toBeGreaterThan(0), { timeout: 15_000 })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const left = figure(canvasElement, 'unread')
    await expect(left).toBeGreaterThan(30)
    canvasElement.querySelector<HTMLElement>('.rb-jump-to-newest')?.click()
    await waitFor(() => expect(figure(canvasElement, 'unread')).toBeLessThan(left), { timeout: 15_000 })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await expect(figure(canvasElement, 'unread')).toBeGreaterThan(15)
    await expect(figure(canvasElement, 'reports')).toBeLessThanOrEqual(8)
  },
}
