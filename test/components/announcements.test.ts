import { createArraySource, type Message, type MessageStatus, type Tally } from 'readback'
import { createFakeClock } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { COUNT_HEARD_MS, createAnnouncements, GATHER_MS, HEARD_MS, MORE_RECEIPTS_MS, RECEIPTS_MS, type Observed } from '../../src/components/announcements.js'
import { message } from '../react/fakeClient.js'

const at = (order: number, from = 'bo', rest: Partial<Message> = {}) => message({ from, localId: `m-${order}`, ids: [`m-${order}`], at: { epoch: 0, order, id: `m-${order}` }, body: { kind: 'text', text: `Message ${order}` }, ...rest })
const UNTRACKED: Tally = { tracked: false, reason: 'off' }
const tally = (read: number): Tally => ({ tracked: true, read, of: 9, delivered: 9, viewed: 0 })

function scene() {
  const clock = createFakeClock()
  const said: string[] = []
  const announcements = createAnnouncements('ada', clock, {
    message: ({ body }) => said.push(body.kind === 'text' ? body.text : body.kind),
    count: (count) => said.push(`${count} new`),
    receipt: (_message, status, { tracked, ...rest }) => said.push(tracked ? `${status} ${(rest as { read: number }).read}` : status),
  })
  const state = { messages: [] as readonly Message[], hasNewer: false, hasOlder: false, status: 'ready' as Observed['snapshot']['status'], last: null as Message | null, own: null as MessageStatus | null, tally: UNTRACKED, read: new Set<string>() }
  const show = (change: Partial<typeof state>) => {
    Object.assign(state, change)
    const snapshot = { ...createArraySource(state.messages).getSnapshot(), messages: state.messages, hasNewer: state.hasNewer, hasOlder: state.hasOlder, status: state.status }
    announcements.observe({ snapshot, lastMessage: state.last, isRead: ({ localId }) => state.read.has(localId), getStatus: ({ from }) => (from === 'ada' ? state.own : null), getTally: () => state.tally })
  }
  return { clock, said, show, announcements }
}

describe('new messages', () => {
  it('are said once, and history never', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(5), at(6)], hasOlder: true })
    clock.advance(GATHER_MS)
    show({ messages: [at(3), at(4), at(5), at(6)] })
    show({ messages: [at(3), at(4), at(5), at(6), at(7)] })
    show({ messages: [at(3), at(4), at(5), at(6), at(7)] })
    clock.advance(GATHER_MS)
    show({ messages: [at(3), at(4), at(5), at(6), at(7)] })
    clock.advance(10_000)
    expect(said).toEqual(['Message 7'])
  })
  it('are counted when many come at once', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1)] })
    show({ messages: [1, 2, 3, 4, 5, 6].map((order) => at(order)) })
    clock.advance(GATHER_MS)
    expect(said).toEqual(['5 new'])
  })
  it('that stream in are said no faster than they can be heard: none is read out that was to be counted, and no count follows at the heels of another', () => {
    const { clock, said, show } = scene()
    const shown = [at(1)]
    show({ messages: [...shown] })
    const stream = (count: number, eachMs: number) => {
      for (let n = 0; n < count; n++) {
        shown.push(at(shown.length + 1))
        show({ messages: [...shown] })
        clock.advance(eachMs)
      }
    }
    stream(2, GATHER_MS / 2)
    expect(said).toEqual(['Message 2', 'Message 3'])
    stream(100, 100)
    clock.advance(COUNT_HEARD_MS)
    expect(said.slice(2)).toEqual(['30 new', '50 new', '20 new'])
    clock.advance(COUNT_HEARD_MS)
    stream(1, GATHER_MS)
    expect(said.at(-1)).toBe('Message 104')
    stream(1, HEARD_MS)
    expect(said.at(-1)).toBe('Message 105')
  })
  it('are said while another stretch is on screen, and not again when it is paged to', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1), at(2)], hasNewer: true, last: at(8) })
    show({ last: at(9) })
    clock.advance(GATHER_MS)
    show({ messages: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((order) => at(order)), hasNewer: false })
    clock.advance(GATHER_MS)
    expect(said).toEqual(['Message 9'])
  })
  it('are not said when they are mine, the system’s, recalled, or read elsewhere', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1)] })
    show({ read: new Set(['m-5']), messages: [at(1), at(2, 'ada'), at(3, 'system', { body: { kind: 'system', text: 'Bo joined' } }), at(4, 'bo', { recalledAt: 1 }), at(5), at(6)] })
    clock.advance(GATHER_MS)
    expect(said).toEqual(['Message 6'])
  })
  it('are not said when they were taken back or deleted before anything is said; what was edited is said as it is then', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1)] })
    show({ messages: [at(1), at(2), at(3), at(4)] })
    show({ messages: [at(1), at(2, 'bo', { recalledAt: 1 }), at(4, 'bo', { body: { kind: 'text', text: 'Message four' } })] })
    clock.advance(GATHER_MS)
    expect(said).toEqual(['Message four'])
  })
  it('are not said for a list that is still loading', () => {
    const { clock, said, show } = scene()
    show({ status: 'loading' })
    show({ status: 'ready', messages: [at(1), at(2)] })
    clock.advance(GATHER_MS)
    expect(said).toEqual([])
  })
})

