import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, createArraySource, MessageList, MessageRow, ReadStatesContext, type Message, type MessageRowProps, type ReadStateSource, type Tally } from 'readback'
import { ACTIONS } from '../fixtures/actions.js'
import { ME, messageBy, MORNING, PICTURE_URL, standingStates } from '../fixtures/people.js'
import { settled } from '../fixtures/settled.js'
import { standingClient } from '../fixtures/standingClient.js'
import { voiceUrl } from '../fixtures/voice.js'

const meta = {
  title: 'Components/MessageRow',
  component: MessageRow,
  args: { message: messageBy('bo', 'Morning! Are the seedlings in?'), own: false, runStart: true, runEnd: true },
  decorators: [(Story) => <div style={{ inlineSize: 'min(440px, 90vw)' }}><Story /></div>],
} satisfies Meta<typeof MessageRow>

export default meta
type Story = StoryObj<typeof meta>

interface ConversationProps {
  readonly messages: readonly Message[]
  readonly states: ReadStateSource
  readonly kind?: 'direct' | 'group'
  readonly rest?: Partial<MessageRowProps>
}

/** Rows in order, with the runs a list would find. */
function Conversation({ messages, states, kind = 'direct', rest }: ConversationProps) {
  return (
    <ReadStatesContext.Provider value={states}>
      {messages.map((message, index) => (
        <MessageRow
          key={message.localId}
          message={message}
          own={message.from === ME}
          runStart={messages[index - 1]?.from !== message.from}
          runEnd={messages[index + 1]?.from !== message.from}
          conversationKind={kind}
          onRetry={() => {}}
          {...rest}
        />
      ))}
    </ReadStatesContext.Provider>
  )
}

const byOrder: ReadStateSource = standingStates(({ at, outgoing }) => outgoing ?? (at !== null && at.order < 4 ? 'read' : 'delivered'))

const CHAT: readonly Message[] = [
  messageBy('bo', 'Morning! Are the seedlings in?', 0),
  messageBy('bo', 'I can bring more compost if you need it.', 1),
  messageBy(ME, 'They are, all forty of them 🌱', 2),
  messageBy(ME, 'Compost would be lovely. The heavy clay by the south wall swallowed everything we had, and the beans go in on Saturday.', 3),
  messageBy('bo', 'Saturday it is', 4),
  messageBy(ME, 'See https://example.com/beds for the plan', 5),
  messageBy(ME, '👍', 6),
]

/** Somebody else's message. */
export const Theirs: Story = {}

/** A conversation of two: runs of one sender join; own messages bear their receipt. */
export const Direct: Story = { render: () => <Conversation messages={CHAT} states={byOrder} /> }

/** The same on a dark ground. */
export const Dark: Story = { ...Direct, globals: { theme: 'dark' } }

/** Right to left. */
export const RightToLeft: Story = {
  globals: { dir: 'rtl' },
  render: () => (
    <Conversation
      messages={[messageBy('noor', 'صباح الخير! هل وصلت البذور؟', 0), messageBy('noor', 'رقم الطلب 4417 ABC', 1), messageBy(ME, 'نعم، وصلت كلها أمس', 2), messageBy(ME, 'Forty of them', 3)]}
      states={byOrder}
    />
  ),
}

/** Closer together. */
export const Compact: Story = { ...Direct, globals: { density: 'compact' } }

/** From top to bottom: sending, sent, delivered, read, failed. Failing moves nothing. */
export const EveryStatus: Story = {
  render: () => (
    <>
      {(['sending', 'sent', 'delivered', 'read', 'failed'] as const).map((status) => (
        <Conversation key={status} messages={[messageBy(ME, `This one is ${status}`, 1)]} states={standingStates(status)} />
      ))}
    </>
  ),
}

const GROUP: readonly Message[] = [
  messageBy('meiling', '大家早上好！今天下午三点开会，别忘了。', 0),
  messageBy('layla', 'Thank you 陈美玲. Will somebody bring the projector?', 1),
  messageBy('layla', 'The last one went back to the library.', 2),
  messageBy(ME, 'I have one', 3),
  messageBy(ME, 'and the long cable', 4),
  messageBy('noor', 'ممتاز، شكراً', 5),
]
const some: Tally = { tracked: true, read: 3, of: 12, delivered: 9, viewed: 0 }
const all: Tally = { tracked: true, read: 12, of: 12, delivered: 12, viewed: 0 }
const none: Tally = { tracked: true, read: 0, of: 12, delivered: 4, viewed: 0 }

/** A group: names, pictures, and how many have read. */
export const Group: Story = { render: () => <Conversation messages={GROUP} kind="group" states={standingStates('delivered', some)} /> }

/** All of the group have read it. */
export const GroupAllRead: Story = { render: () => <Conversation messages={GROUP} kind="group" states={standingStates('read', all)} />, globals: { theme: 'dark' } }

