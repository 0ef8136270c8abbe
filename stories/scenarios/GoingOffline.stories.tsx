import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { GoingOffline } from './GoingOffline'

const meta = {
  title: 'Scenarios/Going offline',
  component: GoingOffline,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof GoingOffline>

export default meta
type Story = StoryObj<typeof meta>

const figure = (canvas: HTMLElement, name: string) => canvas.querySelector(`[data-figure="${name}"] output`)?.textContent
const untilReady = async (canvas: HTMLElement) => {
  await waitFor(() => expect(canvas.querySelector('[data-settled="true"]')).not.toBeNull(), { timeout: 15_000 })
  await waitFor(() => expect(figure(canvas, 'connection')).toBe('online'), { timeout: 10_000 })
  await waitFor(() => expect(within(canvas).getByText('I will write all the way through it')).toBeVisible(), { timeout: 10_000 })
}

/** Switch the network off and go on writing: the messages wait with a clock. Switch it on and they leave in order. A reload loses nothing. */
export const OnePhone: Story = { play: ({ canvasElement }) => untilReady(canvasElement) }

/** The same, played: two messages and what Bo wrote meanwhile, each in its place once the network is back. */
export const Played: Story = {
  args: { name: `offline-played-${Date.now()}` },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await untilReady(canvasElement)
    await waitFor(() => expect(figure(canvasElement, 'outbox')).toBe('0'), { timeout: 10_000 })
    const network = canvas.getByRole('switch', { name: 'Network' })
    const statusOf = (text: string) => canvas.getByText(text).closest('.rb-row')?.getAttribute('data-status')
    await userEvent.click(network)
    await waitFor(() => expect(figure(canvasElement, 'connection')).not.toBe('online'), { timeout: 10_000 })
    await userEvent.type(canvas.getByRole('textbox'), 'It is dark in here{Enter}')
    await userEvent.type(canvas.getByRole('textbox'), 'Somebody is singing{Enter}')
    await waitFor(() => expect(figure(canvasElement, 'outbox')).toBe('2'), { timeout: 10_000 })
    await expect(statusOf('It is dark in here')).toBe('sending')
    await userEvent.click(canvas.getByRole('button', { name: 'Bo writes something' }))
    await expect(canvas.queryByText('Are you in the tunnel?')).toBeNull()
    await userEvent.click(network)
    await waitFor(() => expect(statusOf('Somebody is singing')).toBe('read'), { timeout: 15_000 })
    await waitFor(() => expect(canvas.getByText('Are you in the tunnel?')).toBeVisible(), { timeout: 10_000 })
    await waitFor(() => expect(figure(canvasElement, 'outbox')).toBe('0'), { timeout: 10_000 })
    const topOf = (text: string) => canvas.getByText(text).getBoundingClientRect().top
    await expect(topOf('It is dark in here')).toBeLessThan(topOf('Somebody is singing'))
  },
}
