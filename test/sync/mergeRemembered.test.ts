/** What was kept in memory while the database would not open, joined to what is there: nothing of either is overwritten. */
import { emptyMemberState, type ChatStorage, type Conversation, type Member, type Message, type Point, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { NO_OWN_STATE, NO_PROGRESS_BY_KIND, progressOfPoints } from '../../src/receipts/index.js'
import { heldEvent } from '../../src/sync/applyReceipts.js'
import type { SyncContext } from '../../src/sync/context.js'
import { enqueueSend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { holesOf, noteHole, noteLostEnds, noteOtherPlaces, noteOwnPlaces, otherPlacesOf, ownPlacesOf, stretchEndsOf } from '../../src/sync/holes.js'
import { createInbound } from '../../src/sync/inbound.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { notePruned, prunedStretches } from '../../src/sync/prunedStretches.js'
import { resetKey } from '../../src/sync/resets.js'
import { contextOf } from './contextOf.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const point = (order: number) => ({ epoch: 0, order, id: `m${order}` })

/** The database, and the rows of a time in memory beside it. */
async function both() {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const contexts = [contextOf('ada', database), contextOf('ada', memory)] as const
  for (const ctx of contexts) {
    await ctx.storage.open('ada')
    await storeEnsured(ctx, TEAM)
  }
  return { database, memory, there: contexts[0], here: contexts[1], join: () => mergeRemembered(contexts[0], memory) }
}

const setDraft = (storage: ChatStorage, draft: string) => storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get(TEAM.id)) as Conversation, draft }]))
const draftOf = (storage: ChatStorage) => storage.read(async (tx) => (await tx.conversations.get(TEAM.id))?.draft)

it('[I28] a draft that was begun in memory stands below the one that was there, however often it is joined', async () => {
  const { database, memory, join } = await both()
  await setDraft(database, 'a long letter')
  await setDraft(memory, 'and a word')
  await join()
  await join()
  expect(await draftOf(database)).toBe('a long letter\nand a word')
})

it.each([['the same draft', 'a letter', 'a letter', 'a letter'], ['one that went on', 'a letter', 'a letter, longer', 'a letter, longer']])('[I28] %s is there once', async (_, before, meanwhile, joined) => {
  const { database, memory, join } = await both()
  await setDraft(database, before)
  await setDraft(memory, meanwhile)
  await join()
  expect(await draftOf(database)).toBe(joined)
})

it('[I28] [I8] a receipt that waits in both is joined, not replaced by the smaller one', async () => {
  const { database, memory, there, join } = await both()
  const waiting = (order: number) => heldEvent(TEAM.id, there.ports.clock.now(), 'upTo 0', { by: 'bo', kind: 'read', visibility: 'published', upTo: point(order) })
  await database.write((tx) => tx.held.put([waiting(9)]))
  await memory.write((tx) => tx.held.put([waiting(5)]))
  await join()
  expect((await database.read((tx) => tx.held.list(TEAM.id))).map(({ event }) => (event as { upTo: unknown }).upTo)).toEqual([point(9)])
})

