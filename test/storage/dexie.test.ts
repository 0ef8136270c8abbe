import { Dexie } from 'dexie'
import { IDBFactory, IDBIndex, IDBKeyRange } from 'fake-indexeddb'
import { dexieStorage } from 'readback/storage/dexie'
import { storageCases } from 'readback/testing'
import { describe, expect, it, vi } from 'vitest'

describe('dexieStorage keeps the contract', () => {
  const setup = async () => {
    const indexedDB = new IDBFactory()
    const make = () => dexieStorage({ indexedDB, IDBKeyRange })
    return { storage: make(), reopen: async () => make(), teardown: async () => {} }
  }
  for (const { title, run } of storageCases(setup)) it(title, run)
})

it('a write is told to nobody through Dexie: tabs tell each other by key, and there are no live queries', async () => {
  const storage = dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })
  await storage.open('me')
  let told = 0
  const listen = () => (told += 1)
  Dexie.on('storagemutated', listen)
  await storage.write((tx) => tx.meta.put('name', 'value'))
  expect(await storage.read((tx) => tx.meta.get('name'))).toBe('value')
  Dexie.on.storagemutated.unsubscribe(listen)
  expect(told).toBe(0)
  await storage.close()
})

it('the reports of a conversation are found without reading the thousands of messages that wait to be sent in it', async () => {
  const storage = dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })
  await storage.open('me')
  const report = (conversationId: string) => ({ lane: 'receipt', action: 'report', conversationId, kind: 'read', visibility: 'published', readAt: 1, attempts: 0, notBefore: 0 }) as const
  await storage.write(async (tx) => {
    await tx.outbox.add(report('other'))
    for (let i = 0; i < 2_000; i++) await tx.outbox.add({ lane: 'intent', action: 'send', conversationId: 'long', localId: `l${i}`, from: 'me', attempts: 0, notBefore: 0 })
    await tx.outbox.add(report('long'))
  })
  let read = 0
  const getAll = vi.spyOn(IDBIndex.prototype, 'getAll').mockImplementation(function (this: IDBIndex, ...args: never[]) {
    const request = getAllOf.call(this, ...args) as IDBRequest<unknown[]>
    request.addEventListener('success', () => (read += request.result.length))
    return request
  } as never)
  const found = await storage.read((tx) => tx.outbox.list({ conversationId: 'long', lane: 'receipt' }))
  getAll.mockRestore()
  expect(found.map(({ conversationId, action }) => [conversationId, action])).toEqual([['long', 'report']])
  expect(read).toBeLessThan(200)
  expect(await storage.read(async (tx) => [(await tx.outbox.list({ conversationId: 'long', lane: 'intent' })).length, (await tx.outbox.list({ conversationId: 'long' })).length])).toEqual([2_000, 2_001])
  await storage.close()
})

const getAllOf = IDBIndex.prototype.getAll
