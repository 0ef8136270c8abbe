// @vitest-environment jsdom
/** What counts as read though nobody here has looked at it: the list watches it still, and it is told once it was looked at. */
import { renderHook } from '@testing-library/react'
import { useWhyUnread } from 'readback'
import type { IncomingReceipt, Message } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { buildListRows } from '../../src/components/listRows.js'
import { useListDwell } from '../../src/components/useListDwell.js'
import { createFakePage, fakeElement } from '../reading/fakeIntersections.js'
import { at, LATER, MINUTE, START, start, text, type Scene } from '../sync/oneReader.js'

/** What watches rows comes later than the list. */
beforeAll(() => besideEngine.preload())

const each = (scope: 'message' | 'point' | 'ranges') => ({ direct: scope, group: scope }) as const
const RANGES = { read: each('ranges') }
const shown = ({ client }: Scene) => client.messages('c').getSnapshot().messages
const published = ({ wire }: Scene) => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')
const ordersOf = (messages: readonly Message[]) => messages.map((message) => message.at!.order)

/** All that is here stands before somebody for a minute; `hasFallback`: something else stands in its place. Says which rows were watched and read, and why those that were not are unread. */
async function look(scene: Scene, { hasFallback = (_message: Message): boolean => false } = {}) {
  const { client } = scene
  const messages = shown(scene)
  const list = buildListRows({ messages, hasOlder: false, firstUnreadKey: null, isOwn: ({ from }) => from === 'me' })
  const clock = createFakeClock()
  const page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
  onTestFinished(() => void vi.unstubAllGlobals())
  const read: Message[] = []
  const onRead = (those: readonly Message[]) => {
    read.push(...those)
    return client.markRead(those)
  }
  const readStates = client.readStates('c')
  const stop = readStates.subscribe(() => {})
  const options = { scroller: { current: null }, list, userId: 'me', readStates, onRead, isSettled: () => true, policy: undefined, clock, visibility: createFakeVisibility() }
  const { result, unmount } = renderHook(() => useListDwell(options))
  const whyOf = (message: Message) => renderHook(() => useWhyUnread(message, { userId: 'me', readStates, dwell: result.current })).result.current.join()
  const watched: Message[] = []
  for (const row of list.rows) {
    if (row.kind !== 'message') continue
    const element = Object.assign(fakeElement(), { matches: () => hasFallback(row.message), querySelector: () => null, ownerDocument: {} })
    result.current.watch(element, row)
    if (!page.observed.has(element)) continue
    watched.push(row.message)
    page.show(element, 100, 100)
  }
  const why = messages.filter(({ from }) => from !== 'me').map(whyOf)
  await clock.advanceAsync(MINUTE)
  unmount()
  stop()
  // What is to be told is told by then.
  await scene.read()
  return { watched: ordersOf(watched), read: ordersOf(read), why }
}

it.each(['point', 'message', 'ranges'] as const)('[RS15] [RS17] what was cleared is told once it was looked at, and not before: over a wire of the scope %s', async (scope) => {
  const scene = await start({ read: each(scope) })
  const { client, bring, read, isTold } = scene
  const told = () => [1, 2, 3].map((order) => isTold(order) || published(scene).some(({ messages }) => messages.some(({ id }) => id === `m${order}`)))
  await bring(text(1), text(2))
  await client.clearUnread('c')
  await read()
  expect(published(scene)).toEqual([])
  await bring(text(3), LATER)
  await read(3)
  // A position stops before what was only cleared.
  expect(told()).toEqual([false, false, scope !== 'point'])
  expect(await look(scene)).toMatchObject({ watched: [1, 2], read: [1, 2] })
  expect(told()).toEqual([true, true, true])
})

const mine = (changes: Partial<IncomingReceipt>) => ({ type: 'receipt' as const, conversationId: 'c', by: 'me', kind: 'read' as const, visibility: 'ownDevices' as const, ...changes })

/** Another device of mine has told it. */
async function toldElsewhere(changes: Partial<IncomingReceipt>) {
  const scene = await start(RANGES)
  await scene.bring(text(1), text(2), LATER)
  scene.wire.emit(mine(changes))
  await vi.waitFor(() => expect(scene.unread()).toBe(0))
  return scene
}

