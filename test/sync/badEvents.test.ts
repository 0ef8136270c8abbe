/** Bad input of every other kind of event that a wire may bring: dropped and counted once each, what is here as it was, and what comes after it taken as if nothing had been. */
import fc from 'fast-check'
import { comparePoints, type Point } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { at, bring, bringDropped, dealtWith, members, some, start, stateOf, text } from './badScene.js'

const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true })
const noText = anything.filter((value) => typeof value !== 'string')
const noId = fc.oneof(noText, fc.constant(''))
const noFlag = anything.filter((value) => typeof value !== 'boolean')
const noTextGiven = noText.filter((value) => value !== undefined)
const aBadNumber = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e21, 2 ** 53 + 1, 0.5, -1, '3', '003', null, {}, [], true, 3n)
const aBadPoint = fc.oneof(fc.record({ epoch: aBadNumber, order: fc.nat(5), id: fc.string() }), fc.record({ epoch: fc.nat(1), order: aBadNumber, id: fc.string() }), fc.record({ epoch: fc.nat(1), order: fc.nat(5), id: noText }))
/** No Date can hold it. */
const noTime = fc.oneof(fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e21, 8.64e15 + 1, '2026-11-22', {}, null, 5n), fc.double({ min: 8.64e15 + 2 }), fc.date().map(String), anything.filter((value) => typeof value !== 'number' && value !== undefined))
/** Nor did anything happen then. */
const noMoment = fc.oneof(noTime, fc.constantFrom(-1, -0.5, -8.64e15), fc.double({ max: -Number.MIN_VALUE }))
const aPoint: fc.Arbitrary<Point> = fc.record({ epoch: fc.nat(2), order: fc.nat(9), id: fc.constantFrom('', 'm1', 'm2', 'm9') })
const loop = (value: Record<string, unknown>, field: string) => Object.assign(value, { [field]: value })
const throwing = (value: object, field: string) => Object.defineProperty({ ...value }, field, { enumerable: true, get: () => { throw new Error('no') } })
/** Good, but for one of its fields. */
const spoilt = (good: Readonly<Record<string, unknown>>, bad: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.oneof(...Object.entries(bad).map(([field, values]) => values.map((value) => ({ ...good, [field]: value }))))

const aMessage = (bad: Readonly<Record<string, fc.Arbitrary<unknown>>>) => spoilt(text(7), bad).map((message) => ({ type: 'message', message }))
const BAD_TIMES = { time: noTime, editedAt: noMoment, recalledAt: noMoment, deletedAt: noMoment }

describe('messages that cannot be', () => {
  it.each<[string, string, fc.Arbitrary<unknown>]>([
    ['34', 'that are none', anything.map((message) => ({ type: 'message', message }))],
    ['34', 'without an id or a sender', aMessage({ id: noId, from: noText, conversationId: noId })],
    ['34', 'whose body is none', aMessage({ body: anything })],
    ['34', 'whose answers and reactions are none', aMessage({ replyTo: noTextGiven, reactions: anything.filter((value) => value !== undefined && !(Array.isArray(value) && value.length === 0)), receiptRequested: noFlag.filter((value) => value !== undefined) })],
    ['35, 36', 'at places that are none', aMessage({ at: fc.oneof(aBadPoint, anything) })],
    ['41', 'of impossible times', aMessage(BAD_TIMES)],
    ['44', 'made of themselves', fc.constantFrom('message', 'body', 'at').map((field) => ({ type: 'message', message: loop({ ...text(7) }, field === 'message' ? 'body' : field) }))],
    ['45', 'that throw when they are looked at', fc.constantFrom('id', 'at', 'from', 'body', 'time', 'conversationId').map((field) => ({ type: 'message', message: throwing(text(7), field) }))],
  ])('%s: %s are dropped and counted', async (_class, _title, bad) => {
    await bringDropped(await start(), some(bad), 'message/malformed')
  }, 60_000)

  it('34, 41: the same of what a conversation says is its last message, which may not be of another one', async () => {
    const last = (bad: Readonly<Record<string, fc.Arbitrary<unknown>>>) => spoilt({ ...text(8), time: 99_999 }, bad)
    const bad = fc.oneof(anything.filter(Boolean), last(BAD_TIMES), last({ id: noId, from: noText, body: anything, at: aBadPoint }), last({ conversationId: fc.constantFrom('d', '', ...HOSTILE) }))
    await bringDropped(await start(), some(bad.map((lastMessage) => ({ type: 'conversation', conversation: { id: 'c', kind: 'group', lastMessage } }))), 'message/malformed')
  }, 60_000)
})

describe('messages that are strange and true', () => {
  /** What only this device finds out, or sets. */
  const OWN = ['outgoing', 'failure', 'failedAfter', 'echoOrder', 'hidden', 'readCount', 'otherPlaces', 'untimed']
  const storable = fc.jsonValue()
  const claims = fc.record({
    outgoing: fc.oneof(fc.constantFrom('sending', 'failed', 'sent'), storable), failure: fc.oneof(fc.constant({ code: 'message/lost', message: '' }), storable), failedAfter: fc.oneof(fc.constant(at(1)), storable), echoOrder: fc.oneof(fc.nat(), storable),
    hidden: fc.oneof(fc.boolean(), storable), readCount: fc.oneof(fc.nat(), storable), otherPlaces: fc.oneof(fc.constant([at(3)]), storable), untimed: fc.oneof(fc.boolean(), storable), status: fc.oneof(fc.integer(), storable), code: storable,
  }, { requiredKeys: [] })

  it('42: one of a status or code unheard of is taken without what only this device may say of it', async () => {
    const scene = await start()
    const told = some(claims)
    scene.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members, rosterComplete: true } })
    await bring(scene, told.map((claim, n) => ({ type: 'message', message: { ...claim, ...text(n + 1, n % 2 ? 'me' : 'ada', 'd') } })))
    const { rows, echoes, outbox } = await stateOf(scene, 'd')
    expect(rows).toEqual(told.map(({ status, code }, n) => {
      const { id, ...rest } = text(n + 1, n % 2 ? 'me' : 'ada', 'd')
      return { ...rest, ids: [id], ...(status === undefined ? {} : { status }), ...(code === undefined ? {} : { code }) }
    }))
    expect([echoes, outbox.filter((entry) => entry.lane === 'intent'), scene.dropped]).toEqual([[], [], []])
  }, 60_000)

  it('42: so is one that the list of conversations shows', async () => {
    const scene = await start()
    const told = some(claims)
    await bring(scene, told.map((claim, n) => ({ type: 'conversation', conversation: { id: `other ${n}`, kind: 'group', lastMessage: { ...claim, ...text(1, 'me', `other ${n}`) } } })))
    const lasts = (await stateOf(scene)).conversations.filter(({ id }) => id.startsWith('other ')).map(({ lastMessage }) => lastMessage!)
    expect([lasts.length, lasts.flatMap((row) => OWN.filter((name) => name in row)), lasts.flatMap(({ ids }) => ids)]).toEqual([told.length, [], told.map(() => 'm1')])
    expect(scene.dropped).toEqual([])
  }, 60_000)

  it('42: one of a kind unheard of keeps its place, and what it says', async () => {
    const scene = await start()
    const kinds = some(fc.tuple(fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom(...HOSTILE, 'TEXT', 'Text ')).filter((kind) => !['text', 'image', 'video', 'voice', 'file', 'system', 'custom'].includes(kind)), fc.jsonValue()))
    scene.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members, rosterComplete: true } })
    await bring(scene, kinds.map(([kind, data], n) => ({ type: 'message', message: { ...text(n + 1, 'ada', 'd'), body: { kind, data } } })))
    expect((await stateOf(scene, 'd')).rows.map(({ body }) => body)).toEqual(kinds.map(([kind, data]) => ({ kind, data })))
    expect(scene.dropped).toEqual([])
  }, 60_000)

  it('41: a time that a Date can hold is taken as it is: none, in seconds, before 1970, in the year 275760', async () => {
    const scene = await start()
    const possible = fc.oneof(fc.constantFrom(0, 0.5, 1, 1_764_446_400, 1_764_446_400_000, 8.64e15), fc.integer({ min: 0, max: 8.64e15 }), fc.double({ min: 0, max: 8.64e15, noNaN: true }))
    const times = some(fc.record({ time: fc.oneof(possible, fc.constantFrom(-1, -8.64e15), fc.integer({ min: -8.64e15, max: -1 })), editedAt: possible, recalledAt: possible, deletedAt: possible }, { requiredKeys: ['time'] }))
    scene.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members, rosterComplete: true } })
    await bring(scene, times.map((time, n) => ({ type: 'message', message: { ...text(n + 1, 'ada', 'd'), ...time } })))
    expect((await stateOf(scene, 'd')).rows.map(({ time, editedAt, recalledAt, deletedAt }) => ({ time, editedAt, recalledAt, deletedAt }))).toEqual(times.map(({ time, editedAt, recalledAt, deletedAt }) => ({ time, editedAt, recalledAt, deletedAt })))
    expect(scene.dropped).toEqual([])
  }, 60_000)
})

