/** The page is gone in the middle of something long: what is missing between the messages that are here by then is known. */
import type { ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { contextOf } from './contextOf.js'
import { at, text } from './oneReader.js'

const rowOf = (order: number) => {
  const { id, ...rest } = text(order)
  return { ...rest, ids: [id] }
}
const look = (storage: ChatStorage) => storage.read(async (tx) => ({ rows: (await tx.messages.page({ conversationId: 'c', limit: 999 })).length, gaps: (await tx.gaps.list('c')).map(({ after, before }) => [after?.order, before?.order]) }))

it('[RS18] [I28] joining a time in memory to the database', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const there = contextOf('me', database)
  for (const [ctx, orders] of [[there, [1, 2]], [contextOf('me', memory), [50, 51]]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    await ctx.storage.write((tx) => tx.messages.put(orders.map(rowOf)))
  }
  await memory.write((tx) => tx.gaps.replace('c', [{ conversationId: 'c', after: null, before: at(50) }]))
  const write: ChatStorage['write'] = (run, how) => (how?.durability === 'strict' ? Promise.reject(new Error('gone')) : database.write(run, how))
  await expect(mergeRemembered({ ...there, storage: { ...database, write } }, memory)).rejects.toThrow('gone')
  expect(await look(database)).toEqual({ rows: 4, gaps: [[2, 50]] })
  await mergeRemembered(there, memory)
  expect(await look(database)).toEqual({ rows: 4, gaps: [[2, 50]] })
})