describe('receipts of my newest message', () => {
  it('[RS22] are not said when they are hidden again before anything is said', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1, 'ada')], own: 'sent', tally: tally(0) })
    show({ tally: tally(3) })
    show({ tally: UNTRACKED })
    clock.advance(RECEIPTS_MS)
    expect(said).toEqual([])
  })
  it('are said together, and not how they stood at first', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1, 'ada')], own: 'read' })
    clock.advance(RECEIPTS_MS)
    show({ messages: [at(1, 'ada'), at(2, 'ada')], own: 'sending' })
    show({ own: 'sent' })
    show({ own: 'delivered' })
    show({ own: 'read' })
    clock.advance(RECEIPTS_MS)
    expect(said).toEqual(['read'])
  })
  it('are said more and more seldom while they stream in', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1, 'ada')], own: 'sent', tally: tally(0) })
    for (let read = 1; read <= 8; read++) {
      show({ tally: tally(read) })
      clock.advance(1000)
    }
    clock.advance(MORE_RECEIPTS_MS)
    expect(said).toEqual(['sent 1', 'sent 6', 'sent 8'])
  })
  it('are said again where it was tried again and failed again, and not as they were before it was', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1, 'ada')], own: 'sending' })
    show({ own: 'failed' })
    clock.advance(RECEIPTS_MS)
    show({ own: 'sending' })
    show({ own: 'failed' })
    clock.advance(RECEIPTS_MS)
    expect(said).toEqual(['failed', 'failed'])
    show({ own: 'sending' })
    show({ own: 'failed' })
    show({ own: 'sending' })
    clock.advance(MORE_RECEIPTS_MS)
    expect(said).toEqual(['failed', 'failed'])
  })
  it('leave unsaid no failure of an earlier one that had waited, and say that of several once', () => {
    const { clock, said, show } = scene()
    const mine = (first: Message['outgoing'], second: Message['outgoing'], third?: Message['outgoing']) => [first, second, third].map((outgoing, index) => at(index + 1, 'ada', outgoing && { outgoing, at: null }))
    show({ messages: mine('failed', 'sending', 'sending'), own: 'sending' })
    clock.advance(RECEIPTS_MS)
    expect(said).toEqual([])
    show({ messages: mine('sending', 'sending', 'sending') })
    show({ messages: mine('failed', 'failed'), own: 'sent' })
    clock.advance(MORE_RECEIPTS_MS)
    expect(said).toEqual(['sent', 'failed'])
    show({ messages: mine('sending', 'sending') })
    show({ messages: mine('failed', 'sending') })
    show({ messages: mine('sending', 'sending') })
    clock.advance(MORE_RECEIPTS_MS)
    expect(said).toEqual(['sent', 'failed'])
  })
  it('[RS22] are not said again because the number of readers is hidden', () => {
    const { clock, said, show } = scene()
    show({ messages: [at(1, 'ada')], own: 'sent', tally: tally(0) })
    show({ tally: tally(3) })
    clock.advance(RECEIPTS_MS)
    show({ tally: UNTRACKED })
    clock.advance(MORE_RECEIPTS_MS)
    expect(said).toEqual(['sent 3'])
  })
  it('say nothing after the end', () => {
    const { clock, said, show, announcements } = scene()
    show({ messages: [at(1, 'ada')], own: 'sent' })
    show({ own: 'read', messages: [at(1, 'ada'), at(2)] })
    announcements.stop()
    clock.advance(60_000)
    expect(said).toEqual([])
  })
})
