/** Conversations that the app makes are kept one by one: it may make thousands of them, and again at every start. */
import type { ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { findEnsured, loadEnsured, storeEnsured } from '../../src/sync/ensure.js'
import { contextOf } from './contextOf.js'

const direct = (other: string) => ({ id: `with ${other}`, kind: 'direct', members: ['ada', other] }) as const

/** What is written into meta rows, by name, as it would be stored. */
async function device() {
  const memory = memoryStorage()
  await memory.open('ada')
  const written: [name: string, bytes: number][] = []
  const storage: ChatStorage = {
    ...memory,
    write: (fn, how) => memory.write((tx) => fn({ ...tx, meta: { ...tx.meta, put: (name, value) => (note(name, value), tx.meta.put(name, value)) } }), how),
  }
  // What is asked of a conversation that is new here is another story: `unheard.test.ts`.
  const note = (name: string, value: unknown) => {
    if (!name.startsWith('unheard')) written.push([name, JSON.stringify(value).length])
  }
  const ctx = contextOf('ada', storage)
  const loaded = async () => (await storage.read(loadEnsured)).map(({ id, members }) => [id, ...members])
  return { storage, written, ensure: (each: Parameters<typeof storeEnsured>[1]) => storeEnsured(ctx, each), loaded }
}

it('a new one is written alone, however many there are, and one that is made again not at all', async () => {
  const { written, ensure, loaded } = await device()
  const others = Array.from({ length: 200 }, (_, i) => `member ${i + 100}`)
  for (let start = 0; start < 2; start += 1) for (const other of others) await ensure(direct(other))
  expect(written.length).toBe(600)
  expect(Math.max(...written.map(([, bytes]) => bytes))).toBeLessThan(100)
  expect(await loaded()).toEqual(others.map((other) => [`with ${other}`, 'ada', other]))
})

it('[I30] those that an earlier version listed in one row are known, and one that changed counts as it is now', async () => {
  const { storage, written, ensure, loaded } = await device()
  await storage.write((tx) => tx.meta.put('ensured', [direct('bo'), direct('cy'), { id: 7 }]))
  written.length = 0
  await ensure(direct('bo'))
  expect(written).toEqual([])
  await ensure({ ...direct('cy'), members: ['ada', 'cy', 'di'] })
  expect(written.map(([name]) => name)).toEqual(['ensuredRow 0', 'ensuredNumber with cy', 'ensuredCount'])
  expect(await loaded()).toEqual([['with bo', 'ada', 'bo'], ['with cy', 'ada', 'cy', 'di']])
  expect(await storage.read((tx) => Promise.all(['with bo', 'with cy', 'with eve'].map(async (id) => (await findEnsured(tx, id))?.members.length)))).toEqual([2, 3, undefined])
})

it.each([[-1], [1e300], ['two'], [0]])('what is torn of them is made known again by the app: a count of %s', async (count) => {
  const { storage, ensure, loaded } = await device()
  for (const other of ['bo', 'cy']) await ensure(direct(other))
  await storage.write((tx) => tx.meta.put('ensuredCount', count))
  expect(await loaded()).toEqual([])
  for (const other of ['cy', 'bo', 'di']) await ensure(direct(other))
  expect((await loaded()).map(([id]) => id).toSorted()).toEqual(['with bo', 'with cy', 'with di'])
})

it.each([[3], [999_999], [Number.MAX_SAFE_INTEGER]])('[I33] a count that says too much, %s, is not believed: nobody looks for what it says', async (count) => {
  const { storage, ensure, loaded } = await device()
  for (const other of ['bo', 'cy']) await ensure(direct(other))
  await storage.write((tx) => tx.meta.put('ensuredCount', count))
  let asked = 0
  const counting: ChatStorage = { ...storage, read: (fn) => storage.read((tx) => fn({ ...tx, meta: { ...tx.meta, get: (name) => ((asked += 1), tx.meta.get(name)) } })) }
  expect((await counting.read(loadEnsured)).map(({ id }) => id)).toEqual(['with bo', 'with cy'])
  expect(asked).toBeLessThan(300)
  // The next one stands behind them, and is found.
  await ensure(direct('di'))
  expect(await loaded()).toHaveLength(3)
  expect(await storage.read((tx) => tx.meta.get('ensuredCount'))).toBe(3)
})

it('[I33] however many there are, a count that says too much takes none of them', async () => {
  const { storage, ensure, loaded } = await device()
  for (let i = 0; i < 230; i += 1) await ensure(direct(`member ${i}`))
  await storage.write((tx) => tx.meta.put('ensuredCount', 999_999))
  expect(await loaded()).toHaveLength(230)
})

it('[I33] members of which one is a hole in the list are told to no wire', async () => {
  const { storage, ensure, loaded } = await device()
  const members: unknown[] = Object.assign([], { length: 2 }, { 1: 'bo' })
  await storage.write((tx) => Promise.all([tx.meta.put('ensured', [{ ...direct('bo'), members }]), tx.meta.put('ensuredCount', 1), tx.meta.put('ensuredRow 0', { ...direct('bo'), members })]))
  expect(await loaded()).toEqual([])
  await ensure(direct('bo'))
  expect(await loaded()).toEqual([['with bo', 'ada', 'bo']])
})
