/** What waits is joined with what waits already: is anything of it lost? */
import type { HistoryPage } from 'readback/core'
import { expect, it } from 'vitest'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

const MINE = { from: 'me' }
const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const shown = ({ client }: Pick<Scene, 'client'>) => client.messages('c').getSnapshot().messages
const statuses = (scene: Pick<Scene, 'client'>) => Object.fromEntries(shown(scene).filter(({ from }) => from === 'me').map((m) => [m.localId, scene.client.readStates('c').getStatus(m)]))
const one = (order: number) => ({ from: at(order), to: at(order) })
const member = (userId: string) => ({ type: 'member', conversationId: 'c', member: { userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] } }) as const

it.each([['in order', [3, 5]], ['not in order', [5, 3]]])('[RS28] [RS36] stretches %s that wait are all read once their messages come', async (_how, orders) => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  await scene.bring(text(1, MINE))
  for (const by of ['ada', 'bo']) {
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ranges: orders.map(one) })
    await pause()
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ranges: [one(4)] })
  }
  await pause()
  await scene.bring(text(2, MINE), text(3, MINE), text(4, MINE), text(5, MINE))
  await pause(200)
  expect(statuses(scene)).toMatchObject({ l3: 'read', l4: 'read', l5: 'read' })
})

it.each([4_000, 6_000])('[RS36] somebody outside an unfinished roster who read many messages one by one, in two receipts of %i, read them', async (many) => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', rosterComplete: false } })
  await scene.bring(text(1, MINE))
  for (const by of ['ada', 'bo']) scene.wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ids: ['m1'] })
  const ids = (start: number) => Array.from({ length: many }, (_, n) => `x${start + n}`)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'zoe', kind: 'read', visibility: 'published', ids: ['m1', ...ids(0)] })
  await pause(300)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'zoe', kind: 'read', visibility: 'published', ids: ids(many) })
  await pause(300)
  scene.wire.emit(member('zoe'))
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', rosterComplete: true } })
  await pause(1_000)
  expect(statuses(scene)).toMatchObject({ l1: 'read' })
}, 20_000)

it.each([['zoe, who is in the roster', true], ['zoe, who is not in it yet', false]])('[RS36] [RS31] a position of the epoch before counts beside that of the next: %s', async (_who, isKnown) => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history: async () => ({ messages: [], contiguousTo: null }) as unknown as HistoryPage })
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', rosterComplete: false } })
  if (isKnown) scene.wire.emit(member('zoe'))
  await scene.bring(text(1, MINE), text(2), text(3, MINE))
  for (const by of ['ada', 'bo', 'zoe']) scene.wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo: at(3) })
  await pause()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  for (const by of ['ada', 'bo', 'zoe']) scene.wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo: at(6, 1) })
  await pause(200)
  scene.wire.emit(member('zoe'))
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', rosterComplete: true } })
  await pause(300)
  expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
  const row = shown(scene).find(({ localId }) => localId === 'l1')!
  expect(scene.client.readStates('c').getTally(row)).toMatchObject({ tracked: true, read: 3, of: 3 })
})

it.each([['in the roster', true], ['not in it yet', false]])('[RS6] [RS36] what somebody %s says twice of a message that has not come has the earlier time once it comes', async (_who, isKnown) => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', rosterComplete: false } })
  if (isKnown) scene.wire.emit(member('zoe'))
  await scene.bring(text(1, MINE))
  const read = (time: number | undefined, ids: readonly string[]) => scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'zoe', kind: 'read', visibility: 'published', ids, ...(time === undefined ? {} : { time }) })
  for (const time of [900, undefined, 700, 800]) read(time, ['m2'])
  await scene.bring(text(2, MINE))
  scene.wire.emit(member('zoe'))
  await pause(200)
  const row = shown(scene).find(({ ids }) => ids.includes('m2'))!
  expect((await scene.client.readers(row, { limit: 9 })).items).toEqual([{ userId: 'zoe', kind: 'read', time: 700 }])
})
