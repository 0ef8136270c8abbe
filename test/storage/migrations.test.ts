/**
 * Databases as released versions left them on people's devices, opened by the code of today.
 * For the next version: add its golden file and its tables here; the steps below then also run its upgrade, and break it off at each of its requests.
 */
import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { dexieStorage } from 'readback/storage/dexie'
import { describe, expect, it } from 'vitest'
import { SCHEMA_VERSION } from '../../src/storage/dexie/schema.js'
import { abortFor, faultyFactory, type FaultyFactory } from './faultyFactory.js'
import { dumpGolden as dump, GOLDEN, GOLDEN_NAME as NAME, layGolden as lay, type Golden } from './goldenDatabases.js'

it('[I30] every released version has a golden file', () => {
  expect(GOLDEN.map(({ version }) => version)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1))
})

describe.each(GOLDEN.map((golden) => [golden.version, golden] as const))('[I30] a database of version %i', (_, golden) => {
  it('is opened with everything that is in it', async () => {
    const factory = faultyFactory()
    await lay(factory, golden)
    const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange })
    await storage.open('me')
    const seen = await storage.read(async (tx) => ({
      messages: [...(await tx.messages.page({ conversationId: 'c', limit: 99 })), ...(await tx.messages.echoes('c'))],
      conversations: await tx.conversations.list(),
      members: await tx.members.list('c'),
      states: await tx.readStates.list('c'),
      own: await tx.readStates.getOwn('c'),
      outbox: await tx.outbox.list(),
      held: await tx.held.list(),
      gaps: await tx.gaps.list('c'),
      cursor: await tx.meta.get('cursor'),
      archive: await tx.archive.get('c', ['0000000000']),
      file: await tx.blobs.get('id2'),
      quarantined: await tx.quarantine.list(),
    }))
    await storage.close()
    expect({ ...seen, file: await seen.file?.text() }).toMatchSnapshot()
    expect(seen.quarantined).toHaveLength(golden.rows['quarantine']!.length)
    expect((await dump(factory)).version).toBe(SCHEMA_VERSION)
  })

  it('whose upgrade is broken off at any of its requests is as it was, and upgraded by the next try', async () => {
    const broken = await breakOffEverywhere(golden, (factory) => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange }).open('me'))
    // The version of today needs no upgrade.
    expect(broken > 0).toBe(golden.version < SCHEMA_VERSION)
  })
})

it('the breaking off itself: an upgrade that is made up is broken off at each request, and nothing of it is left', async () => {
  const broken = await breakOffEverywhere(GOLDEN[0]!, async (factory) => {
    const db = new Dexie(NAME, { indexedDB: factory.indexedDB, IDBKeyRange })
    db.version(1).stores(GOLDEN[0]!.stores)
    db.version(2).stores({ messages: `${GOLDEN[0]!.stores['messages']}, time` }).upgrade((tx) => tx.table('messages').toCollection().modify((row: { upgraded?: boolean }) => void (row.upgraded = true)))
    await db.open().catch(() => {})
    db.close()
  }, 2)
  expect(broken).toBeGreaterThan(3)
})

/** Opens again and again, breaking the upgrade off one request later each time, until it goes through. Returns how often it was broken off. */
async function breakOffEverywhere(golden: Golden, open: (factory: FaultyFactory) => Promise<void>, to = SCHEMA_VERSION): Promise<number> {
  for (let at = 0; ; at++) {
    const factory = faultyFactory()
    await lay(factory, golden)
    const before = await dump(factory)
    let made = 0
    const upgrading = breakingFactory(factory, () => made++ === at)
    await open(upgrading)
    const after = await dump(factory)
    if (made <= at) {
      expect(after.version).toBe(to)
      return at
    }
    expect(after).toEqual(before)
    await open(factory)
    expect((await dump(factory)).version).toBe(to)
  }
}

/** The upgrade transaction is aborted, as by a crash, when `isNow` says so at one of its requests. */
function breakingFactory(factory: FaultyFactory, isNow: () => boolean): FaultyFactory {
  const open = (name: string, version?: number) => {
    const request = version === undefined ? factory.plain.open(name) : factory.plain.open(name, version)
    request.addEventListener('upgradeneeded', () => {
      const transaction = request.transaction!
      const objectStore = transaction.objectStore.bind(transaction)
      transaction.objectStore = (table) => {
        const store = objectStore(table)
        for (const call of ['get', 'getAll', 'put', 'add', 'delete', 'openCursor', 'openKeyCursor', 'createIndex', 'getAllKeys'] as const) {
          if (Object.hasOwn(store, call)) continue
          const native = (store[call] as (...args: unknown[]) => unknown).bind(store)
          Object.defineProperty(store, call, {
            value: (...args: unknown[]) => {
              const result = native(...args)
              if (isNow()) abortFor(transaction, 'AbortError')
              return result
            },
          })
        }
        return store
      }
    })
    return request
  }
  return { ...factory, indexedDB: { ...factory.indexedDB, open } as IDBFactory }
}