it('[RS15] what another device of mine told my own devices alone is told once it was looked at here, whether it was cleared there or read in private', async () => {
  const scene = await toldElsewhere({ upTo: at(2) })
  expect(published(scene)).toEqual([])
  expect(await look(scene)).toMatchObject({ watched: [1, 2], read: [1, 2] })
  expect([1, 2].map((order) => scene.isTold(order))).toEqual([true, true])
})

it('[RS16] what another device of mine told others is watched by nobody, and not told again', async () => {
  const scene = await toldElsewhere({ visibility: 'published', upTo: at(2) })
  expect(await look(scene)).toMatchObject({ watched: [], read: [] })
  expect(published(scene)).toEqual([])
})

it('[RS15] what was read here in private is watched by nobody, and what was cleared and looked at in private is told when the past is', async () => {
  const scene = await start(RANGES)
  const { client, bring, read, isTold } = scene
  const told = () => [1, 2].map((order) => isTold(order))
  await client.setReceipts('private')
  await bring(text(1), text(2), LATER)
  await read(1)
  await client.clearUnread('c')
  expect(await look(scene)).toMatchObject({ watched: [2], read: [2] })
  await client.setReceipts('public')
  expect(await look(scene)).toMatchObject({ watched: [], read: [] })
  expect(published(scene)).toEqual([])
  await client.publishEarlier('c')
  await read()
  expect(told()).toEqual([true, true])
})

it('[RS15] what was cleared before receipts were switched on is not told for being looked at later', async () => {
  const scene = await start(RANGES)
  await scene.client.setReceipts('private')
  await scene.bring(text(1), text(2), LATER)
  await scene.client.clearUnread('c')
  await scene.client.setReceipts('public')
  expect(await look(scene)).toMatchObject({ watched: [1, 2], read: [1, 2] })
  expect(published(scene)).toEqual([])
  expect(await look(scene)).toMatchObject({ watched: [] })
})

it('[RS15] [RS13] of what was cleared nothing is watched that could not be unread: own messages, notices, what was recalled, and what is hidden', async () => {
  const scene = await start(RANGES)
  await scene.bring(text(1), text(2, { from: 'me' }), text(3, { body: { kind: 'system', text: 'joined' } }), text(4), text(5, { recalledAt: START }), LATER)
  await scene.client.delete('c', 'm4', { for: 'me' })
  await scene.client.clearUnread('c')
  expect(await look(scene)).toMatchObject({ watched: [1], read: [1] })
})

it('[RS15] [RS16] [RD10] of a long history nothing is watched that was read, and what was cleared is told together, once', async () => {
  const scene = await start(RANGES)
  const orders = Array.from({ length: 40 }, (_, n) => n + 1)
  await scene.bring(...orders.map((order) => text(order)), LATER)
  await scene.read(...orders.slice(0, 20))
  await scene.client.clearUnread('c')
  const before = published(scene).length
  expect(await look(scene)).toMatchObject({ watched: orders.slice(20), read: orders.slice(20) })
  expect(published(scene)).toHaveLength(before + 1)
  expect(await look(scene)).toMatchObject({ watched: [], read: [] })
  expect(published(scene)).toHaveLength(before + 1)
})

it('[RD11] [RS13] what was cleared counts as read, also while it is watched: there is no reason why it is not, no count and no first unread message', async () => {
  const scene = await start(RANGES)
  await scene.bring(text(1), text(2), LATER)
  await scene.client.clearUnread('c')
  expect(await look(scene)).toEqual({ watched: [1, 2], read: [1, 2], why: ['', ''] })
  expect([scene.unread(), scene.client.messages('c').getSnapshot().firstUnreadKey]).toEqual([0, null])
  expect(shown(scene).filter(({ from }) => from !== 'me').map((message) => scene.client.readStates('c').isRead(message))).toEqual([true, true])
})

it('[RD14] what was cleared since it could not be shown is told when it can be, and was looked at', async () => {
  const scene = await start(RANGES)
  await scene.bring(text(1), text(2), LATER)
  await scene.client.clearUnread('c')
  expect(await look(scene, { hasFallback: ({ at: place }) => place?.order === 2 })).toMatchObject({ watched: [1, 2], read: [1] })
  expect([1, 2].map((order) => scene.isTold(order))).toEqual([true, false])
  expect(await look(scene)).toMatchObject({ watched: [2], read: [2] })
  expect(scene.isTold(2)).toBe(true)
})
