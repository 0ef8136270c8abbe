/** What the archive takes out of the live states, and what comes of it afterwards. */
import type { HistoryPage, Message, TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { emptyMemberState, progressOfPoints } from '../../src/receipts/index.js'
import { hasReachedMessage } from '../../src/receipts/memberState.js'
import { archiveReceipts, archivedStates, readStatesOf } from '../../src/sync/archiving.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { noteOwnPlaces } from '../../src/sync/holes.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { noteAbsence, noteArrival } from '../../src/sync/neverCame.js'
import { storedMissing } from '../../src/sync/notedMissing.js'
import { importLines } from '../../src/sync/importing.js'
import { contextOf } from './contextOf.js'
import { at, POINT, start, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const mine = (order: number, changes: Partial<Message> = {}): Message => ({ conversationId: 'c', from: 'me', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: `${order}` }, ...changes })
const whole = (from: number, to: number) => ({ upTo: null, ranges: [{ from: at(from), to: at(to) }] })
const line = (value: unknown) => `${JSON.stringify(value)}\n`

async function ready(capabilities: Partial<TransportCapabilities>) {
  const storage = memoryStorage()
  await storage.open('me')
  Object.assign(storage, { getState: () => ({ status: 'ready' }) })
  const ctx = contextOf('me', storage, { transport: scriptedTransport(capabilities) })
  await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] })
  return { ctx, storage, archive: () => archiveReceipts({ ...ctx, ports: { ...ctx.ports, clock: { ...ctx.ports.clock, now: () => 1e13 } } }) }
}

it.each([['before', 1], ['not before', 5]])('[RS30] [RS24] who read a message where else it stands is not forgotten with the stretch around it, though nobody has a stretch that begins before it (%s)', async (_what, first) => {
  const { storage, archive } = await ready({ dense: false, inOrder: true })
  await storage.write(async (tx) => {
    await tx.messages.put([mine(1), mine(2, { otherPlaces: [at(6)] }), mine(5), mine(7)])
    // As whoever stores a second place does.
    await noteOwnPlaces(tx, 'c', [at(6)])
    await tx.readStates.put('c', [{ ...emptyMemberState('ada'), read: progressOfPoints([at(first)]) }, { ...emptyMemberState('bo'), read: whole(5, 7) }])
  })
  const bo = async () => hasReachedMessage((await storage.read((tx) => readStatesOf(tx, 'c', [mine(2, { otherPlaces: [at(6)] })]))).get('bo')!, 'read', mine(2, { otherPlaces: [at(6)] }))
  expect(await bo()).toBe(true)
  await archive()
  expect(await bo()).toBe(true)
})

it.each([[false], [true]])('[RS24] over what a wire without history never brought nothing is archived: who read it is known when a file brings it (archived: %s)', async (isArchived) => {
  const { ctx, storage, archive } = await ready({ dense: false, history: false, catchUp: 'none', inOrder: true })
  await storage.write(async (tx) => {
    await tx.messages.put([mine(5)])
    await noteAbsence(tx, ctx)
    await noteArrival(tx, ctx, 'c', [at(7)])
    await tx.messages.put([mine(7)])
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: at(7) }])
    await tx.readStates.put('c', [{ ...emptyMemberState('bo'), read: whole(5, 7) }])
  })
  // What was said while I was away is known to be missing.
  expect(await storage.read((tx) => storedMissing(tx, 'c'))).toContainEqual({ after: at(5), before: { ...at(7), id: '' } })
  if (isArchived) await archive()
  await importLines(ctx, line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + line({ message: mine(6) }).trim(), () => {})
  const row = (await storage.read((tx) => tx.messages.byId('c', 'm6')))!
  expect(hasReachedMessage((await storage.read((tx) => readStatesOf(tx, 'c', [row]))).get('bo')!, 'read', row)).toBe(true)
})

it.each([['torn'], [null], [['ada', 7]]])('[RS24] where nobody knows any more who was archived (%j), nobody else becomes a reader, and who read since is known', async (torn) => {
  const { storage, archive } = await ready({ dense: false })
  const read = (by: string, order: number) => storage.write((tx) => tx.readStates.put('c', [{ ...emptyMemberState(by), read: progressOfPoints([at(order)]) }]))
  const readers = (order: number) => storage.read(async (tx) => [...(await readStatesOf(tx, 'c', [mine(order)])).values()].filter((state) => hasReachedMessage(state, 'read', mine(order))).map(({ memberId }) => memberId))
  await storage.write((tx) => tx.messages.put([mine(1), mine(3)]))
  await read('ada', 1)
  await archive()
  expect(await readers(1)).toEqual(['ada'])
  await storage.write((tx) => tx.archive.put('c', [{ segment: 'roster', value: torn }]))
  await read('bo', 3)
  await archive()
  expect([await readers(1), await readers(3)]).toEqual([[], ['bo']])
})

