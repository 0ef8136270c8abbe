/** Of which conversations it has to be looked for what a server lost. */
import type { ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { createChanges } from '../../src/sync/changes.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { noteFound, noteReset, openResets } from '../../src/sync/resets.js'
import { scriptedTransport } from './scriptedTransport.js'

const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })

/** Three conversations, one message in each. */
async function scene() {
  const storage = memoryStorage()
  await storage.open('me')
  const ids = ['a', 'b', 'c']
  await storage.write(async (tx) => {
    await tx.conversations.put(ids.map((id) => ({ ...newConversation(id, 'group'), head: at(1) })))
    await tx.messages.put(ids.map((conversationId) => ({ conversationId, from: 'me', localId: 'l', ids: ['m1'], at: at(1), time: 1, body: { kind: 'text', text: '' } }) as never))
  })
  const begin = (id: string, epoch: number) => storage.write((tx) => noteReset(tx, { transport: scriptedTransport() }, id, epoch, createChanges()))
  const found = (id: string, epoch: number, before = 0) => storage.write((tx) => noteFound(tx, id, { epoch, found: before }, []))
  return { storage, begin, found }
}

/** @returns their names, and how many conversations were looked at */
async function open(storage: ChatStorage): Promise<[string, number]> {
  let looked = 0
  const ids = await storage.read((tx) => openResets({ ...tx, meta: { ...tx.meta, get: (key) => ((looked += Number(key.startsWith('reset '))), tx.meta.get(key)) } }))
  return [ids.map(([id]) => id).join(''), looked]
}

it('[RS31] are those that have begun an epoch, until it was looked for; where there are none, no row is read', async () => {
  const { storage, begin, found } = await scene()
  expect(await open(storage)).toEqual(['', 0])
  for (const id of ['a', 'c', 'a']) await begin(id, 1)
  expect(await open(storage)).toEqual(['ac', 3])
  await found('a', 1)
  await begin('c', 2)
  expect(await open(storage)).toEqual(['c', 3])
  await found('c', 2)
  expect(await open(storage)).toEqual(['', 0])
})

it.each([null, 'many', -1, 2.5, {}])('[RS31] [I33] where their number is torn (%j) they are counted again', async (count) => {
  const { storage, begin, found } = await scene()
  for (const id of ['a', 'b']) await begin(id, 1)
  await storage.write((tx) => tx.meta.put('openResets', count))
  expect((await open(storage))[0]).toBe('ab')
  await found('a', 1)
  await begin('c', 1)
  expect((await open(storage))[0]).toBe('bc')
  await found('b', 1)
  await found('c', 1)
  expect(await open(storage)).toEqual(['', 0])
})
