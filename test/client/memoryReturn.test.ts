/** What was done while the database would not open, once it does: joined to what is there, and to nobody else's. */
import { IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, type ChatClient, type ChatStorage, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { faultyFactory } from '../storage/faultyFactory.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'
import { startInMemory } from './startInMemory.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'eve', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

function machine() {
  const factory = faultyFactory()
  const clock = createFakeClock()
  return { factory, clock, storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock }) }
}

function clientOf(userId: string, storage: ChatStorage, wire = scriptedTransport()) {
  const client = createChatClient({ userId, transport: wire, storage, policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null, keepsakes: null } })
  running.push(client)
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  return { client, wire, errors }
}

async function comeBack(client: ChatClient, factory: ReturnType<typeof faultyFactory>, clock: FakeClock): Promise<void> {
  factory.onOpen = null
  clock.advance(10_000)
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ phase: 'running', storage: { status: 'ready' } }), 5_000)
}

const incoming = (order: number) => ({ type: 'message', message: { conversationId: TEAM.id, id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `bo ${order}` } } }) as const
const idle = async (client: ChatClient) => vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), 5_000)

it('[I26] what one account did in memory is not joined to the database of the next, and is there when it is back', async () => {
  const { factory, clock, storage } = machine()
  const ada = clientOf('ada', storage)
  await ada.client.ensureConversation(TEAM)
  await startInMemory(ada.client, factory, clock)
  await ada.client.send(TEAM.id, say('from ada'))
  await ada.client.signOut({ data: 'keep' })
  factory.onOpen = null

  const eve = clientOf('eve', storage)
  await eve.client.start()
  expect(eve.client.getState()).toMatchObject({ storage: { status: 'ready' }, conversations: [] })
  expect((await eve.client.diagnostics()).outbox).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(eve.wire.sent).toEqual([])
  await eve.client.signOut({ data: 'wipe' })

  const again = clientOf('ada', storage)
  await again.client.start()
  const source = again.client.messages(TEAM.id)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages.map(({ body }) => (body as { text: string }).text)).toEqual(['from ada']))
})

describe('[I28] the database opens after all', () => {
  it('[I18] who is told of reading stays as it was chosen in memory: nothing that was read in private is published', async () => {
    const { factory, clock, storage } = machine()
    const { client, wire } = clientOf('ada', storage)
    await client.ensureConversation(TEAM)
    await client.ensureConversation({ ...TEAM, id: 'other' })
    await startInMemory(client, factory, clock)
    await client.setReceipts('off')
    await client.setReceipts('private', 'other')
    wire.emit(incoming(1))
    const source = client.messages(TEAM.id)
    source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
    await comeBack(client, factory, clock)
    expect(client.getState().receipts).toBe('off')
    expect(client.getState().conversations.map(({ id, receipts }) => [id, receipts])).toEqual(expect.arrayContaining([['team', undefined], ['other', 'private']]))
    await client.markRead(source.getSnapshot().messages)
    await idle(client)
    expect(wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')).toEqual([])
  })

  it('a joining that breaks off and begins again queues nothing twice', async () => {
    const { factory, clock, storage } = machine()
    const ids = ['a', 'b', 'c']
    let failing = false
    let writes = 0
    const moody: ChatStorage = {
      ...storage,
      get name() {
        return storage.name
      },
      // The second of three conversations cannot be joined for a while.
      write: (fn, options) => storage.write(async (tx) => {
        const result = await fn(tx)
        if (failing && options?.durability === 'strict' && ++writes === 2) throw new ChatError('storage/full', 'It is full.', { retryable: true })
        return result
      }, options),
    }
    const { client, wire } = clientOf('ada', moody, { ...scriptedTransport(), connect: async () => {} })
    for (const id of ids) await client.ensureConversation({ ...TEAM, id })
    await startInMemory(client, factory, clock)
    for (const id of ids) {
      wire.emit({ type: 'message', message: { ...incoming(1).message, conversationId: id, id: `${id}1`, at: { epoch: 0, order: 1, id: `${id}1` } } })
      await client.send(id, say(`in ${id}`))
    }
    const source = client.messages('a')
    source.subscribe(() => {})
    const theirs = await vi.waitFor(() => {
      const row = source.getSnapshot().messages.find((each: Message) => each.from === 'bo')
      expect(row).toBeTruthy()
      return row!
    })
    await client.react('a', theirs.ids[0]!, '+', true)
    failing = true
    factory.onOpen = null
    clock.advance(10_000)
    await vi.waitFor(() => expect(writes).toBeGreaterThanOrEqual(2), 5_000)
    await vi.waitFor(() => expect(client.getState()).toMatchObject({ storage: { status: 'ready' }, phase: 'running' }), 10_000)
    const { outbox } = await client.diagnostics()
    expect(outbox.filter(({ lane }) => lane === 'intent').map(({ action }) => action).sort()).toEqual(['react', 'send', 'send', 'send'])
  }, 20_000)
})
