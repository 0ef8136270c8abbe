/** The kinds of bad input that a wire, a server or another member may bring as receipts, a thousand of each: dropped and counted, or held; state as it was, and others unaffected. */
import fc from 'fast-check'
import { comparePoints, type Point } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { aCircle, aDepth, bringDropped, dealtWith, some, start as startWhole, stateOf } from './badScene.js'
import { at, bring, good, members, row, ROWS, start } from './receiptScene.js'

const HOSTILE_IDS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', '..', '💬', '"', 'x'.repeat(100_000)]
const aBadNumber = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e21, 2 ** 53 + 1, -1, 0.5, '3', '003', null, undefined, {}, [], true, 3n)
const aBadPoint = fc.oneof(
  fc.record({ epoch: aBadNumber, order: fc.nat(5), id: fc.string() }),
  fc.record({ epoch: fc.nat(1), order: aBadNumber, id: fc.string() }),
  fc.record({ epoch: fc.nat(1), order: fc.nat(5), id: fc.constantFrom<unknown>(undefined, null, 7, {}, []) }),
)
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true })
const aPlace: fc.Arbitrary<Point> = fc.record({ epoch: fc.nat(2), order: fc.nat(99), id: fc.string() })
/** What older versions, and other languages, have for a list. */
const noList = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 99 }), fc.string()).map(([hole, id]) => Object.assign([], { [hole]: id })), fc.date(), fc.string({ minLength: 1 }), fc.integer(),
  fc.array(fc.tuple(fc.nat(9), fc.string())).map((pairs) => new Map(pairs)), fc.array(fc.string()).map((ids) => new Set(ids)), fc.string().map((bytes) => new Blob([bytes])), fc.uint8Array(), fc.array(fc.string()).map((ids) => ({ ...ids, length: ids.length })),
)
/** A receipt with something else where it is looked at. */
const aSeat = fc.tuple(fc.constantFrom('by', 'kind', 'visibility', 'upTo', 'ranges', 'ids', 'from', 'to', 'order', 'id'), fc.constantFrom('ada', 'bo', 'cy'), fc.nat(9)).map(([seat, by, order]) => (value: unknown): Record<string, unknown> => {
  const receipt = good(by, at(order))
  if (seat === 'ranges' || seat === 'ids') return { ...receipt, [seat]: [value] }
  if (seat === 'from' || seat === 'to') return { ...receipt, ranges: [{ from: at(1), to: at(order + 1), [seat]: value }] }
  return { ...receipt, ...(seat === 'order' || seat === 'id' ? { upTo: { ...at(order), [seat]: value } } : { [seat]: value }) }
})

