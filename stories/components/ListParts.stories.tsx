import type { Meta, StoryObj } from '@storybook/react-vite'
import { DateSeparator, EmptyState, JumpToNewest, UnreadSeparator } from 'readback'
import { MORNING } from '../fixtures/people.js'

const DAY_MS = 86_400_000

const meta = {
  title: 'Components/Parts of a list',
  component: DateSeparator,
  args: { timeMs: MORNING, nowMs: MORNING },
  render: (args) => (
    <div style={{ position: 'relative', inlineSize: 'min(380px, 100vw - 96px)', minBlockSize: 64 }}>
      <DateSeparator {...args} />
    </div>
  ),
} satisfies Meta<typeof DateSeparator>

export default meta
type Story = StoryObj<typeof meta>

/** The day of what follows. */
export const Today: Story = {}

/** Yesterday, a day of this year, one of another. */
export const OtherDays: Story = {
  render: () => (
    <div style={{ inlineSize: 'min(380px, 100vw - 96px)' }}>
      {[1, 40, 400].map((days) => <DateSeparator key={days} timeMs={MORNING - days * DAY_MS} nowMs={MORNING} />)}
    </div>
  ),
}

/** Where reading ended. */
export const Unread: Story = { render: () => <div style={{ inlineSize: 'min(380px, 100vw - 96px)' }}><UnreadSeparator /></div> }

/** Back to the newest message, alone and with what came meanwhile. */
export const Jump: Story = {
  render: () => (
    <div style={{ display: 'flex', gap: 24 }}>
      {[0, 3, 1204].map((count) => (
        <div key={count} style={{ position: 'relative', inlineSize: 72, blockSize: 72 }}>
          <JumpToNewest count={count} onJump={() => {}} />
        </div>
      ))}
    </div>
  ),
}

/** Nothing to show, and why. */
export const Empty: Story = { render: () => <EmptyState title="No messages yet" hint="Say hello. It is sent even if you are offline now." /> }

/** All of it on a dark ground. */
export const Dark: Story = {
  globals: { theme: 'dark' },
  render: () => (
    <div style={{ position: 'relative', inlineSize: 'min(380px, 100vw - 96px)', paddingBlockEnd: 64 }}>
      <DateSeparator timeMs={MORNING} nowMs={MORNING} />
      <UnreadSeparator />
      <EmptyState title="No messages yet" />
      <JumpToNewest count={3} onJump={() => {}} />
    </div>
  ),
}
