/** Frames and calls that no device of ours sends. */
import type { Stage } from './peer.js'

export const INVALID: readonly string[] = ['transport/invalid']

export const text = (words: string) => ({ kind: 'text', text: words })

export const draft = ({ conversation: { id, kind } }: Stage, localId: unknown, body: unknown = text(String(localId))) => ({ localId, conversation: { id, kind }, body })

/** What each is, and the frame. */
export const UNREADABLE: readonly (readonly [string, unknown])[] = [
  ['binary', new Uint8Array([1, 2, 3])],
  ['no JSON', '{"type":'],
  ['a list', '[]'],
  ['null', 'null'],
  ['nested a hundred thousand deep', '['.repeat(100_000)],
  ['a call without a number', { type: 'call', name: 'history', with: {} }],
  ['a call with half a number', { type: 'call', no: 1.5, name: 'history', with: {} }],
  ['a got of no lane', { type: 'got', lane: 'constructor', no: 1 }],
  ['a got for what was not sent', { type: 'got', lane: 'message', no: 99 }],
]

export interface MalformedCall {
  readonly what: string
  readonly make: (stage: Stage) => readonly [name: string, params: unknown]
  /** What it may be refused with; default `transport/invalid`. */
  readonly codes?: readonly string[]
}

const send = (what: string, ...of: readonly [localId: unknown, body?: unknown]): MalformedCall => ({ what, make: (stage) => ['send', draft(stage, ...of)] })

const report = (what: string, changes: object): MalformedCall => ({
  what, make: ({ conversation: { id } }) => ['report', { conversationId: id, kind: 'read', visibility: 'published', upTo: null, ranges: [], ageMs: 0, ...changes }],
})

const history = (what: string, query: object): MalformedCall => ({ what, make: ({ conversation: { id } }) => ['history', { conversationId: id, ...query }] })

const point = (order: number) => ({ epoch: 0, order, id: 'x' })
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

/** Whoever makes a text or a number of it fails. */
export const NO_TEXT = { toString: 1, valueOf: 1 }

/** More than the page allows (32 levels); the device leaves such a body out, so nobody would ever see it. */
const TOO_DEEP = 40

export const MALFORMED: readonly MalformedCall[] = [
  { what: 'a call of an unknown name', make: () => ['hug', {}] },
  { what: 'a call named like a field of every object', make: () => ['constructor', {}] },
  { what: 'a call with nothing', make: () => ['send', null] },
  send('a send without a localId', undefined),
  send('a send with a localId that is too long', 'x'.repeat(1_025)),
  send('a send without a body', 'l', null),
  send('a send of a body without a kind', 'l', { text: 'one' }),
  send('a send of a text that is no text', 'l', { kind: 'text', text: 7 }),
  send('a send of a text that mentions nobody', 'l', { kind: 'text', text: 'one', mentions: [{ start: 0, end: 1 }] }),
  send('a send of an image without a file', 'l', { kind: 'image' }),
  send('a send of a file whose size is no number', 'l', { kind: 'file', file: { ref: 'f', sizeBytes: 'large' } }),
  send('a send of a custom body without a type', 'l', { kind: 'custom', data: 1 }),
  send('a send of a body that is nested too deep', 'l', { kind: 'custom', type: 't', data: nested(TOO_DEEP) }),
  { what: 'an edit into what is no body', make: ({ conversation: { id } }) => ['edit', { conversationId: id, id: 'none', body: 7 }], codes: ['transport/invalid', 'transport/notFound'] },
  report('a report of a kind of its own', { kind: 'loved' }),
  report('a report of a visibility of its own', { visibility: 'everybody' }),
  report('a report up to a negative point', { upTo: point(-1) }),
  report('a report up to what is no point', { upTo: 'all' }),
  report('a report of stretches that are no list', { ranges: 'all' }),
  report('a report of a stretch between two messages', { ranges: [{ from: point(0.5), to: point(0.7) }] }),
  { what: 'a conversation whose title is no text', make: ({ ann, conversation: { id } }) => ['ensureConversation', { id: `${id}-titled`, kind: 'group', members: [ann], title: NO_TEXT }] },
  { what: 'a page of members after what is no text', make: ({ conversation: { id } }) => ['members', { conversationId: id, limit: 5, cursor: NO_TEXT }] },
  history('a page of nothing', { limit: 0 }),
  history('a page after what is no point', { limit: 5, after: 'the beginning' }),
]
