/** What a write writes is what it changes, whatever else is stored. */
import { serialize } from 'node:v8'
import { emptyMemberState, type Conversation, type StorageTx } from 'readback/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { enqueueAction } from '../../src/sync/actions.js'
import { createChanges } from '../../src/sync/changes.js'
import { storeDraft } from '../../src/sync/drafts.js'
import { discardSend, enqueueSend } from '../../src/sync/enqueue.js'
import { putEnsured, storeEnsured } from '../../src/sync/ensure.js'
import { closeGapBelow } from '../../src/sync/gapFilling.js'
import { hideMessage } from '../../src/sync/hiding.js'
import { markUnread } from '../../src/sync/manualUnread.js'
import { pruneBatch } from '../../src/sync/pruning.js'
import { clearUnread, markRead } from '../../src/sync/reading.js'
import { restoreChoices, setReceipts } from '../../src/sync/receiptSettings.js'
import { noteReset } from '../../src/sync/resets.js'
import { sendFirst, text, type Deed } from './deeds.js'
import { at, incoming, storedWorld, watchRequests, type StoredWorld } from './storedWorld.js'
import { tell } from './toldDeeds.js'

const FEW = 10
const MANY = 10_000
const BATCH = 1_000
/** In one conversation. */
const MOST_GAPS = 500
/** What the same rows may hold more: longer numbers, bytes. */
const LONGER_BYTES = 100
/** Reading of many members lies in rows of so many bytes. */
const PAGE_BYTES = 8_192

interface Written {
  readonly rows: number
  readonly bytes: number
}

/** So many messages and members in `c`, and so many conversations beside it, each with something in every table. */
async function fill({ storage, inbound, ctx }: StoredWorld, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const part = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => from + n)
    await inbound.store(part.map((n) => incoming(100 + n)))
    await storage.write(async (tx) => {
      await tx.members.put('c', part.map((n) => ({ userId: `u${n}`, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] })))
      await tx.readStates.put('c', part.map((n) => ({ ...emptyMemberState(`u${n}`), read: { upTo: at(2), ranges: [] } })))
      await fillBeside({ tx, ctx }, part)
    })
  }
  const gaps = Array.from({ length: Math.min(count, MOST_GAPS) }, (_, n) => ({ conversationId: 'c', after: at(60_000 + 2 * n), before: at(60_002 + 2 * n) }))
  await storage.write((tx) => tx.gaps.replace('c', gaps))
}

async function fillBeside({ tx, ctx }: { readonly tx: StorageTx; readonly ctx: StoredWorld['ctx'] }, part: readonly number[]): Promise<void> {
  const beside = (n: number): Conversation => ({ id: `k${n}`, kind: 'group', head: null, lastMessage: null, lastActivityAt: 0, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: true })
  await tx.conversations.put(part.map(beside))
  await tx.held.put(part.map((n) => ({ key: `h${n}`, conversationId: `k${n}`, heldAt: 0, event: {} })))
  for (const n of part) {
    await tx.gaps.replace(`k${n}`, [{ conversationId: `k${n}`, after: null, before: at(n) }])
    await tx.outbox.add({ lane: 'intent', action: 'send', conversationId: `k${n}`, localId: `s${n}`, from: 'me', attempts: 0, notBefore: 0 })
    await tx.archive.put(`k${n}`, [{ segment: '0', value: n }])
    await putEnsured(tx, { id: `k${n}`, kind: 'group', members: ['me', 'bo'] })
    await noteReset(tx, ctx, `k${n}`, 1, createChanges())
  }
}

const about = { conversationId: 'c', id: 'm4', by: 'bo', time: 9 } as const
const joins = (userId: string) => ({ userId, role: 'member', intervals: [{ joinedAt: at(4), leftAt: null }] }) as const

