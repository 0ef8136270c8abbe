/** A time in memory ends: what others had read meanwhile behind an epoch waits for what the server has to tell, as what a wire tells does. */
import type { HistoryPage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { coversPoint } from '../../src/receipts/coversPoint.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { findLostTails } from '../../src/sync/lostTail.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { setReceipts } from '../../src/sync/receiptSettings.js'
import { contextOf } from './contextOf.js'
import { at, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const MINE = { from: 'me' }
const none = { upTo: null, ranges: [] }
const stateOf = (memberId: string) => ({ memberId, delivered: none, read: { upTo: at(6, 1), ranges: [] }, viewed: none, times: { delivered: [], read: [], viewed: [] } })

it.each([['the database itself', false], ['a time in memory', true]])('[RS31] [I28] what bo had read, as %s knows, counts as soon as the server has told what it lost', async (_where, inMemory) => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const transport = Object.assign(scriptedTransport(), { history: async () => ({ messages: [text(1, MINE)], contiguousTo: null }) as unknown as HistoryPage })
  const [there, here] = [contextOf('me', database, { transport }), contextOf('me', memory, { transport })]
  for (const ctx of [there, here]) { await ctx.storage.open('me'); await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] }) }
  const put = (ctx: typeof there, ...rows: ReturnType<typeof text>[]) => ctx.storage.write(async (tx) => {
    await tx.messages.put(rows.map(({ id, ...rest }) => ({ ...rest, ids: [id] })) as never)
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: rows.at(-1)!.at }])
  })
  // Mine from before the epoch is where the state is not: it comes late there.
  const [old, young] = inMemory ? [there, here] : [here, there]
  await put(old, text(1, MINE), text(4, MINE))
  await put(young, text(6, { at: at(6, 1) }))
  await young.storage.write((tx) => tx.readStates.put('c', [stateOf('bo')]))
  await mergeRemembered(there, memory)
  const bo = async () => (await database.read((tx) => tx.readStates.list('c'))).find(({ memberId }) => memberId === 'bo')!
  expect(coversPoint((await bo()).read, at(4))).toBe(false)
  expect(await findLostTails(there, () => {})).toBe(false)
  expect(await database.read((tx) => tx.meta.get('resets'))).toEqual({ c: { epoch: 1, found: 1 } })
  // The server has 1, so who stands at 6 has read it.
  expect(coversPoint((await bo()).read, at(1))).toBe(true)
  expect(coversPoint((await bo()).read, at(4))).toBe(false)
})

it('[RS31] [I28] what my other device told in a time in memory, and is not sure, is not wanted because receipts are off in the database', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const [there, here] = [contextOf('me', database), contextOf('me', memory)]
  for (const [ctx, message] of [[there, text(4)], [here, text(6, { at: at(6, 1) })]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    const { id, ...rest } = message
    await ctx.storage.write(async (tx) => {
      await tx.messages.put([{ ...rest, ids: [id] }])
      await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: message.at }])
    })
  }
  const told = { delivered: none, read: { upTo: at(6, 1), ranges: [] }, viewed: none }
  await here.storage.write((tx) => tx.readStates.putOwn('c', { synced: told, wanted: told, acked: { published: told, ownDevices: told }, publishFloor: null }))
  await setReceipts(there, 'off')
  await mergeRemembered(there, memory)
  const { synced, wanted } = (await database.read((tx) => tx.readStates.getOwn('c')))!
  expect([synced, wanted].map(({ read }) => coversPoint(read, at(4)))).toEqual([false, false])
})
