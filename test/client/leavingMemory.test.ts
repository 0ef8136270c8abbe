/** A tab in memory, and the moment at which the database opens after all: what was under way in memory ends there, and touches no row of the database. */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type Accepted, type ChatClient, type ChatStorage, type TabChannel } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { faultyFactory, openPlain } from '../storage/faultyFactory.js'
import { scriptedTransport, type ScriptedTransport } from '../sync/scriptedTransport.js'
import { startInMemory } from './startInMemory.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

function clientOf(storage: ChatStorage, wire: ScriptedTransport): ChatClient {
  const client = createChatClient({ userId: 'ada', transport: wire, storage, ports: { locks: null, openChannel: () => null, keepsakes: null } })
  running.push(client)
  return client
}

/** A database with a message that could not be sent yet, and then a client that goes on in memory. */
async function scene(wire: ScriptedTransport) {
  const factory = faultyFactory()
  const clock = createFakeClock()
  const open = () => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock })
  const first = clientOf(open(), { ...scriptedTransport(), connect: async () => {} })
  await first.ensureConversation(TEAM)
  await first.start()
  await first.send(TEAM.id, say('from before'))
  await first.stop()
  const storage = open()
  const client = clientOf(storage, wire)
  await client.ensureConversation(TEAM)
  await startInMemory(client, factory, clock)
  const comeBack = () => {
    factory.onOpen = null
    clock.advance(10_000)
  }
  return { client, storage, factory, comeBack }
}

it('[I19] an answer to what was sent in memory takes nothing out of the outbox of the database, whose numbers are others', async () => {
  const wire = scriptedTransport()
  let answer: (accepted: Accepted) => void = () => {}
  wire.answer = ({ localId }) => new Promise((resolve) => (answer = () => resolve({ localId, id: `id-${localId}`, at: { epoch: 0, order: 1, id: `id-${localId}` }, time: 1 })))
  let closed: () => void = () => {}
  wire.close = () => new Promise<void>((resolve) => (closed = resolve))
  const { client, storage, comeBack } = await scene(wire)
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  await client.send(TEAM.id, say('in memory'))
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  comeBack()
  await vi.waitFor(() => expect(storage.getState().status).toBe('ready'))
  answer(undefined as never)
  await new Promise((resolve) => setTimeout(resolve, 50))
  wire.answer = scriptedTransport().answer
  closed()
  wire.close = async () => {}
  await vi.waitFor(() => expect(client.getState().phase).toBe('running'), 5_000)
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.list({ lane: 'intent' }))).toEqual([]))
  await vi.waitFor(() => expect([...new Set(wire.sent.map(({ body }) => (body as { text: string }).text))].sort()).toEqual(['from before', 'in memory']))
})

it('[I34] how far the wire had told in memory is not noted in the database before what it told is there', async () => {
  const wire = scriptedTransport()
  let closed: () => void = () => {}
  wire.close = () => new Promise<void>((resolve) => (closed = resolve))
  const { client, storage, comeBack } = await scene(wire)
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const source = client.messages(TEAM.id)
  source.subscribe(() => {})
  wire.emit({ type: 'message', message: { conversationId: TEAM.id, id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, from: 'bo', localId: 'l1', time: 1, body: { kind: 'text', text: 'told in memory' } } })
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  wire.emit({ type: 'cursor', cursor: 'after m1' })
  comeBack()
  await vi.waitFor(() => expect(storage.getState().status).toBe('ready'))
  await new Promise((resolve) => setTimeout(resolve, 200))
  // The page dies here: the next one asks the wire from where these rows say.
  const left = await storage.read(async (tx) => ({ cursor: await tx.meta.get('cursor'), rows: (await tx.messages.page({ conversationId: TEAM.id, limit: 9 })).length }))
  expect(left).toEqual({ cursor: undefined, rows: 0 })
  closed()
})

it('[I19] [I30] a tab in memory stays there when a newer version of the app has taken the database over: what is written is still sent, and could not be joined', async () => {
  const wire = scriptedTransport()
  const { client, storage, factory, comeBack } = await scene(wire)
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  ;(await openPlain(factory, 'readback/ada', 990)).close()
  const opened = vi.fn()
  factory.onOpen = null
  client.on('state', ({ storage: { status } }) => opened(status))
  comeBack()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await client.send(TEAM.id, say('in memory'))
  await vi.waitFor(() => expect(wire.sent.map(({ body }) => (body as { text: string }).text)).toEqual(['in memory']))
  expect([storage.getState().status, opened.mock.calls.flat().filter((status) => status !== 'memory')]).toEqual(['memory', []])
})

/** Channels between the tabs of one browser. */
function channels() {
  const open = new Set<{ readonly name: string; readonly hear: Set<(message: unknown) => void> }>()
  return (name: string): TabChannel => {
    const own = { name, hear: new Set<(message: unknown) => void>() }
    open.add(own)
    return {
      post: (message) => void setImmediate(() => open.forEach((other) => other !== own && other.name === name && other.hear.forEach((tell) => tell(message)))),
      subscribe: (listener) => (own.hear.add(listener), () => own.hear.delete(listener)),
      close: () => open.delete(own),
    }
  }
}

it.each([['the others', 0], ['itself', 1]] as const)('[I26] a tab that had to go on in memory is signed out with the others: by %s', async (_, who) => {
  const openChannel = channels()
  const factory = faultyFactory()
  const clock = createFakeClock()
  const tab = (own: Partial<ChatClient['ports']> = {}) => {
    const client = createChatClient({ userId: 'ada', transport: scriptedTransport(), storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock }), ports: { locks: null, openChannel, keepsakes: null, ...own } })
    running.push(client)
    return client
  }
  const [one, two] = [tab(), tab()]
  await one.ensureConversation(TEAM)
  await one.start()
  await two.ensureConversation(TEAM)
  await startInMemory(two, factory, clock)
  await two.send(TEAM.id, say('secret'))
  // What is told of rows is of the others' rows.
  await one.ensureConversation({ ...TEAM, id: 'other' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(two.getState().conversations.map(({ id }) => id)).toEqual([TEAM.id])
  await [one, two][who]!.signOut({ data: 'keep' })
  await vi.waitFor(() => expect([one, two].map((each) => [each.getState().phase, each.getState().conversations.length])).toEqual([['stopped', 0], ['stopped', 0]]), 3_000)
})
