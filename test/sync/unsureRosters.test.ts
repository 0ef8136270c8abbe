/** Over a wire that replays nothing nobody tells who joined while this device was away: it is asked, and until it has answered nobody knows for whom a new message is. */
import { TransportError, type ChatStorage, type Member, type Paged, type TransportCapabilities } from 'readback/core'
import { expect, it, vi, type Mock } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { contextOf } from './contextOf.js'
import { at, RANGES, start, text, type Scene } from './oneReader.js'
import type { ScriptedTransport } from './scriptedTransport.js'

const ASKED: Partial<TransportCapabilities> = { dense: true, delivered: RANGES, read: RANGES, catchUp: 'none', receiptsCatchUp: 'none', members: true, conversations: true }
const member = (userId: string, joinedAt: number | null = null): Member => ({ userId, role: 'member', intervals: [{ joinedAt: joinedAt === null ? null : at(joinedAt, 0, ''), leftAt: null }] })
const read = (by: string, order: number) => ({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo: at(order) }) as const
const pause = () => new Promise((resolve) => setTimeout(resolve, 60))

/** Ada has read a message of mine; the connection was lost, Cat came, and the wire is being asked who there is. */
async function comeBack(kind: 'group' | 'direct' = 'group', before?: (storage: ChatStorage) => Promise<unknown>) {
  let answer: (roster: Promise<Paged<Member>>) => void = () => {}
  let isAway = false
  const known = ['me', 'ada', 'bo'].map((id) => member(id))
  const scene = await start(ASKED, {
    conversations: async () => ({ items: [{ id: 'c', kind }] }),
    members: async () => (isAway ? new Promise<Paged<Member>>((resolve) => (answer = resolve)) : { items: known }),
  })
  await scene.bring(text(1, { from: 'me' }))
  const row = (order: number) => scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === `l${order}`)!
  const readStates = scene.client.readStates('c')
  const shown = (order: number) => [readStates.getTally(row(order)), readStates.getStatus(row(order))]
  readStates.subscribe(() => {})
  await before?.(scene.storage)
  await pause()
  scene.wire.emit(read('ada', 1))
  await vi.waitFor(() => expect(shown(1)).toMatchObject([{ read: 1, of: 2 }, 'sent']))
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  isAway = true
  /** What was on screen of the first message since. */
  const seen = new Set<string>()
  readStates.subscribe(() => void seen.add(JSON.stringify(readStates.getTally(row(1)))))
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  await pause()
  return { ...scene, row, shown, seen, answer: (roster: Promise<Paged<Member>> = Promise.resolve({ items: [...known, member('cat', 2)] })) => answer(roster) }
}

it('[RS9] [RS11] of a message from then on there is no number, and its status does not rise; those before go on', async () => {
  const scene = await comeBack()
  await scene.bring(text(3, { from: 'me' }))
  for (const by of ['ada', 'bo']) scene.wire.emit(read(by, 3))
  await vi.waitFor(() => expect(scene.shown(1)).toMatchObject([{ read: 2, of: 2 }, 'read']))
  expect(scene.shown(3)).toEqual([{ tracked: false, reason: 'rosterUnknown' }, 'sent'])
  expect((await scene.client.receiptReport([scene.row(1), scene.row(3)])).untracked.map(({ message, reason }) => [message.localId, reason])).toEqual([['l3', 'rosterUnknown']])
  scene.answer()
  await vi.waitFor(() => expect(scene.shown(3)).toMatchObject([{ read: 2, of: 3 }, 'sent']))
  expect([scene.shown(1), [...scene.seen].filter((tally) => !tally.includes('"tracked":true'))]).toMatchObject([[{ read: 2, of: 2 }, 'read'], []])
})

it('[RS9] [RS28] who joined meanwhile, and reads before the wire has named them, is its reader', async () => {
  const scene = await comeBack()
  await scene.bring(text(3, { from: 'me' }))
  for (const by of ['ada', 'bo', 'cat']) scene.wire.emit(read(by, 3))
  await pause()
  scene.answer()
  await vi.waitFor(() => expect(scene.shown(3)).toMatchObject([{ read: 3, of: 3 }, 'read']))
  expect((await scene.client.diagnostics()).dropped).toEqual({})
})

it('[RS9] a second absence before the wire has answered takes nothing for known that was not', async () => {
  const scene = await comeBack()
  await scene.bring(text(3, { from: 'me' }))
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  for (const by of ['ada', 'bo']) scene.wire.emit(read(by, 3))
  await pause()
  expect(scene.shown(3)).toEqual([{ tracked: false, reason: 'rosterUnknown' }, 'sent'])
})

