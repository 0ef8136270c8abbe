import type { Meta, StoryObj } from '@storybook/react-vite'
import { ConnectionBanner, StorageBanner } from 'readback'

const meta = {
  title: 'Components/Banners',
  component: ConnectionBanner,
  args: { connection: { status: 'offline', reason: 'network' } },
  decorators: [(Story) => <div style={{ inlineSize: 'min(480px, 90vw)' }}><Story /></div>],
} satisfies Meta<typeof ConnectionBanner>

export default meta
type Story = StoryObj<typeof meta>

/** Offline: what is written is kept and sent later. */
export const Offline: Story = {}

/** The token is no longer taken. */
export const SignedOut: Story = { args: { connection: { status: 'offline', reason: 'unauthorized' } } }

/** The browser has no database: nothing survives a reload. */
export const NothingKept: Story = { render: () => <StorageBanner storage={{ status: 'memory', reason: 'unavailable' }} /> }

/** The disk is full. */
export const Full: Story = { render: () => <StorageBanner storage={{ status: 'full' }} /> }

/** Both, on a dark ground. */
export const Dark: Story = {
  globals: { theme: 'dark' },
  render: (args) => (
    <>
      <ConnectionBanner {...args} />
      <StorageBanner storage={{ status: 'memory', reason: 'failed' }} />
    </>
  ),
}