describe('changes that cannot be', () => {
  const TEXT = { kind: 'text', text: 'x' }
  const edit = { type: 'edited', conversationId: 'c', id: 'm1', body: TEXT, time: 9_999 }
  const reaction = { type: 'reacted', conversationId: 'c', id: 'm2', reaction: { emoji: '+', by: 'ada' }, on: true }
  const taken = fc.constantFrom('recalled', 'deleted').chain((type) => spoilt({ type, conversationId: 'c', id: 'm3', by: 'ada', time: 9_999 }, { by: noText, time: noMoment, id: noId, conversationId: noId }))
  it.each<[string, string, fc.Arbitrary<{ type?: unknown }>]>([
    ['34', 'edits with bodies, or of messages, that are none', spoilt(edit, { body: anything, id: noId, conversationId: noId })],
    ['41', 'edits at impossible times', spoilt(edit, { time: noMoment })],
    ['34, 41', 'recalls and deletions by nobody, of nothing or at impossible times', taken],
    ['34', 'reactions that are none, or say nothing', spoilt(reaction, { reaction: anything, on: noFlag, id: noId, conversationId: noId })],
    ['34', 'reactions by nobody or with nothing', spoilt(reaction, { reaction: fc.oneof(fc.record({ emoji: noId, by: fc.constant('ada') }), fc.record({ emoji: fc.constant('+'), by: noId })) })],
  ])('%s: %s are dropped and counted', async (_class, _title, bad) => {
    await bringDropped(await start(), some(bad), ({ type }) => `${type as string}/malformed`)
  }, 60_000)

  it('45: changes that throw when they are looked at are dropped and counted', async () => {
    const bad = fc.constantFrom('conversationId', 'id', 'body', 'time').map((field) => throwing(edit, field))
    await bringDropped(await start(), some(bad), 'event/malformed')
  }, 60_000)

  it('31: changes of messages with hostile names find none; a thousand wait for theirs, and what is let go for them is counted', async () => {
    const change = fc.record({ type: fc.constantFrom('edited', 'recalled', 'deleted', 'reacted'), conversationId: fc.constantFrom(...HOSTILE), id: fc.constantFrom(...HOSTILE), body: fc.constant(TEXT), by: fc.constantFrom(...HOSTILE), reaction: fc.constant({ emoji: '__proto__', by: '__proto__' }), time: fc.constant(1), on: fc.constant(true) })
    const scene = await start()
    await bring(scene, some(change, 1_200))
    expect(scene.dropped).toEqual(Array.from({ length: 200 }, () => 'edit/unknownMessage'))
    expect([(await stateOf(scene)).conversations.map(({ id }) => id).filter((id) => HOSTILE.includes(id)), scene.errors]).toEqual([[], []])
  }, 60_000)
})

