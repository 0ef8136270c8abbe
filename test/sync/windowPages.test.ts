/** Pages of a window where the obvious page leads nowhere, or twice to the same. */
import type { HistoryQuery, IncomingMessage } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { at, SPARSE, START, start, text, type Scene } from './oneReader.js'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const orders = ({ client }: Scene) => client.messages('c').getSnapshot().messages.map((row) => row.at?.order)

/** What somebody whom I blocked has written. */
async function hide({ client, wire }: Scene, from: number, to: number): Promise<void> {
  for (const order of range(from, to)) wire.emit({ type: 'message', message: text(order, { from: 'bo' }) as IncomingMessage })
  await vi.waitFor(async () => expect(await client.getMessage('c', `m${to}`)).not.toBeNull())
  for (const order of range(from, to)) await client.delete('c', `m${order}`, { for: 'me' })
}

it('messages with the same place but for their ids are on screen once, where it opens at one of them', async () => {
  const scene = await start({ ...SPARSE, order: 'time' })
  const at1 = (id: string, order = START) => text(order, { id, localId: `l${id}`, at: { epoch: 0, order, id } })
  await scene.bring(at1('a'), at1('b'), at1('c'), ...range(1, 130).map((n) => at1(`z${n}`, START + n)))
  const shown = () => scene.client.messages('c').getSnapshot().messages
  await scene.client.openAt('c', 'newest')
  await scene.client.openAt('c', { at: { epoch: 0, order: START, id: 'b' } })
  expect(shown().slice(0, 4).map(({ ids }) => ids[0])).toEqual(['a', 'b', 'c', 'z1'])
  expect(new Set(shown().map(({ localId }) => localId)).size).toBe(shown().length)
  await scene.client.openAt('c', { at: { epoch: 0, order: START, id: 'nobody' } })
  expect(shown()[3]?.ids).toEqual(['z1'])
})

it('however many messages are hidden, what is before and after them can be scrolled to', async () => {
  const scene = await start({ dense: true })
  await scene.bring(...range(1, 30).map((order) => text(order)))
  await hide(scene, 31, 130)
  const source = scene.client.messages('c')
  await scene.client.openAt('c', 'newest')
  expect(orders(scene)).toEqual(range(1, 30))
  await scene.bring(...range(131, 140).map((order) => text(order)))
  await hide(scene, 141, 141)
  await scene.client.openAt('c', { at: at(140) })
  await source.loadOlder!()
  expect(orders(scene)).toEqual([...range(1, 30), ...range(131, 140)])
  await scene.client.openAt('c', { at: at(1) })
  for (let page = 0; page < 3; page++) await source.loadNewer!()
  expect([orders(scene).at(-1), source.getSnapshot().hasNewer]).toEqual([140, false])
}, 30_000)

it('missing history below nothing but hidden messages is fetched', async () => {
  const history = async (_id: string, { before }: HistoryQuery) => ({ messages: range(1, 5).filter((order) => order < before!.order).map((order) => text(order) as IncomingMessage), contiguousTo: null })
  const scene = await start({ dense: true, history: true }, { history })
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: null, before: at(6) })
  await hide(scene, 6, 80)
  const source = scene.client.messages('c')
  await scene.client.openAt('c', 'newest')
  expect([orders(scene), source.getSnapshot().hasOlder]).toEqual([[], true])
  await source.loadOlder!()
  expect(orders(scene)).toEqual(range(1, 5))
})

it.each([null, at(5, 0, '')])('who joins while the empty list is open can scroll to what was said before (missing up to %o), also with something of theirs on its way', async (before) => {
  const asked: HistoryQuery[] = []
  const history = async (_id: string, query: HistoryQuery) => {
    asked.push(query)
    return { messages: range(1, 4).map((order) => text(order) as IncomingMessage), contiguousTo: null }
  }
  const scene = await start({ dense: true, history: true }, { history, send: () => new Promise(() => {}) })
  const source = scene.client.messages('c')
  await vi.waitFor(() => expect(source.getSnapshot().status).toBe('ready'))
  await scene.client.send('c', { body: { kind: 'text', text: 'hello' } })
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: null, before })
  await vi.waitFor(() => expect(source.getSnapshot().hasOlder).toBe(true))
  await source.loadOlder!()
  expect([orders(scene), asked.map((query) => query.before ?? null)]).toEqual([[1, 2, 3, 4, undefined], [before]])
  expect(source.getSnapshot().hasOlder).toBe(false)
  await scene.bring(text(5))
  expect(orders(scene)).toEqual([1, 2, 3, 4, 5, undefined])
})

it('a place in missing history opens behind it, and not at what lies on both sides; from there it is fetched', async () => {
  const history = async (_id: string, { before }: HistoryQuery) => ({ messages: range(3, 8).filter((order) => order < before!.order).map((order) => text(order) as IncomingMessage), contiguousTo: at(2) })
  const scene = await start({ ...SPARSE, history: true }, { history })
  const source = scene.client.messages('c')
  await scene.bring(text(1), text(2))
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(2), before: at(9) })
  scene.wire.emit({ type: 'message', message: text(9) as IncomingMessage })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm9')).not.toBeNull())
  await scene.client.openAt('c', { at: at(5) })
  expect([orders(scene), source.getSnapshot().hasOlder]).toEqual([[9], true])
  for (let page = 0; page < 2; page++) await source.loadOlder!()
  expect(orders(scene)).toEqual(range(1, 9))
})

it('what is here within missing history is no neighbour of what lies before that', async () => {
  const history = async (_id: string, { before }: HistoryQuery) => ({ messages: range(3, 8).filter((order) => order < before!.order).map((order) => text(order) as IncomingMessage), contiguousTo: at(2) })
  const scene = await start({ ...SPARSE, history: true }, { history })
  const source = scene.client.messages('c')
  await scene.bring(text(1), text(2), text(5), text(9))
  // Told again by a wire that goes on from an older cursor.
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(2), before: at(9) })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toHaveLength(1))
  await scene.client.openAt('c', { id: 'm5' })
  expect([orders(scene), source.getSnapshot().hasOlder]).toEqual([[5, 9], true])
  for (let page = 0; page < 2; page++) await source.loadOlder!()
  expect(orders(scene)).toEqual(range(1, 9))
})
