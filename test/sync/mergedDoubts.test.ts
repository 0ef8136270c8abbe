/** A time in memory ends: what others had read meanwhile behind an epoch waits for what the server has to tell, as what a wire tells does. */
import type { HistoryPage, Progress } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { coversPoint } from '../../src/receipts/coversPoint.js'
import { NO_OWN_STATE, type OwnState } from '../../src/receipts/index.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { findLostTails } from '../../src/sync/lostTail.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { publishEarlier, setReceipts } from '../../src/sync/receiptSettings.js'
import { resetKey } from '../../src/sync/resets.js'
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
  expect(await database.read((tx) => tx.meta.get(resetKey('c')))).toEqual({ epoch: 1, found: 1 })
  // The server has 1, so who stands at 6 has read it.
  expect(coversPoint((await bo()).read, at(1))).toBe(true)
  expect(coversPoint((await bo()).read, at(4))).toBe(false)
})

const kinds = (read: Progress) => ({ delivered: none, read, viewed: none })
const TOLD = kinds({ upTo: at(6, 1), ranges: [] })

/** The database knows a message from before a loss, and memory another one from behind it, with what was read there. */
async function behindLoss(own: Partial<OwnState>, transport = scriptedTransport()) {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const [there, here] = [contextOf('me', database, { transport }), contextOf('me', memory, { transport })]
  for (const [ctx, message] of [[there, text(4)], [here, text(6, { at: at(6, 1) })]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    const { id, ...rest } = message
    await ctx.storage.write(async (tx) => {
      await tx.messages.put([{ ...rest, ids: [id] }])
      await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: message.at }])
    })
  }
  await memory.write((tx) => tx.readStates.putOwn('c', { ...NO_OWN_STATE, ...own }))
  /** Whether what is from before the loss is read, and wanted to be told. */
  const found = async () => {
    const { synced, wanted } = (await database.read((tx) => tx.readStates.getOwn('c')))!
    return [synced, wanted].map(({ read }) => coversPoint(read, at(4)))
  }
  return { there, found, join: () => mergeRemembered(there, memory) }
}

it('[RS31] [I28] what my other device told in a time in memory, and is not sure, is not wanted because receipts are off in the database', async () => {
  const { there, found, join } = await behindLoss({ synced: TOLD, wanted: TOLD, acked: { published: TOLD, ownDevices: TOLD } })
  await setReceipts(there, 'off')
  await join()
  expect(await found()).toEqual([false, false])
})

it('[RS31] [I28] it counts as soon as the server has told that it lost nothing', async () => {
  const history = async () => ({ messages: [text(4)], contiguousTo: null }) as unknown as HistoryPage
  const { there, found, join } = await behindLoss({ synced: TOLD, wanted: TOLD, acked: { published: TOLD, ownDevices: TOLD } }, Object.assign(scriptedTransport(), { history }))
  await join()
  expect(await found()).toEqual([false, false])
  expect(await findLostTails(there, () => {})).toBe(false)
  expect(await found()).toEqual([true, true])
  expect((await there.storage.read((tx) => tx.conversations.get('c')))!.unread).toEqual({ count: 0, exact: true })
})

it('[RS31] [RS15] [I28] what was read in private in a time in memory, and is not sure, is not told with the past', async () => {
  const { there, found, join } = await behindLoss({ synced: TOLD, unpublished: TOLD })
  await join()
  await publishEarlier(there, 'c')
  expect(await found()).toEqual([false, false])
})
