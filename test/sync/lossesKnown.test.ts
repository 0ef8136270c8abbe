/** What is known, and what is not, of what a server lost: of others' positions, of my other devices', of files, and of a time in memory. */
import type { HistoryPage, HistoryQuery, MemberState, Point } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { resetKey } from '../../src/sync/resets.js'
import { coversPoint } from '../../src/receipts/coversPoint.js'
import { contextOf } from './contextOf.js'
import { at, POINT, start, text, type Scene } from './oneReader.js'

const MINE = { from: 'me' }
const CAPS = { dense: true, read: POINT, delivered: POINT } as const
const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const page = (...messages: readonly object[]): HistoryPage => ({ messages, contiguousTo: null }) as unknown as HistoryPage
const shown = ({ client }: Pick<Scene, 'client'>) => client.messages('c').getSnapshot().messages
const statuses = (scene: Pick<Scene, 'client'>) => Object.fromEntries(shown(scene).filter(({ from }) => from === 'me').map((m) => [m.localId, scene.client.readStates('c').getStatus(m)]))
function read({ wire }: Scene, upTo: Point, time?: number): void {
  for (const by of ['ada', 'bo']) wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo, ...(time === undefined ? {} : { time }) })
}
async function scripted(answers: (HistoryPage | 'never')[], caps: Parameters<typeof start>[0] = CAPS) {
  const asked: HistoryQuery[] = []
  const history = (_id: string, query: HistoryQuery) => {
    asked.push(query)
    const next = answers.shift() ?? 'never'
    return next === 'never' ? new Promise<HistoryPage>(() => {}) : Promise.resolve(next)
  }
  return Object.assign(await start(caps, { history }), { asked })
}
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const HEADER = line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] })
const row = (order: number, changes: object = {}) => { const { id, ...rest } = text(order, changes); return line({ message: { ids: [id], ...rest } }) }
const stateOf = (memberId: string, upTo: Point) => { const none = { upTo: null, ranges: [] }; return line({ readState: { memberId, delivered: none, read: { upTo, ranges: [] }, viewed: none, times: { delivered: [], read: [], viewed: [] } } satisfies MemberState }) }

it('[RS31] a wire that was silent about two losses: a position in the epoch between them says nothing of what was before it', async () => {
  const scene = await scripted([page(), page()])
  await scene.bring(text(1, MINE), text(2), text(3, MINE), text(4, MINE))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }))
  await vi.waitFor(() => expect(scene.asked).toHaveLength(1))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 2 })
  await vi.waitFor(() => expect(scene.asked).toHaveLength(2))
  await scene.bring(text(6, { at: at(6, 2) }))
  await pause()
  read(scene, at(5, 1))
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read' }))
})

it('[RS31] [I28] what was read in a time in memory says nothing of what the database has from before the loss', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const [there, here] = [contextOf('me', database), contextOf('me', memory)]
  for (const ctx of [there, here]) { await ctx.storage.open('me'); await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] }) }
  const put = (ctx: typeof there, ...rows: ReturnType<typeof text>[]) => ctx.storage.write(async (tx) => {
    await tx.messages.put(rows.map(({ id, ...rest }) => ({ ...rest, ids: [id] })) as never)
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: rows.at(-1)!.at }])
  })
  await put(there, text(1, MINE), text(4, MINE))
  await put(here, text(6, { at: at(6, 1) }))
  const none = { upTo: null, ranges: [] }
  await memory.write((tx) => tx.readStates.put('c', [{ memberId: 'bo', delivered: none, read: { upTo: at(6, 1), ranges: [] }, viewed: none, times: { delivered: [], read: [], viewed: [] } }]))
  await mergeRemembered(there, memory)
  const { states, reset } = await database.read(async (tx) => ({ states: await tx.readStates.list('c'), reset: await tx.meta.get(resetKey('c')) }))
  expect(reset).toEqual({ epoch: 1, found: 0 })
  expect(coversPoint(states[0]!.read, at(4))).toBe(false)
})

it('[RS31] what is mine, was lost, and comes late, is not read by who has read on', async () => {
  const scene = await scripted([page(text(3, MINE)), 'never'])
  await scene.bring(text(1, MINE), text(2), text(3, MINE))
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  await vi.waitFor(() => expect(scene.asked).toHaveLength(1))
  await pause()
  read(scene, at(6, 1))
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l5: 'read' }))
  await scene.bring(text(4, MINE))
  expect(statuses(scene)).toMatchObject({ l4: 'sent' })
})

it.each([[true], [false]])('[RS30] [RS31] what my other device never had, and read on behind, is told by nobody as read when it is sent again (the loss was looked for before: %s)', async (isTold) => {
  const scene = await scripted(isTold ? [page(text(3))] : [])
  await scene.bring(text(1), text(3), text(4))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { at: at(5, 1) }), text(6, { at: at(6, 1) }))
  await pause()
  // My other device had never had 4: it read 1, 3, 5 and 6.
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(6, 1) })
  await pause()
  // Ada sends it again.
  scene.wire.emit({ type: 'message', message: text(7, { localId: 'l4', at: at(7, 1), id: 'm7' }) as never })
  await vi.waitFor(() => expect(shown(scene).some(({ ids }) => ids.includes('m7'))).toBe(true))
  await pause(200)
  expect(scene.isTold(7, 1)).toBe(false)
  await scene.bring(text(8, { at: at(8, 1) }))
  await scene.read(8)
  await pause(200)
  expect(scene.wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')).toEqual([])
  expect(scene.isTold(7, 1)).toBe(false)
})

