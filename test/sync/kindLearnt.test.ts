import { createChatClient, createReceiptPolicy, TransportError, type ReceiptPolicy } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { at, RANGES, text } from './oneReader.js'
import { coversPoint } from '../../src/receipts/index.js'
import { applyConversation } from '../../src/sync/applyConversations.js'
import type { SyncContext } from '../../src/sync/context.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { applyMessages } from '../../src/sync/applyMessages.js'
import { applyReceipts, receiptRules } from '../../src/sync/applyReceipts.js'
import { createChanges } from '../../src/sync/changes.js'
import { markRead } from '../../src/sync/reading.js'
import { exportLines } from '../../src/sync/exporting.js'
import { importLines } from '../../src/sync/importing.js'
import { contextOf } from './contextOf.js'
import { scriptedTransport } from './scriptedTransport.js'

it('[RS16] what was read before it was known that the conversation is a direct one is told by its rules, once', async () => {
  const wire = scriptedTransport({ read: { direct: 'ranges', group: 'none' }, delivered: { direct: 'none', group: 'none' }, ownDeviceReports: false })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'message', message: text(1) })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm1')).not.toBeNull())
  await client.markRead([(await client.getMessage('c', 'm1'))!])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.reports).toEqual([])
  const tell = () => wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct', members: [], rosterComplete: true } })
  tell()
  await vi.waitFor(() => expect(wire.reports.map(({ kind, conversation, ranges }) => [kind, conversation.kind, ranges])).toEqual([['read', 'direct', [{ from: at(1), to: at(1) }]]]))
  tell()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.reports).toHaveLength(1)
})

it('[RS16] what waits to be told by the rules of a group is told to nobody but my own devices once it is a direct one, over a wire that carries no receipts of these', async () => {
  const wire = scriptedTransport({ read: { direct: 'none', group: 'ranges' }, delivered: { direct: 'none', group: 'none' }, receiptContent: true })
  const take = wire.report.bind(wire)
  wire.report = async () => Promise.reject(new TransportError('transport/offline', 'Nothing answers.', { stored: 'maybe', retry: 'yes' }))
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'message', message: text(1) })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm1')).not.toBeNull())
  await client.markRead([(await client.getMessage('c', 'm1'))!], 'read', { content: 'ok' })
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct', members: [], rosterComplete: true } })
  await vi.waitFor(() => expect(client.getState().conversations[0]?.kind).toBe('direct'))
  wire.report = take
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0), { timeout: 10_000 })
  expect(wire.reports.map(({ kind, visibility }) => [kind, visibility])).toEqual([['read', 'ownDevices']])
}, 15_000)

async function opened(readMode: ReceiptPolicy['readMode']): Promise<SyncContext> {
  const ctx = { ...contextOf('me', memoryStorage()), policy: createReceiptPolicy({ readMode }) }
  await ctx.storage.open('me')
  return ctx
}
const MEMBERS = ['me', 'ada'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))

/** Two messages came before their conversation, whose kind would say what reading the second one reads. */
async function beforeKind(readMode: ReceiptPolicy['readMode'] = { direct: 'perMessage', group: 'upTo' }) {
  const ctx = await opened(readMode)
  await ctx.storage.write((tx) => applyMessages(tx, ctx, [text(1), text(2)], createChanges()))
  return ctx
}
const told = (ctx: SyncContext, kind: 'direct' | 'group') => ctx.storage.write((tx) => applyConversation(tx, ctx, { id: 'c', kind }, createChanges()))
const isRead = async (ctx: SyncContext, order: number) => {
  const own = await ctx.storage.read((tx) => tx.readStates.getOwn('c'))
  return own !== undefined && coversPoint(own.synced.read, at(order))
}
async function readSecond(ctx: SyncContext): Promise<boolean> {
  await markRead(ctx, [(await ctx.storage.read((tx) => tx.messages.byId('c', 'm2')))!], 'read')
  expect(await isRead(ctx, 2)).toBe(true)
  return isRead(ctx, 1)
}

it('[RS14] while it is a guess that a conversation is a group, a message reads only itself', async () => {
  expect(await readSecond(await beforeKind())).toBe(false)
})

it.each([['group', true], ['direct', false]] as const)('[RS14] once the wire has told that it is a %s one, its own mode holds', async (kind, all) => {
  const ctx = await beforeKind()
  await told(ctx, kind)
  expect(await readSecond(ctx)).toBe(all)
})

it('[RS14] where both kinds read up to a message, nothing has to be known', async () => {
  expect(await readSecond(await beforeKind({ direct: 'upTo', group: 'upTo' }))).toBe(true)
})

it('[RS14] the app may tell, too: a guess does not stand against it', async () => {
  const ctx = await beforeKind({ direct: 'upTo', group: 'perMessage' })
  await storeEnsured(ctx, { id: 'c', kind: 'direct', members: ['me', 'ada'] })
  expect((await ctx.storage.read((tx) => tx.conversations.get('c')))?.kind).toBe('direct')
  expect(await readSecond(ctx)).toBe(true)
})

