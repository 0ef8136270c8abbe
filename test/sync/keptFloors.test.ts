import type { Keepsakes, Point } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'
import { applyConversation } from '../../src/sync/applyConversations.js'
import { createChanges } from '../../src/sync/changes.js'
import type { SyncContext } from '../../src/sync/context.js'
import { newConversation, saveConversation } from '../../src/sync/conversationRows.js'
import { allAreBack, keepChoices, takeOverChoices } from '../../src/sync/keptChoices.js'
import { fittingFloors, floorOf, floorsFromRow, floorsToRow, NO_FLOORS } from '../../src/sync/keptFloors.js'
import { receiptVisibility } from '../../src/sync/queueReport.js'
import { setReceipts } from '../../src/sync/receiptSettings.js'

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const conversation = (id: string, order?: number) => ({ ...newConversation(id, 'direct'), head: order === undefined ? null : at(order) })

/** Rows in memory for want of a database, with what was kept beside it. */
async function rowsWith(text: string) {
  const map = new Map([['db/ada/receipts', text]])
  const keepsakes: Keepsakes = { get: (name) => map.get(name) ?? null, set: (name, value) => void map.set(name, value), remove: (name) => void map.delete(name) }
  const storage = memoryStorage({ reason: 'failed' })
  await storage.open('ada')
  const ctx = { me: 'ada', databaseName: 'db', storage, transport: scriptedTransport({ history: true }), ports: { keepsakes } } as unknown as SyncContext
  const floorIn = (id: string) => storage.read(async (tx) => (await tx.readStates.getOwn(id))?.publishFloor ?? null)
  const told = (id: string, head: number | null) => storage.write((tx) => applyConversation(tx, ctx, { id, kind: 'direct', head: head === null ? null : at(head) }, createChanges()))
  return { ctx, storage, floorIn, told, kept: () => map.get('db/ada/receipts') ?? '' }
}

describe('floors beside the database', () => {
  it('[RS15] say nothing of the past before the rows have taken them over, and are in the rows from then on', async () => {
    const { ctx, storage, floorIn } = await rowsWith(JSON.stringify({ own: 'public', here: [], rest: null, floors: [['pair', at(3)]] }))
    const asked = () => storage.read(async (tx) => [await receiptVisibility(tx, ctx, conversation('pair')), await receiptVisibility(tx, ctx, conversation('other', 5))])
    // Between the loss of a database and the finding of it, messages come and are read.
    await storage.write((tx) => saveConversation(tx, conversation('pair', 4), createChanges()))
    expect(await asked()).toEqual(['private', 'public'])
    await storage.write((tx) => takeOverChoices(tx, ctx))
    expect(await asked()).toEqual(['public', 'public'])
    expect([await floorIn('pair'), await floorIn('other')]).toEqual([at(3), null])
  })

  it('[RS15] of the rest are no higher than the head of each conversation that comes back, and go where there is nothing', async () => {
    const { ctx, storage, floorIn, told } = await rowsWith(JSON.stringify({ own: 'public', here: [], rest: null, floors: [['pair', at(900)]], floor: at(50) }))
    await storage.write((tx) => takeOverChoices(tx, ctx))
    await storage.write((tx) => saveConversation(tx, conversation('ensured'), createChanges()))
    for (const [id, head] of [['pair', 950], ['short', 7], ['long', 800], ['empty', null]] as const) await told(id, head)
    expect(await Promise.all(['pair', 'short', 'long', 'empty'].map(floorIn))).toEqual([at(900), at(7), at(50), null])
    // Told again with a later head, none goes up.
    await told('short', 40)
    expect(await floorIn('short')).toEqual(at(7))
  })

  it('[RS15] are small however many there are: left out are the lowest', async () => {
    const { ctx, storage, kept } = await rowsWith(JSON.stringify({ own: 'off', here: [], rest: null }))
    await storage.write(async (tx) => {
      for (let n = 1; n <= 400; n += 1) await saveConversation(tx, conversation(`c${n}`, n), createChanges())
    })
    await storage.write((tx) => takeOverChoices(tx, ctx))
    await allAreBack(ctx)
    await setReceipts(ctx, 'public')
    expect(kept().length).toBeLessThan(8_200)
    const floors = floorsFromRow(JSON.parse(kept()))!
    expect(floorOf(floors, conversation('c400', 420))).toEqual(at(400))
    expect(floors.rest).toEqual(at(400 - floors.here.size))
    // Nobody has less than before.
    for (let n = 1; n <= 400; n += 1) expect(floorOf(floors, conversation(`c${n}`, n + 3))!.order).toBeGreaterThanOrEqual(n)
    await keepChoices(ctx)
    expect(floorsFromRow(JSON.parse(kept()))).toEqual(floors)
  })

  it('[RS15] lie at the head of what is not back yet when receipts are switched on, also where there had been no room for its own', async () => {
    const { ctx, storage, floorIn, told } = await rowsWith(JSON.stringify({ own: 'off', here: [], rest: null, floors: [['pair', at(3)]], floor: at(50) }))
    await setReceipts(ctx, 'public')
    for (const [id, head] of [['pair', 9], ['long', 800], ['empty', null]] as const) await told(id, head)
    expect(await Promise.all(['pair', 'long', 'empty'].map(floorIn))).toEqual([at(9), at(800), null])
    // Where the back end lists no heads, what came since says them.
    await storage.write(async (tx) => applyConversation(tx, ctx, { id: 'headless', kind: 'direct' }, createChanges()))
    await allAreBack(ctx)
    await storage.write(async (tx) => tx.conversations.put([conversation('headless', 7)]))
    expect((await floorIn('headless'))?.order).toBe(Number.MAX_SAFE_INTEGER)
    await allAreBack(ctx)
    await told('begins later', 1)
    expect([await floorIn('headless'), await floorIn('begins later')]).toEqual([at(7), null])
  })

  it('[RS15] keep the rest of before, also where there is room again', () => {
    expect(fittingFloors({ here: new Map([['a', at(2)]]), rest: at(9) }, 8_000)).toEqual({ here: new Map([['a', at(2)]]), rest: at(9) })
    expect(fittingFloors({ here: new Map([['a', at(12)], ['b', at(2)]]), rest: at(9) }, 0)).toEqual({ here: new Map(), rest: at(12) })
    expect(floorsToRow(NO_FLOORS)).toEqual({})
  })

  it.each([0, 1, 2])('[RS15] [I33] of which one is a hole in the list (%i) tell nobody', (hole) => {
    const others = [0, 1, 2].filter((i) => i !== hole)
    const floors: unknown[] = Object.assign([], { length: 3 }, Object.fromEntries(others.map((i) => [i, [`pair ${i}`, at(i)]])))
    expect([floors.length, hole in floors]).toEqual([3, false])
    expect(floorsFromRow({ floors })).toBeNull()
  })

  it.each([[7], [[['pair']]], [[['pair', { epoch: 0, order: -1, id: 'x' }]]], [[[1, at(1)]]]])('[RS15] that cannot be read (%j) tell nobody', async (floors) => {
    const { ctx, storage } = await rowsWith(JSON.stringify({ own: 'public', here: [], rest: null, floors }))
    expect(await storage.read((tx) => receiptVisibility(tx, ctx, conversation('pair', 4)))).toBe('off')
  })
})
