/** A time in memory ends: what was deleted in it, or before, is not there again. */
import type { Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { enqueueAction } from '../../src/sync/actions.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { erased, isErased } from '../../src/sync/erased.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { contextOf } from './contextOf.js'
import { text } from './oneReader.js'

const rowOf = (order: number, changes: Partial<Message> = {}): Message => {
  const { id, ...rest } = text(order)
  return { ...rest, ids: [id], ...changes }
}

/** What the database has afterwards. @param last - what its list shows last before */
async function join(there: readonly Message[], here: readonly Message[], last: Message) {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const ctx = contextOf('me', database)
  for (const [each, rows] of [[ctx, there], [contextOf('me', memory), here]] as const) {
    await each.storage.open('me')
    await storeEnsured(each, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    await each.storage.write((tx) => tx.messages.put(rows))
  }
  await database.write(async (tx) => {
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, lastMessage: last }])
    await tx.archive.put('c', [{ segment: 'message m2', value: { read: new Uint8Array([1]) } }])
  })
  await mergeRemembered(ctx, memory)
  return database.read(async (tx) => ({ rows: await tx.messages.page({ conversationId: 'c', limit: 9 }), last: (await tx.conversations.get('c'))!.lastMessage?.localId, archived: (await tx.archive.get('c', ['message m2']))[0] }))
}

const SECRET = rowOf(2, { body: { kind: 'text', text: 'secret' }, reactions: [{ by: 'ada', emoji: '👍' }] })

it('[RS32] [I28] nothing is left of what was deleted for good in memory, nor does the list show it', async () => {
  const { rows, last, archived } = await join([rowOf(1), SECRET], [erased(SECRET, 9)], SECRET)
  expect([rows.map(isErased), JSON.stringify(rows).includes('secret'), rows[1]!.reactions, last, archived]).toEqual([[false, true], false, undefined, 'l1', undefined])
})

it('[RS32] [I28] nor of what had been, though memory has an edit of it', async () => {
  const { rows } = await join([rowOf(1), erased(SECRET, 9)], [{ ...SECRET, editedAt: 5 }], rowOf(1))
  expect([rows.map(isErased), JSON.stringify(rows).includes('secret')]).toEqual([[false, true], false])
})

it('[RS32] [I28] nor is anything done to it that was begun in memory, which had not heard', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const [ctx, before] = [contextOf('me', database), contextOf('me', memory)]
  for (const [each, row] of [[ctx, erased(SECRET, 9)], [before, SECRET]] as const) {
    await each.storage.open('me')
    await storeEnsured(each, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    await each.storage.write((tx) => tx.messages.put([row]))
  }
  await enqueueAction(before, 'c', 'm2', { action: 'react', emoji: '+', on: true })
  await enqueueAction(before, 'c', 'm2', { action: 'edit', body: { kind: 'text', text: 'secret again' } })
  await mergeRemembered(ctx, memory)
  const { rows, waiting } = await database.read(async (tx) => ({ rows: await tx.messages.page({ conversationId: 'c', limit: 9 }), waiting: await tx.outbox.list({ lane: 'intent' }) }))
  expect([rows, waiting]).toEqual([[erased(SECRET, 9)], []])
})

it('[I28] what was deleted for me is not shown as the last message', async () => {
  const { last } = await join([rowOf(1), { ...SECRET, hidden: true }], [], rowOf(1))
  expect(last).toBe('l1')
})

it.each([['me', { ...SECRET, hidden: true }], ['good', erased(SECRET, 9)]])('[RS38] what was deleted for %s before its answer said where it stands is not shown by the place of it', async (_for, gone) => {
  const { rows } = await join([rowOf(1), { ...gone, at: null }], [SECRET], rowOf(1))
  expect(rows.map(({ hidden, at }) => [at?.order, hidden])).toEqual([[1, undefined], [2, true]])
  expect(isErased(rows[1]!)).toBe(isErased(gone))
})
