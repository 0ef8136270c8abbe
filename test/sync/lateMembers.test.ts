/** News of a member that were overtaken by a roster, or by later news of the same member. */
import { createChatClient, type ChatClient, type Member } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { at as placeOf, RANGES, start, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

let client: ChatClient
afterEach(() => client?.dispose())

const at = (order: number) => ({ epoch: 0, order, id: '' })
const bo = (...times: readonly (readonly [number | null, number | null])[]): Member => ({ userId: 'bo', role: 'member', intervals: times.map(([from, to]) => ({ joinedAt: from === null ? null : at(from), leftAt: to === null ? null : at(to) })) })

async function told(roster: Member, late: readonly Member[], isOfAll = false): Promise<Member> {
  const wire = scriptedTransport()
  client = createChatClient({ userId: 'ada', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [roster], rosterComplete: true } })
  if (isOfAll) wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: late, rosterComplete: true } })
  else for (const member of late) wire.emit({ type: 'member', conversationId: 'c', member })
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', title: 'told' } })
  await vi.waitFor(() => expect(client.getState().conversations[0]?.title).toBe('told'))
  return (await client.getMembers('c'))[0]!
}

it.each([
  ['that they joined, after they left', bo([3, 9]), bo([3, null])],
  ['that they left, after they came back', bo([3, 9], [12, null]), bo([3, 9])],
  ['that they joined, after they left and came back', bo([null, 9], [12, 20]), bo([null, null])],
])('[I10] %s changes nothing', async (_, roster, late) => {
  expect(await told(roster, [late])).toEqual(roster)
})

it.each([
  ['that they left', bo([3, null]), bo([3, 9])],
  ['that they came back', bo([3, 9]), bo([3, 9], [12, null])],
  ['times that were put right', bo([3, 9]), bo([4, null])],
  ['another role at the same times', bo([3, 9]), { ...bo([3, 9]), role: 'admin' } as Member],
])('[I10] %s is taken', async (_, roster, next) => {
  expect(await told(roster, [next])).toEqual(next)
})

it.each([
  ['that somebody left, after they came back, changes nothing', bo([3, 9], [12, null]), bo([3, 9]), bo([3, 9], [12, null])],
  ['that somebody left is taken', bo([3, 9], [12, null]), bo([3, 9], [12, 20]), bo([3, 9], [12, 20])],
  ['that somebody who had left is back is taken', bo([3, 9]), bo([3, 9], [12, null]), bo([3, 9], [12, null])],
])('[I10] [RS8] a conversation that is told again, and says %s', async (_, roster, late, expected) => {
  expect(await told(roster, [late], true)).toEqual(expected)
})