it('[RS14] what was a guess in memory is one in the database', async () => {
  const memory = await beforeKind()
  const database = { ...memory, storage: memoryStorage() }
  await database.storage.open('me')
  await mergeRemembered(database, memory.storage)
  expect(await readSecond(database)).toBe(false)
})

it('[RS14] who is in it says nothing of its kind: a guess stays one when members are asked for', async () => {
  const wire = Object.assign(scriptedTransport({ members: true, history: true, catchUp: 'none', read: RANGES }), {
    members: async () => ({ items: MEMBERS }),
    history: async () => ({ messages: [text(1), text(2)], contiguousTo: null }),
  })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 1, maxFlushMs: 2, readMode: { direct: 'perMessage', group: 'upTo' } }, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  wire.emit({ type: 'message', message: text(1) })
  wire.emit({ type: 'message', message: text(2) })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm2')).not.toBeNull())
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(async () => expect(await client.getMembers('c')).toHaveLength(2))
  expect(client.getState().conversations).toMatchObject([{ kind: 'group', rosterComplete: true }])
  await client.markRead([(await client.getMessage('c', 'm2'))!])
  await vi.waitFor(() => expect(wire.reports.filter(({ kind }) => kind === 'read').map(({ upTo, ranges }) => [upTo, ranges])).toEqual([[null, [{ from: at(2), to: at(2) }]]]))
})

it('what the wire tells of a kind while members are asked for is not taken back by the answer', async () => {
  let answer = () => {}
  const wire = Object.assign(scriptedTransport({ members: true, conversations: true }), {
    conversations: async () => ({ items: [{ id: 'c', kind: 'group' as const }] }),
    members: () => new Promise<{ items: typeof MEMBERS }>((resolve) => (answer = () => resolve({ items: MEMBERS }))),
  })
  const asked = vi.spyOn(wire, 'members')
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  await vi.waitFor(() => expect(asked).toHaveBeenCalled())
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct' } })
  answer()
  await vi.waitFor(() => expect(client.getState().conversations).toMatchObject([{ rosterComplete: true }]))
  expect(client.getState().conversations[0]?.kind).toBe('direct')
})

/** The second message was read in a database that only guesses, where groups are told nothing. */
async function guessing(kind: 'direct' | 'group') {
  const ctx = { ...(await beforeKind({ direct: 'upTo', group: 'perMessage' })), transport: scriptedTransport({ read: { direct: 'ranges', group: 'none' }, delivered: { direct: 'none', group: 'none' }, ownDeviceReports: false }) }
  await markRead(ctx, [(await ctx.storage.read((tx) => tx.messages.byId('c', 'm2')))!], 'read')
  expect(await reports(ctx)).toBe(0)
  const memory = { ...ctx, storage: memoryStorage() }
  await memory.storage.open('me')
  await told(memory, kind)
  return { ctx, memory }
}
const reports = (ctx: SyncContext) => ctx.storage.read((tx) => tx.outbox.count('receipt'))
const kindOf = async (ctx: SyncContext) => (await ctx.storage.read((tx) => tx.conversations.get('c')))?.kind

it('[RS14] what a time in memory was told of its kind is known in a database that guessed, and what was read is told by it', async () => {
  const { ctx, memory } = await guessing('direct')
  await mergeRemembered(ctx, memory.storage)
  expect([await kindOf(ctx), await reports(ctx)]).toEqual(['direct', 1])
  expect(await readSecond(ctx)).toBe(true)
})

it('[RS14] a group of which only memory was told is no guess any more', async () => {
  const { ctx, memory } = await guessing('group')
  await mergeRemembered(ctx, memory.storage)
  expect(await readSecond({ ...ctx, policy: createReceiptPolicy({ readMode: { direct: 'perMessage', group: 'upTo' } }) })).toBe(true)
})

it('what was read while its kind was a guess is told once the app has said it', async () => {
  const { ctx } = await guessing('direct')
  const changes = await storeEnsured(ctx, { id: 'c', kind: 'direct', members: ['me', 'ada'] })
  expect([await reports(ctx), changes.reports]).toEqual([1, true])
})

it('[RS14] receipts that came before a conversation make no guess of one whose kind a file says', async () => {
  const ctx = await opened({ direct: 'upTo', group: 'perMessage' })
  await ctx.storage.write((tx) => applyReceipts(tx, receiptRules(ctx), 'c', [{ by: 'ada', kind: 'read', visibility: 'published', upTo: at(1) }], createChanges()))
  const line = (value: unknown) => `${JSON.stringify(value)}\n`
  const rows = [text(1), text(2)].map(({ id, ...rest }) => line({ message: { ids: [id], ...rest } }))
  await importLines(ctx, [line({ readback: 1, conversation: { id: 'c', kind: 'direct' }, gaps: [] }), ...rows], () => {})
  expect(await readSecond(ctx)).toBe(true)
})

it('[RS14] what is a guess in a file is one where the file is taken in', async () => {
  const [from, to] = [await beforeKind(), await opened({ direct: 'perMessage', group: 'upTo' })]
  await importLines(to, exportLines(from, 'c'), () => {})
  expect(await readSecond(to)).toBe(false)
})
