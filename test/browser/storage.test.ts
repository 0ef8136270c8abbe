import { createChatClient, type ChatClient, type ChatStorage, type Message, type Point } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { storageCases } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it } from 'vitest'
import { TAKES_ALL } from '../tools/sample.js'

const TOTAL = TAKES_ALL ? 100_000 : 20_000

let count = 0
const freshName = () => `storage-test-${Date.now()}-${count++}`

async function deleteAll(name: string): Promise<void> {
  for (const { name: found } of await indexedDB.databases()) if (found?.startsWith(name)) indexedDB.deleteDatabase(found)
}

describe('dexieStorage in a browser keeps the contract', () => {
  const setup = async () => {
    const name = freshName()
    const make = () => dexieStorage({ name })
    return { storage: make(), reopen: async () => make(), teardown: () => deleteAll(name) }
  }
  for (const { title, run } of storageCases(setup)) it(title, run)
})

describe('durability', () => {
  const native = IDBDatabase.prototype.transaction
  afterEach(() => {
    IDBDatabase.prototype.transaction = native
  })

  it('is chosen for each transaction, on one connection', async () => {
    const begun: string[] = []
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof native>) {
      const transaction = native.apply(this, args)
      if (transaction.mode === 'readwrite') begun.push(transaction.durability)
      return transaction
    }
    const name = freshName()
    const storage = dexieStorage({ name })
    await storage.open('me')
    await Promise.all([
      storage.write((tx) => tx.meta.put('a', 1), { durability: 'strict' }),
      storage.write((tx) => tx.meta.put('b', 1)),
      storage.write((tx) => tx.meta.put('c', 1), { durability: 'strict' }),
    ])
    await storage.wipe()
    expect(begun).toEqual(['strict', 'relaxed', 'strict'])
  })
})

it('[I34] [F27] receipts that were switched off stay off when the browser throws the database away and leaves localStorage', async () => {
  const name = freshName()
  const hub = memoryHub()
  for (const id of ['pair', 'team']) await hub.ensureConversation({ id, kind: 'direct', members: ['ada', 'bo'] })
  const visit = async () => {
    const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: dexieStorage({ name }), policy: { flushMs: 5, maxFlushMs: 10 } })
    await client.start()
    await expect.poll(() => client.getState().conversations.length, PATIENT).toBe(2)
    return client
  }
  const settings = (client: ChatClient) => [client.getState().receipts, ...['pair', 'team'].map((id) => client.getState().conversations.find((each) => each.id === id)?.receipts)]
  const first = await visit()
  await first.setReceipts('off')
  await first.setReceipts('private', 'team')
  await first.stop()
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`${name}/ada`)
    request.onsuccess = () => resolve()
    request.onblocked = () => reject(new Error('It was held up.'))
  })
  await hub.post({ conversationId: 'pair', from: 'bo', body: 'seen by nobody' })
  const second = await visit()
  expect(settings(second)).toEqual(['off', undefined, 'private'])
  const source = second.messages('pair')
  source.subscribe(() => {})
  await expect.poll(() => source.getSnapshot().messages.length, PATIENT).toBe(1)
  await second.markRead(source.getSnapshot().messages)
  await expect.poll(async () => (await second.diagnostics()).outbox, PATIENT).toEqual([])
  expect(hub.readStates('pair', 'bo').filter(({ by, visibility }) => by === 'ada' && visibility === 'published')).toEqual([])
  await second.signOut({ data: 'wipe' })
  expect(Object.keys(localStorage).filter((key) => key.startsWith(name))).toEqual([])
})

it('how much room there is, and how much of it is used, is what the browser says', async () => {
  const name = freshName()
  const storage = dexieStorage({ name })
  const client = createChatClient({ userId: 'ada', transport: memoryHub().transport(), storage })
  await client.start()
  const before = await client.storageEstimate()
  // WebKitGTK has no word for it.
  const browser: Partial<StorageManager> | undefined = navigator.storage
  if (typeof browser?.estimate !== 'function') return expect(before).toBeNull()
  expect(before).toEqual({ usedBytes: expect.any(Number), quotaBytes: expect.any(Number), persisted: await navigator.storage.persisted() })
  expect(before!.quotaBytes).toBeGreaterThan(before!.usedBytes)
  const large = Array.from(crypto.getRandomValues(new Uint8Array(60_000)), (n) => String.fromCharCode(0x4e00 + n)).join('')
  await storage.write(async (tx) => {
    for (let n = 0; n < 20; n++) await tx.meta.put(`large ${n}`, large)
  })
  await expect.poll(async () => (await client.storageEstimate())!.usedBytes, PATIENT).toBeGreaterThan(before!.usedBytes + 500_000)
  await client.signOut({ data: 'wipe' })
})

