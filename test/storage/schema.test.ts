import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { dexieStorage } from 'readback/storage/dexie'
import { expect, it } from 'vitest'

/** What is on people's devices. A released version never changes: add the next one beside it. */
const VERSION_1 = {
  archive: ['conversationId+segment'],
  blobs: ['key', 'conversationId'],
  conversations: ['id'],
  gaps: ['conversationId+n'],
  held: ['key', 'conversationId'],
  members: ['conversationId+userId'],
  messages: ['conversationId+from+localId', 'conversationId+at.epoch+at.order+at.id', '*ids'],
  meta: ['key'],
  outbox: ['++seq', 'conversationId', 'lane'],
  ownStates: ['conversationId'],
  quarantine: ['++'],
  readStates: ['conversationId+memberId'],
}

it('[I30] version 1 of the database is as it was', async () => {
  const indexedDB = new IDBFactory()
  const storage = dexieStorage({ indexedDB, IDBKeyRange })
  await storage.open('me')
  await storage.close()
  expect(await indexedDB.databases()).toEqual([{ name: 'readback/me', version: 10 }])
  expect(await describeDatabase(indexedDB, 'readback/me')).toEqual(VERSION_1)
})

async function describeDatabase(indexedDB: IDBFactory, name: string): Promise<Record<string, string[]>> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
  })
  const names = [...database.objectStoreNames]
  const transaction = database.transaction(names)
  return Object.fromEntries(
    names.map((table) => {
      const store = transaction.objectStore(table)
      const indexes = [...store.indexNames].map((index) => store.index(index)).map((index) => `${index.multiEntry ? '*' : ''}${path(index.keyPath)}`)
      return [table, [`${store.autoIncrement ? '++' : ''}${path(store.keyPath)}`, ...indexes]]
    }),
  )
}

function path(keyPath: string | string[] | null): string {
  return Array.isArray(keyPath) ? keyPath.join('+') : (keyPath ?? '')
}
