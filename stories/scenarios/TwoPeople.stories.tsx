import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { TwoPhones } from './TwoPhones'

const meta = {
  title: 'Scenarios/Two people',
  component: TwoPhones,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof TwoPhones>

export default meta
type Story = StoryObj<typeof meta>

/** Type on one phone and watch the message on the other: clock, check, double check, and blue once it has been looked at for a moment. Everything survives a reload. */
export const TwoPeople: Story = {}

/** The same, played: a message is written, delivered while nobody looks, and read when somebody does. */
export const Played: Story = {
  name: 'Played',
  args: { name: `played-${Date.now()}` },
  play: async ({ canvasElement }) => {
    const phone = (person: string) => within(canvasElement.querySelector<HTMLElement>(`[data-person="${person}"]`)!)
    const [ada, bo] = [phone('ada'), phone('bo')]
    await userEvent.click(bo.getByRole('switch', { name: 'Looking at it' }))
    const field = await ada.findByRole('textbox', undefined, { timeout: 5000 })
    await userEvent.type(field, 'Are you coming tonight?{Enter}')
    await waitFor(() => expect(bo.getByText('Are you coming tonight?')).toBeVisible(), { timeout: 5000 })
    await waitFor(() => expect(ada.getByRole('img', { name: 'Delivered' })).toBeVisible(), { timeout: 5000 })
    await userEvent.click(bo.getByRole('switch', { name: 'Looking at it' }))
    await waitFor(() => expect(ada.getByRole('img', { name: 'Read' })).toBeVisible(), { timeout: 5000 })
  },
}