describe('rosters, places and the rest that cannot be', () => {
  const conversation = { id: 'c', kind: 'group', title: 'C' }
  const given = (values: fc.Arbitrary<unknown>) => values.filter((value) => value !== undefined)
  const ada = { userId: 'ada', role: 'admin', intervals: [{ joinedAt: null, leftAt: null }] }
  const noIntervals = fc.oneof(anything.filter((value) => !(Array.isArray(value) && value.length === 0)), fc.oneof(fc.record({ joinedAt: aBadPoint, leftAt: fc.constant(null) }), fc.record({ joinedAt: fc.constant(null), leftAt: aBadPoint })).map((interval) => [interval]))
  const noMember = fc.oneof(anything, spoilt(ada, { userId: noText, role: fc.oneof(anything, fc.constantFrom('Owner', 'guest', 0)), intervals: noIntervals }))
  /** Ends where it begins, or before. */
  const backwards = fc.tuple(aPoint, aPoint).map(([a, b]) => (comparePoints(a, b) >= 0 ? { after: a, before: b } : { after: b, before: a }))
  const gap = { type: 'gap', conversationId: 'c', after: at(2), before: at(4) }

  it.each<[string, string, fc.Arbitrary<{ type?: unknown }>]>([
    ['34, 52', 'members and memberships that are none', spoilt({ type: 'member', conversationId: 'c', member: ada }, { member: noMember, conversationId: noId })],
    ['34', 'conversations that are none', anything.map((value) => ({ type: 'conversation', conversation: value }))],
    ['34, 42, 52', 'conversations of ids, kinds, titles, pictures, heads or rosters that are none', spoilt(conversation, {
      id: noId, kind: fc.oneof(anything, fc.constantFrom('Direct', 'channel', 0)), title: given(noText), avatarUrl: given(noText), head: fc.oneof(aBadPoint, given(anything).filter((value) => value !== null)), rosterComplete: given(noFlag),
      members: fc.oneof(given(anything).filter((value) => !(Array.isArray(value) && value.length === 0)), noMember.map((member) => [...members, member])),
    }).map((value) => ({ type: 'conversation', conversation: value }))],
    ['39', 'gaps that are none', spoilt(gap, { conversationId: noId, after: fc.oneof(aBadPoint, anything.filter((value) => value !== null)), before: fc.oneof(aBadPoint, anything.filter((value) => value !== null)) })],
    ['39', 'gaps that end before they begin, or where they do', backwards.map((ends) => ({ ...gap, ...ends }))],
    ['34', 'resets and cursors that are none', fc.oneof(spoilt({ type: 'reset', conversationId: 'c', epoch: 1 }, { conversationId: noId, epoch: fc.oneof(aBadNumber, anything.filter((value) => !Number.isSafeInteger(value))) }), fc.record({ type: fc.constant('cursor'), cursor: noText }))],
    ['34, 42', 'states, typing and presence that are none', fc.oneof(
      fc.record({ type: fc.constant('state'), state: fc.oneof(anything, fc.record({ status: fc.oneof(anything, fc.constantFrom('Online', 0)) })) }), spoilt({ type: 'typing', conversationId: 'c', by: 'ada', on: true }, { conversationId: noId, by: noId, on: noFlag }),
      spoilt({ type: 'presence', userId: 'ada', presence: 'online' }, { userId: noId, presence: fc.oneof(anything, fc.constantFrom('away', 1)) }),
    )],
  ])('%s: %s are dropped and counted', async (_class, _title, bad) => {
    await bringDropped(await start(), some(bad), ({ type }) => `${type as string}/malformed`)
  }, 60_000)

  it('34: events of types unheard of are dropped and counted', async () => {
    const unheard = fc.oneof(fc.string(), fc.constantFrom(...HOSTILE)).filter((type) => !/^(state|conversation|member|message|edited|recalled|deleted|reacted|receipt|typing|presence|gap|reset|cursor)$/.test(type))
    await bringDropped(await start(), some(fc.record({ type: unheard, conversationId: fc.constant('c'), message: anything })), 'event/unknown')
  }, 60_000)

  it('45: objects that throw when they are looked at are dropped and counted', async () => {
    const bad = fc.constantFrom(['gap', 'conversationId'], ['gap', 'after'], ['member', 'member'], ['conversation', 'conversation'], ['gap', 'type']).map(([type, field]) => throwing({ type, conversationId: 'c', after: at(2), before: at(4) }, field!))
    await bringDropped(await start(), some(bad), 'event/malformed')
  }, 60_000)
})

describe('twice, and out of order', () => {
  it('37: one id with many bodies is the message that came first', async () => {
    const scene = await start()
    await bring(scene, some(fc.string()).map((body) => ({ type: 'message', message: { ...text(2), localId: 'l2', body: { kind: 'text', text: body } } })))
    expect(scene.dropped).toEqual([])
  }, 60_000)

  it('38: many messages at one number stand side by side, in one order', async () => {
    const scene = await start()
    const ids = [...new Set(some(fc.stringMatching(/^[a-z]{1,6}$/)))]
    for (const id of ids) scene.emit({ type: 'message', message: { ...text(7), id, localId: id, at: { epoch: 0, order: 7, id } } })
    await dealtWith(scene)
    expect((await stateOf(scene)).rows.slice(5).map(({ ids: [id] }) => id)).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)))
  }, 60_000)
})