it('[RS31] a position of a later epoch in a file says nothing of the newest that is here', async () => {
  const scene = await start(CAPS)
  await scene.bring(text(1, MINE), text(4, MINE))
  await scene.client.importConversation(HEADER + row(2) + stateOf('ada', at(9, 1)) + stateOf('bo', at(9, 1)))
  await pause()
  expect(statuses(scene)).toEqual({ l1: 'sent', l4: 'sent' })
})

it.each([['a file', true], ['the wire, late', false]])('[RS31] what is mine and comes from before an epoch of which nothing was here (%s) is looked for', async (_how, isFile) => {
  const scene = await scripted([page(text(1, MINE))])
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  read(scene, at(6, 1))
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l5: 'read' }))
  if (isFile) await scene.client.importConversation(HEADER + row(1, MINE) + row(4, MINE))
  else for (const message of [text(1, MINE), text(4, MINE)]) scene.wire.emit({ type: 'message', message: message as never })
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l4: 'failed', l5: 'read' }))
  expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
})

it('[RS31] the first that comes of a conversation may be of two epochs', async () => {
  const scene = await start(CAPS)
  await pause()
  scene.wire.emit({ type: 'member', conversationId: 'c', member: { userId: 'zoe', role: 'member', intervals: [{ joinedAt: at(900, 9), leftAt: null }] } })
  scene.wire.emit({ type: 'message', message: text(4, MINE) as never })
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  scene.wire.emit({ type: 'message', message: text(6, { at: at(6, 1) }) as never })
  read(scene, at(6, 1))
  await vi.waitFor(() => expect(shown(scene)).toHaveLength(2))
  await pause()
  expect(statuses(scene)).toEqual({ l4: 'sent' })
})

it.each([[{ c: null }], ['torn'], [null], [{ c: 'x' }], [{ c: { epoch: 1 } }], [{ c: { found: 0 } }]])('[RS31] where what is noted of epochs is torn (%j), it is looked for again', async (value) => {
  const scene = await start(CAPS)
  await scene.storage.write((tx) => tx.meta.put('resets', value))
  await scene.bring(text(1, MINE), text(4, MINE))
  await scene.bring(text(6, { at: at(6, 1) }))
  read(scene, at(6, 1))
  await pause(200)
  expect(statuses(scene)).toEqual({ l1: 'sent', l4: 'sent' })
})

it('[RS31] what the wire could not say once is asked again while the connection holds', async () => {
  let asks = 0
  const scene = await start(CAPS, { history: async () => { asks += 1; if (asks === 1) throw new Error('busy'); return page(text(3, MINE)) } })
  await scene.bring(text(1, MINE), text(3, MINE))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  read(scene, at(6, 1))
  await scene.bring(text(7, { at: at(7, 1) }))
  await vi.waitFor(() => expect(asks).toBeGreaterThan(1), { timeout: 10_000 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l5: 'read' }))
})

it('[RS31] what waits of an epoch is not let go for what waits of the next', async () => {
  const scene = await scripted([page()])
  await scene.bring(text(1, MINE), text(2), text(4, MINE))
  read(scene, at(9))
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l4: 'read' }))
  read(scene, at(6, 1))
  await vi.waitFor(async () => expect(JSON.stringify(await scene.storage.read((tx) => tx.held.list('c')))).toContain('"epoch":1'))
  // In order, late: 7 and 9 of the old epoch, then the new one.
  await scene.bring(text(7, MINE), text(9))
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  await pause(200)
  expect(statuses(scene)).toEqual({ l1: 'read', l4: 'read', l7: 'read', l5: 'read' })
})

it('[RS31] a wire that was silent once may tell later', async () => {
  const scene = await scripted([page(), page(text(3, MINE))])
  await scene.bring(text(1, MINE), text(2), text(3, MINE))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  await vi.waitFor(() => expect(scene.asked).toHaveLength(1))
  await pause()
  scene.wire.emit({ type: 'message', message: text(4, MINE) as never })
  await vi.waitFor(() => expect(scene.asked).toHaveLength(2))
  await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l4: 'failed' }))
  read(scene, at(6, 1))
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l4: 'failed', l5: 'read' }))
})

it('[RS31] what was counted of a message before it was lost does not count for what is sent again', async () => {
  let answer!: (page: HistoryPage) => void
  const scene = await start(CAPS, { history: () => new Promise<HistoryPage>((resolve) => (answer = resolve)) })
  await scene.bring(text(1, MINE), text(3, MINE), text(4, MINE))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', count: { id: 'm4', n: 2 } })
  await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l4: 'read' }))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(7, { ...MINE, localId: 'l4', at: at(7, 1) }))
  answer(page(text(3, MINE)))
  await vi.waitFor(() => expect(shown(scene).find(({ localId }) => localId === 'l4')).toMatchObject({ at: at(7, 1) }))
  await pause()
  expect(statuses(scene)).toMatchObject({ l4: 'sent' })
})

it('[RS31] nor where the wire refuses to tell more of it', async () => {
  let asks = 0
  const scene = await start(CAPS, { history: async () => { if (++asks > 1) throw new Error('refused'); return page(text(3, MINE)) } })
  await scene.bring(text(1, MINE), text(2), text(3, MINE))
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  await vi.waitFor(() => expect(asks).toBe(1))
  await pause()
  read(scene, at(6, 1))
  await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l5: 'read' }))
  await scene.bring(text(4, MINE))
  await vi.waitFor(() => expect(asks).toBeGreaterThan(1))
  await pause(300)
  expect(statuses(scene)).toMatchObject({ l4: 'sent' })
})
