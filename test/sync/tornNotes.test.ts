/** What is noted of places in `meta`, torn in the database: what is sound of it still counts, and what comes is stored, told and sent. */
import type { PointRange } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'
import { addHoles, joinNoted, notedOf, noteLostEnds, noteOtherPlaces, noteOwnPlaces } from '../../src/sync/holes.js'
import { notePruned, prunedStretches } from '../../src/sync/prunedStretches.js'
import { answeredPlace, beforeAnswered, joinAnswered, noteHeardUpTo } from '../../src/sync/sentPlaces.js'
import { at } from './oneReader.js'

const HOLE: PointRange = { from: at(3), to: at(3) }
const OTHER = { at: at(5), id: 'm5' }
const NO_LIST: readonly unknown[] = [null, 7, Number.NaN, 'torn', true, {}]
const NO_RANGE: readonly unknown[] = [...NO_LIST, { from: at(3) }, { from: null, to: at(3) }, { from: at(3), to: { epoch: 0 } }]
const NO_POINT: readonly unknown[] = [...NO_LIST, { epoch: 0, order: 'torn', id: 'm3' }]

/** A conversation whose row of that name holds this, and all that is noted of it. */
async function withRow(key: string, value: unknown) {
  const storage = memoryStorage()
  await storage.open('me')
  await storage.write((tx) => tx.meta.put(`${key} c`, value))
  const noted = () => storage.read((tx) => notedOf(tx, 'c'))
  return { storage, noted }
}

describe('[I33] of what is noted of a conversation, and torn,', () => {
  it.each(NO_LIST)('what is no list says nothing: %s', async (value) => {
    for (const key of ['holes', 'otherPlaces', 'ownPlaces']) expect(await (await withRow(key, value)).noted()).toEqual({ holes: [], others: [], mine: [], lost: undefined })
    expect((await (await withRow('lostEnds', { epoch: 1, ends: value })).noted()).lost).toEqual({ epoch: 1, ends: [] })
  })

  it.each(NO_RANGE)('the other stretches count: %s', async (torn) => {
    expect((await (await withRow('holes', [torn, HOLE])).noted()).holes).toEqual([HOLE])
    expect((await (await withRow('lostEnds', { epoch: 1, ends: [torn, HOLE] })).noted()).lost).toEqual({ epoch: 1, ends: [HOLE] })
  })

  it.each(NO_POINT)('the other places count: %s', async (torn) => {
    expect((await (await withRow('ownPlaces', [torn, at(4)])).noted()).mine).toEqual([at(4)])
    expect((await (await withRow('otherPlaces', [torn, { ...OTHER, at: torn }, OTHER])).noted()).others).toEqual([OTHER])
  })

  it('a second place of what has no id is none', async () => {
    expect((await (await withRow('otherPlaces', [{ ...OTHER, id: true }, OTHER])).noted()).others).toEqual([OTHER])
  })

  it.each([['torn'], ['9'], [null], [7.5], [Infinity], [undefined]])('a loss whose epoch cannot be read is noted again: %s', async (epoch) => {
    const { storage, noted } = await withRow('lostEnds', { epoch, ends: [HOLE] })
    await storage.write((tx) => noteLostEnds(tx, 'c', 1, [{ before: at(9) }]))
    expect((await noted()).lost).toEqual({ epoch: 1, ends: [HOLE, { from: { ...at(9), id: '' }, to: { ...at(9), id: '' } }] })
  })

  it('what comes is noted beside what is sound', async () => {
    const storage = memoryStorage()
    await storage.open('me')
    await storage.write(async (tx) => {
      await tx.meta.put('holes c', [null, HOLE])
      await tx.meta.put('otherPlaces c', 7)
      await tx.meta.put('ownPlaces c', [{}, at(4)])
      await tx.meta.put('lostEnds c', { epoch: 1, ends: [{ from: null }] })
      await addHoles(tx, 'c', [{ from: at(8), to: at(8) }])
      await noteOtherPlaces(tx, 'c', [OTHER])
      await noteOwnPlaces(tx, 'c', [at(6)])
      // And from a time in memory.
      await joinNoted(tx, 'c', { holes: [], others: [], mine: [], lost: { epoch: 1, ends: [HOLE] } })
    })
    expect(await storage.read((tx) => notedOf(tx, 'c'))).toEqual({ holes: [HOLE, { from: at(8), to: at(8) }], others: [OTHER], mine: [at(4), at(6)], lost: { epoch: 1, ends: [HOLE] } })
  })

  it.each(NO_RANGE)('what was pruned is known as far as it is sound, and more is noted: %s', async (torn) => {
    const { storage } = await withRow('pruned', torn)
    const pruned = () => storage.read((tx) => prunedStretches(tx, 'c'))
    expect(await pruned()).toEqual([])
    await storage.write((tx) => tx.meta.put('pruned c', [torn, HOLE]))
    await storage.write((tx) => notePruned(tx, 'c', [{ from: at(7), to: at(9) }]))
    expect(await pruned()).toEqual([HOLE, { from: at(7), to: at(9) }])
  })

  it.each([...NO_POINT, [], { ...at(3), id: true }])('where only an answer has come says nothing, and the next is noted: %s', async (torn) => {
    const { storage } = await withRow('answered', torn)
    const answered = () => storage.read((tx) => answeredPlace(tx, 'c'))
    expect(await answered()).toBeUndefined()
    expect(await storage.read((tx) => beforeAnswered(tx, 'c'))).toEqual([])
    await storage.write((tx) => noteHeardUpTo(tx, 'c', at(2)))
    await storage.write((tx) => joinAnswered(tx, 'c', at(4), at(2)))
    expect(await answered()).toEqual(at(4))
  })
})
