/** The kinds of bad input that a wire, a server or another member may bring as receipts, a thousand of each: dropped and counted, or held; state as it was, and others unaffected. */
import fc from 'fast-check'
import { type Point, type TransportEvent } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { startEmpty, type Scene } from './badScene.js'

const CASES = Number(process.env['READBACK_CASES'] ?? 150)
const SEED = Number(process.env['TEST_SEED'] ?? 20_261_121)
const ROWS = 5

const at = (order: number, epoch = 0): Point => ({ epoch, order, id: `m${order}` })
const row = (order: number, from: string): TransportEvent => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from, localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
const members = ['me', 'ada', 'bo', 'cy'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))
const good = (by: string, upTo: Point) => ({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo })

/** Five messages of mine and of Ada's; Ada has read the first. */
async function start(rosterComplete = true): Promise<Scene> {
  const scene = await startEmpty()
  const { storage, emit } = scene
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete } })
  for (let order = 1; order <= ROWS; order += 1) emit(row(order, order % 2 === 0 ? 'ada' : 'me'))
  emit(good('ada', at(1)))
  await vi.waitFor(async () => {
    const [, , states, own] = await stateOf({ storage })
    expect(states).toHaveLength(1)
    // What this device has to tell by itself is told before anything is compared.
    expect(own?.acked.published.delivered.ranges).toHaveLength(1)
    expect(own?.acked.published.delivered).toEqual(own?.wanted.delivered)
  }, { timeout: 5_000 })
  return scene
}

function stateOf({ storage }: Pick<Scene, 'storage'>) {
  return storage.read(async (tx) => [await tx.conversations.list(), await tx.messages.page({ conversationId: 'c', limit: 100 }), await tx.readStates.list('c'), await tx.readStates.getOwn('c'), await tx.members.list('c')] as const)
}

/** Hands the bad ones over, then a good one, and gives what the good one alone does not explain. */
async function bring(scene: Scene, events: readonly unknown[]): Promise<void> {
  const before = await stateOf(scene)
  for (const event of events) scene.emit(event)
  scene.emit(good('bo', at(3)))
  const others = (states: Awaited<ReturnType<typeof stateOf>>[2]) => states.filter(({ memberId }) => memberId !== 'bo')
  await vi.waitFor(async () => expect((await stateOf(scene))[2].find(({ memberId }) => memberId === 'bo')?.read.upTo).toEqual(at(3)), { timeout: 10_000 })
  const after = await stateOf(scene)
  expect([after[0], after[1], others(after[2]), after[3], after[4]]).toEqual([before[0], before[1], others(before[2]), before[3], before[4]])
  expect(scene.errors).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
}

const some = (arbitrary: fc.Arbitrary<unknown>): readonly unknown[] => fc.sample(arbitrary, { numRuns: CASES, seed: SEED })

const HOSTILE_IDS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', '..', '💬', '"', 'x'.repeat(100_000)]
const aBadNumber = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e21, 2 ** 53 + 1, -1, 0.5, '3', '003', null, undefined, {}, [], true, 3n)
const aBadPoint = fc.oneof(
  fc.record({ epoch: aBadNumber, order: fc.nat(5), id: fc.string() }),
  fc.record({ epoch: fc.nat(1), order: aBadNumber, id: fc.string() }),
  fc.record({ epoch: fc.nat(1), order: fc.nat(5), id: fc.constantFrom<unknown>(undefined, null, 7, {}, []) }),
)
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true })