const readBy = (by: string, rest: object): TransportEvent => ({ type: 'receipt', by, kind: 'read', visibility: 'published', ...rest })
const mine = (order: number, conversationId: string = TEAM.id): TransportEvent => ({ type: 'message', message: { conversationId, id: `m${order}`, at: point(order), from: 'ada', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })

async function tell(ctx: SyncContext, ...events: readonly TransportEvent[]): Promise<void> {
  const inbound = createInbound(ctx, () => {}, () => {})
  for (const event of events) {
    inbound.handle(event)
    await inbound.idle()
  }
}

it('[RS28] a receipt that waited in one of them for what only the other had counts once both are joined, also one that names no conversation, or one that nobody in memory knew', async () => {
  const { database, there, here, join } = await both()
  await storeEnsured(there, { id: 'other', kind: 'direct', members: ['ada', 'bo'] })
  await tell(there, mine(1), mine(2), mine(3), mine(4, 'other'), readBy('bo', { conversationId: TEAM.id, ids: ['m9'] }))
  await tell(here, mine(9), readBy('bo', { conversationId: TEAM.id, ids: ['m1'] }), readBy('bo', { ids: ['m2'] }), readBy('bo', { conversationId: 'other', upTo: point(4) }), readBy('bo', { count: { id: 'm3', n: 1 } }))
  for (let times = 0; times < 2; times += 1) await join()
  const found = await database.read(async (tx) => ({ team: (await tx.readStates.get(TEAM.id, 'bo'))?.read.ranges.map(({ from }) => from.order), other: (await tx.readStates.get('other', 'bo'))?.read.upTo, counted: (await tx.messages.byId(TEAM.id, 'm3'))?.readCount, held: await tx.held.list() }))
  expect(found).toEqual({ team: [1, 2, 9], other: point(4), counted: 1, held: [] })
})

const leave: Member = { userId: 'bo', role: 'admin', intervals: [{ joinedAt: point(1), leftAt: point(5) }] }
const list = (storage: ChatStorage) => storage.read(async (tx) => (await tx.members.list(TEAM.id)).find(({ userId }) => userId === 'bo'))

it('[I28] [I10] what the app alone said of the members in memory takes nothing from what the back end said before', async () => {
  const { database, join } = await both()
  await database.write((tx) => tx.members.put(TEAM.id, [leave]))
  await join()
  expect(await list(database)).toEqual(leave)
})

it('[I28] what the back end said of the members in memory is joined', async () => {
  const { database, memory, join } = await both()
  await memory.write((tx) => tx.members.put(TEAM.id, [leave]))
  await join()
  expect(await list(database)).toEqual(leave)
})

it('[I20] what another tab has sent meanwhile is not queued again by a joining that begins again', async () => {
  const { database, here, there, join } = await both()
  await storeEnsured(here, { ...TEAM, id: 'zeta' })
  await enqueueSend(here, TEAM.id, { localId: 'l1', body: { kind: 'text', text: 'hello' } })
  const write = database.write.bind(database)
  let writes = 0
  // The second conversation cannot be joined for a moment.
  const broken = { ...there, storage: { ...database, write: ((fn, how) => (how?.durability === 'strict' && ++writes === 2 ? Promise.reject(new Error('full')) : write(fn, how))) as ChatStorage['write'] } }
  await expect(mergeRemembered(broken, here.storage)).rejects.toThrow('full')
  const [entry] = await database.read((tx) => tx.outbox.list({ lane: 'intent' }))
  // Taken by a back end that does not say where it stands.
  await database.write(async (tx) => {
    await tx.outbox.delete(entry!.seq)
    const row = (await tx.messages.get({ conversationId: TEAM.id, from: 'ada', localId: 'l1' })) as Message
    const { outgoing: _, ...taken } = row
    await tx.messages.put([{ ...taken, ids: ['x'] }])
  })
  await join()
  expect(await database.read((tx) => tx.outbox.list({ lane: 'intent' }))).toEqual([])
  expect((await database.read((tx) => tx.messages.echoes(TEAM.id))).map(({ ids, outgoing }) => [ids, outgoing])).toEqual([[['x'], undefined]])
})

const message = (order: number, changes: object = {}): Message => ({ conversationId: TEAM.id, ids: [`m${order}`], at: point(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` }, ...changes })
const rowsOf = async (storage: ChatStorage) => (await storage.read(async (tx) => [...(await tx.messages.page({ conversationId: TEAM.id, limit: 99 })), ...(await tx.messages.echoes(TEAM.id))])).map(({ localId, ids, at, otherPlaces }) => [localId, ids, at?.order, ...(otherPlaces ?? []).map(({ order }) => order)])

it('[I28] [I20] a message of mine that the wire told without its local id meanwhile is still one', async () => {
  const { database, memory, join } = await both()
  await database.write((tx) => tx.messages.put([message(5, { from: 'ada', localId: 'r123' }), message(6, { from: 'ada', localId: 'r124', at: null, echoOrder: 1 })]))
  await memory.write((tx) => tx.messages.put([message(5, { from: 'ada', localId: 'id:m5' }), message(6, { from: 'ada', localId: 'id:m6' }), message(7, { ids: ['m7'] })]))
  await join()
  await join()
  expect(await rowsOf(database)).toEqual([['r123', ['m5'], 5], ['r124', ['m6'], 6], ['l7', ['m7'], 7]])
})

it('[I28] [RS13] of two edits the later is joined, and makes no message of a notice, nor a notice of a message', async () => {
  const { database, memory, join } = await both()
  const body = (kind: 'text' | 'system', said: string) => ({ body: { kind, text: said } })
  await database.write((tx) => tx.messages.put([message(1, body('system', 'Bo came')), message(2), message(3), message(4, { ...body('text', 'best'), editedAt: 9 })]))
  await memory.write((tx) => tx.messages.put([message(1, { ...body('text', 'I owe you'), editedAt: 5 }), message(2, { ...body('system', 'nothing'), editedAt: 5 }), message(3, { ...body('text', 'better'), editedAt: 5 }), message(4, { ...body('text', 'better'), editedAt: 5 })]))
  await join()
  const rows = await database.read((tx) => tx.messages.page({ conversationId: TEAM.id, limit: 9 }))
  expect(rows.map((row) => [row.body, row.editedAt])).toEqual([[body('system', 'Bo came').body, undefined], [message(2).body, undefined], [body('text', 'better').body, 5], [body('text', 'best').body, 9]])
})

it('[I28] what had failed here and was sent by another device meanwhile is not tried again', async () => {
  const { database, here, there, join } = await both()
  await enqueueSend(there, TEAM.id, { localId: 'l5', body: { kind: 'text', text: '5' } })
  const [entry] = await database.read((tx) => tx.outbox.list({ lane: 'intent' }))
  await database.write(async (tx) => {
    const failed = { code: 'message/lost', message: '' }
    await tx.outbox.put({ ...entry!, failed })
    await tx.messages.put([{ ...(await tx.messages.get({ conversationId: TEAM.id, from: 'ada', localId: 'l5' })) as Message, outgoing: 'failed', failure: failed }])
  })
  await here.storage.write((tx) => tx.messages.put([message(5, { from: 'ada' })]))
  await join()
  expect([await rowsOf(database), await database.read((tx) => tx.outbox.list({ lane: 'intent' }))]).toEqual([[['l5', ['m5'], 5]], []])
})

it('[I28] [RS30] both places of a message that the wire stored twice are joined, whichever of them each had', async () => {
  const { database, memory, join } = await both()
  await database.write((tx) => tx.messages.put([message(3), message(8, { localId: 'l6' })]))
  await memory.write((tx) => tx.messages.put([message(5, { localId: 'l3' }), message(6, { ids: ['m6', 'm8'], otherPlaces: [point(8)] })]))
  await join()
  await join()
  expect(await rowsOf(database)).toEqual([['l3', ['m3', 'm5'], 3, 5], ['l6', ['m8', 'm6'], 8, 6]])
  expect((await database.read((tx) => otherPlacesOf(tx, TEAM.id))).map(({ at }) => at.order)).toEqual([5, 6])
})

it.each([['in the database', true], ['in memory', false]])('[I28] [RS30] a message that was read at the place that is known %s is told of at both', async (_where, isThere) => {
  const { database, memory, join } = await both()
  await database.write((tx) => tx.messages.put([message(3)]))
  await memory.write((tx) => tx.messages.put([message(5, { localId: 'l3' })]))
  const read = { ...NO_PROGRESS_BY_KIND, read: progressOfPoints([point(isThere ? 3 : 5)]) }
  await (isThere ? database : memory).write((tx) => tx.readStates.putOwn(TEAM.id, { ...NO_OWN_STATE, synced: read, wanted: read, acked: { published: isThere ? read : NO_PROGRESS_BY_KIND, ownDevices: NO_PROGRESS_BY_KIND } }))
  await join()
  const { wanted } = (await database.read((tx) => tx.readStates.getOwn(TEAM.id)))!
  expect(wanted.read).toEqual(progressOfPoints([point(3), point(5)]))
  expect((await database.read((tx) => tx.outbox.list({ lane: 'receipt' }))).map((entry) => 'kind' in entry && [entry.kind, entry.visibility])).toContainEqual(['read', 'published'])
})

it('[I28] [RS18] over what was noted in memory nothing is claimed afterwards either', async () => {
  const { database, memory, join } = await both()
  await noteHoleIn(memory, 2)
  await noteHoleIn(memory, 4)
  await noteHoleIn(database, 4)
  await memory.write(async (tx) => {
    await noteOtherPlaces(tx, TEAM.id, [{ at: point(7), id: 'm7' }])
    await noteOwnPlaces(tx, TEAM.id, [point(8)])
  })
  // The server lost its tail meanwhile; in the database history is missing up to 20, in memory up to 30.
  const missing = (order: number) => [{ conversationId: TEAM.id, after: point(order - 5), before: point(order) }]
  await database.write((tx) => tx.gaps.replace(TEAM.id, missing(20)))
  await memory.write(async (tx) => {
    await tx.gaps.replace(TEAM.id, missing(30))
    await noteLostEnds(tx, TEAM.id, 1, missing(30))
  })
  await join()
  await join()
  const noted = await database.read(async (tx) => ({ holes: await holesOf(tx, TEAM.id), ends: await stretchEndsOf(tx, TEAM.id), mine: await ownPlacesOf(tx, TEAM.id) }))
  expect([noted.holes, noted.ends].map((ranges) => ranges.map(({ from }) => from.order))).toEqual([[2, 4], [20, 30, 7]])
  expect(noted.mine).toEqual([point(8)])
})

const noteHoleIn = (storage: ChatStorage, order: number) => storage.write((tx) => noteHole(tx, 'ada', { conversationId: TEAM.id, from: 'bo', at: point(order) }))

it('[I28] [RS31] an epoch that came meanwhile is looked before: the server may have lost what is in the database', async () => {
  const later = { ...point(1), epoch: 1, id: 'n1' }
  for (const row of [message(1, { ids: ['n1'], at: later }), null]) {
    const { database, memory, join } = await both()
    const raise = async (storage: ChatStorage, head: Point) => storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get(TEAM.id)) as Conversation, head }]))
    await database.write((tx) => tx.messages.put([message(3, { from: 'ada' })]))
    await raise(database, point(3))
    if (row) await memory.write((tx) => tx.messages.put([row]))
    await raise(memory, later)
    await join()
    expect(await database.read((tx) => tx.meta.get(resetKey(TEAM.id)))).toMatchObject({ epoch: 1, found: 0 })
  }
})

const ON = { rev: 1, on: true }
const setMark = (storage: ChatStorage, manualUnread: Conversation['manualUnread']) => storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get(TEAM.id)) as Conversation, manualUnread }]))

it.each([['marked there', ON, { rev: 1, on: false }, ON], ['marked here', { rev: 1, on: false }, ON, ON], ['ended later there', { rev: 2, on: false }, ON, { rev: 2, on: false }], ['marked later here', { rev: 0, on: false }, ON, ON]])(
  '[RS33] [I28] a conversation %s is as the later of both has it, and marked as unread where none is later', async (_, there, here, joined) => {
    const { database, memory, join } = await both()
    await setMark(database, there)
    await setMark(memory, here)
    await join()
    await join()
    expect(await database.read(async (tx) => (await tx.conversations.get(TEAM.id))?.manualUnread)).toEqual(joined)
  },
)

it('[RS34] [I28] what was said with receipts is joined once, and what waits to be said is sent once, whatever else waits', async () => {
  const { database, memory, join } = await both()
  const row = (content: string, said: boolean) => ({ lane: 'receipt', action: 'report', conversationId: TEAM.id, kind: 'read', visibility: 'published', readAt: 5, attempts: 0, notBefore: 0, ...(said && { said: { id: 'm1', content } }) }) as const
  const state = (content: string, time: number) => ({ ...emptyMemberState('bo'), contents: [{ at: point(1), content, time }] })
  await database.write(async (tx) => {
    await tx.outbox.add(row('', false))
    await tx.readStates.put(TEAM.id, [state('later', 9)])
  })
  await memory.write(async (tx) => {
    for (const each of [row('', false), row('yes', true), row('no', true)]) await tx.outbox.add(each)
    await tx.readStates.put(TEAM.id, [state('sooner', 4)])
  })
  await join()
  expect(await database.read(async (tx) => (await tx.outbox.list({ lane: 'receipt' })).map((entry) => entry.action === 'report' && entry.said?.content))).toEqual([undefined, 'yes', 'no'])
  expect((await database.read((tx) => tx.readStates.get(TEAM.id, 'bo')))?.contents).toEqual([{ at: point(1), content: 'sooner', time: 4 }])
})

const placed = (order: number): Message => ({ conversationId: TEAM.id, from: 'bo', localId: `l${order}`, ids: [`m${order}`], at: point(order), time: order, body: { kind: 'text', text: `${order}` } })

it.each([
  ['what the database has', [1, 2, 3, 4], 3, []],
  ['what lies between it and memory', [1, 2], 4, [{ conversationId: TEAM.id, after: point(2), before: point(4) }]],
  ['all before, where it has nothing', [], 4, [{ conversationId: TEAM.id, after: null, before: point(4) }]],
] as const)('[I28] before what came in memory is missing, of %s', async (_of, had, first, missing) => {
  const { database, memory, join } = await both()
  await database.write((tx) => tx.messages.put(had.map(placed)))
  await memory.write(async (tx) => {
    await tx.messages.put([first, 5].map(placed))
    await tx.gaps.replace(TEAM.id, [{ conversationId: TEAM.id, after: null, before: point(first) }])
  })
  await join()
  await join()
  expect(await database.read((tx) => tx.gaps.list(TEAM.id))).toEqual(missing)
})

it('[RS31] what was here and pruned in memory was here, also for the database', async () => {
  const { database, memory, join } = await both()
  const stretch = (from: number, to: number) => ({ from: point(from), to: point(to) })
  await database.write((tx) => notePruned(tx, TEAM.id, [stretch(1, 4)]))
  await memory.write((tx) => notePruned(tx, TEAM.id, [stretch(3, 6), stretch(8, 9)]))
  await join()
  await join()
  expect(await database.read((tx) => prunedStretches(tx, TEAM.id))).toEqual([stretch(1, 6), stretch(8, 9)])
})
