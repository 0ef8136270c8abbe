/** Bad input of every other kind of event that a wire may bring: dropped and counted or refused with a code, what is here as it was, and what comes after it taken as if nothing had been. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { at, members, some, startEmpty, text, type Scene } from './badScene.js'

async function start(): Promise<Scene> {
  const scene = await startEmpty()
  const { client, emit } = scene
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete: true } })
  for (let order = 1; order <= 5; order += 1) emit({ type: 'message', message: text(order, order % 2 ? 'me' : 'ada') })
  await vi.waitFor(() => expect(client.messages('c').getSnapshot().messages).toHaveLength(5))
  return scene
}

const rowsOf = ({ storage }: Scene) => storage.read(async (tx) => ({ rows: await tx.messages.page({ conversationId: 'c', limit: 10_000 }), members: await tx.members.list('c'), quarantined: await tx.quarantine.list() }))

/** Hands the bad ones over and then a good message; nothing of what was here may have moved. */
async function bring(scene: Scene, events: readonly unknown[]): Promise<void> {
  const before = await rowsOf(scene)
  for (const event of events) scene.emit(event)
  scene.emit({ type: 'message', message: text(900) })
  await vi.waitFor(async () => expect((await rowsOf(scene)).rows.some(({ ids }) => ids.includes('m900'))).toBe(true), { timeout: 20_000 })
  const after = await rowsOf(scene)
  expect(after.rows.filter(({ ids }) => !ids.includes('m900'))).toEqual(before.rows)
  expect(after.members).toEqual(before.members)
  expect(after.quarantined).toEqual([])
  expect(scene.errors.filter((code) => !/^[a-z]+\/[a-zA-Z]+$/.test(code))).toEqual([])
  const shown = scene.client.messages('c').getSnapshot().messages
  expect(shown.map(({ ids }) => ids[0])).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm900'])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE)
}

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype)
const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true })
const noText = anything.filter((value) => typeof value !== 'string')
const noNumber = anything.filter((value) => typeof value !== 'number')
const aBadNumber = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e21, -1, '3', '003', null, {}, [], true, 3n)
const aBadPoint = fc.oneof(fc.record({ epoch: aBadNumber, order: fc.nat(5), id: fc.string() }), fc.record({ epoch: fc.nat(1), order: aBadNumber, id: fc.string() }), fc.record({ epoch: fc.nat(1), order: fc.nat(5), id: noText }))
const aTime = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, '2026-11-22', {}, null, 8.64e15 + 1, 5n)
const loop = (value: Record<string, unknown>, field: string) => Object.assign(value, { [field]: value })
const throwing = (value: object, field: string) => Object.defineProperty({ ...value }, field, { enumerable: true, get: () => { throw new Error('no') } })

const aMessage = (changes: Record<string, fc.Arbitrary<unknown>>) => fc.record(changes).map((change) => ({ type: 'message', message: { ...text(7), ...change } }))

describe('messages that cannot be', () => {
  it.each<[string, string, fc.Arbitrary<unknown>]>([
    ['34', 'that are none', anything.map((message) => ({ type: 'message', message }))],
    ['34', 'without an id or a sender', fc.oneof(aMessage({ id: noText }), aMessage({ from: noText }), aMessage({ conversationId: noText }))],
    ['34', 'whose body is none', aMessage({ body: anything })],
    ['35, 36', 'at places that are none', fc.oneof(aMessage({ at: aBadPoint }), aMessage({ at: anything }))],
    ['41', 'of impossible times', aMessage({ time: aTime })],
    ['44', 'made of themselves', fc.constantFrom('message', 'body', 'at').map((field) => ({ type: 'message', message: loop({ ...text(7) }, field === 'message' ? 'body' : field) }))],
    ['45', 'that throw when they are looked at', fc.constantFrom('id', 'at', 'from', 'body', 'time', 'conversationId').map((field) => ({ type: 'message', message: throwing(text(7), field) }))],
  ])('%s: %s are dropped and counted', async (_class, _title, bad) => {
    const scene = await start()
    const events = some(bad)
    await bring(scene, events)
    expect(scene.dropped.length).toBeGreaterThanOrEqual(events.length)
  }, 60_000)
})

