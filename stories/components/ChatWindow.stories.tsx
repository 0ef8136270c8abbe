import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, ChatWindow, ConversationList, type ChatClient, type ChatWindowProps } from 'readback'
import { useState } from 'react'
import { userEvent, within } from 'storybook/test'
import { CONVERSATIONS, MEMBERS, MESSAGES, standingClient } from '../fixtures/standingClient.js'

const standing = { members: MEMBERS, messages: MESSAGES, state: { conversations: CONVERSATIONS }, presences: { bo: 'online', layla: 'unavailable' } } as const
const client = standingClient(standing)

const meta = {
  title: 'Components/ChatWindow',
  component: ChatWindow,
  parameters: { layout: 'fullscreen' },
  args: { conversationId: 'garden' },
  render: (args) => <Framed client={client} args={args} />,
} satisfies Meta<typeof ChatWindow>

export default meta
type Story = StoryObj<typeof meta>

interface FramedProps {
  readonly client: ChatClient
  readonly args: ChatWindowProps
  readonly widthPx?: number
  readonly look?: 'icons' | 'shapes' | 'text'
}

function Framed({ client: held, args, widthPx = 480, look = 'icons' }: FramedProps) {
  return (
    <div style={{ inlineSize: `min(${widthPx}px, 100vw)`, blockSize: 640, marginInline: 'auto' }}>
      <ChatProvider client={held} defaultPreferences={{ look }}>
        <ChatWindow {...args} />
      </ChatProvider>
    </div>
  )
}

/** A group: names, pictures, counts of readers. */
export const Group: Story = {}

/** Two people; the header says that the other is there. */
export const Direct: Story = { args: { conversationId: 'with-bo' } }

/** The badge of a message opens who read it. */
export const WhoReadIt: Story = {
  args: { onRemind: () => {} },
  play: async ({ canvasElement }) => {
    const badges = await within(canvasElement).findAllByRole('button', { name: /Read by 3 of 4/ })
    await userEvent.click(badges.at(-1) as HTMLElement)
    await within(await within(canvasElement).findByRole('dialog')).findByText('Layla Haddad')
  },
}

/** The pill in the header opens who is told what I read here. */
export const WhoIsTold: Story = {
  render: (args) => <Framed client={standingClient({ ...standing, state: { ...standing.state, receipts: 'private' } })} args={args} />,
  play: async ({ canvasElement }) => {
    await userEvent.click(await within(canvasElement).findByRole('button', { name: 'Receipts private' }))
    await within(canvasElement).findByRole('dialog')
  },
}

/** On a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' } }

/** Right to left. */
export const RightToLeft: Story = { globals: { dir: 'rtl' } }

/** In Arabic, from right to left. */
export const Arabic: Story = { globals: { locale: 'ar' } }

/** Receipts as words, in Arabic: the user chose them. */
export const ArabicWords: Story = { globals: { locale: 'ar' }, render: (args) => <Framed client={client} args={args} look="text" /> }

/** Nobody is told what I read here; the header says so. */
export const ReceiptsOff: Story = { render: (args) => <Framed client={standingClient({ ...standing, state: { ...standing.state, receipts: 'off' } })} args={args} /> }

/** 280 pixels wide. */
export const Narrow: Story = { render: (args) => <Framed client={client} args={args} widthPx={280} /> }

/** Offline, in a browser that keeps nothing, while two people type. */
export const Trouble: Story = {
  render: (args) => (
    <Framed
      client={standingClient({ ...standing, typing: ['bo', 'layla'], state: { ...standing.state, connection: { status: 'offline', reason: 'network' }, storage: { status: 'memory', reason: 'unavailable' } } })}
      args={args}
    />
  ),
}

/** A conversation in which nothing was said yet. */
export const NoMessages: Story = { args: { conversationId: 'choir' } }

/** An id that nobody knows: it says so. */
export const UnknownConversation: Story = { args: { conversationId: 'no-such-conversation' } }

/** Beside the list of conversations: a whole messenger. */
export const WithConversationList: Story = { render: () => <Messenger /> }

/** The same on a dark ground. */
export const WithConversationListDark: Story = { ...WithConversationList, globals: { theme: 'dark' } }

function Messenger() {
  const [selectedId, select] = useState('with-bo')
  return (
    <ChatProvider client={client} style={{ display: 'grid', gridTemplateColumns: 'minmax(240px, 320px) 1fr', blockSize: 640 }}>
      <ConversationList selectedId={selectedId} onSelect={select} style={{ borderInlineEnd: '1px solid var(--rb-border)' }} />
      <ChatWindow conversationId={selectedId} />
    </ChatProvider>
  )
}
