/** How many times of one member are stored, by whichever way they come. */
import type { MemberState, Point } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'
import { MAX_TIMES } from '../../src/receipts/keptTimes.js'
import { applyReceipts, receiptRules } from '../../src/sync/applyReceipts.js'
import { createChanges } from '../../src/sync/changes.js'
import { loadConversation, saveConversation } from '../../src/sync/conversationRows.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { contextOf } from './contextOf.js'

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const ranges = Array.from({ length: MAX_TIMES + 100 }, (_, n) => ({ from: at(n), to: at(n) }))

/** Bo read hundreds one by one, and what is stored of it. */
async function readMany(parts: readonly (typeof ranges)[]) {
  const storage = memoryStorage()
  await storage.open('me')
  const ctx = contextOf('me', storage)
  const join = async (part: typeof ranges) => storage.write(async (tx) => {
    const changes = createChanges()
    await saveConversation(tx, { ...(await loadConversation(tx, 'c', changes)), head: at(9_999) }, changes)
    await tx.members.put('c', [{ userId: 'bo', role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }])
    await applyReceipts(tx, receiptRules(ctx), 'c', part.map((range) => ({ by: 'bo', kind: 'read', visibility: 'published', ranges: [range], time: 1_000 + range.to.order })), changes)
    return changes.memberStates.get('c')?.size ?? 0
  })
  const moved: number[] = []
  for (const part of parts) moved.push(await join(part))
  return { storage, ctx, moved, state: await stateIn(storage) }
}

const stateIn = async (storage: ReturnType<typeof memoryStorage>): Promise<MemberState> => (await storage.read((tx) => tx.readStates.list('c')))[0]!

describe('times that receipts bring', () => {
  it('[RS20] no more are stored than are kept, the newest, and all who read', async () => {
    const { state } = await readMany([ranges])
    expect(state.times.read).toHaveLength(MAX_TIMES)
    expect(state.times.read[0]!.to).toEqual(at(100))
    expect(state.read.ranges).toHaveLength(ranges.length)
  })

  it('[RS3] one that was let go of and comes again is not stored again', async () => {
    expect((await readMany([ranges, ranges.slice(0, 1), ranges.slice(-1)])).moved).toEqual([1, 0, 0])
  })

  it('[RS20] nor when what was kept in memory is joined into the database', async () => {
    const half = MAX_TIMES / 2
    const { storage, ctx } = await readMany([ranges.slice(0, half)])
    const remembered = await readMany([ranges.slice(half)])
    await mergeRemembered(ctx, remembered.storage)
    expect(await stateIn(storage)).toEqual((await readMany([ranges])).state)
  })
})