describe('receipts that cannot be', () => {
  it.each<[number, string, string, fc.Arbitrary<unknown>]>([
    [34, 'whose fields are missing or of another type', 'receipt/malformed', fc.record({ type: fc.constant('receipt'), conversationId: anything, by: anything, kind: anything, visibility: anything, upTo: anything, ranges: anything, ids: anything }, { requiredKeys: ['type'] })],
    [35, 'with numbers that are none', 'receipt/malformed', fc.record({ type: fc.constant('receipt'), conversationId: fc.constant('c'), by: fc.constant('ada'), kind: fc.constant('read'), visibility: fc.constant('published'), upTo: aBadPoint })],
    [36, 'with orders as text', 'receipt/malformed', fc.tuple(fc.maxSafeNat(), fc.nat(4)).map(([order, zeros]) => ({ ...good('ada', at(1)), upTo: { epoch: 0, order: `${'0'.repeat(zeros)}${order}`, id: `m${order}` } }))],
    [42, 'of a kind or for somebody unheard of', 'receipt/malformed', fc.tuple(anything, anything).map(([kind, visibility]) => ({ ...good('ada', at(5)), kind, visibility }))],
    [43, 'with holes, Maps, Dates and Blobs for lists', 'receipt/malformed', fc.tuple(fc.constantFrom('ranges', 'ids', 'upTo'), noList).map(([name, value]) => ({ ...good('ada', at(1)), upTo: undefined, [name]: value }))],
    [32, 'that are nested where something is looked at', 'receipt/malformed', fc.tuple(aSeat, aDepth).map(([put, make]) => put(make()))],
    [44, 'that lead back to themselves', 'receipt/malformed', fc.tuple(aSeat, aCircle).map(([put, make]) => put(make()))],
    [44, 'that are made of themselves', 'receipt/malformed', fc.tuple(aSeat, fc.integer({ min: 1, max: 99 })).map(([put, times]) => {
      const loop: Record<string, unknown> = put(null)
      for (let n = 0; n < times; n += 1) Object.assign(loop, put(loop), { [`more${n}`]: loop })
      return loop
    })],
    [45, 'of objects that throw when they are looked at', 'receipt/malformed', fc.constantFrom('by', 'kind', 'upTo', 'ranges', 'ids', 'visibility', 'time').map((name) => Object.defineProperty({ ...good('ada', at(5)) }, name, { enumerable: true, get: () => { throw new Error('no') } }))],
    [46, 'by somebody who never was a member', 'receipt/notMember', fc.record({ by: fc.string({ minLength: 1 }).filter((id) => !['me', 'ada', 'bo', 'cy'].includes(id)), order: fc.nat(9) }).map(({ by, order }) => good(by, at(order)))],
    [39, 'whose stretches end before they begin', 'receipt/malformed', fc.tuple(aPlace, aPlace, fc.boolean()).filter(([one, other]) => comparePoints(one, other) !== 0).map(([one, other, isSecond]) => {
      const [from, to] = comparePoints(one, other) > 0 ? [one, other] : [other, one]
      return { ...good('ada', at(1)), upTo: undefined, ranges: [...(isSecond ? [{ from: at(1), to: at(2) }] : []), { from, to }] }
    })],
    [31, 'with hostile names where people stand', 'receipt/notMember', fc.tuple(fc.constantFrom(...HOSTILE_IDS.filter((id) => id !== '')), fc.integer({ min: 1, max: 5 }), fc.string({ maxLength: 3 })).map(([by, order, more]) => good(`${by}${more}`, at(order)))],
    [34, 'by nobody', 'receipt/malformed', fc.oneof(fc.constant(''), anything.filter((value) => typeof value !== 'string')).map((by) => ({ ...good('ada', at(5)), by }))],
    [34, 'that name neither a conversation nor a message', 'receipt/unknownConversation', fc.record({ upTo: fc.constantFrom(at(5), null, undefined), ranges: fc.constantFrom([{ from: at(1), to: at(5) }], [], undefined), ids: fc.constantFrom([], undefined), count: fc.constantFrom<unknown>({ id: '', n: 1 }, { id: 'm1', n: 0 }, { id: 'm1', n: 0.5 }, undefined) }).map((rest) => ({ ...good('ada', at(5)), conversationId: undefined, ...rest }))],
    [53, 'that others told their own devices', 'receipt/notMine', fc.record({ by: fc.oneof(fc.constantFrom('ada', 'bo'), fc.string({ minLength: 1 }).filter((by) => by !== 'me')), kind: fc.constantFrom('delivered', 'read', 'viewed'), what: fc.oneof(fc.nat(9).map((order) => ({ upTo: at(order) })), fc.subarray(['m1', 'm2', 'm3', 'm4', 'm5'], { minLength: 1 }).map((ids) => ({ ids }))) })
      .map(({ by, kind, what }) => ({ ...good(by, at(5)), upTo: undefined, kind, visibility: 'ownDevices', ...what }))],
  ])('[RS35] %d: %s are dropped and counted as %s', async (_class, _title, reason, bad) => {
    await bringDropped(await startWhole(), some(bad), reason)
  }, 30_000)

  it('34: events that are no events are dropped and counted', async () => {
    await bringDropped(await startWhole(), some(anything.filter((value) => typeof (value as { type?: unknown } | null | undefined)?.type !== 'string')), 'event/malformed')
  }, 30_000)

  it('31: conversations and messages with hostile names get nothing that was not said of them', async () => {
    const scene = await start()
    const events = some(fc.tuple(fc.constantFrom(...HOSTILE_IDS.filter((id) => id !== '')), fc.constantFrom(...HOSTILE_IDS)).map(([conversationId, id]) => ({ ...good('ada', at(1)), conversationId, upTo: undefined, ids: [`${id}?`] })))
    await bring(scene, events)
  }, 30_000)

  it('32, 44: nothing is looked at that is not known, however deep it goes, and where it leads back', async () => {
    const scene = await start()
    const places = ['more', 'content', 'in upTo', 'in ranges'] as const
    await bring(scene, some(fc.tuple(fc.constantFrom(...places), fc.oneof(aDepth, aCircle), fc.boolean())).map(([place, make, isFirst]) => {
      const known = good('ada', at(1))
      const more = make()
      if (place === 'in upTo') return { ...known, upTo: isFirst ? { more, ...at(1) } : { ...at(1), more } }
      if (place === 'in ranges') return { ...known, ranges: [{ from: at(1), to: at(1), more }] }
      return isFirst ? { [place]: more, ...known } : { ...known, [place]: more }
    }))
    expect(scene.dropped).toEqual([])
  }, 30_000)
})