it('[RS9] a roster that comes with its conversation is as good', async () => {
  const scene = await comeBack()
  await scene.bring(text(3, { from: 'me' }))
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [member('cat', 2)] } })
  await pause()
  expect(scene.shown(3)).toEqual([{ tracked: false, reason: 'rosterUnknown' }, 'sent'])
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [member('cat', 2)], rosterComplete: true } })
  await vi.waitFor(() => expect(scene.shown(3)).toMatchObject([{ read: 0, of: 3 }, 'sent']))
})

it.each([['stays unknown', false], ['is whom the app named', true]])('[RS9] where the wire names members to nobody, who is in a group %s', async (_, isNamed) => {
  const scene = await comeBack('group', async (storage) => {
    if (isNamed) await storeEnsured(contextOf('me', storage), { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] })
  })
  await scene.bring(text(3, { from: 'me' }))
  scene.answer(Promise.reject(new TransportError('transport/forbidden', 'Only to admins.', { stored: 'no', retry: 'no' })))
  for (const by of ['ada', 'bo']) scene.wire.emit(read(by, 3))
  await vi.waitFor(async () => expect((await scene.client.diagnostics()).dropped).toEqual({ 'catchUp/transport/forbidden': 1 }))
  await pause()
  expect(scene.shown(3)).toMatchObject(isNamed ? [{ read: 2, of: 2 }, 'read'] : [{ tracked: false, reason: 'rosterUnknown' }, 'sent'])
})

it('[RS9] nobody joins a direct conversation', async () => {
  const scene = await comeBack('direct', (storage) => storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get('c'))!, kind: 'direct' }])))
  await scene.bring(text(3, { from: 'me' }))
  scene.wire.emit(read('ada', 3))
  await vi.waitFor(() => expect(scene.shown(3)).toMatchObject([{ read: 1 }, 'read']))
})

/** Bo had left before a server was restored that has forgotten it; the first that is heard of the epoch it began is this. */
async function restored(hear: (scene: Scene, members: Mock) => unknown) {
  let answer: (roster: Paged<Member>) => void = () => {}
  const people = ['me', 'ada', 'bo'].map((id) => member(id))
  const members = vi.fn(() => new Promise<Paged<Member>>((resolve) => (answer = resolve)))
  const scene = await start({ ...ASKED, catchUp: 'cursor', receiptsCatchUp: 'replay', conversations: false }, { members, history: async () => ({ messages: [], contiguousTo: null }) })
  scene.wire.emit({ type: 'member', conversationId: 'c', member: { ...member('bo'), intervals: [{ joinedAt: null, leftAt: at(2, 0, '') }] } })
  await scene.bring(text(3, { from: 'me' }))
  await hear(scene, members)
  scene.wire.emit({ ...read('ada', 4), upTo: at(2, 1, 'm4') })
  await pause()
  return { members, wire: scene.wire, shown: () => shownOf(scene, 'l4'), answer: () => answer({ items: people }) }
}

function shownOf({ client }: Scene, localId: string) {
  const readStates = client.readStates('c')
  const row = client.messages('c').getSnapshot().messages.find((each) => each.localId === localId)!
  return [readStates.getTally(row), readStates.getStatus(row)]
}

const UNKNOWN = [{ tracked: false, reason: 'rosterUnknown' }, 'sent']
const FIRST = text(4, { from: 'me', at: at(2, 1, 'm4') })
const RESET = { type: 'reset', conversationId: 'c', epoch: 1 } as const
const line = (value: unknown) => `${JSON.stringify(value)}\n`

it('[RS9] [RS31] a server that was restored may have forgotten who left: it is asked, and until then there is no number of what is sent from then on', async () => {
  const { members, shown, answer, wire } = await restored(async (scene, asked) => {
    expect(asked).not.toHaveBeenCalled()
    scene.wire.emit(RESET)
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1))
    await scene.bring(FIRST)
  })
  expect(shown()).toEqual(UNKNOWN)
  answer()
  await vi.waitFor(() => expect(shown()).toMatchObject([{ read: 1, of: 2 }, 'sent']))
  // It is told again with every connection, and asked for no more.
  wire.emit(RESET)
  await pause()
  expect([members.mock.calls.length, shown()]).toMatchObject([1, [{ read: 1, of: 2 }, 'sent']])
})

