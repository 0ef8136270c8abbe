// @vitest-environment jsdom
/** Every word that a part shows comes from the catalogue: rendered in the pseudo-locale, nothing is left outside its brackets but what people wrote. */
import { cleanup, render } from '@testing-library/react'
import {
  ChatProvider, ChatWindow, Composer, ConnectionBanner, ConversationList, ConversationRow, EmptyState, MessageInfo, MessageRow, ReadBadge, ReaderList, ReadStatesContext, ReceiptIcon, ReceiptSettings, StorageBanner, TypingIndicator,
  DateSeparator, JumpToNewest, UnreadSeparator, type MessageBody, type MessageStatus, type ReadStateSource,
} from 'readback'
import { en } from 'readback/locales/en'
import type { ReactNode } from 'react'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pseudoLocale } from '../../src/locales/pseudo.js'
import { SIX, SIX_AUDIENCE, standingReaders } from '../../stories/fixtures/readers.js'
import { conversation, fakeClient, message } from '../react/fakeClient.js'

const locale = pseudoLocale(en, 'rtl')
/** Whatever people wrote here has no letter. */
const WRITTEN = '1234'
const NOW = Date.UTC(2026, 10, 19, 12)

beforeAll(() => {
  class NoObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  Element.prototype.scrollTo ??= () => {}
  Object.assign(globalThis, { ResizeObserver: NoObserver, IntersectionObserver: NoObserver })
})
afterEach(cleanup)

const client = fakeClient({ names: { ada: WRITTEN, bo: WRITTEN, [WRITTEN]: WRITTEN } })
client.set({ hydrated: true, receipts: 'off', connection: { status: 'offline', reason: 'network' }, storage: { status: 'full' }, conversations: [conversation('garden', { kind: 'group', title: WRITTEN, receipts: 'private', lastMessage: message({ from: 'ada' as string, body: { kind: 'voice', file: {} } }), unread: { count: 120, exact: false } })] })

const states = (status: MessageStatus, read: number): ReadStateSource => ({ getStatus: ({ from }) => (from === 'ada' ? status : null), getTally: () => ({ tracked: true, read, of: 6, delivered: 6, viewed: 0 }), isRead: () => true, subscribe: () => () => {} })
const everyAction = { onReply() {}, onReact() {}, onEdit() {}, onRecall() {}, onDeleteForMe() {}, onDeleteForAll() {}, onDiscard() {}, onInfo() {} }
const row = (body: MessageBody, rest: object = {}, from = 'bo') => (
  <ReadStatesContext.Provider value={states(from === 'ada' ? 'failed' : 'read', 3)}>
    <MessageRow message={message({ from, body, localId: `${from}${body.kind}`, ...rest })} own={from === 'ada'} runStart runEnd conversationKind="group" onRetry={() => {}} actions={everyAction} />
  </ReadStatesContext.Provider>
)