describe('receipts that are early, late, or strange and true', () => {
  it('49: what lies beyond the head is held in one row a member and kind, and applied to nothing that comes later than it says', async () => {
    const scene = await start()
    // What is here of it counts.
    scene.emit(good('ada', at(5)))
    await vi.waitFor(async () => expect((await stateOf(scene)).states.find(({ memberId }) => memberId === 'ada')!.read.upTo).toEqual(at(5)))
    const ahead = some(fc.integer({ min: 6, max: 900 }))
    await bring(scene, ahead.map((order) => good('ada', at(order))))
    expect(scene.dropped).toEqual([])
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(1)
    scene.emit(row(901, 'me'))
    scene.emit(row(2_000, 'me'))
    await dealtWith(scene)
    const { states, held } = await stateOf(scene)
    expect([states.find(({ memberId }) => memberId === 'ada')!.read.upTo, held]).toEqual([at(Math.max(...ahead)), []])
  }, 30_000)

  it('[RS36] what waits is one row for each member and kind, and for each thing that is waited for', async () => {
    const scene = await start()
    const waiting = some(fc.record({ by: fc.constantFrom('ada', 'bo'), kind: fc.constantFrom('delivered', 'read', 'viewed'), what: fc.constantFrom('upTo', 'ranges', 'ids', 'count'), epoch: fc.nat(1), order: fc.integer({ min: 10, max: 30 }) }))
    const content = { upTo: ({ order, epoch }: (typeof waiting)[number]) => ({ upTo: at(order, epoch) }), ranges: ({ order }: { order: number }) => ({ ranges: [{ from: at(order), to: at(order + 1) }] }), ids: ({ order }: { order: number }) => ({ ids: [`m${order}`] }), count: ({ order }: { order: number }) => ({ count: { id: `m${order}`, n: order } }) }
    for (const each of waiting) scene.emit({ type: 'receipt', conversationId: 'c', by: each.by, kind: each.kind, visibility: 'published', ...content[each.what](each) })
    await dealtWith(scene)
    const subjectOf = ({ what, epoch, order }: (typeof waiting)[number]) => ({ upTo: `upTo ${epoch}`, ranges: 'ranges', ids: `id m${order}`, count: `count m${order}` })[what]
    const rows = new Map<string, number>()
    for (const each of waiting) {
      const key = JSON.stringify(['c', each.by, each.kind, 'published', subjectOf(each)])
      rows.set(key, Math.max(rows.get(key) ?? 0, each.order))
    }
    const { held } = await stateOf(scene)
    expect(held.map(({ key }) => key).toSorted()).toEqual([...rows.keys()].toSorted())
    for (const { key, event } of held as readonly { readonly key: string; readonly event: { readonly upTo?: Point } }[]) if (event.upTo) expect(event.upTo.order).toBe(rows.get(key))
    expect(scene.dropped).toEqual([])
  }, 30_000)

  it('[RS36] 52: where the roster is not known yet, a stranger is held in two rows a kind, the position and the rest, and heard once they are in it', async () => {
    const scene = await start(false)
    await bring(scene, some(fc.integer({ min: 1, max: 5 }).chain((order) => fc.constantFrom({ ...good('eve', at(order)) }, { ...good('eve', at(1)), upTo: undefined, ids: [`m${order}`] }))))
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(2)
    scene.emit({ type: 'member', conversationId: 'c', member: { ...members[0]!, userId: 'eve' } })
    await vi.waitFor(async () => expect((await stateOf(scene)).states.find(({ memberId }) => memberId === 'eve')?.read.upTo).toEqual(at(5)))
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
  }, 30_000)

  it('[RS36] 52: what a stranger counts of several messages waits for each of them', async () => {
    const scene = await start(false)
    const counts = some(fc.record({ id: fc.constantFrom('m1', 'm3', 'm5'), n: fc.integer({ min: 1, max: 99 }) }))
    for (const count of counts) scene.emit({ ...good('eve', at(1)), upTo: undefined, count })
    await dealtWith(scene)
    const most = [1, 3, 5].map((order) => Math.max(...counts.filter(({ id }) => id === `m${order}`).map(({ n }) => n)))
    const { held } = await stateOf(scene)
    expect(held.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ event }) => (event as { count: { n: number } }).count.n)).toEqual(most)
    scene.emit({ type: 'member', conversationId: 'c', member: { ...members[0]!, userId: 'eve' } })
    await vi.waitFor(async () => expect((await stateOf(scene)).rows.filter((_, n) => n % 2 === 0).map(({ readCount }) => readCount)).toEqual(most))
    expect([(await stateOf(scene)).held, scene.dropped]).toEqual([[], []])
  }, 30_000)

  it('[RS35] each that names a message that was deleted for good is dropped and counted as it is told, and that of a stranger once they are known', async () => {
    const scene = await start(false)
    scene.emit({ type: 'deleted', conversationId: 'c', id: 'm3', by: 'me', time: 9, hard: true })
    await vi.waitFor(async () => expect((await stateOf(scene)).rows[2]!.hidden).toBe(true))
    const told = some(fc.record({ by: fc.constantFrom('ada', 'bo'), ids: fc.constantFrom(['m3'], ['m3', 'm3'], undefined), count: fc.constant({ id: 'm3', n: 2 }) }))
    for (const each of [...told, { by: 'eve', ids: ['m3'] }]) scene.emit({ ...good('ada', at(1)), upTo: undefined, ...each })
    await dealtWith(scene)
    expect(scene.dropped).toEqual(told.map(() => 'receipt/messageGone'))
    // It is looked at again with whatever comes.
    for (let order = 6; order < 9; order += 1) scene.emit(row(order, 'me'))
    await dealtWith(scene)
    expect(scene.dropped).toHaveLength(told.length)
    scene.emit({ type: 'member', conversationId: 'c', member: { ...members[0]!, userId: 'eve' } })
    await vi.waitFor(() => expect(scene.dropped).toHaveLength(told.length + 1))
  }, 30_000)

  it('[RS35] [RS36] what names a message that never comes is let go seven days after it first came, and counted; younger ones wait on', async () => {
    const scene = await start()
    scene.emit({ ...good('ada', at(1)), upTo: undefined, ids: ['never', 'late'] })
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(2))
    await scene.storage.write(async (tx) => {
      const held = await tx.held.list('c')
      await tx.held.put(held.map((each) => ({ ...each, heldAt: each.heldAt - (each.key.includes('never') ? 7 : 6) * 86_400_000 - 1_000 })))
    })
    // Told again it is no younger.
    scene.emit({ ...good('ada', at(1)), upTo: undefined, ids: ['never'], time: 5 })
    await dealtWith(scene)
    const before = await scene.storage.read((tx) => tx.held.list('c'))
    scene.emit(row(6, 'me'))
    await vi.waitFor(() => expect(scene.dropped).toEqual(['receipt/unresolved']))
    const after = await scene.storage.read((tx) => tx.held.list('c'))
    expect(after).toEqual(before.filter(({ key }) => key.includes('late')))
  })

  it('[RS28] [RS36] what names a message that comes at last counts, however long it has waited', async () => {
    const scene = await start()
    scene.emit({ ...good('ada', at(1)), upTo: undefined, ids: ['m7', 'never'] })
    await dealtWith(scene)
    await scene.storage.write(async (tx) => tx.held.put((await tx.held.list('c')).map((each) => ({ ...each, heldAt: each.heldAt - 8 * 86_400_000 }))))
    scene.emit(row(7, 'me'))
    await vi.waitFor(() => expect(scene.dropped).toEqual(['receipt/unresolved']))
    const { states, held } = await stateOf(scene)
    expect([states.find(({ memberId }) => memberId === 'ada')?.read.ranges, held]).toEqual([[{ from: at(7), to: at(7) }], []])
  })

  it('[RS36] so is what waits in a conversation where nothing comes, after a catch-up', async () => {
    const scene = await start()
    scene.emit({ ...good('ada', at(1)), upTo: undefined, ids: ['never', 'late'] })
    await dealtWith(scene)
    await scene.storage.write(async (tx) => tx.held.put((await tx.held.list('c')).map((each) => ({ ...each, heldAt: each.heldAt - (each.key.includes('never') ? 7 : 6) * 86_400_000 - 1_000 }))))
    for (const status of ['offline', 'online']) scene.emit({ type: 'state', state: { status } })
    await vi.waitFor(() => expect(scene.dropped).toEqual(['receipt/unresolved']))
    expect((await stateOf(scene)).held.map(({ event }) => (event as { ids: string[] }).ids)).toEqual([['late']])
  }, 30_000)

  it('48: what is said of another conversation changes nothing in this one', async () => {
    const scene = await start()
    await bring(scene, some(fc.tuple(fc.string({ minLength: 1 }).filter((id) => id !== 'c'), fc.nat(9)).map(([conversationId, order]) => ({ ...good('ada', at(order)), conversationId }))))
  }, 30_000)

  it('48: the messages of one conversation are not read by what names them in another that is here', async () => {
    const scene = await start()
    scene.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members, rosterComplete: true } })
    await dealtWith(scene)
    const names = fc.nat(ROWS).chain((order) => fc.constantFrom<object>({ ids: [`m${order}`] }, { ids: [`m${order}`], kind: 'viewed' }, { count: { id: `m${order}`, n: 3 } }, { upTo: at(order) }, { ranges: [{ from: at(0), to: at(order) }] }))
    await bring(scene, some(names).map((said) => ({ ...good('cy', at(1)), conversationId: 'd', upTo: undefined, ...said })))
    expect([scene.dropped, (await stateOf(scene)).held]).toEqual([[], []])
    const { held, states } = await stateOf(scene, 'd')
    expect([held.length > 0, states]).toEqual([true, []])
  }, 30_000)

  it('35: minus zero is zero', async () => {
    const scene = await start()
    scene.emit(good('bo', { epoch: -0, order: 4, id: 'm4' }))
    scene.emit({ ...good('cy', at(1)), upTo: undefined, ranges: [{ from: { epoch: -0, order: -0, id: '' }, to: { epoch: -0, order: 2, id: 'm2' } }] })
    await dealtWith(scene)
    const { states } = await stateOf(scene)
    const readBy = (id: string) => states.find(({ memberId }) => memberId === id)?.read
    // Compared as `Object.is` has it.
    expect([readBy('bo'), readBy('cy')]).toEqual([{ upTo: at(4), ranges: [] }, { upTo: null, ranges: [{ from: { epoch: 0, order: 0, id: '' }, to: at(2) }] }])
  })

  /** One flood: each of its receipts is a case, and says the same in another way. */
  it('37, 38, 50: a hundred thousand receipts for one message, however they say it, are one reader each', async () => {
    const scene = await start()
    const total = Number(process.env['READBACK_FLOOD'] ?? 5_000)
    const [mine] = scene.client.messages('c').getSnapshot().messages
    const ways = fc.oneof<fc.Arbitrary<object>[]>(
      fc.integer({ min: 1, max: 9 }).map((times) => ({ ids: Array.from({ length: times }, () => 'm1') })),
      fc.constantFrom({ upTo: at(1) }, { upTo: at(1), ids: ['m1'] }, { upTo: at(1), ranges: [{ from: at(1), to: at(1) }] }),
      fc.integer({ min: 1, max: 9 }).map((times) => ({ ranges: Array.from({ length: times }, () => ({ from: at(1), to: at(1) })) })),
    )
    const told = some(fc.record({ by: fc.constantFrom('ada', 'bo', 'cy'), kind: fc.constantFrom('read', 'viewed', 'delivered'), way: ways, time: fc.option(fc.nat(10_000), { nil: undefined }) }), total)
    let n = 0
    for (const { by, kind, way, time } of [...told, ...['ada', 'bo', 'cy'].map((by) => ({ by, kind: 'read', way: { ids: ['m1'] }, time: 1 }))]) {
      scene.emit({ ...good(by, at(1)), kind, upTo: undefined, ...(time !== undefined && { time }), ...way })
      // More at once are let go of, and asked for again.
      if (++n % 10_000 === 0) await dealtWith(scene)
    }
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(mine!)).toMatchObject({ read: 3, of: 3 }), { timeout: 60_000 })
    await dealtWith(scene)
    expect((await stateOf(scene)).states.map(({ memberId }) => memberId).toSorted()).toEqual(['ada', 'bo', 'cy'])
    expect(scene.dropped).toEqual([])
  }, 120_000)

  it('50: more at once than can wait are let go of, counted once, and heard when they come again', async () => {
    const scene = await start()
    const [mine] = scene.client.messages('c').getSnapshot().messages
    const all = Array.from({ length: 25_000 }, (_, n) => ({ ...good(['ada', 'bo', 'cy'][n % 3]!, at(1)), upTo: undefined, ids: ['m1'] }))
    const connect = vi.spyOn(scene.wire, 'connect')
    for (const receipt of all) scene.emit(receipt)
    expect(scene.dropped).toEqual(['inbound/tooMany'])
    await vi.waitFor(() => expect(connect).toHaveBeenCalled(), { timeout: 20_000 })
    await vi.waitFor(() => expect(scene.client.getState().connection.status).toBe('online'), { timeout: 20_000 })
    for (const receipt of all.slice(0, 100)) scene.emit(receipt)
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(mine!)).toMatchObject({ read: 3, of: 3 }), { timeout: 20_000 })
    expect(scene.dropped).toEqual(['inbound/tooMany'])
  }, 60_000)
})
