import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { HostStore } from './HostStore'

const meta = {
  title: 'Scenarios/Your own store',
  component: HostStore,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof HostStore>

export default meta
type Story = StoryObj<typeof meta>

const settled = (canvas: HTMLElement) => waitFor(() => expect(canvas.querySelector('[data-settled="true"]')).not.toBeNull(), { timeout: 15_000 })

/** A Redux store feeds the list and the badge: no client, no database. */
export const YourOwnStore: Story = { play: ({ canvasElement }) => settled(canvasElement) }

/** The same, played: a line of mine appears at the end, and one reader after another turns its badge. */
export const Played: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await settled(canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'I write' }))
    const last = () => [...canvasElement.querySelectorAll('.rb-row[data-direction="own"]')].at(-1)
    const badges = () => [last()?.querySelector('.rb-badge'), canvasElement.querySelector('.panel__controls .rb-badge')]
    await waitFor(() => expect(badges().map((badge) => badge?.getAttribute('data-read'))).toEqual(['nobody', 'nobody']))
    for (let reader = 0; reader < 5; reader++) await userEvent.click(canvas.getByRole('button', { name: 'Somebody reads' }))
    await waitFor(() => expect(badges().map((badge) => badge?.getAttribute('data-read'))).toEqual(['all', 'all']))
    await expect(last()?.getAttribute('data-status')).toBe('read')
  },
}
