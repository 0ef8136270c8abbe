/** [A23] From right to left everything stands where a mirror would show it: the boxes of every part, each against its twin. Words keep the direction of their own script. */
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, ChatWindow, Composer, ConnectionBanner, ConversationList, EmptyState, MessageRow, ReadBadge, ReaderList, ReceiptIcon, ReceiptSettings, StorageBanner, TypingIndicator, type MessageBody } from 'readback'
import 'readback/styles.css'
import type { ReactNode } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { ME, messageBy, profileOf } from '../../stories/fixtures/people.js'
import { crowd, standingReaders } from '../../stories/fixtures/readers.js'
import { CONVERSATIONS, MEMBERS, MESSAGES, standingClient } from '../../stories/fixtures/standingClient.js'
import { settled } from '../../stories/fixtures/settled.js'

const WIDTH_PX = 900
/** Widths of text are not always the same to the last fraction. */
const TOLERANCE_PX = 1

const client = standingClient({ state: { conversations: CONVERSATIONS, connection: { status: 'offline', reason: 'network' } }, members: MEMBERS, messages: MESSAGES, presences: { bo: 'online', layla: 'unavailable' }, typing: ['layla'] })
const file = { url: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', name: 'hills.png', sizeBytes: 4_000 }
const row = (body: MessageBody, rest: Parameters<typeof messageBy>[3] = {}, own = false) => <MessageRow message={messageBy(own ? ME : 'bo', body, 1, rest)} own={own} runStart runEnd conversationKind="group" actions={{ onReply() {}, onReact() {} }} onRetry={() => {}} />

const PARTS: Readonly<Record<string, ReactNode>> = {
  'a messenger': (
    <div style={{ display: 'grid', gridTemplateColumns: '300px 1fr', blockSize: 560 }}>
      <ConversationList selectedId="garden" />
      <ChatWindow conversationId="garden" />
    </div>
  ),
  'a narrow window': <div style={{ inlineSize: 280, blockSize: 480 }}><ChatWindow conversationId="with-bo" /></div>,
  'rows of every kind': (
    <div style={{ inlineSize: 420 }}>
      {row({ kind: 'text', text: 'The south beds are dug over, and my back is not speaking to me any more.' })}
      {row({ kind: 'image', file, widthPx: 320, heightPx: 200 })}
      {row({ kind: 'file', file: { ...file, url: 'https://example.com/plan.pdf', name: 'plan.pdf' } }, {}, true)}
      {row({ kind: 'voice', file: { url: 'https://example.com/a.ogg' }, durationMs: 4000 })}
      {row({ kind: 'system', text: 'Layla Haddad joined' })}
      {row({ kind: 'text', text: 'ok' }, { reactions: [{ emoji: '👍', by: 'layla' }, { emoji: '🌱', by: ME }], replyTo: 'bo-0' }, true)}
      {row({ kind: 'text', text: 'not sent' }, { ids: [], at: null, outgoing: 'failed' }, true)}
      {row({ kind: 'text', text: 'gone' }, { recalledAt: 1 })}
    </div>
  ),
  'a composer that answers': <Composer onSend={() => {}} acceptFiles offerReceiptRequest defaultDraft="I will bring it" mode={{ kind: 'reply', message: messageBy('bo', 'Who brings the hose?') }} onCancelMode={() => {}} />,
  'who read it': <div style={{ inlineSize: 380, blockSize: 400 }}><ReaderList message={messageBy(ME, 'ok')} source={standingReaders(crowd(12))} onRemind={() => {}} /></div>,
  'settings': <div style={{ inlineSize: 380 }}><ReceiptSettings /></div>,
  'banners': <><ConnectionBanner connection={{ status: 'offline', reason: 'network' }} /><StorageBanner storage={{ status: 'full' }} /></>,
  'small parts': <div style={{ display: 'flex', gap: 12 }}><ReceiptIcon status="read" /><ReadBadge read={3} total={12} /><TypingIndicator names={['Bo']} /><EmptyState title="Nothing" hint="Nothing at all" /></div>,
}

/** Parts whose code comes when they are first shown; from then on it is here. */
const COMING_MS = 500
const HERE_MS = 150
const LOOK_MS = 50

beforeAll(async () => {
  const { container } = render(<ChatProvider client={client} profiles={profileOf}>{Object.entries(PARTS).map(([name, part]) => <div key={name}>{part}</div>)}</ChatProvider>)
  await still(container, COMING_MS)
  cleanup()
})
beforeEach(() => page.viewport(WIDTH_PX, 700))
afterEach(cleanup)

/** Where each box is, from the edge at which lines begin. */
async function boxes(part: ReactNode, dir: 'ltr' | 'rtl') {
  const { container } = render(
    <ChatProvider client={client} dir={dir} theme="light" profiles={profileOf} defaultPreferences={{}}>
      {part}
    </ChatProvider>,
  )
  document.body.style.margin = '0'
  // Where an earlier test left the pointer, it is over something else here and there.
  container.style.pointerEvents = 'none'
  await still(container, HERE_MS)
  if (container.querySelector('.rb-list-scroller')) await settled({ canvasElement: container })
  const root = container.getBoundingClientRect()
  const found = [...container.querySelectorAll<HTMLElement>('[class^="rb-"]')].filter((element) => !element.parentElement?.closest('[dir="auto"], bdi, svg, .rb-sr') && !element.matches('.rb-sr') && !isInWords(element))
  const measured = found.map((element) => {
    const { left, right, top, width, height } = element.getBoundingClientRect()
    return { name: `${element.className} “${(element.textContent ?? '').slice(0, 30)}”`, start: dir === 'ltr' ? left - root.left : root.right - right, top: top - root.top, width, height }
  })
  cleanup()
  return measured
}

/** Waits until nothing more comes for so long. */
async function still(container: Element, forMs: number): Promise<void> {
  for (let before = -1, stillMs = 0, waitedMs = 0; stillMs < forMs && waitedMs < 6_000; waitedMs += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const now = container.querySelectorAll('*').length
    stillMs = now === before ? stillMs + LOOK_MS : 0
    before = now
  }
}

/** A stretch of a line goes where the script of the line goes; what is not shown is nowhere. */
function isInWords(element: HTMLElement): boolean {
  return getComputedStyle(element).display === 'inline' || element.getClientRects().length === 0
}

describe('[A23] from right to left', () => {
  it.each(Object.entries(PARTS))('%s', async (_, part) => {
    const [ltr, rtl] = [await boxes(part, 'ltr'), await boxes(part, 'rtl')]
    expect(ltr.length).toBeGreaterThan(1)
    expect(rtl.map(({ name }) => name)).toEqual(ltr.map(({ name }) => name))
    const off = ltr.flatMap((box, index) => {
      const twin = rtl[index]!
      const worst = Math.max(...(['start', 'top', 'width', 'height'] as const).map((side) => Math.abs(box[side] - twin[side])))
      return worst > TOLERANCE_PX ? [`${box.name}: ${JSON.stringify(box, ['start', 'top', 'width', 'height'])} ${JSON.stringify(twin, ['start', 'top', 'width', 'height'])}`] : []
    })
    expect(off).toEqual([])
  })
})
