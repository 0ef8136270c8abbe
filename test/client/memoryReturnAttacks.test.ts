/** What is done, and what comes, while the database would not open: joined to it as if it had been there. */
import { IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, type ChatClient, type ChatStorage, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { faultyFactory } from '../storage/faultyFactory.js'
import { scriptedTransport, type ScriptedTransport } from '../sync/scriptedTransport.js'
import { startInMemory } from './startInMemory.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

const incoming = (order: number, more: object = {}) => ({ type: 'message', message: { conversationId: TEAM.id, id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `bo ${order}` }, ...more } }) as const
const edited = (id: string, words: string, time: number) => ({ type: 'edited', conversationId: TEAM.id, id, body: { kind: 'text', text: words }, time }) as const

interface Scene {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  rows(): readonly Message[]
  texts(): readonly string[]
}

function clientOf(storage: ChatStorage, wire: ScriptedTransport): Scene {
  const client = createChatClient({ userId: 'ada', transport: wire, storage, ports: { locks: null, openChannel: () => null, keepsakes: null } })
  running.push(client)
  const source = client.messages(TEAM.id)
  source.subscribe(() => {})
  const rows = () => source.getSnapshot().messages
  return { client, wire, rows, texts: () => rows().map(({ body }) => (body as { text: string }).text) }
}

/** @param before - while there was a database @param meanwhile - while it would not open */
async function through(before: (scene: Scene) => Promise<void>, meanwhile: (scene: Scene) => Promise<void>, more: Partial<ScriptedTransport> = {}): Promise<Scene & { readonly storage: ChatStorage }> {
  const factory = faultyFactory()
  const clock: FakeClock = createFakeClock()
  const storage = () => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock })
  const first = clientOf(storage(), scriptedTransport())
  await first.client.ensureConversation(TEAM)
  await first.client.start()
  await vi.waitFor(() => expect(first.client.getState().connection.status).toBe('online'))
  await before(first)
  await first.client.stop()
  const second = storage()
  const wire = Object.assign(scriptedTransport(), more)
  const connect = vi.spyOn(wire, 'connect')
  const scene = clientOf(second, wire)
  await scene.client.ensureConversation(TEAM)
  await startInMemory(scene.client, factory, clock)
  await meanwhile(scene)
  factory.onOpen = null
  clock.advance(10_000)
  await vi.waitFor(() => expect(scene.client.getState()).toMatchObject({ phase: 'running', storage: { status: 'ready' } }), 5_000)
  await vi.waitFor(() => expect(connect).toHaveBeenCalledTimes(2), 5_000)
  return { ...scene, storage: second }
}

const oneOfMine = async ({ wire, texts }: Scene) => {
  wire.emit(incoming(1, { from: 'ada' }))
  await vi.waitFor(() => expect(texts()).toEqual(['bo 1']))
}

it('an edit that came meanwhile stays, and one that comes later is taken', async () => {
  const { wire, texts } = await through(oneOfMine, async (scene) => {
    await oneOfMine(scene)
    scene.wire.emit(edited('m1', 'edited', 50))
    await vi.waitFor(() => expect(scene.texts()).toEqual(['edited']))
  })
  await vi.waitFor(() => expect(texts()).toEqual(['edited']))
  wire.emit(edited('m1', 'edited', 50))
  wire.emit(edited('m1', 'again', 60))
  await vi.waitFor(() => expect(texts()).toEqual(['again']))
})

it('what is edited, reacted to and recalled there is shown, and is done', async () => {
  const done: string[] = []
  const { rows, storage } = await through(
    async (scene) => {
      for (const order of [1, 2, 3]) scene.wire.emit(incoming(order, { from: 'ada' }))
      await vi.waitFor(() => expect(scene.rows()).toHaveLength(3))
    },
    async (scene) => {
      for (const order of [1, 2, 3]) scene.wire.emit(incoming(order, { from: 'ada' }))
      await vi.waitFor(() => expect(scene.rows()).toHaveLength(3))
      scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
      await scene.client.edit(TEAM.id, 'm1', { kind: 'text', text: 'mine' })
      await scene.client.react(TEAM.id, 'm2', '👍', true)
      await scene.client.react(TEAM.id, 'm2', '👍', false)
      await scene.client.react(TEAM.id, 'm2', '👍', true)
      await scene.client.recall(TEAM.id, 'm3')
    },
    { edit: async () => void done.push('edit'), react: async (_c, _id, _emoji, on) => void done.push(`react ${on}`), recall: async () => void done.push('recall') },
  )
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.list({ lane: 'intent' }))).toEqual([]))
  expect(done).toEqual(['edit', 'react true', 'react false', 'react true', 'recall'])
  await vi.waitFor(() => expect(rows().map(({ body, reactions, recalledAt }) => [(body as { text: string }).text, reactions?.length ?? 0, recalledAt !== undefined])).toEqual([['mine', 0, false], ['bo 2', 1, false], ['bo 3', 0, true]]))
})

it('a message that was taken there, and has no place yet, is there', async () => {
  const { rows } = await through(async () => {}, async ({ client, wire, rows: shown }) => {
    wire.answer = async ({ localId }) => ({ localId, id: 'x' })
    await client.send(TEAM.id, { body: { kind: 'text', text: 'hello' } })
    await vi.waitFor(() => expect(shown().map(({ ids }) => ids)).toEqual([['x']]))
  })
  await vi.waitFor(() => expect(rows().map(({ ids, outgoing }) => [ids, outgoing])).toEqual([[['x'], undefined]]))
})

it('[I26] what could not be joined is gone with a wipe: it does not come into the database made after it', async () => {
  const factory = faultyFactory()
  const clock = createFakeClock()
  const inner = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock })
  let isFull = true
  const storage: ChatStorage = {
    ...inner,
    get name() {
      return inner.name
    },
    write: (fn, options) => (isFull && inner.getState().status === 'ready' ? Promise.reject(new ChatError('storage/full', 'No room.', { retryable: true })) : inner.write(fn, options)),
  }
  const { client, rows } = clientOf(storage, scriptedTransport())
  await client.ensureConversation(TEAM)
  await startInMemory(client, factory, clock)
  await client.send(TEAM.id, { body: { kind: 'text', text: 'secret' } })
  factory.onOpen = null
  clock.advance(10_000)
  await vi.waitFor(() => expect(client.getState().phase).toBe('stopped'), 5_000)
  await client.signOut({ data: 'wipe' })
  isFull = false
  await client.start()
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ phase: 'running', conversations: [] }))
  expect(rows()).toEqual([])
})