it('[RS31] what was archived of a message before it was lost does not count for what is sent again', async () => {
  let answer!: (page: HistoryPage) => void
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history: () => new Promise<HistoryPage>((resolve) => (answer = resolve)) })
  await scene.bring(text(1, { from: 'me' }), text(3, { from: 'me' }), text(4, { from: 'me' }))
  await scene.storage.write((tx) => tx.archive.put('c', [{ segment: 'roster', value: ['ada', 'bo'] }, { segment: 'message m4', value: { read: new Uint8Array([3]) } }]))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(7, { from: 'me', localId: 'l4', at: at(7, 1) }))
  answer({ messages: [text(3, { from: 'me' })], contiguousTo: null } as unknown as HistoryPage)
  const row = () => scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === 'l4')
  await vi.waitFor(() => expect(row()).toMatchObject({ at: at(7, 1) }))
  expect(await scene.storage.read((tx) => archivedStates(tx, 'c', [row()!]))).toEqual([])
})

it('[RS25] [I28] of what was counted in the database and in a time in memory the greater stays', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const [there, here] = [contextOf('me', database), contextOf('me', memory)]
  for (const [ctx, readCount] of [[there, 2], [here, 5]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] })
    await ctx.storage.write((tx) => tx.messages.put([mine(1, { readCount })]))
  }
  await mergeRemembered(there, memory)
  expect((await database.read((tx) => tx.messages.byId('c', 'm1')))!.readCount).toBe(5)
})

it('[RS31] nor where it is sent again from here, and bears the same id', async () => {
  const history = async () => ({ messages: [text(3, { from: 'me' })], contiguousTo: null }) as unknown as HistoryPage
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history })
  await scene.bring(text(3, { from: 'me' }), text(4, { from: 'me' }))
  await scene.storage.write((tx) => tx.archive.put('c', [{ segment: 'roster', value: ['ada', 'bo'] }, { segment: 'message m4', value: { read: new Uint8Array([3]) } }]))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  const row = () => scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === 'l4')!
  await vi.waitFor(() => expect(row().outgoing).toBe('failed'))
  scene.wire.answer = async ({ localId }) => ({ localId, id: 'm4', at: at(1, 1, 'm4'), time: 9 })
  await scene.client.retry('c', 'l4')
  await vi.waitFor(() => expect(row().at).not.toBeNull())
  expect((await scene.client.readers(row(), { limit: 9 })).items).toEqual([])
})

it('[RS24] who read a message that was pruned is known when it is fetched again, whichever of its ids comes first', async () => {
  const scene = await start({ dense: false, inOrder: true })
  await scene.storage.write((tx) => tx.archive.put('c', [{ segment: 'roster', value: ['ada', 'bo'] }, { segment: 'message m1', value: { read: new Uint8Array([3]) } }]))
  await scene.bring(text(5, { from: 'me', localId: 'l1' }))
  scene.wire.emit({ type: 'message', message: text(1, { from: 'me' }) as never })
  const row = () => scene.client.messages('c').getSnapshot().messages[0]!
  await vi.waitFor(() => expect(row().ids).toEqual(['m5', 'm1']))
  expect((await scene.client.readers(row(), { limit: 9 })).items.map(({ userId }) => userId)).toEqual(['ada', 'bo'])
})

it.each([['is', 6, true], ['is not', undefined, false]])('[RS24] a stretch among the last ten minutes, in which a message that is late %s, stays as it is where messages may overtake each other', async (_what, late, isLate) => {
  const { storage, archive } = await ready({ dense: false, inOrder: false })
  const others = Array.from({ length: 66 }, (_, n) => at(10 + 2 * n))
  const rows = [5, 7, ...others.map(({ order }) => order)].map((order) => mine(order, { time: 1e13 + order }))
  await storage.write(async (tx) => {
    await tx.messages.put(rows)
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: others.at(-1)! }])
    await tx.readStates.put('c', [{ ...emptyMemberState('bo'), read: { upTo: null, ranges: [...whole(5, 7).ranges, ...progressOfPoints(others).ranges] } }])
  })
  await archive()
  const bo = async () => (await storage.read((tx) => readStatesOf(tx, 'c', [mine(late ?? 5)]))).get('bo')!
  expect((await storage.read((tx) => tx.readStates.list('c')))[0]!.read.ranges.length).toBeLessThan(67)
  if (isLate) await storage.write((tx) => tx.messages.put([mine(6)]))
  expect(hasReachedMessage(await bo(), 'read', mine(late ?? 5))).toBe(true)
})
