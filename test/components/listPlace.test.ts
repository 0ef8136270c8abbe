import { describe, expect, it } from 'vitest'
import { messageKey, type Message, type MessageSnapshot, type SourceAnchor } from 'readback/core'
import { findPlace } from '../../src/components/listPlace.js'
import { buildListRows } from '../../src/components/listRows.js'

const NOON = new Date(2026, 2, 10, 12).getTime()
const message = (order: number): Message => ({
  conversationId: 'c1', from: 'ada', localId: `l${order}`, ids: [`m${order}`, `alias-${order}`], at: { epoch: 0, order, id: `m${order}` }, time: NOON + order * 1000, body: { kind: 'text', text: 'hi' },
})
const MESSAGES = [message(10), message(20), message(30)]
const find = (anchor: SourceAnchor, change: Partial<MessageSnapshot> = {}, lenient = false) => {
  const snapshot: MessageSnapshot = { messages: MESSAGES, hasOlder: true, hasNewer: true, loading: 'none', status: 'ready', firstUnreadKey: null, ...change }
  return findPlace(anchor, buildListRows({ ...snapshot, isOwn: () => false }), snapshot, lenient)
}
const start = (order: number) => ({ key: messageKey(message(order)), align: 'start' })

describe('findPlace', () => {
  it('is the newest message only of a window that reaches it', () => {
    expect(find('newest')).toBeNull()
    expect(find('newest', { hasNewer: false })).toBe('newest')
    expect(find('newest', {}, true)).toBe('newest')
  })

  it('is the separator above the first unread message, else the newest', () => {
    expect(find('firstUnread', { firstUnreadKey: messageKey(message(20)) })).toEqual({ key: `unread:${messageKey(message(20))}`, align: 'start' })
    expect(find('firstUnread', { firstUnreadKey: messageKey(message(99)) })).toBeNull()
    expect(find('firstUnread', { firstUnreadKey: messageKey(message(99)) }, true)).toBe('newest')
    expect(find('firstUnread', { hasNewer: false })).toBe('newest')
  })

  it('is a message by any of its ids', () => {
    for (const id of ['m20', 'alias-20', 'l20']) expect(find({ id })).toEqual({ key: messageKey(message(20)), align: 'center' })
    expect(find({ id: 'm99' }, {}, true)).toBeNull()
  })

  it('is the first message at or after a point or a time, unless another page may hold it', () => {
    expect(find({ at: { epoch: 0, order: 15, id: 'x' } })).toEqual(start(20))
    expect(find({ time: NOON + 30_000 })).toEqual(start(30))
    expect(find({ time: NOON })).toBeNull()
    expect(find({ time: NOON + 99_000 })).toBeNull()
    expect(find({ time: NOON + 99_000 }, { hasNewer: false })).toBe('newest')
    expect(find({ time: NOON }, {}, true)).toEqual(start(10))
  })

  it('includes the separators above that message', () => {
    expect(find({ time: NOON }, { hasOlder: false })).toEqual({ key: `date:${messageKey(message(10))}`, align: 'start' })
    expect(find({ time: NOON + 15_000 }, { firstUnreadKey: messageKey(message(20)) })).toEqual({ key: `unread:${messageKey(message(20))}`, align: 'start' })
  })
})
