import 'readback/styles.css'
import { act, cleanup, render } from '@testing-library/react'
import { ChatProvider, MessageRow, ReadStatesContext, textIcons, type Message, type MessageStatus, type ReadStateSource, type ReceiptIcons, type Tally } from 'readback'
import { afterEach, describe, expect, it } from 'vitest'

afterEach(cleanup)

const STATUSES: readonly (MessageStatus | null)[] = [null, 'sending', 'sent', 'delivered', 'read', 'failed', 'sent']
const TALLIES: readonly Tally[] = [
  { tracked: false, reason: 'off' },
  { tracked: true, read: 0, of: 499, delivered: 0, viewed: 0 },
  { tracked: true, read: 3, of: 499, delivered: 9, viewed: 0 },
  { tracked: true, read: 499, of: 499, delivered: 499, viewed: 0 },
]

function textMessage(text: string, rest: Partial<Message> = {}): Message {
  return { conversationId: 'garden', from: 'ada', localId: 'm', ids: ['m'], at: { epoch: 0, order: 1, id: 'm' }, time: Date.UTC(2026, 10, 19, 9, 41), body: { kind: 'text', text }, ...rest }
}

/** A read state that the test moves on. */
function movingStates() {
  let status: MessageStatus | null = null
  let tally: Tally = { tracked: false, reason: 'off' }
  const listeners = new Set<() => void>()
  const source: ReadStateSource = {
    getStatus: () => status,
    getTally: () => tally,
    isRead: () => false,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return {
    source,
    move(next: { status?: MessageStatus | null; tally?: Tally }) {
      if (next.status !== undefined) status = next.status
      if (next.tally !== undefined) tally = next.tally
      act(() => listeners.forEach((listener) => listener()))
    },
  }
}

interface Setting {
  readonly widthPx: number
  readonly kind: 'direct' | 'group'
  readonly icons?: ReceiptIcons
}

function show(message: Message, own: boolean, { widthPx, kind, icons }: Setting) {
  const { source, move } = movingStates()
  const { container } = render(
    <ChatProvider theme="light" {...(icons && { icons })}>
      <div className="rb-list" style={{ inlineSize: widthPx, blockSize: 'auto' }}>
        <ReadStatesContext.Provider value={source}>
          <MessageRow message={message} own={own} runStart runEnd conversationKind={kind} onRetry={() => {}} />
        </ReadStatesContext.Provider>
      </div>
    </ChatProvider>,
  )
  const rect = (selector: string) => {
    const { x, y, width, height } = (container.querySelector(selector) as HTMLElement).getBoundingClientRect()
    return [x, y, width, height]
  }
  return { container, rect, move, geometry: () => ({ row: rect('.rb-row'), bubble: rect('.rb-bubble'), words: rect('.rb-text'), time: rect('time') }) }
}

const SETTINGS: readonly Setting[] = [280, 360, 720].flatMap((widthPx) => (['direct', 'group'] as const).flatMap((kind) => [{ widthPx, kind }, { widthPx, kind, icons: textIcons }]))

describe('a receipt moves nothing', () => {
  it.each(SETTINGS)('whatever it says, at $widthPx px in a $kind conversation', (setting) => {
    for (const words of ['ok', 'A message that fills just about one line of it', 'A message of several lines, with a good deal to say about beans, compost and the weather.']) {
      const { geometry, move } = show(textMessage(words), true, setting)
      const before = geometry()
      for (const status of STATUSES) {
        move({ status })
        expect(geometry(), `${words}: ${String(status)}`).toEqual(before)
      }
      for (const tally of TALLIES) {
        move({ tally })
        expect(geometry(), `${words}: ${JSON.stringify(tally)}`).toEqual(before)
      }
      cleanup()
    }
  })
})

describe('a receipt moves nothing', () => {
  it.each(SETTINGS)('of a message that answers, was edited and was answered with emoji, at $widthPx px in a $kind conversation', (setting) => {
    const reactions = ['👍', '❤️', '😂'].map((emoji) => ({ emoji, by: 'bo' }))
    const { rect, geometry, move } = show(textMessage('Beans on Saturday', { replyTo: 'gone', editedAt: 1, reactions }), true, setting)
    const all = () => ({ ...geometry(), quote: rect('.rb-quote'), chips: rect('.rb-reactions'), chip: rect('.rb-reaction') })
    const before = all()
    for (const status of STATUSES) {
      move({ status })
      expect(all(), String(status)).toEqual(before)
    }
    for (const tally of TALLIES) {
      move({ tally })
      expect(all(), JSON.stringify(tally)).toEqual(before)
    }
  })
})

describe('hostile words stay in their bubble', () => {
  const ZALGO = `Z${'\u0301\u0322\u0337\u0353'.repeat(2500)}lgo`
  it.each([
    ['a word without end', 'a'.repeat(20_000)],
    ['piled-up marks', ZALGO],
    ['turned directions', '\u202e\u2067\u2066 abc \u202d'.repeat(50)],
    ['a hundred thousand lines', '\n'.repeat(100_000)],
    ['a long run of joined emoji', '👩‍'.repeat(2000)],
    ['space that does not break', '\u00a0'.repeat(5000)],
    ['an address without end', `https://example.com/${'a'.repeat(4000)}`],
  ])('%s', (_, words) => {
    const { container, rect } = show(textMessage(words), false, { widthPx: 320, kind: 'group' })
    const [rowX = 0, , rowWidth = 0] = rect('.rb-row')
    const [x = 0, , width = 0] = rect('.rb-bubble')
    expect(x).toBeGreaterThanOrEqual(rowX)
    expect(x + width).toBeLessThanOrEqual(rowX + rowWidth + 0.5)
    const row = container.querySelector('.rb-row') as HTMLElement
    expect(row.scrollWidth).toBeLessThanOrEqual(row.clientWidth)
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth)
  })
  it('marks piled up over marks make a line no higher', () => {
    const plain = show(textMessage('Zlgo'), false, { widthPx: 320, kind: 'direct' }).rect('.rb-row')[3]
    cleanup()
    const piled = show(textMessage(ZALGO.slice(0, 400)), false, { widthPx: 320, kind: 'direct' })
    expect(getComputedStyle(piled.container.querySelector('.rb-bubble') as Element).overflow).toBe('clip')
    expect(piled.rect('.rb-row')[3]).toBeLessThanOrEqual((plain ?? 0) * 1.5)
  })
})

describe('pictures', () => {
  it('have their box before they load, and keep it when they fail', async () => {
    const file = { url: 'data:image/png;base64,AAAA' }
    const { container, rect } = show(textMessage('', { body: { kind: 'image', file, widthPx: 640, heightPx: 480, alt: 'A hill' } }), false, { widthPx: 480, kind: 'direct' })
    const before = rect('.rb-row')
    expect(rect('.rb-media').slice(2)).toEqual([320, 240])
    await expect.poll(() => container.querySelector('img')).toBeNull()
    expect(rect('.rb-row')).toEqual(before)
  })
  it('shrink with a narrow window', () => {
    const { rect } = show(textMessage('', { body: { kind: 'image', file: {}, widthPx: 640, heightPx: 480 } }), true, { widthPx: 280, kind: 'group' })
    const [, , width = 0, height = 0] = rect('.rb-media')
    expect(width).toBeLessThan(220)
    expect(height / width).toBeCloseTo(0.75, 1)
  })
})
