import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { dexieStorage } from 'readback/storage/dexie'
import { expect, it } from 'vitest'
it('works', async () => {
  const s = dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })
  await s.open('me')
  expect(s.getState()).toEqual({ status: 'ready' })
  await s.write(async (tx) => {
    await tx.messages.put([{ conversationId: 'c', from: 'a', localId: 'l', ids: ['1'], at: { epoch: 0, order: 1, id: '1' }, time: 0, body: { kind: 'text', text: 'x' } }, { conversationId: 'c', from: 'a', localId: 'l2', ids: [], at: null, echoOrder: 3, time: 0, body: { kind: 'text', text: 'x' } }])
    expect(await tx.outbox.add({ lane: 'intent', action: 'send', conversationId: 'c', localId: 'l', from: 'a', attempts: 0, notBefore: 0 })).toBe(1)
  }, { durability: 'strict' })
  expect(await s.read((tx) => tx.messages.page({ conversationId: 'c', limit: 10 }))).toHaveLength(1)
  expect(await s.read((tx) => tx.messages.echoes('c'))).toHaveLength(1)
  expect(await s.read((tx) => tx.messages.byId('c', '1'))).toBeDefined()
  await s.close()
})