it.each<[string, (scene: Scene) => unknown]>([
  ['a message', ({ bring }) => bring(FIRST)],
  ['a message that came before word of it', async ({ bring, wire }) => {
    await bring(FIRST)
    wire.emit(RESET)
  }],
  ['word of it in one breath with a message', ({ bring, wire }) => {
    for (const event of [{ type: 'conversation', conversation: { id: 'c', kind: 'group' } } as const, RESET]) wire.emit(event)
    return bring(FIRST)
  }],
  ['where its conversation ends', ({ bring, wire }) => {
    wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: FIRST.at } })
    return bring(FIRST)
  }],
  ['a file', ({ client }) => client.importConversation([line({ readback: 1, by: 'me', conversation: { id: 'c', kind: 'group' }, gaps: [] }), line({ message: { ...FIRST, ids: ['m4'] } })])],
])('[RS9] [RS31] so it is where the first that is heard of the new epoch is %s', async (_, hear) => {
  const { members, shown, answer } = await restored(hear)
  expect([members.mock.calls.length, shown()]).toEqual([1, UNKNOWN])
  answer()
  await vi.waitFor(() => expect(shown()).toMatchObject([{ read: 1, of: 2 }, 'sent']))
})

it('[RS9] [RS31] nobody is asked where who is in it comes with word of the new epoch', async () => {
  const people = ['me', 'ada', 'bo'].map((id) => member(id))
  const { members, shown } = await restored(({ bring, wire }) => {
    wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: FIRST.at, members: people, rosterComplete: true } })
    return bring(FIRST)
  })
  expect([members.mock.calls.length, shown()]).toMatchObject([0, [{ read: 1, of: 2 }, 'sent']])
})

it('[RS9] [RS31] what comes late of an epoch before the first that was told here takes no number away', async () => {
  const members = vi.fn(() => new Promise<Paged<Member>>(() => {}))
  const scene = await start({ ...ASKED, catchUp: 'cursor', receiptsCatchUp: 'replay', conversations: false }, { members, history: async () => ({ messages: [], contiguousTo: null }) })
  await scene.bring(FIRST)
  await scene.bring(text(3, { from: 'me' }))
  await pause()
  expect([members.mock.calls.length, shownOf(scene, 'l4')]).toMatchObject([0, [{ read: 0, of: 2 }, 'sent']])
})

/** What the wire answered before a second absence comes after it. */
async function answeredLate(capabilities: Partial<TransportCapabilities>, ask: (answer: () => Promise<Paged<Member>>) => Partial<ScriptedTransport>) {
  const known = ['me', 'ada', 'bo'].map((id) => member(id))
  const answers: ((roster: Paged<Member>) => void)[] = []
  let isAway = false
  const scene = await start({ ...ASKED, ...capabilities }, ask(async () => (isAway ? new Promise<Paged<Member>>((resolve) => void answers.push(resolve)) : { items: known })))
  await scene.bring(text(1, { from: 'me' }))
  await pause()
  isAway = true
  for (let absence = 0; absence < 2; absence += 1) {
    scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    scene.wire.emit({ type: 'state', state: { status: 'online' } })
    await pause()
  }
  await scene.bring(text(3, { from: 'me' }))
  for (const by of ['ada', 'bo']) scene.wire.emit(read(by, 3))
  answers[0]!({ items: known })
  await pause()
  return { shown: () => shownOf(scene, 'l3'), answer: () => answers[1]!({ items: [...known, member('cat', 2)] }) }
}

const listing = (answer: () => Promise<Paged<Member>>) => async () => ({ items: [{ id: 'c', kind: 'group' as const, members: (await answer()).items, rosterComplete: true }] })

it.each<[string, Partial<TransportCapabilities>, (answer: () => Promise<Paged<Member>>) => Partial<ScriptedTransport>]>([
  ['asked for its members', {}, (answer) => ({ conversations: async () => ({ items: [{ id: 'c', kind: 'group' }] }), members: answer })],
  ['whose list tells them', { members: false }, (answer) => ({ conversations: listing(answer) })],
])('[RS9] what a wire %s answers late says nothing of who joined in a second absence', async (_, capabilities, ask) => {
  const { shown, answer } = await answeredLate(capabilities, ask)
  expect(shown()).toEqual(UNKNOWN)
  answer()
  await vi.waitFor(() => expect(shown()).toMatchObject([{ read: 2, of: 3 }, 'sent']))
})

it.each([
  ['nobody, who is in a group stays unknown', false, UNKNOWN],
  ['nobody, who is in a group is whom the app named', true, [{ read: 2, of: 2 }, 'read']],
])('[RS9] where a wire that replays nothing can be asked for %s', async (_, isNamed, expected) => {
  const scene = await start({ ...ASKED, members: false, conversations: false })
  await scene.bring(text(1, { from: 'me' }))
  if (isNamed) await storeEnsured(contextOf('me', scene.storage), { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] })
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  await pause()
  await scene.bring(text(3, { from: 'me' }))
  for (const by of ['ada', 'bo']) scene.wire.emit(read(by, 3))
  await pause()
  await vi.waitFor(() => expect(shownOf(scene, 'l3')).toMatchObject(expected))
})
