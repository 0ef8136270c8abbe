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

const phoneOf = (canvas: HTMLElement, person: 'ada' | 'bo') => within(canvas.querySelector<HTMLElement>(`[data-person="${person}"]`)!)

/** Both phones show whom they talk to, and the beginning of the conversation. */
async function untilReady(canvas: HTMLElement): Promise<void> {
  await waitFor(() => expect(canvas.querySelectorAll('[data-settled="true"]')).toHaveLength(2), { timeout: 15_000 })
  await waitFor(() => expect(phoneOf(canvas, 'ada').getByRole('region', { name: 'Bo Lindqvist' })).toBeVisible(), { timeout: 5000 })
  await waitFor(() => expect(phoneOf(canvas, 'bo').getByRole('region', { name: 'Ada Okafor' })).toBeVisible(), { timeout: 5000 })
}

/** Type on one phone and watch the message on the other: clock, check, double check, and blue once it has been looked at for a moment. Everything survives a reload. */
export const TwoPeople: Story = {
  play: ({ canvasElement }) => untilReady(canvasElement),
}

/** The same, played: a message is written, delivered while nobody looks, and read when somebody does. */
export const Played: Story = {
  args: { name: `played-${Date.now()}` },
  play: async ({ canvasElement }) => {
    await untilReady(canvasElement)
    const [ada, bo] = [phoneOf(canvasElement, 'ada'), phoneOf(canvasElement, 'bo')]
    const text = 'Are you coming tonight?'
    const status = () => ada.getByText(text).closest('.rb-row')!.getAttribute('data-status')
    await userEvent.click(bo.getByRole('switch', { name: 'Looking at it' }))
    await userEvent.type(ada.getByRole('textbox'), `${text}{Enter}`)
    await waitFor(() => expect(bo.getByText(text)).toBeInTheDocument(), { timeout: 10_000 })
    await waitFor(() => expect(status()).toBe('delivered'), { timeout: 10_000 })
    await userEvent.click(bo.getByRole('switch', { name: 'Looking at it' }))
    await waitFor(() => expect(status()).toBe('read'), { timeout: 10_000 })
  },
}
