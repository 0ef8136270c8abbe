/** Frames as a broken, old or hostile server may send them: valid ones, bent in their values, in their shape and in their text. */

const POINT = { epoch: 0, order: 7, id: 'm7' }
const MESSAGE = {
  conversationId: 'c', id: 'm7', at: POINT, from: 'bob', localId: 'l7', time: 1_700_000_000_000, body: { kind: 'image', file: { url: 'https://example.org/a.png', mime: 'image/png', sizeBytes: 12 }, widthPx: 4, heightPx: 3, alt: 'a hill' },
  receiptRequested: true, replyTo: 'm1', editedAt: 5, recalledAt: 6, deletedAt: 7, reactions: [{ emoji: '👍', by: 'ann' }],
}
const RECEIPT = { type: 'receipt', conversationId: 'c', by: 'bob', kind: 'read', visibility: 'published', upTo: POINT, ranges: [{ from: POINT, to: POINT }], ids: ['m7'], count: { id: 'm7', n: 3 }, time: 9, content: 'ok' }
const MEMBER = { userId: 'bob', role: 'admin', intervals: [{ joinedAt: null, leftAt: POINT }] }

const EVENTS: readonly unknown[] = [
  { type: 'message', message: MESSAGE }, { type: 'message', message: { ...MESSAGE, body: { kind: 'custom', type: 'poll', data: { options: ['a', { b: [1, 2] }] } } } }, RECEIPT,
  { type: 'conversation', conversation: { id: 'c', kind: 'group', title: 't', head: POINT, lastMessage: MESSAGE, members: [MEMBER], rosterComplete: true } },
  { type: 'member', conversationId: 'c', member: MEMBER }, { type: 'edited', conversationId: 'c', id: 'm7', body: { kind: 'text', text: 'x' }, time: 1 },
  { type: 'recalled', conversationId: 'c', id: 'm7', by: 'bob', time: 1 }, { type: 'deleted', conversationId: 'c', id: 'm7', by: 'bob', time: 1, hard: true },
  { type: 'reacted', conversationId: 'c', id: 'm7', reaction: { emoji: '👍', by: 'bob' }, on: true }, { type: 'gap', conversationId: 'c', after: null, before: POINT }, { type: 'reset', conversationId: 'c', epoch: 1 },
  { type: 'typing', conversationId: 'c', by: 'bob', on: true }, { type: 'presence', userId: 'bob', presence: 'online' },
]

/** One of each frame that a server sends. */
export const VALID_FRAMES: readonly Record<string, unknown>[] = [
  { type: 'welcome', version: 1 }, { type: 'answer', no: 1, result: { localId: 'l', id: 'm', at: POINT, time: 1 } }, { type: 'refusal', no: 1, code: 'transport/forbidden', message: 'no', stored: 'no', retry: { afterMs: 5 } },
  { type: 'events', lane: 'message', no: 1, events: EVENTS.slice(0, 11), cursor: 'c1' }, { type: 'ephemeral', events: EVENTS.slice(11) }, { type: 'pong' }, { type: 'bye', reason: 'expired', afterMs: 5 },
]

const ODD: readonly unknown[] = [
  null, true, false, 0, -0, -1, 0.5, 1e21, 2 ** 53, 2 ** 53 + 2, Number.MAX_VALUE, '', ' ', '0', '01', 'null', 'constructor', 'prototype', '__proto__', 'toString', 'hasOwnProperty', [], {}, [[]], [null], { length: 3 },
  { __proto: 1 }, '\u0000', '\u202e', '\ud800', '\u2028', 'x'.repeat(1_025), { epoch: 0, order: 0, id: '' }, 8.64e15 + 1, 'published', 'read', 'message',
]

const KEYS = ['type', '__proto__', 'constructor', 'prototype', 'toString', 'id', 'at', 'events', 'message', 'no', 'lane', 'kind', 'body', 'length', 'then', '']

/** The same frames for the same seed. */
export function createFuzzer(seed: number): () => string | Uint8Array {
  let state = seed
  const next = () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)
  const upTo = (n: number) => Math.floor(next() * n)
  const pick = <T>(from: readonly T[]): T => from[upTo(from.length)] as T

  /** A copy in which, now and then, a value, a name or a whole branch is another. */
  function bend(value: unknown, chance: number): unknown {
    if (next() < chance) return next() < 0.8 ? pick(ODD) : bend(pick(VALID_FRAMES), chance)
    if (Array.isArray(value)) {
      const list = value.map((one) => bend(one, chance))
      return next() < chance ? [...list, ...list] : list
    }
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).filter(() => next() >= chance).map(([key, one]) => [next() < chance ? pick(KEYS) : key, bend(one, chance)] as const)
    if (next() < chance) entries.push([pick(KEYS), pick(ODD)])
    return Object.fromEntries(entries)
  }

  function tear(text: string): string {
    const at = upTo(text.length)
    switch (upTo(6)) {
      case 0: return text.slice(0, at)
      case 1: return text.slice(at)
      case 2: return text.slice(0, at) + String.fromCharCode(upTo(0x1_0000)) + text.slice(at + 1)
      case 3: return text.slice(0, at) + text.slice(at + 1 + upTo(5))
      case 4: return text.replace(/"(\w+)":/, next() < 0.5 ? '"__proto__":' : '"\\u005f_proto__":')
      default: return text.slice(0, at) + pick(['{', '}', '[', ']', '"', ',', ':', '\\', '\\u', '1e999', '-', 'NaN', '['.repeat(2_000)]) + text.slice(at)
    }
  }

  return () => {
    const kind = next()
    if (kind < 0.01) return new Uint8Array([upTo(256), upTo(256)])
    if (kind < 0.02) return JSON.stringify(pick(ODD)) ?? ''
    const text = JSON.stringify(bend(pick(VALID_FRAMES), pick([0, 0.01, 0.05, 0.2])))
    return kind < 0.7 ? text : tear(text)
  }
}
