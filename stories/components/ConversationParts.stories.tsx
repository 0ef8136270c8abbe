import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, ConversationHeader, ConversationRow } from 'readback'
import { MORNING } from '../fixtures/people.js'
import { CONVERSATIONS, MEMBERS, standingClient } from '../fixtures/standingClient.js'

const client = standingClient({ state: { conversations: CONVERSATIONS }, members: MEMBERS, presences: { bo: 'online', layla: 'unavailable' } })

const meta = {
  title: 'Components/Parts of a conversation',
  component: ConversationHeader,
  args: { conversationId: 'garden', title: 'Community garden', subtitle: '5 members' },
  render: (args) => (
    <div style={{ inlineSize: 'min(380px, 100vw - 96px)' }}>
      <ConversationHeader {...args} />
    </div>
  ),
} satisfies Meta<typeof ConversationHeader>

export default meta
type Story = StoryObj<typeof meta>

/** Whose conversation it is, and how it is. */
export const Header: Story = {}

/** The other is there; a button of the app's at the end. */
export const HeaderOnline: Story = { args: { conversationId: 'with-bo', faceId: 'bo', title: 'Bo Lindqvist', subtitle: 'Online', presence: 'online', children: <button type="button" style={{ minBlockSize: 28 }}>Call</button> } }

/** A title too long for its line. */
export const HeaderLong: Story = { args: { title: 'The committee for the long hose, the short hose and all that is between', subtitle: 'Connecting…' } }

/** From right to left, on a dark ground. */
export const HeaderDark: Story = { globals: { theme: 'dark', dir: 'rtl' }, args: { presence: 'unavailable', title: 'نور الشامي', subtitle: 'Away' } }

/** One row of the list: chosen, unread, and with a draft. */
export const Rows: Story = {
  render: () => (
    <ChatProvider client={client} style={{ inlineSize: 'min(340px, 100vw - 96px)', background: 'var(--rb-surface)' }}>
      {CONVERSATIONS.slice(0, 5).map((conversation, index) => (
        <ConversationRow key={conversation.id} conversation={conversation} selected={index === 1} tabbable nowMs={MORNING} onSelect={() => {}} />
      ))}
    </ChatProvider>
  ),
}