describe('another tab', () => {
  const native = (name: string, version?: number) =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = version === undefined ? indexedDB.open(name) : indexedDB.open(name, version)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('It did not open.'))
    })

  const heard = (storage: ChatStorage) => {
    const states: string[] = []
    storage.subscribe(() => states.push(storage.getState().status))
    return states
  }

  it('that deletes the database is not held up, and an empty one is opened', async () => {
    const name = freshName()
    const storage = dexieStorage({ name })
    const states = heard(storage)
    await storage.open('me')
    await storage.write((tx) => tx.meta.put('a', 1))
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(`${name}/me`)
      request.onsuccess = () => resolve()
      request.onblocked = () => reject(new Error('It was held up.'))
    })
    await expect.poll(() => states, PATIENT).toEqual(['opening', 'ready', 'reopening', 'ready'])
    expect(await storage.read((tx) => tx.meta.get('a'))).toBeUndefined()
    await storage.wipe()
  })

  it('with a newer version upgrades at once, and this one goes on reading', async () => {
    const name = freshName()
    const storage = dexieStorage({ name })
    await storage.open('me')
    await storage.write((tx) => tx.meta.put('a', 1))
    const upgraded = await native(`${name}/me`, 20)
    await expect.poll(() => storage.getState().status, PATIENT).toBe('readOnly')
    expect(await storage.read((tx) => tx.meta.get('a'))).toBe(1)
    await expect(storage.write((tx) => tx.meta.put('a', 2))).rejects.toMatchObject({ code: 'storage/readOnly' })
    upgraded.close()
    await storage.wipe()
  })

  it('with an older version that will not let go makes it say blocked, and ready afterwards', async () => {
    const name = freshName()
    const old = await native(`${name}/me`, 1)
    const storage = dexieStorage({ name, openTimeoutMs: 150 })
    const states = heard(storage)
    await storage.open('me')
    expect(storage.getState().status).toBe('blocked')
    old.close()
    await expect.poll(() => states, PATIENT).toEqual(['opening', 'blocked', 'ready'])
    await storage.write((tx) => tx.meta.put('a', 1))
    await storage.wipe()
  })

  it('[I27] that stands still within a write makes a write end in a timeout, and nothing of that is kept', async () => {
    const name = freshName()
    const storage = dexieStorage({ name, writeTimeoutMs: 1_500 })
    await storage.open('me')
    const other = await native(`${name}/me`)
    const holding = other.transaction(['meta'], 'readwrite')
    let held = true
    const spin = () => {
      if (held) holding.objectStore('meta').get('a').onsuccess = spin
    }
    spin()
    await expect(storage.write((tx) => tx.meta.put('a', 1))).rejects.toMatchObject({ code: 'storage/timeout', retryable: true })
    held = false
    other.close()
    expect(await storage.read((tx) => tx.meta.get('a'))).toBeUndefined()
    await storage.write((tx) => tx.meta.put('a', 2))
    expect(await storage.read((tx) => tx.meta.get('a'))).toBe(2)
    await storage.wipe()
  })
})

describe(`${TOTAL.toLocaleString('en')} rows`, () => {
  it('are taken in, and a page asks for as much as among a thousand', async () => {
    const name = freshName()
    const storage = dexieStorage({ name })
    await storage.open('me')
    await ingest(storage, 0, 1_000)
    const amongFew = await pageCosts(storage, 1_000)
    const resumedAt = performance.now()
    await ingest(storage, 1_000, TOTAL)
    console.log(`ingest: ${Math.round(((TOTAL - 1_000) / (performance.now() - resumedAt)) * 1_000)} rows/s in transactions of 1,000 rows`)

    expect(await pageCosts(storage, TOTAL)).toEqual(amongFew)
    const PAGE = { requests: 1, rows: 50 }
    expect(amongFew).toEqual({ newest: PAGE, older: PAGE, newer: PAGE, byId: { requests: 1, rows: 1 } })
    const newest = await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 3 }))
    expect(newest.map((row) => row.at?.order)).toEqual([TOTAL - 3, TOTAL - 2, TOTAL - 1])
    await storage.wipe()
  }, 120_000)
})

const PATIENT = { timeout: 10_000 }

async function ingest(storage: ChatStorage, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, index) => row(start + index))
    await storage.write(async (tx) => {
      // As the receiving side does: what is known already is looked up first.
      await tx.messages.getMany(rows)
      await tx.messages.byIds('c', rows.map(({ ids }) => ids[0] as string))
      await tx.messages.put(rows)
    })
  }
}

function row(order: number): Message {
  const id = `message-${order.toString().padStart(9, '0')}`
  return { conversationId: 'c', from: `user-${order % 37}`, localId: `local-${id}`, ids: [id], at: point(order), time: 1_700_000_000_000 + order, body: { kind: 'text', text: `Message number ${order}, of a length that people write. ${'word '.repeat(order % 20)}` } }
}

function point(order: number): Point {
  return { epoch: 0, order, id: `message-${order.toString().padStart(9, '0')}` }
}

/** What was asked of the database, and the rows that came: no busy machine changes that. */
interface Cost {
  readonly requests: number
  readonly rows: number
}

async function pageCosts(storage: ChatStorage, total: number): Promise<Readonly<Record<'newest' | 'older' | 'newer' | 'byId', Cost>>> {
  const at = point(Math.floor(total / 2))
  return {
    newest: await costOf(() => storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 50 }))),
    older: await costOf(() => storage.read((tx) => tx.messages.page({ conversationId: 'c', before: at, limit: 50 }))),
    newer: await costOf(() => storage.read((tx) => tx.messages.page({ conversationId: 'c', after: at, limit: 50 }))),
    byId: await costOf(() => storage.read((tx) => tx.messages.byId('c', at.id))),
  }
}

const READS = ['get', 'getAll', 'getKey', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'] as const

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const cost = { requests: 0, rows: 0 }
  const undo = [IDBObjectStore.prototype, IDBIndex.prototype].flatMap((prototype) => READS.map((name) => {
    const native = prototype[name] as (...args: unknown[]) => IDBRequest
    Object.defineProperty(prototype, name, {
      configurable: true,
      value(this: unknown, ...args: unknown[]) {
        const request = native.apply(this, args)
        cost.requests++
        // A cursor succeeds once for each row.
        request.addEventListener('success', () => (cost.rows += Array.isArray(request.result) ? request.result.length : Number(request.result !== null && request.result !== undefined)))
        return request
      },
    })
    return () => Object.defineProperty(prototype, name, { configurable: true, writable: true, value: native })
  }))
  await work()
  for (const restore of undo) restore()
  return cost
}