it.each([
  ['who left while the roster was fetched, page by page, is not brought back by it', [bo([3, null])], bo([3, 9]), bo([3, null]), bo([3, 9])],
  ['who came while it was fetched and left again is not brought back either', [], bo([3, 9]), bo([3, null]), bo([3, 9])],
  ['a roster that knows more than what was told meanwhile is taken', [bo([3, null])], bo([3, 9]), bo([3, 9], [12, null]), bo([3, 9], [12, null])],
  ['what was known before the roster was asked for, and a server that was restored has forgotten, is not news', [bo([3, 9])], null, bo([3, null]), bo([3, null])],
])('[I10] %s', async (_, known, meanwhile, roster, expected) => {
  const wire = scriptedTransport()
  let answer!: () => void
  const isAsked = new Promise<void>((asked) => {
    wire.members = async (_id, { cursor }) => {
      if (cursor === undefined) return { items: [roster], next: '2' }
      asked()
      await new Promise<void>((resolve) => (answer = resolve))
      return { items: [{ ...bo([null, null]), userId: 'ada' }] }
    }
  })
  wire.conversations = async () => ({ items: [{ id: 'c', kind: 'group', members: known }] })
  client = createChatClient({ userId: 'ada', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  await client.start()
  await isAsked
  if (meanwhile) wire.emit({ type: 'member', conversationId: 'c', member: meanwhile })
  answer()
  await vi.waitFor(() => expect(client.getState().conversations[0]?.rosterComplete).toBe(true))
  expect((await client.getMembers('c')).find(({ userId }) => userId === 'bo')).toEqual(expected)
})

it('[I10] who leaves in the moment in which the roster is stored is not brought back by it', async () => {
  const wire = scriptedTransport()
  const storage = memoryStorage()
  const write = storage.write.bind(storage)
  wire.conversations = async () => ({ items: [{ id: 'c', kind: 'group', members: [bo([3, null])] }] })
  wire.members = async () => {
    // The next transaction is that of the roster: what comes now is stored before it.
    storage.write = async (fn, how) => {
      storage.write = write
      wire.emit({ type: 'member', conversationId: 'c', member: bo([3, 9]) })
      await vi.waitFor(async () => expect((await storage.read((tx) => tx.members.list('c')))[0]).toEqual(bo([3, 9])))
      return write(fn, how)
    }
    return { items: [bo([3, null])] }
  }
  client = createChatClient({ userId: 'ada', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  await client.start()
  await vi.waitFor(() => expect(client.getState().conversations[0]?.rosterComplete).toBe(true))
  expect(await client.getMembers('c')).toEqual([bo([3, 9])])
})

it.each([
  ['takes back nothing', bo([null, 5], [8, null]), bo([null, 5]), bo([null, 5], [8, null])],
  ['brings nobody back', bo([null, 5], [8, 9]), bo([null, 5], [8, null]), bo([null, 5], [8, 9])],
  ['that knows more than what was told meanwhile is taken', bo([null, 5]), bo([null, 5], [8, null]), bo([null, 5], [8, null])],
])('[I10] a list of conversations that was asked for before news of a member came %s', async (_, meanwhile, listed, expected) => {
  const wire = scriptedTransport()
  let answer!: () => void
  const isAsked = new Promise<void>((asked) => {
    wire.conversations = async () => {
      asked()
      await new Promise<void>((resolve) => (answer = resolve))
      return { items: [{ id: 'c', kind: 'group', members: [listed], rosterComplete: true }] }
    }
  })
  client = createChatClient({ userId: 'ada', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  await client.start()
  await isAsked
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [bo([null, 5])] } })
  wire.emit({ type: 'member', conversationId: 'c', member: meanwhile })
  answer()
  await vi.waitFor(() => expect(client.getState().conversations[0]?.rosterComplete).toBe(true))
  expect(await client.getMembers('c')).toEqual([expected])
})

it.each([['as soon as it begins anew', false], ['later', true]])('[I10] [RS8] whose leaving a server has forgotten that was restored is waited for, told %s', async (_, isLater) => {
  const scene = await start({ dense: true, delivered: RANGES, read: RANGES }, { history: async () => ({ messages: [], contiguousTo: null }) })
  const told = async (...events: readonly object[]) => {
    for (const event of events) scene.wire.emit(event as never)
    await scene.storage.read((tx) => tx.members.list('c'))
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  const news = (member: Member) => ({ type: 'member', conversationId: 'c', member })
  await scene.bring(text(1))
  await told(news(bo([null, 2])))
  // While it is stored, what follows waits, and is stored together.
  const other = { type: 'conversation', conversation: { id: 'd', kind: 'group' } }
  const begun = { type: 'reset', conversationId: 'c', epoch: 1 }
  await (isLater ? told(begun).then(() => told(news(bo([null, null])))) : told(other, begun, news(bo([null, null]))))
  await scene.bring(text(3, { from: 'me', at: placeOf(1, 1, 'm3') }))
  await told({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', upTo: placeOf(1, 1, 'm3') })
  const row = scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === 'l3')!
  await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row)).toMatchObject({ read: 1, of: 2 }))
  expect(scene.client.readStates('c').getStatus(row)).not.toBe('read')
  // What happened since is known to this server, and may still be overtaken.
  const gone: Member = { ...bo([null, null]), intervals: [{ joinedAt: null, leftAt: placeOf(2, 1, '') }] }
  await told(news(gone), news(bo([null, null])))
  expect((await scene.client.getMembers('c')).find(({ userId }) => userId === 'bo')).toEqual(gone)
})

it('[I10] [RS8] [RS13] who left and came back is a member, whatever is told again of their leaving after a server was restored', async () => {
  const scene = await start({ dense: true, inOrder: true, delivered: RANGES, read: RANGES, catchUp: 'cursor' }, { history: async () => ({ messages: [], contiguousTo: null }) })
  const news = (userId: string, ...intervals: (readonly [number | null, number | null])[]) => scene.wire.emit({ type: 'member', conversationId: 'c', member: { ...bo(...intervals), userId } })
  await scene.bring(text(1))
  for (const userId of ['me', 'bo']) {
    news(userId, [null, 2])
    news(userId, [null, 2], [3, null])
  }
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(4, { at: placeOf(1, 1, 'm4') }))
  for (const userId of ['me', 'bo']) news(userId, [null, 2])
  await scene.bring(text(5, { from: 'me', at: placeOf(2, 1, 'm5') }))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', upTo: placeOf(2, 1, 'm5') })
  const readStates = scene.client.readStates('c')
  const mine = () => scene.client.messages('c').getSnapshot().messages.at(-1)!
  await vi.waitFor(() => expect(readStates.getTally(mine())).toMatchObject({ read: 1 }))
  expect([readStates.getTally(mine()), readStates.getStatus(mine()), scene.unread()]).toMatchObject([{ read: 1, of: 2 }, 'sent', 2])
})
