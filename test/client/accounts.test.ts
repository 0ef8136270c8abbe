import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type TabChannel } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeLocks } from '../sync/fakeLocks.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** One browser: its databases, its locks and its channels. */
function browser() {
  const indexedDB = new IDBFactory()
  const locks = fakeLocks()
  const channels = new Set<{ readonly name: string; readonly hear: (message: unknown) => void }>()
  const kept = new Map<string, string>()
  function openChannel(name: string): TabChannel {
    const listeners = new Set<(message: unknown) => void>()
    const own = { name, hear: (message: unknown) => listeners.forEach((listener) => listener(message)) }
    channels.add(own)
    return {
      post: (message) => {
        for (const other of channels) if (other !== own && other.name === name) setImmediate(() => other.hear(structuredClone(message)))
      },
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close: () => channels.delete(own),
    }
  }
  return {
    indexedDB, kept,
    async open(userId: string, hub: ReturnType<typeof memoryHub>) {
      const client = createChatClient({
        userId, transport: hub.transport(), storage: dexieStorage({ indexedDB, IDBKeyRange }),
        ports: { locks: locks.tab(), openChannel, keepsakes: { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) } },
      })
      running.push(client)
      const errors: string[] = []
      client.on('error', ({ code }) => errors.push(code))
      await client.start()
      return { client, errors }
    },
  }
}

describe('[I26] two accounts in one browser', () => {
  it('the second sees and sends nothing of the first; what the first kept is sent when it is back', async () => {
    const [hub, machine] = [memoryHub(), browser()]
    const ada = await machine.open('ada', hub)
    await ada.client.ensureConversation(PAIR)
    await vi.waitFor(() => expect(ada.client.getState().connection.status).toBe('online'))
    hub.setOnline('ada', false)
    await vi.waitFor(() => expect(ada.client.getState().connection.status).toBe('offline'))
    await ada.client.send(PAIR.id, say('from ada'))
    await ada.client.signOut({ data: 'keep' })
    expect([ada.client.getState().phase, ada.client.getState().conversations]).toEqual(['stopped', []])
    hub.setOnline('ada', true)

    const eve = await machine.open('eve', hub)
    await vi.waitFor(() => expect(eve.client.getState().connection.status).toBe('online'))
    expect(eve.client.getState().conversations).toEqual([])
    expect((await eve.client.diagnostics()).outbox).toEqual([])
    expect(hub.log(PAIR.id)).toEqual([])
    await eve.client.signOut({ data: 'wipe' })

    const again = await machine.open('ada', hub)
    await vi.waitFor(() => expect(hub.log(PAIR.id).map(({ from, body }) => [from, (body as { text: string }).text])).toEqual([['ada', 'from ada']]))
    expect(again.errors).toEqual([])
  })

  it('signing out in one tab signs out in all, and a wipe leaves no database', async () => {
    const [hub, machine] = [memoryHub(), browser()]
    const [one, two] = [await machine.open('ada', hub), await machine.open('ada', hub)]
    await one.client.ensureConversation(PAIR)
    await vi.waitFor(() => expect(two.client.getState().conversations).toHaveLength(1))
    await one.client.signOut({ data: 'wipe' })
    await vi.waitFor(() => expect(two.client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } }))
    await expect(two.client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'client/notStarted' })
    expect([...machine.kept.keys()]).toEqual([])
    expect([one.errors, two.errors]).toEqual([[], []])
  })
})

describe.each([
  ['memory', () => memoryStorage()],
  ['dexie', () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })],
] as const)('[I26] an app with one storage for all accounts that starts the next while the one before is still ending, over %s', (kind, makeStorage) => {
  function scene() {
    const storage = makeStorage()
    const kept = new Map<string, string>()
    return async (userId: string) => {
      const wire = scriptedTransport()
      wire.answer = () => new Promise(() => {})
      wire.close = () => new Promise((resolve) => setTimeout(resolve, 100))
      const client = createChatClient({ userId, transport: wire, storage, ports: { locks: null, openChannel: () => null, keepsakes: { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) } } })
      running.push(client)
      return client
    }
  }
  const seen = async (client: ChatClient) => [client.getState().phase, client.getState().storage.status, client.getState().conversations.map(({ id }) => id), (await client.diagnostics()).outbox.length]
  const ready = kind === 'memory' ? 'memory' : 'ready'

  it.each(['stop', 'keep'] as const)('goes on with the next (%s)', async (how) => {
    const make = scene()
    const [ada, eve] = [await make('ada'), await make('eve')]
    await ada.ensureConversation({ ...PAIR, id: 'of ada' })
    await ada.start()
    await ada.send('of ada', say('mine'))
    const ending = how === 'stop' ? ada.stop() : ada.signOut({ data: 'keep' })
    await eve.ensureConversation({ ...PAIR, id: 'of eve', members: ['eve', 'bo'] })
    await eve.start()
    await ending
    await eve.send('of eve', say('mine'))
    expect(await seen(eve)).toEqual(['running', ready, ['of eve'], 1])
    expect(ada.getState()).toMatchObject({ phase: 'stopped', conversations: [] })
    await eve.stop()
    await ada.start()
    expect(await seen(ada)).toEqual(['running', ready, ['of ada'], 1])
    // It is theirs again.
    await ada.signOut({ data: 'wipe' })
    expect(ada.getState().storage.status).toBe('closed')
  })

  it('deletes nothing of the next, and what was to be deleted with the next start', async () => {
    const make = scene()
    for (const who of ['eve', 'ada']) {
      const client = await make(who)
      await client.ensureConversation({ ...PAIR, id: `of ${who}`, members: [who, 'bo'] })
      await client.start()
      await client.send(`of ${who}`, say('mine'))
      await client.stop()
    }
    const [ada, eve] = [await make('ada'), await make('eve')]
    await ada.start()
    const leaving = expect(ada.signOut({ data: 'wipe' })).rejects.toMatchObject({ code: 'storage/blocked', retryable: true })
    await eve.start()
    await leaving
    expect(await seen(eve)).toEqual(['running', ready, ['of eve'], 1])
    expect(ada.getState()).toMatchObject({ phase: 'stopped', conversations: [] })
    await eve.stop()
    await ada.start()
    // Rows in memory have no name by which a later start would know them.
    if (kind === 'dexie') expect(await seen(ada)).toEqual(['running', ready, [], 0])
  })
})