/** Nobody has yet; and one that could not be sent. */
export const GroupNobodyRead: Story = {
  render: () => <Conversation messages={[...GROUP, messageBy(ME, 'Shall I book the room?', 6, { outgoing: 'failed', failure: { code: 'transport/forbidden', message: 'Only members may write here.' } })]} kind="group" states={standingStates(({ outgoing }) => outgoing ?? 'sent', none)} />,
}

/** Narrow: 280 pixels. */
export const Narrow: Story = {
  decorators: [(Story) => <div style={{ inlineSize: 280, containerType: 'inline-size' }}><Story /></div>],
  render: () => <div style={{ inlineSize: 280 }}><Conversation messages={[...GROUP, messageBy(ME, 'No', 7, { outgoing: 'failed' })]} kind="group" states={standingStates(({ outgoing }) => outgoing ?? 'read', some)} /></div>,
}

/** Pictures, files, voice, and what the app alone knows. */
export const Kinds: Story = {
  render: () => (
    <Conversation
      states={standingStates('read')}
      messages={[
        messageBy('bo', { kind: 'image', file: { url: PICTURE_URL }, widthPx: 640, heightPx: 480, alt: 'Hills under a low sun' }, 0),
        messageBy(ME, { kind: 'image', file: { url: PICTURE_URL }, widthPx: 320, heightPx: 240, alt: 'The same hills' }, 1),
        messageBy('bo', { kind: 'image', file: {}, widthPx: 320, heightPx: 120 }, 2),
        messageBy(ME, { kind: 'file', file: { url: 'https://example.com/plan.pdf', name: 'Planting plan for the south wall, revised.pdf', sizeBytes: 482_113 } }, 3),
        messageBy('bo', { kind: 'voice', file: { url: voiceUrl() }, durationMs: 3000 }, 4),
        messageBy(ME, { kind: 'voice', file: {}, durationMs: 61_000 }, 4.5),
        messageBy(ME, { kind: 'custom', type: 'poll', data: null, fallback: 'Poll: Saturday or Sunday?' }, 5),
        messageBy('bo', { kind: 'custom', type: 'unknown', data: null }, 6),
      ]}
    />
  ),
}

const CODED: readonly Message[] = [
  messageBy('bo', 'Set `waterAt` to 6, then run this:', 0),
  messageBy('bo', '```js\nconst beds = await garden.beds({ wall: "south" })\nfor (const bed of beds) bed.water({ litres: bed.areaM2 * 4, before: "08:00", unless: rainExpected(bed) })\n```', 1),
  messageBy(ME, 'Is `litres` per bed? I get\n```\nError: tank is empty\n```\nafter the *third* one. _Odd._', 2),
  messageBy('noor', 'جرّب `garden.refill()` أولاً', 3),
]

/** Code between backticks is code. */
export const Code: Story = { render: () => <Conversation messages={CODED} states={byOrder} /> }

/** On a dark ground, where the app also lets people write bold, italic and struck out. */
export const Marks: Story = {
  globals: { theme: 'dark' },
  render: () => (
    <ChatProvider textFormat="marks" style={{ blockSize: 'auto' }}>
      <Conversation messages={[...CODED, messageBy(ME, '*Saturday*, not ~Sunday~. _Bring water._', 4), messageBy('bo', '**重要**：_明天_ 停水', 5), messageBy('bo', 'snake_case and 2*3*4 stay as they are', 6)]} states={byOrder} />
    </ChatProvider>
  ),
}

const uploading = standingClient({ uploads: { 'ada-1': 0.35, 'ada-2': 0.8 } })

/** Files of mine on their way. */
export const Uploading: Story = {
  render: () => (
    <ChatProvider client={uploading} style={{ blockSize: 'auto' }}>
      <Conversation
        states={standingStates(({ outgoing }) => outgoing ?? 'sent')}
        messages={[
          messageBy(ME, { kind: 'image', file: { name: 'hills.png' }, widthPx: 640, heightPx: 400 }, 1, { outgoing: 'sending', ids: [] }),
          messageBy(ME, { kind: 'file', file: { name: 'Planting plan.pdf', sizeBytes: 482_113 } }, 2, { outgoing: 'sending', ids: [] }),
          messageBy(ME, { kind: 'file', file: { name: 'Minutes.pdf', sizeBytes: 82_113 } }, 3, { outgoing: 'failed', ids: [] }),
        ]}
      />
    </ChatProvider>
  ),
}

