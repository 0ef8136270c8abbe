import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { dexieStorage } from 'readback/storage/dexie'
import { storageCases } from 'readback/testing'
import { describe, expect, it } from 'vitest'

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
