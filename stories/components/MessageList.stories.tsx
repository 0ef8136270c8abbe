import type { Meta, StoryObj } from '@storybook/react-vite'
import { useMemo, useRef, useState } from 'react'
import { createArraySource, messageKey, MessageList, useStatus, type Message, type MessageListHandle, type MessageRowProps, type MessageSource } from 'readback'
import { conversation } from '../fixtures/conversation.js'
import { ME, standingStates } from '../fixtures/people.js'

/** Two people; the newest of mine are not read yet. */
const DIRECT = conversation({ count: 120, members: [ME, 'bo'] })
const GROUP = conversation({ count: 300 })
const LONG = conversation({ count: 10_000 })
/** The first message of somebody else from `index` on. */
const unreadFrom = (index: number) => messageKey(GROUP.slice(index).find(({ from }) => from !== ME) as Message)
const states = standingStates(({ at, outgoing }) => outgoing ?? (at !== null && at.order > 112 ? 'delivered' : 'read'), { tracked: true, read: 4, of: 5, delivered: 5, viewed: 0 })

const meta = {
  title: 'Components/MessageList',
  component: MessageList,
  args: { source: createArraySource(DIRECT), userId: ME, readStates: states },
  decorators: [(Story) => <div style={{ inlineSize: 'min(420px, 92vw)', blockSize: 'min(600px, 80vh)' }}><Story /></div>],
} satisfies Meta<typeof MessageList>

export default meta
type Story = StoryObj<typeof meta>

/** The parts of a screenshot stand still once the list says that it has settled. */
async function settled({ canvasElement }: { canvasElement: HTMLElement }) {
  for (let frame = 0; frame < 240; frame++) {
    if (canvasElement.querySelector('[data-settled="true"]') !== null) return
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  throw new Error('The list has not settled after 240 frames')
}

/** Opens at the newest message when nothing is unread. */
export const Default: Story = { play: settled }

/** Opens with the first unread message at the top, below a separator. */
export const FirstUnread: Story = {
  args: { source: createArraySource(GROUP, { firstUnreadKey: unreadFrom(240) }), conversationKind: 'group' },
  play: settled,
}

/** A group on a dark ground: names, pictures, and how many have read. */
export const GroupDark: Story = { args: { source: createArraySource(GROUP), conversationKind: 'group' }, globals: { theme: 'dark' }, play: settled }

/** Ten thousand messages: what is not on screen is not mounted. */
export const TenThousand: Story = { args: { source: createArraySource(LONG), conversationKind: 'group' }, play: settled }

/** Nothing said yet. */
export const Empty: Story = { args: { source: createArraySource() }, play: settled }

/** Right to left. */
export const RightToLeft: Story = { args: { source: createArraySource(GROUP), conversationKind: 'group' }, globals: { dir: 'rtl' }, play: settled }

/** In Chinese. */
export const Chinese: Story = { args: { source: createArraySource(GROUP, { firstUnreadKey: unreadFrom(294) }) }, globals: { locale: 'zh-CN' }, play: settled }

/** Five pages of history, a second and a half away each: scroll up, nothing moves but what you scroll. */
export const LoadingOlder: Story = {
  render: (args) => {
    const source = useMemo(() => pagedSource(300, 60, 1500), [])
    return <MessageList {...args} source={source} conversationKind="group" />
  },
  play: settled,
}

/** Another row altogether; its status comes from the same read states. */
export const CustomRow: Story = { args: { components: { MessageRow: PlainRow } }, play: settled }

/** Messages keep coming. Scroll up and they are counted; send one and the list goes to the end; jump to any. */
export const Live: Story = { render: (args) => <LiveList {...args} /> }

function PlainRow({ message, own }: MessageRowProps) {
  const status = useStatus(message)
  return (
    <div style={{ padding: '3px 0', color: 'var(--rb-text)', fontFamily: 'ui-monospace, monospace', fontSize: 13 }}>
      <b>{own ? 'me' : message.from}</b> {message.body.kind === 'text' ? message.body.text : message.body.kind} {status !== null && <small>({status})</small>}
    </div>
  )
}

function pagedSource(total: number, page: number, delayMs: number): MessageSource {
  return createArraySource(conversation({ count: page, from: total - page + 1, total }), {
    async loadOlder(oldest) {
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      const before = (oldest?.at?.order ?? 1) - 1
      return before < 1 ? [] : conversation({ count: Math.min(page, before), from: Math.max(1, before - page + 1), total })
    },
  })
}

function LiveList(props: React.ComponentProps<typeof MessageList>) {
  const all = useMemo(() => conversation({ count: 2000, members: [ME, 'bo', 'layla'] }), [])
  const shown = useRef(400)
  const source = useMemo(() => createArraySource(all.slice(0, shown.current)), [all])
  const list = useRef<MessageListHandle>(null)
  const [sent, setSent] = useState(0)
  const receive = (count: number) => {
    source.append(...all.slice(shown.current, shown.current + count))
    shown.current += count
  }
  const send = () => {
    source.append({ conversationId: 'garden', from: ME, localId: `mine-${sent}`, ids: [], at: null, time: Date.now(), body: { kind: 'text', text: `On my way, ${sent + 1}` }, outgoing: 'sending', echoOrder: sent })
    setSent(sent + 1)
  }
  return (
    <div style={{ display: 'flex', flexDirection: 'column', blockSize: '100%', gap: 8 }}>
      <MessageList {...props} ref={list} source={source} />
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <button type="button" onClick={() => receive(1)}>Receive one</button>
        <button type="button" onClick={() => receive(50)}>Receive fifty</button>
        <button type="button" onClick={send}>Send</button>
        <button type="button" onClick={() => void list.current?.scrollTo('line-42')}>Go to message 42</button>
      </div>
    </div>
  )
}
