/** Every part that shows somebody's text, with that text. */
import {
  Avatar, ChatProvider, Composer, ConversationHeader, ConversationRow, createArraySource, EmptyState, MessageInfo, MessageList, MessageMenu, MessageRow, ReaderList, ReadStatesContext, ReceiptIcon, TypingIndicator,
  type ChatClient, type Message, type MessageBody, type ReadStateSource,
} from 'readback'
import { ConfirmDelete } from '../../src/components/ConfirmDelete.js'
import { FilePreviews } from '../../src/components/FilePreview.js'
import { MentionList } from '../../src/components/MentionList.js'
import { crowd, standingReaders } from '../../stories/fixtures/readers.js'
import { conversationOf, standingClient } from '../../stories/fixtures/standingClient.js'

interface EverythingProps {
  readonly texts: readonly string[]
  /** One for each text. */
  readonly addresses: readonly string[]
}

const STATES: ReadStateSource = { getStatus: ({ from }) => (from === 'me' ? 'failed' : null), getTally: () => ({ tracked: true, read: 1, of: 2, delivered: 2, viewed: 0 }), isRead: () => false, subscribe: () => () => {} }

function messageOf(text: string, body: MessageBody, rest: Partial<Message> = {}): Message {
  return { conversationId: text, from: text, localId: `${body.kind}${text}`, ids: [text], at: { epoch: 0, order: 1, id: text }, time: 0, body, failure: { code: text, message: text }, reactions: [{ emoji: text, by: text }], ...rest }
}

function bodies(text: string, url: string): readonly MessageBody[] {
  return [
    { kind: 'text', text },
    { kind: 'system', text },
    { kind: 'image', file: { url, name: text, mime: text }, alt: text },
    { kind: 'video', file: { url, name: text } },
    { kind: 'voice', file: { url, name: text } },
    { kind: 'file', file: { url, name: text, mime: text, sizeBytes: 1 } },
    { kind: 'custom', type: text, data: { text } as never, fallback: text },
  ]
}

const ANCHOR = { x: 0, y: 0, widthPx: 0, heightPx: 0 }

export function Everything({ texts, addresses }: EverythingProps) {
  return (
    <>
      {texts.map((text, index) => <Case key={index} text={text} url={addresses[index]!} />)}
      <Opened text={texts.join(' ')} url={addresses[0]!} />
    </>
  )
}

/** What opens over a chat, and an answer within a list, with all texts at once: opened for each of them these cost minutes. */
function Opened({ text, url }: { text: string; url: string }) {
  const last = messageOf(text, { kind: 'text', text })
  const answer = messageOf('ada', { kind: 'text', text }, { conversationId: text, localId: 'answer', ids: ['answer'], at: { epoch: 0, order: 2, id: 'answer' }, replyTo: text })
  const mentions = { listId: 'people', people: [{ userId: text, name: text, avatarUrl: url }], chosen: 0, choose() {}, take() {} } as never
  return (
    <ChatProvider profiles={() => ({ userId: text, name: text, avatarUrl: url })}>
      <MessageInfo message={last} onClose={() => {}} source={standingReaders({ readers: [], audience: [text] })} />
      <MessageMenu message={last} own entries={[{ id: 'reply', label: text, danger: false, onSelect: () => {} }]} reactions={[text]} given={[text]} onReact={() => {}} anchor={ANCHOR} onClose={() => {}} />
      <ConfirmDelete message={last} onConfirm={() => {}} onClose={() => {}} />
      <FilePreviews files={[{ key: 0, file: new File([text], text, { type: 'text/plain' }) }]} onRemove={() => {}} />
      <MentionList mentions={mentions} />
      <div style={{ blockSize: 300 }}>
        <MessageList source={createArraySource([last, answer])} />
      </div>
    </ChatProvider>
  )
}

function Case({ text, url }: { text: string; url: string }) {
  const profiles = () => ({ userId: text, name: text, avatarUrl: url })
  const last = messageOf(text, { kind: 'text', text })
  const listed = conversationOf(text, { title: text, avatarUrl: url, lastMessage: last })
  const client: ChatClient = { ...standingClient({ state: { conversations: [listed] } }), getProfile: profiles, getMembers: () => Promise.resolve([{ userId: text, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }]) }
  const rows = bodies(text, url).map((body, index) => messageOf(text, body, index % 3 === 0 ? { from: 'me', localId: `me${body.kind}`, replyTo: text } : {}))
  return (
    <ChatProvider client={client} profiles={profiles}>
      <ReadStatesContext.Provider value={STATES}>
        {rows.map((message, row) => <MessageRow key={row} message={message} own={message.from === 'me'} runStart runEnd conversationKind="group" onRetry={() => {}} actions={{ onReact() {}, onInfo() {} }} />)}
        <MessageRow message={messageOf(text, { kind: 'text', text }, { recalledAt: 1 })} own={false} runStart runEnd />
        <ReceiptIcon status="read" label={text} />
        <Avatar userId={text} name={text} src={url} />
        <ConversationHeader conversationId={text} title={text} subtitle={text} avatarUrl={url} />
        <ConversationRow conversation={listed} selected={false} tabbable nowMs={0} onSelect={() => {}} />
        <ConversationRow conversation={{ ...listed, draft: text }} selected={false} tabbable nowMs={0} onSelect={() => {}} />
        <TypingIndicator names={[text, text]} conversationKind="group" />
        <EmptyState title={text} hint={text} />
        <Composer onSend={() => {}} defaultDraft={text} placeholder={text} label={text} mode={{ kind: 'reply', message: last }} />
        <ReaderList message={last} source={standingReaders({ readers: [{ userId: text, kind: 'read', time: 0 }], audience: [text] })} />
      </ReadStatesContext.Provider>
    </ChatProvider>
  )
}

/** Where an address is expected these are fine: the page would ask for them as for any picture. */
export function isHarmlessAddress(address: string): boolean {
  try {
    const { protocol } = new URL(address, 'https://relative.invalid')
    return ['http:', 'https:', 'blob:'].includes(protocol) || /^data:image\//i.test(address)
  } catch {
    return false
  }
}

const SOURCE = createArraySource(Array.from({ length: 40 }, (_, index) => messageOf('ada', { kind: 'text', text: `Line ${index}` }, { localId: `line-${index}`, ids: [`line-${index}`], at: { epoch: 0, order: index, id: `line-${index}` } })))
const PICTURE = messageOf('ada', { kind: 'image', file: {}, widthPx: 320, heightPx: 240, alt: 'A hill' })
const READERS = standingReaders(crowd(500))

/** What a server renders, and the browser then takes over. */
export function Served() {
  return (
    <ChatProvider>
      <MessageList source={SOURCE} />
      <MessageRow message={PICTURE} own={false} runStart runEnd />
      <ReceiptIcon status="read" size={24} />
      <ReaderList message={PICTURE} source={READERS} />
    </ChatProvider>
  )
}