/** In this order: some need what those before have done. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'a message is written': ({ ctx }) => enqueueSend(ctx, 'c', { localId: 'new', body: text('new') }),
  'an answer is written': ({ ctx }) => enqueueSend(ctx, 'c', { localId: 'answer', body: text('answer'), replyTo: 'm2' }),
  'a message is taken back': ({ ctx }) => discardSend(ctx, 'c', 'new'),
  'the wire took a message': sendFirst,
  'a message arrives': ({ inbound }) => inbound.store([incoming(50_000)]),
  'a message is read': async ({ ctx, storage }) => {
    const row = await storage.read((tx) => tx.messages.byId('c', 'm3'))
    return markRead(ctx, [row!], 'read')
  },
  'somebody has read': tell({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', upTo: at(3) }),
  'a conversation is made known': ({ ctx }) => storeEnsured(ctx, { id: 'new', kind: 'group', title: 'New', members: ['me', 'bo'] }),
  'a draft is kept': ({ ctx }) => storeDraft(ctx, 'c', 'begun'),
  'a reaction': ({ ctx }) => enqueueAction(ctx, 'c', 'm4', { action: 'react', emoji: '+', on: true }),
  'a message of mine is edited': ({ ctx }) => enqueueAction(ctx, 'c', 'id-first', { action: 'edit', body: text('better') }),
  'a message of mine is recalled': ({ ctx }) => enqueueAction(ctx, 'c', 'id-first', { action: 'recall' }),
  'a message of mine is deleted': ({ ctx }) => enqueueAction(ctx, 'c', 'id-first', { action: 'delete' }),
  'a message is hidden here': ({ ctx }) => hideMessage(ctx, 'c', 'm1'),
  'a gap is closed': async ({ ctx, inbound, storage }) => {
    await storage.write(async (tx) => tx.gaps.replace('c', [...(await tx.gaps.list('c')), { conversationId: 'c', after: at(4), before: at(100) }]))
    return closeGapBelow({ ...ctx, transport: { ...ctx.transport, history: async () => ({ messages: [incoming(60), incoming(61)], contiguousTo: at(4) }) } }, inbound, 'c', at(100), 50)
  },
  'a message was edited': tell({ type: 'edited', ...about, body: text('better') }),
  'a message was reacted to': tell({ type: 'reacted', ...about, reaction: { emoji: '-', by: 'bo' }, on: true }),
  'a message was recalled': tell({ type: 'recalled', ...about }),
  'a message was deleted': tell({ type: 'deleted', ...about, id: 'm3' }),
  'a message was deleted for good': tell({ type: 'deleted', ...about, id: 'm60', hard: true }),
  'somebody joins': tell({ type: 'member', conversationId: 'c', member: joins('cy') }),
  'who is in it is told': tell({ type: 'conversation', conversation: { id: 'c', kind: 'group', title: 'Renamed', members: ['me', 'bo', 'cy', 'di'].map(joins) } }),
  'a server begins an epoch anew': tell({ type: 'reset', conversationId: 'c', epoch: 1 }),
  'a conversation is marked as unread': ({ ctx }) => markUnread(ctx, 'c'),
  'receipts are switched off in a conversation': ({ ctx }) => setReceipts(ctx, 'off', 'c'),
  'receipts are switched on in a conversation': ({ ctx }) => setReceipts(ctx, 'public', 'c'),
  'everything in a conversation is cleared': ({ ctx }) => clearUnread(ctx, 'c'),
  'old messages are taken off': ({ ctx }) => pruneBatch(ctx, 'c', 3),
}

async function writtenBy(world: StoredWorld, deed: Deed): Promise<Written> {
  const written = { rows: 0, bytes: 0 }
  watchRequests(world.factory, ['put', 'add', 'delete', 'clear'], (_, call, [value]) => {
    written.rows++
    if (call === 'put' || call === 'add') written.bytes += serialize(value).length
  })
  await deed(world)
  world.factory.onTransaction = null
  return written
}

describe(`among ${FEW} of everything, and among ${MANY.toLocaleString('en')}`, () => {
  const worlds: StoredWorld[] = []
  beforeAll(async () => {
    for (const count of [FEW, MANY]) {
      const world = await storedWorld()
      await restoreChoices(world.ctx)
      await fill(world, count)
      worlds.push(world)
    }
    return () => Promise.all(worlds.map(({ storage }) => storage.close()))
  }, 120_000)

  it.each(Object.entries(DEEDS))('[I31] %s: as much is written', async (name, deed) => {
    const [few, many] = [await writtenBy(worlds[0]!, deed), await writtenBy(worlds[1]!, deed)]
    expect(few.rows).toBeGreaterThan(0)
    expect(many.rows).toBeLessThanOrEqual(few.rows)
    expect(many.bytes).toBeLessThanOrEqual(name === 'somebody has read' ? PAGE_BYTES : few.bytes + LONGER_BYTES)
  })
})