describe('changes that cannot be', () => {
  const changed = (rest: Record<string, fc.Arbitrary<unknown>>) => fc.record({ conversationId: fc.constant('c'), id: fc.constantFrom('m1', 'm2', 'm3'), ...rest })
  it.each<[string, string, fc.Arbitrary<unknown>]>([
    ['34', 'edits with bodies that are none', changed({ type: fc.constant('edited'), body: anything, time: fc.constant(9_999) })],
    ['41', 'edits at impossible times', changed({ type: fc.constant('edited'), body: fc.constant({ kind: 'text', text: 'edited' }), time: aTime })],
    ['41', 'recalls at impossible times', changed({ type: fc.constant('recalled'), by: fc.constant('ada'), time: aTime })],
    ['41', 'deletions at impossible times', changed({ type: fc.constant('deleted'), by: fc.constant('ada'), time: aTime })],
    ['34', 'reactions that are none', changed({ type: fc.constant('reacted'), reaction: anything, on: fc.boolean() })],
    ['34', 'reactions by nobody or with nothing', changed({ type: fc.constant('reacted'), reaction: fc.oneof(fc.record({ emoji: noText, by: fc.constant('ada') }), fc.record({ emoji: fc.constant('+'), by: noText })), on: fc.constant(true) })],
    ['34', 'changes of messages that are none', fc.record({ type: fc.constantFrom('edited', 'recalled', 'deleted', 'reacted'), conversationId: anything, id: noText, body: anything, by: anything, reaction: anything, time: anything, on: anything })],
    ['31', 'changes of messages with hostile names', fc.record({ type: fc.constantFrom('edited', 'recalled', 'deleted', 'reacted'), conversationId: fc.constantFrom(...HOSTILE), id: fc.constantFrom(...HOSTILE), body: fc.constant({ kind: 'text', text: 'x' }), by: fc.constantFrom(...HOSTILE), reaction: fc.constant({ emoji: '__proto__', by: '__proto__' }), time: fc.constant(1), on: fc.constant(true) })],
    ['45', 'changes that throw when they are looked at', fc.constantFrom('conversationId', 'id', 'body', 'time').map((field) => throwing({ type: 'edited', conversationId: 'c', id: 'm1', body: { kind: 'text', text: 'x' }, time: 9_999 }, field))],
  ])('%s: %s change nothing', async (_class, _title, bad) => {
    const scene = await start()
    await bring(scene, some(bad))
  }, 60_000)
})

describe('rosters, places and the rest that cannot be', () => {
  it.each<[string, string, fc.Arbitrary<unknown>]>([
    ['34, 52', 'members that are none', fc.record({ type: fc.constant('member'), conversationId: fc.constant('c'), member: anything })],
    ['34, 52', 'memberships that are none', fc.record({ type: fc.constant('member'), conversationId: fc.constant('c'), member: fc.record({ userId: fc.constantFrom('ada', 'eve'), role: anything, intervals: fc.oneof(anything, fc.array(fc.record({ joinedAt: aBadPoint, leftAt: fc.constant(null) }), { minLength: 1 })) }) })],
    ['34', 'conversations that are none', fc.oneof(anything, fc.record({ id: noText, kind: fc.constant('group') })).map((conversation) => ({ type: 'conversation', conversation }))],
    ['34, 42', 'conversations of kinds, titles, heads and rosters that are none', fc.record({ id: fc.constant('c'), kind: noText, title: noText, head: aBadPoint, members: noNumber, rosterComplete: noNumber }).map((conversation) => ({ type: 'conversation', conversation }))],
    ['39', 'gaps that are none', fc.record({ type: fc.constant('gap'), conversationId: fc.constantFrom<unknown>('c', 5, null, {}), after: aBadPoint, before: fc.oneof(aBadPoint, anything) })],
    ['34', 'cursors, resets, states, typing and presence that are none', fc.oneof(
      fc.record({ type: fc.constant('reset'), conversationId: anything, epoch: anything }), fc.record({ type: fc.constant('typing'), conversationId: anything, by: anything, on: anything }), fc.record({ type: fc.constant('presence'), userId: anything, presence: anything }),
      fc.record({ type: fc.constant('cursor'), cursor: noText }),
    )],
    ['34', 'events of types unheard of', fc.record({ type: fc.string().filter((type) => !/^(state|conversation|member|message|edited|recalled|deleted|reacted|receipt|typing|presence|gap|reset|cursor)$/.test(type)), conversationId: fc.constant('c'), message: anything })],
    ['45', 'objects that throw when they are looked at', fc.constantFrom('conversationId', 'member', 'conversation', 'message').map((field) => throwing({ type: field === 'conversationId' ? 'gap' : field, conversationId: 'c' }, field))],
  ])('%s: %s change nothing', async (_class, _title, bad) => {
    const scene = await start()
    await bring(scene, some(bad))
  }, 60_000)
})