describe('receipts that cannot be', () => {
  it.each<[number, string, fc.Arbitrary<unknown>]>([
    [34, 'whose fields are missing or of another type', fc.record({ type: fc.constant('receipt'), conversationId: anything, by: anything, kind: anything, visibility: anything, upTo: anything, ranges: anything, ids: anything }, { requiredKeys: ['type'] })],
    [35, 'with numbers that are none', fc.record({ type: fc.constant('receipt'), conversationId: fc.constant('c'), by: fc.constant('ada'), kind: fc.constant('read'), visibility: fc.constant('published'), upTo: aBadPoint })],
    [36, 'with orders as text', fc.nat(9).map((order) => ({ ...good('ada', at(1)), upTo: { epoch: 0, order: fc.sample(fc.constantFrom(`${order}`, `00${order}`), { numRuns: 1, seed: order })[0], id: `m${order}` } }))],
    [42, 'of a kind or for somebody unheard of', fc.tuple(anything, anything).map(([kind, visibility]) => ({ ...good('ada', at(5)), kind, visibility }))],
    [43, 'with holes, Maps, Dates and Blobs for lists', fc.tuple(fc.constantFrom('ranges', 'ids', 'upTo'), fc.constantFrom<unknown>(Object.assign([], { 1: at(1) }), new Map([[0, at(1)]]), new Date(0), new Blob(['x']), new Set(['m1']), { length: 1, 0: 'm1' }, 'm1', 5)).map(([name, value]) => ({ ...good('ada', at(1)), upTo: undefined, [name]: value }))],
    [44, 'that are made of themselves', fc.constant(0).map(() => {
      const loop: Record<string, unknown> = { ...good('ada', at(1)) }
      loop['upTo'] = loop
      loop['ranges'] = [loop]
      return loop
    })],
    [45, 'of objects that throw when they are looked at', fc.constantFrom('by', 'kind', 'upTo', 'ranges', 'ids', 'visibility', 'time').map((name) => Object.defineProperty({ ...good('ada', at(5)) }, name, { enumerable: true, get: () => { throw new Error('no') } }))],
    [46, 'by somebody who never was a member', fc.record({ by: fc.string({ minLength: 1 }).filter((id) => !['me', 'ada', 'bo', 'cy'].includes(id)), order: fc.nat(9) }).map(({ by, order }) => good(by, at(order)))],
    [39, 'whose stretches end before they begin', fc.integer({ min: 2, max: 5 }).chain((to) => fc.nat(to - 1).map((end) => ({ ...good('ada', at(1)), upTo: undefined, ranges: [{ from: at(to), to: at(end) }] })))],
    [31, 'with hostile names where people stand', fc.constantFrom(...HOSTILE_IDS).map((by) => good(by, at(5)))],
    [53, 'that others told their own devices', fc.constantFrom('ada', 'bo', 'cy').map((by) => ({ ...good(by, at(5)), visibility: 'ownDevices' }))],
  ])('%d: %s are dropped and counted', async (_class, _title, bad) => {
    const scene = await start()
    const events = some(bad)
    await bring(scene, events)
    expect(scene.dropped).toHaveLength(events.length)
    expect(scene.dropped.every((reason) => reason.startsWith('receipt/'))).toBe(true)
  }, 30_000)

  it('34: events that are no events are dropped and counted', async () => {
    const scene = await start()
    const events = some(anything.filter((value) => typeof (value as { type?: unknown } | null | undefined)?.type !== 'string'))
    await bring(scene, events)
    expect(scene.dropped).toEqual(events.map(() => 'event/malformed'))
  }, 30_000)

  it('31: conversations and messages with hostile names get nothing that was not said of them', async () => {
    const scene = await start()
    const events = some(fc.tuple(fc.constantFrom(...HOSTILE_IDS.filter((id) => id !== '')), fc.constantFrom(...HOSTILE_IDS)).map(([conversationId, id]) => ({ ...good('ada', at(1)), conversationId, upTo: undefined, ids: [`${id}?`] })))
    await bring(scene, events)
  }, 30_000)

  it('32: nothing is looked at that is not known, however deep it goes', async () => {
    const scene = await start()
    let deep: unknown = 'end'
    for (let depth = 0; depth < 10_000; depth += 1) deep = [deep]
    await bring(scene, some(fc.constant({ ...good('ada', at(1)), more: deep, content: deep })))
    expect(scene.dropped).toEqual([])
  }, 30_000)
})

