import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, ConversationList, type ChatClient } from 'readback'
import { ME, messageBy, MORNING } from '../fixtures/people.js'
import { conversationOf, CONVERSATIONS, MEMBERS, standingClient } from '../fixtures/standingClient.js'

const standing = { state: { conversations: CONVERSATIONS }, members: MEMBERS, presences: { bo: 'online', layla: 'unavailable' } } as const
const client = standingClient(standing)

const meta = {
  title: 'Components/ConversationList',
  component: ConversationList,
  parameters: { layout: 'fullscreen' },
  args: { defaultSelectedId: 'with-bo' },
  render: (args) => <Column client={client} args={args} />,
} satisfies Meta<typeof ConversationList>

export default meta
type Story = StoryObj<typeof meta>

function Column({ client: held, args }: { client: ChatClient; args: Story['args'] }) {
  return (
    <div style={{ inlineSize: 'min(340px, 100vw)', blockSize: 560 }}>
      <ChatProvider client={held}>
        <ConversationList {...args} />
      </ChatProvider>
    </div>
  )
}

/** Unread counts (99+ is "at least"), drafts, a mark as unread, the receipt of what I said last, and who is there: a full dot, or a ring for who is away. */
export const Morning: Story = {}

/** On a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' } }

/** Right to left, in Chinese. */
export const RightToLeft: Story = { globals: { dir: 'rtl', locale: 'zh-CN' } }

/** Somebody types in each of them. */
export const Typing: Story = { render: (args) => <Column client={standingClient({ ...standing, typing: ['layla'] })} args={args} /> }

/** Only what is unread, by name. */
export const FilteredAndSorted: Story = { args: { filter: ({ unread }) => (unread?.count ?? 0) > 0, sort: (a, b) => (a.id < b.id ? -1 : 1) } }

/** Nothing yet. */
export const Empty: Story = { render: (args) => <Column client={standingClient()} args={args} /> }

const SAID = ['The south beds are dug over', 'Who brings the long hose?', '我可以带。', 'Rain at last', 'ممتاز، شكراً', 'I ordered the beans']
const plot = (index: number) =>
  conversationOf(`c${index}`, {
    title: `Allotment ${index + 1}`,
    lastActivityAt: MORNING - index * 60_000,
    lastMessage: messageBy(['bo', 'layla', ME][index % 3]!, SAID[index % SAID.length]!, -index, { conversationId: `c${index}` }),
    unread: { count: index % 4, exact: index % 3 > 0 },
  })
const crowded = standingClient({ state: { conversations: Array.from({ length: 10_000 }, (_, index) => plot(index)) } })

/** Ten thousand: only those in sight are rendered. A plus says "at least so many". */
export const TenThousand: Story = { render: (args) => <Column client={crowded} args={args} /> }

/** In Arabic. */
export const Arabic: Story = { globals: { locale: 'ar' } }
