/** What a careless back end hands over: no event at all, and messages that cannot be shown. None of it says anything that a device could believe. */
import type { TransportEvent } from 'readback/core'
import type { Prng } from './prng.js'

const BAD_POINT = { epoch: 0, order: Number.NaN, id: 'x' }
const GOOD_POINT = { epoch: 0, order: 1, id: 'x' }
const RECEIPT = { type: 'receipt', conversationId: 'team', by: 'bob', kind: 'read', visibility: 'published' }

const GARBAGE: readonly unknown[] = [
  null, 7, 'message', [], {}, { type: 'none such' }, { type: '__proto__' },
  { type: 'message' }, { type: 'message', message: null }, { type: 'message', message: { conversationId: 'team', id: 'x', from: 'ann', at: BAD_POINT, time: 1, body: { kind: 'text', text: 'x' } } },
  { ...RECEIPT, by: 'mallory', upTo: GOOD_POINT }, { ...RECEIPT, by: 7, upTo: GOOD_POINT }, { ...RECEIPT, kind: 'seen', upTo: GOOD_POINT }, { ...RECEIPT, visibility: 'all', upTo: GOOD_POINT },
  { ...RECEIPT, upTo: BAD_POINT }, { ...RECEIPT, upTo: { epoch: -1, order: 5, id: 'x' } }, { ...RECEIPT, ranges: [{ from: { ...GOOD_POINT, order: 9 }, to: GOOD_POINT }] }, { ...RECEIPT, ids: [null, 3] },
  { type: 'edited', conversationId: 'team', id: 3, body: null }, { type: 'recalled', conversationId: 'team' }, { type: 'deleted', id: 'x' }, { type: 'reacted', conversationId: 'team', id: 'x', reaction: null },
  { type: 'member', conversationId: 'team', member: { userId: 5 } }, { type: 'conversation', conversation: { id: '' } }, { type: 'reset', conversationId: 'team', epoch: '1' },
  { type: 'gap', conversationId: 'team', after: 'x', before: null }, { type: 'typing' }, { type: 'presence', userId: null }, { type: 'cursor', cursor: 5 },
]

/** Whether it is one of these, as it is. */
export const isPlainGarbage = (event: unknown): boolean => GARBAGE.includes(event)

export function garbage(random: Prng): unknown {
  return random.pick(GARBAGE)
}

const BODIES: readonly unknown[] = [undefined, null, 'text', {}, { kind: 'text' }, { kind: 'text', text: 7 }, { kind: 'image' }]

/** The same message at its place, with a body that is none. */
export function spoil(event: TransportEvent, random: Prng): unknown {
  return event.type === 'message' ? { ...event, message: { ...event.message, body: random.pick(BODIES) } } : event
}
