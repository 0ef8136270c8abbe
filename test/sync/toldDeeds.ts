/** What the wire tells by itself, of every kind that is stored. */
import { ChatError, type TransportEvent } from 'readback/core'
import { createMemory, storeBatch } from '../../src/sync/storeEvents.js'
import { inOrder, text, withTrouble, type Deed, type Deeds } from './deeds.js'
import { at, incoming, type StoredWorld } from './storedWorld.js'

type Stored = Exclude<TransportEvent['type'], 'typing' | 'presence'>

export const tell = (...events: readonly TransportEvent[]): Deed => (world) => withTrouble(world, (ctx) => storeBatch(ctx, createMemory(), events, () => {}))

const message = (order: number, conversationId = 'c'): TransportEvent => ({ type: 'message', message: incoming(order, conversationId) })
const about = { conversationId: 'c', id: 'm2', by: 'bo', time: 9 } as const
const joins = (userId: string) => ({ userId, role: 'member', intervals: [{ joinedAt: at(4), leftAt: null }] }) as const
const reads = { type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published' } as const

const TOLD: Readonly<Record<Stored, Deed>> = {
  state: (world) => tell({ type: 'state', state: { status: 'online' } })(overWireWithoutMemory(world)),
  conversation: tell({ type: 'conversation', conversation: { id: 'new', kind: 'group', title: 'New', head: at(4), members: ['me', 'bo', 'cy'].map(joins), rosterComplete: true } }),
  member: tell({ type: 'member', conversationId: 'c', member: joins('cy') }),
  message: tell(message(5), message(6), message(1, 'other')),
  edited: tell({ type: 'edited', ...about, body: text('better') }),
  recalled: tell({ type: 'recalled', ...about }),
  deleted: tell({ type: 'deleted', ...about }),
  reacted: tell({ type: 'reacted', ...about, reaction: { emoji: '+', by: 'bo' }, on: true }),
  receipt: tell({ ...reads, upTo: at(3) }),
  gap: tell({ type: 'gap', conversationId: 'c', after: at(4), before: null }),
  reset: tell({ type: 'reset', conversationId: 'c', epoch: 1 }),
  cursor: tell({ type: 'cursor', cursor: 'here' }),
}

/** What it tells while nobody is connected it never tells again. */
function overWireWithoutMemory(world: StoredWorld): StoredWorld {
  const { ctx } = world
  return { ...world, ctx: { ...ctx, transport: { ...ctx.transport, capabilities: { ...ctx.transport.capabilities, catchUp: 'none' } } } }
}

/** A database that does not take one message, for a reason of its own. */
function refusing(world: StoredWorld, id: string): StoredWorld {
  const { ctx, storage } = world
  const write: typeof storage.write = (fn, options) => storage.write((tx) => fn({ ...tx, messages: { ...tx.messages, async put(rows) {
    if (rows.some(({ ids }) => ids.includes(id))) throw new ChatError('storage/failed', 'No.')
    await tx.messages.put(rows)
  } } }), options)
  return { ...world, ctx: { ...ctx, storage: { ...storage, write } } }
}

export const TOLD_DEEDS: Deeds = {
  ...Object.fromEntries(Object.entries(TOLD).map(([type, deed]) => [`the wire tells: ${type}`, deed])),
  'a message is deleted for good': tell({ type: 'deleted', ...about, hard: true }),
  'an edit comes before its message': tell({ type: 'edited', ...about, id: 'id-first', body: text('better') }),
  'the message comes that an edit waited for': [tell({ type: 'edited', ...about, id: 'm5', body: text('better') }), tell(message(5))],
  'a receipt comes before its message': tell({ ...reads, ids: ['m5'] }),
  'the message comes that a receipt waited for': [tell({ ...reads, ids: ['m5'] }), tell(message(5))],
  'much is told at once': [inOrder(tell({ ...reads, ids: ['m5'] })), tell({ type: 'conversation', conversation: { id: 'c', kind: 'group', title: 'New' } }, { type: 'member', conversationId: 'c', member: joins('cy') }, message(5), { type: 'edited', ...about, body: text('better') }, { ...reads, upTo: at(5) }, { type: 'cursor', cursor: 'here' })],
  'the place of a message is noted that the database does not take': (world) => tell(message(5))(refusing(world, 'm5')),
}