const PARTS: Readonly<Record<string, ReactNode>> = {
  'a text': row({ kind: 'text', text: WRITTEN }, { editedAt: 1, reactions: [{ emoji: '👍', by: 'ada' }], replyTo: 'x' }),
  'a text that failed': row({ kind: 'text', text: WRITTEN }, { outgoing: 'failed', failure: { code: 'a/b', message: WRITTEN } }, 'ada'),
  'a long text': row({ kind: 'text', text: `${WRITTEN} `.repeat(5000) }),
  'a picture': row({ kind: 'image', file: { url: 'https://example.com/1.png' } }),
  'a picture that is missing': row({ kind: 'image', file: {} }),
  'a video': row({ kind: 'video', file: { url: 'https://example.com/1.mp4' } }),
  'a video that is missing': row({ kind: 'video', file: {} }),
  'a voice message': row({ kind: 'voice', file: { url: 'https://example.com/1.ogg' }, durationMs: 61_000 }),
  'a file': row({ kind: 'file', file: { url: 'https://example.com/1', sizeBytes: 5000 } }),
  'a custom message': row({ kind: 'custom', type: 'x', data: null as never }),
  'a kind that is not known': row({ kind: 'hologram' } as never),
  'a recalled message': row({ kind: 'text', text: WRITTEN }, { recalledAt: 1 }),
  'a recalled message of mine': row({ kind: 'text', text: WRITTEN }, { recalledAt: 1 }, 'ada'),
  'a deleted message': row({ kind: 'text', text: WRITTEN }, { deletedAt: 1 }),
  receipts: (['sending', 'sent', 'delivered', 'read', 'failed'] as const).map((status) => <ReceiptIcon key={status} status={status} />),
  badges: [0, 3, 6].map((read) => <ReadBadge key={read} read={read} total={6} onOpen={() => {}} />),
  'who read it': <ReaderList message={message()} source={standingReaders({ readers: SIX.map((reader) => ({ ...reader, userId: WRITTEN })), audience: SIX_AUDIENCE.map(() => WRITTEN) })} onRemind={() => {}} />,
  'who read it, unknown': <ReaderList message={message()} source={standingReaders({ readers: [], audience: [], tally: { tracked: false, reason: 'tooLarge' } })} />,
  'a message by itself': <MessageInfo message={message({ body: { kind: 'text', text: WRITTEN } })} source={standingReaders({ readers: [], audience: [WRITTEN, '5'] })} onClose={() => {}} />,
  settings: <ReceiptSettings />,
  'settings of a conversation': <ReceiptSettings conversationId="garden" />,
  'a composer': <Composer onSend={() => {}} acceptFiles offerReceiptRequest mode={{ kind: 'edit', message: message({ body: { kind: 'text', text: WRITTEN } }) }} onCancelMode={() => {}} />,
  typing: [1, 2, 4].map((count) => <TypingIndicator key={count} names={Array.from({ length: count }, () => WRITTEN)} conversationKind="group" />),
  connections: (['network', 'unauthorized', 'insecureAddress'] as const).map((reason) => <ConnectionBanner key={reason} connection={{ status: 'offline', reason }} />),
  storages: ([{ status: 'full' }, { status: 'readOnly' }, { status: 'blocked' }, { status: 'reopening' }, { status: 'memory', reason: 'failed' }] as const).map((storage) => <StorageBanner key={storage.status} storage={storage as never} />),
  separators: [<DateSeparator key="date" timeMs={NOW} nowMs={NOW} />, <UnreadSeparator key="unread" />, <JumpToNewest key="jump" count={3} onJump={() => {}} />],
  'an empty state': <EmptyState title={WRITTEN} />,
  'a list of conversations': <ConversationList />,
  'a conversation marked as unread': <ConversationRow conversation={conversation('garden', { draft: WRITTEN, title: WRITTEN, manualUnread: { rev: 1, on: true } })} selected={false} tabbable nowMs={NOW} onSelect={() => {}} />,
  'a window': <ChatWindow conversationId="garden" />,
  'a window of a conversation that nobody knows': <ChatWindow conversationId={WRITTEN} />,
}

const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt', 'aria-roledescription', 'aria-description', 'aria-valuetext']

/** Letters outside of the brackets, in texts and in what is said of elements. */
function strangers(container: Element): readonly string[] {
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT)
  const words: string[] = []
  while (walker.nextNode()) words.push(walker.currentNode.textContent ?? '')
  for (const element of container.querySelectorAll('*')) for (const name of SPOKEN) words.push(element.getAttribute(name) ?? '')
  return words.filter((text) => /\p{L}/u.test(withoutMarked(text)))
}

/** Marks stand within marks where a word is put into a sentence. */
function withoutMarked(text: string): string {
  const shorter = text.replace(/⟦[^⟦⟧]*⟧/g, '')
  return shorter === text ? text : withoutMarked(shorter)
}

describe('in the pseudo-locale', () => {
  it.each(Object.keys(PARTS))('%s says nothing that is not in the catalogue', async (name) => {
    const { container } = render(<ChatProvider client={client} locale={locale}>{PARTS[name]}</ChatProvider>)
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(strangers(container)).toEqual([])
    expect(container.textContent === '' && container.querySelector('[aria-label]') === null).toBe(false)
  })
  it('what stands outside is found', () => {
    const { container } = render(<p title="Hello">⟦x⟧ 12</p>)
    expect(strangers(container)).toEqual(['Hello'])
  })
})
