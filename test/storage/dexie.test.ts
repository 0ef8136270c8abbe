import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { dexieStorage } from 'readback/storage/dexie'
import { storageCases } from 'readback/testing'
import { describe, it } from 'vitest'

describe('dexieStorage keeps the contract', () => {
  const setup = async () => {
    const indexedDB = new IDBFactory()
    const make = () => dexieStorage({ indexedDB, IDBKeyRange })
    return { storage: make(), reopen: async () => make(), teardown: async () => {} }
  }
  for (const { title, run } of storageCases(setup)) it(title, run)
})
