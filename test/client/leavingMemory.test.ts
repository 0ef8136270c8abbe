/** The moment at which the database opens after all: what was under way in memory ends there, and touches no row of the database. */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type Accepted, type ChatClient, type ChatStorage } from 'readback/core'
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