/** What the system says, and what is left of messages that were taken back. */
export const Notices: Story = {
  render: () => (
    <Conversation
      states={standingStates('read')}
      messages={[
        messageBy('system', { kind: 'system', text: 'Layla Haddad joined the conversation' }, 0),
        messageBy('layla', 'gone', 1, { recalledAt: MORNING }),
        messageBy(ME, 'gone', 2, { recalledAt: MORNING }),
        messageBy('bo', 'gone', 3, { deletedAt: MORNING }),
        messageBy(ME, 'I meant Saturday', 4, { editedAt: MORNING }),
      ]}
    />
  ),
}

const ANSWERED: readonly Message[] = [
  messageBy('bo', 'The south beds are dug over. My back is not speaking to me, and neither are the neighbours whose hedge I took for a weed.', 0),
  messageBy('layla', 'Hero. I have tea and a hot water bottle for you.', 1, { replyTo: 'bo-0', reactions: [{ emoji: '❤️', by: 'bo' }, { emoji: '❤️', by: ME }, { emoji: '😂', by: 'noor' }] }),
  messageBy(ME, 'ok', 2, { replyTo: 'bo-0' }),
  messageBy(ME, 'I will talk to the neighbours. Compost for a hedge is a fair trade.', 3, { editedAt: MORNING, reactions: [{ emoji: '🙏', by: 'bo' }, { emoji: '👍', by: 'layla' }, { emoji: '👍', by: 'noor' }, { emoji: '👍', by: ME }] }),
  messageBy('noor', 'ممتاز، شكراً', 4, { replyTo: 'ada-2' }),
  messageBy('bo', { kind: 'image', file: { url: PICTURE_URL }, widthPx: 640, heightPx: 480, alt: 'Hills under a low sun' }, 5, { replyTo: 'layla-1', reactions: [{ emoji: '😮', by: 'layla' }] }),
  messageBy('meiling', '好的！', 6, { replyTo: 'gone' }),
]

const answered = createArraySource(ANSWERED)

/** Messages that answer others, with a quote that leads there; and what people answered with an emoji, mine marked. */
export const Replies: Story = { render: () => <Answered />, play: settled }

/** The same on a dark ground. */
export const RepliesDark: Story = { ...Replies, globals: { theme: 'dark' } }

/** The same right to left. */
export const RepliesRightToLeft: Story = { ...Replies, globals: { dir: 'rtl' } }

/** The same at 280 pixels, in Chinese. */
export const RepliesNarrow: Story = {
  globals: { locale: 'zh-CN' },
  decorators: [(Story) => <div style={{ inlineSize: 280, containerType: 'inline-size' }}><Story /></div>],
  render: () => <div style={{ inlineSize: 280 }}><Answered /></div>,
  play: settled,
}

/** In a list, where a quote finds what it quotes. */
function Answered() {
  return (
    <div style={{ blockSize: 760 }}>
      <MessageList source={answered} userId={ME} readStates={standingStates('delivered', some)} conversationKind="group" actions={ACTIONS} />
    </div>
  )
}

/** Reactions by the dozen, and some that are none. */
export const ManyReactions: Story = {
  render: () => (
    <Conversation
      states={standingStates('read')}
      rest={{ actions: ACTIONS }}
      messages={[
        messageBy('bo', 'First prize at the show!', 0, { reactions: ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥', '👏', '🌱', '🥇', '🍅', '🥕', '🐸'].flatMap((emoji, index) => Array.from({ length: 1 + ((index * 37) % 120) }, (_, by) => ({ emoji, by: `neighbour ${by}` }))) }),
        messageBy(ME, 'Well', 1, { reactions: [{ emoji: '<b>bold</b>'.repeat(40), by: 'bo' }, { emoji: '\u202egnp.', by: 'bo' }, { emoji: ' ', by: 'bo' }, { emoji: '👩‍👩‍👧‍👦', by: 'bo' }] }),
      ]}
    />
  ),
}

const ZALGO = `Z${'\u0301\u0322\u0337\u0353'.repeat(60)}a${'\u0300'.repeat(200)}lgo`

/** Words meant to break out stay in their bubble: piled-up marks, an endless word, a turned direction, markup. */
export const Hostile: Story = {
  render: () => (
    <Conversation
      states={standingStates('read')}
      messages={[
        messageBy('bo', ZALGO, 0),
        messageBy('bo', 'a'.repeat(600), 1),
        messageBy('bo', '\u202egnp.exe https://example.com', 2),
        messageBy(ME, '<img src=x onerror=alert(1)>', 3),
        messageBy('bo', ' ', 4),
        messageBy('bo', `${'A very long story. '.repeat(700)}`, 5),
      ]}
    />
  ),
}

/** A replaced part that throws is contained in its bubble. */
export const BrokenPart: Story = {
  render: () => <Conversation messages={CHAT.slice(0, 3)} states={byOrder} rest={{ components: { TextBody: Broken } }} />,
}

function Broken({ message }: { message: Message }) {
  if (message.from === 'bo') throw new Error('A part of the app failed')
  return <em>Replaced by the app</em>
}
