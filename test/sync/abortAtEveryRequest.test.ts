import { ChatError, type ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'
import { storeDraft } from '../../src/sync/drafts.js'
import { enqueueSend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { createInbound } from '../../src/sync/inbound.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { abortFor, openPlain, type FaultyFactory } from '../storage/faultyFactory.js'
import { partsOf, text, type Deeds } from './deeds.js'
import { ENGINE_DEEDS } from './engineDeeds.js'
import { incoming, storedWorld, watchRequests, type StoredWorld } from './storedWorld.js'
import { TOLD_DEEDS } from './toldDeeds.js'
import { USER_DEEDS } from './userDeeds.js'
import { allSites, noteSites } from './writeSites.js'

const CALLS = ['get', 'getAll', 'getKey', 'getAllKeys', 'count', 'put', 'add', 'delete', 'clear', 'openCursor', 'openKeyCursor'] as const

/** Aborts a transaction as the browser does, when its request number `index` is made. Returns how many requests were made. */
function abortAt(factory: FaultyFactory, index: number): () => number {
  let made = 0
  watchRequests(factory, CALLS, (transaction) => {
    if (made++ === index) abortFor(transaction, 'QuotaExceededError')
  })
  return () => made
}

async function dump(factory: FaultyFactory): Promise<string> {
  const database = await openPlain(factory, 'readback/me')
  const tables = [...database.objectStoreNames]
  const transaction = database.transaction(tables, 'readonly')
  const rows = await Promise.all(tables.map((table) => new Promise<unknown>((resolve) => {
    const request = transaction.objectStore(table).getAll()
    request.onsuccess = () => resolve([table, request.result])
  })))
  database.close()
  return JSON.stringify(rows)
}

const DEEDS: Deeds = { ...USER_DEEDS, ...ENGINE_DEEDS, ...TOLD_DEEDS }

describe.each(Object.entries(DEEDS))('[A4] %s, and the database gives up at each of its requests', (_, parts) => {
  it('all of it is kept, or nothing', async () => {
    const world = await storedWorld()
    const [prepare, deed] = partsOf(parts)
    await prepare(world)
    const before = await dump(world.factory)
    let aborts = 0
    for (let index = 0; ; index++) {
      const requests = abortAt(world.factory, index)
      const error: unknown = await deed(world).then(() => null, (reason: unknown) => reason)
      world.factory.onTransaction = null
      if (requests() <= index) {
        expect(error).toBeNull()
        break
      }
      expect(error).toBeInstanceOf(ChatError)
      expect((error as ChatError).code).toBe('storage/full')
      expect(await dump(world.factory)).toBe(before)
      aborts++
    }
    expect(aborts).toBeGreaterThan(1)
    expect(await dump(world.factory)).not.toBe(before)
    await world.storage.close()
  }, 60_000)
})

/** A message of mine that waits, one of bo's, a draft, and what was read, in memory. */
async function remembered({ ctx }: StoredWorld): Promise<ChatStorage> {
  const memory = memoryStorage()
  await memory.open('me')
  const here = { ...ctx, storage: memory }
  await storeEnsured(here, { id: 'c', kind: 'group', members: ['me', 'bo'] })
  await createInbound(here, () => {}, () => {}).store([3, 4, 5].map((order) => incoming(order)))
  await enqueueSend(here, 'c', { localId: 'later', body: text('later'), replyTo: 'm5' })
  await storeDraft(here, 'c', 'begun')
  return memory
}

describe('[A4] [I28] what was kept in memory is joined, transaction by transaction, and the database gives up at each of its requests', () => {
  it('joined again it is as if nothing had been in the way', async () => {
    const unbroken = await storedWorld()
    await mergeRemembered(unbroken.ctx, await remembered(unbroken))
    const whole = await dump(unbroken.factory)
    await unbroken.storage.close()
    let aborts = 0
    for (let index = 0; ; index++) {
      const world = await storedWorld()
      const memory = await remembered(world)
      const requests = abortAt(world.factory, index)
      const error: unknown = await mergeRemembered(world.ctx, memory).then(() => null, (reason: unknown) => reason)
      world.factory.onTransaction = null
      if (requests() > index) {
        expect(error).toMatchObject({ code: 'storage/full' })
        await mergeRemembered(world.ctx, memory)
        aborts++
      }
      expect(await dump(world.factory)).toBe(whole)
      await world.storage.close()
      if (requests() <= index) break
    }
    expect(aborts).toBeGreaterThan(10)
  }, 60_000)
})

/** Written to without a deed, and why. */
const WITHOUT_DEED: readonly (readonly [file: string, line: string])[] = [
  // What all the others write through, in the client.
  ['knownRows.ts', 'return await storage.write(async (tx) => {'],
  ['fencedStorage.ts', 'storage.write(fenced(fn), options)'],
  // Each is one call of what a deed does, and tries again by itself.
  ['leadership.ts', 'claimLease('],
  ['leadership.ts', 'releaseLease('],
  ['leadership.ts', 'beatLease('],
  ['catchUp.ts', 'noteHeard(tx, told)'],
  // In memory.
  ['mergeRemembered.ts', 'memory.write('],
]

it('[A4] every place in src/sync that writes is reached by one of these deeds', async () => {
  const reached = new Set<string>()
  const joined: Deeds = { 'what was kept in memory is joined': async (world) => mergeRemembered(world.ctx, await remembered(world)) }
  for (const parts of Object.values({ ...DEEDS, ...joined })) {
    const world = await storedWorld()
    const [prepare, deed] = partsOf(parts)
    await prepare(world)
    noteSites(world.storage, reached)
    await deed(world)
    await world.storage.close()
  }
  const left = [...allSites()].filter(([site]) => !reached.has(site)).map(([site, line]) => [site.slice(0, site.indexOf(':')), line] as const)
  expect(reached.size).toBeGreaterThan(40)
  expect(left.filter(([file, line]) => !WITHOUT_DEED.some(([name, part]) => file === name && line.includes(part)))).toEqual([])
  expect(WITHOUT_DEED.filter(([name, part]) => !left.some(([file, line]) => file === name && line.includes(part)))).toEqual([])
}, 60_000)