describe('too much, twice, and out of order', () => {
  it('37: one id with many bodies is the message that came first', async () => {
    const scene = await start()
    const before = await rowsOf(scene)
    for (const body of some(fc.string())) scene.emit({ type: 'message', message: { ...text(2), localId: 'l2', body: { kind: 'text', text: body } } })
    scene.emit({ type: 'message', message: text(900) })
    await vi.waitFor(async () => expect((await rowsOf(scene)).rows).toHaveLength(6))
    expect((await rowsOf(scene)).rows.slice(0, 5)).toEqual(before.rows)
  }, 60_000)

  it('38: many messages at one number stand side by side, in one order', async () => {
    const scene = await start()
    const ids = [...new Set(some(fc.stringMatching(/^[a-z]{1,6}$/)))]
    for (const id of ids) scene.emit({ type: 'message', message: { ...text(7), id, localId: id, at: { epoch: 0, order: 7, id } } })
    await vi.waitFor(async () => expect((await rowsOf(scene)).rows).toHaveLength(5 + ids.length), { timeout: 20_000 })
    expect((await rowsOf(scene)).rows.slice(5).map(({ ids: [id] }) => id)).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)))
  }, 60_000)

  it('33: ten megabytes in one batch, and in one receipt, end in rows or in a count, and what comes after is taken', async () => {
    const scene = await start()
    const large = 'x'.repeat(10_000)
    const batch = Array.from({ length: 1_000 }, (_, n) => ({ type: 'message', message: { ...text(10 + n % 200), localId: `l${10 + n % 200}`, body: { kind: 'text', text: large } } }))
    for (const event of batch) scene.emit(event)
    const ids = Array.from({ length: 500_000 }, (_, n) => `some-unknown-id-${n}`)
    const receipt = { type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published' }
    scene.emit({ ...receipt, ids })
    scene.emit({ ...receipt, ranges: ids.map((id, n) => ({ from: { epoch: 0, order: n, id }, to: { epoch: 0, order: n, id } })) })
    scene.emit({ type: 'message', message: text(900) })
    await vi.waitFor(async () => expect((await rowsOf(scene)).rows.some(({ ids: [id] }) => id === 'm900')).toBe(true), { timeout: 60_000, interval: 250 })
    expect(scene.dropped.filter((reason) => reason === 'receipt/malformed')).toHaveLength(2)
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
  }, 90_000)

  it('51: ten thousand members are a roster, and a receipt of one of them is one of ten thousand', async () => {
    const scene = await start()
    scene.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', rosterComplete: true, members: Array.from({ length: 10_000 }, (_, n) => ({ ...members[0]!, userId: n === 0 ? 'me' : `u${n}` })) } })
    scene.emit({ type: 'receipt', conversationId: 'c', by: 'u7', kind: 'read', visibility: 'published', upTo: at(5) })
    await vi.waitFor(async () => expect((await scene.storage.read((tx) => tx.readStates.list('c'))).map(({ memberId }) => memberId)).toContain('u7'), { timeout: 20_000 })
    expect(scene.client.readStates('c').getTally(scene.client.messages('c').getSnapshot().messages[0]!)).toEqual({ tracked: false, reason: 'tooLarge' })
  }, 60_000)
})
