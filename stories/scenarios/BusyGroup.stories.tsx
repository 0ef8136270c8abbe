import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { BusyGroup } from './BusyGroup'

const meta = {
  title: 'Scenarios/A busy group',
  component: BusyGroup,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof BusyGroup>

export default meta
type Story = StoryObj<typeof meta>

/** 500 members and 20,000 messages. Receipts stream in; only the badges that change are drawn again. */
export const ABusyGroup: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await waitFor(() => expect(canvas.getAllByText(/\d+ read/).length).toBeGreaterThan(0), { timeout: 15_000 })
  },
}
