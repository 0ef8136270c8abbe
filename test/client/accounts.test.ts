import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type TabChannel } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeLocks } from '../sync/fakeLocks.js'

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