describe('receipts that are early, late, or strange and true', () => {
  it('49: what lies beyond the head is held in one row a member and kind, and applied to nothing that comes later than it says', async () => {
    const scene = await start()
    // What is here of it counts.
    scene.emit(good('ada', at(5)))
    await vi.waitFor(async () => expect((await stateOf(scene))[2].find(({ memberId }) => memberId === 'ada')!.read.upTo).toEqual(at(5)))
    await bring(scene, some(fc.integer({ min: 6, max: 900 }).map((order) => good('ada', at(order)))))
    expect(scene.dropped).toEqual([])
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(1)
    scene.emit(row(901, 'me'))
    scene.emit(row(2_000, 'me'))
    await vi.waitFor(async () => expect((await stateOf(scene))[2].find(({ memberId }) => memberId === 'ada')!.read.upTo!.order).toBeLessThanOrEqual(900))
  }, 30_000)

  it('52: where the roster is not known yet, a stranger is held in one row a kind, and heard once they are in it', async () => {
    const scene = await start(false)
    await bring(scene, some(fc.integer({ min: 1, max: 5 }).chain((order) => fc.constantFrom({ ...good('eve', at(order)) }, { ...good('eve', at(1)), upTo: undefined, ids: [`m${order}`] }))))
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(1)
    scene.emit({ type: 'member', conversationId: 'c', member: { ...members[0]!, userId: 'eve' } })
    await vi.waitFor(async () => expect((await stateOf(scene))[2].find(({ memberId }) => memberId === 'eve')?.read.upTo).toEqual(at(5)))
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
  }, 30_000)

  it('what names a message that never comes is let go after seven days, and counted; younger ones wait on', async () => {
    const scene = await start()
    scene.emit({ ...good('ada', at(1)), upTo: undefined, ids: ['never', 'late'] })
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(2))
    await scene.storage.write(async (tx) => {
      const held = await tx.held.list('c')
      await tx.held.put(held.map((each) => ({ ...each, heldAt: each.heldAt - (each.key.includes('never') ? 7 : 6) * 86_400_000 - 1_000 })))
    })
    const before = await scene.storage.read((tx) => tx.held.list('c'))
    scene.emit(row(6, 'me'))
    await vi.waitFor(() => expect(scene.dropped).toEqual(['receipt/unresolved']))
    const after = await scene.storage.read((tx) => tx.held.list('c'))
    expect(after).toEqual(before.filter(({ key }) => key.includes('late')))
  })

  it('48: what is said of another conversation changes nothing in this one', async () => {
    const scene = await start()
    await bring(scene, some(fc.tuple(fc.string({ minLength: 1 }).filter((id) => id !== 'c'), fc.nat(9)).map(([conversationId, order]) => ({ ...good('ada', at(order)), conversationId }))))
  }, 30_000)

  it('[F48] 40: a smaller one moves nothing back', async () => {
    const scene = await start()
    scene.emit(good('ada', at(4)))
    await vi.waitFor(async () => expect((await stateOf(scene))[2].find(({ memberId }) => memberId === 'ada')!.read.upTo).toEqual(at(4)))
    await bring(scene, some(fc.nat(4).map((order) => good('ada', at(order)))))
  }, 30_000)

  it('41: an impossible time is left out, and the reading stays', async () => {
    const scene = await start()
    for (const time of some(fc.constantFrom<unknown>(NaN, Infinity, -1, '2026', 8.64e15 + 1, {}, null, 5n))) scene.emit({ ...good('cy', at(2)), time })
    await vi.waitFor(async () => expect((await stateOf(scene))[2].find(({ memberId }) => memberId === 'cy')).toMatchObject({ read: { upTo: at(2) }, times: { read: [] } }))
    expect(scene.dropped).toEqual([])
  }, 30_000)

  it('47: an author who reads their own message is not counted', async () => {
    const scene = await start()
    const readStates = scene.client.readStates('c')
    for (const event of some(fc.nat(5).map((order) => good('me', at(order))))) scene.emit(event)
    await vi.waitFor(() => expect(readStates.getTally(scene.client.messages('c').getSnapshot().messages[0]!)).toMatchObject({ tracked: true, read: 1, of: 3 }))
    expect(scene.client.messages('c').getSnapshot().messages.map((message) => readStates.getStatus(message)).filter((status) => status === 'read')).toEqual([])
  }, 30_000)

  it('54, 55: read before delivered, and a text that was played, are read', async () => {
    const scene = await start()
    const readStates = scene.client.readStates('c')
    for (const event of some(fc.constantFrom({ ...good('cy', at(5)), kind: 'viewed' }, { ...good('bo', at(5)), kind: 'viewed' }))) scene.emit(event)
    const [mine] = scene.client.messages('c').getSnapshot().messages
    await vi.waitFor(() => expect(readStates.getTally(mine!)).toMatchObject({ read: 3, delivered: 3, viewed: 2 }))
    expect(readStates.getStatus(mine!)).toBe('read')
  }, 30_000)

  it('37, 38, 50: a hundred thousand receipts for one message are one reader each', async () => {
    const scene = await start()
    const total = Number(process.env['READBACK_FLOOD'] ?? 5_000)
    for (let n = 0; n < total; n += 1) scene.emit({ ...good(['ada', 'bo', 'cy'][n % 3]!, at(1)), upTo: undefined, ids: ['m1', 'm1'] })
    const [mine] = scene.client.messages('c').getSnapshot().messages
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(mine!)).toMatchObject({ read: 3, of: 3 }), { timeout: 60_000 })
  }, 90_000)

  it('53: my own second device is me', async () => {
    const scene = await start()
    for (const event of some(fc.nat(5).map((order) => ({ ...good('me', at(order)), visibility: 'ownDevices' })))) scene.emit(event)
    scene.emit({ ...good('me', at(5)), visibility: 'ownDevices' })
    await vi.waitFor(() => expect(scene.client.getState().conversations[0]!.unread).toEqual({ count: 0, exact: true }))
    expect((await stateOf(scene))[2].map(({ memberId }) => memberId)).toEqual(['ada'])
  }, 30_000)
})

