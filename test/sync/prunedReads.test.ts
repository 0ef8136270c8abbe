/** Room is made while what was read still waits to be told. */
import { expect, it, vi } from 'vitest'
import { LATER, MINUTE, start, text, type Scene } from './oneReader.js'

const ORDERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const published = ({ wire }: Scene) => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')

it.each([
  ['[RS27] over a wire that is told of single messages', 'message', (scene: Scene) => expect(published(scene).flatMap(({ messages }) => messages.map(({ at }) => at.order))).toEqual(ORDERS)],
  ['[RS17] over a wire that is told of a position', 'point', (scene: Scene) => expect(published(scene).map(({ upTo }) => upTo?.order)).toEqual([10])],
] as const)('%s, what waits stays until it is told', async (_title, scope, expectTold) => {
  const kinds = { direct: scope, group: scope }
  const scene = await start({ dense: true, read: kinds, delivered: kinds })
  const { client, wire, storage, bring } = scene
  await bring(...ORDERS.map((order) => text(order)), LATER)
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('offline'))
  await client.markRead(client.messages('c').getSnapshot().messages.filter(({ from }) => from !== 'me'))
  expect(await client.pruneHistory('c', { before: START_OF_LATER })).toBe(0)
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expectTold(scene))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(await client.pruneHistory('c', { before: START_OF_LATER })).toBe(9)
})

const START_OF_LATER = LATER.time - MINUTE
