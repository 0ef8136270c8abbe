import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type Transport } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeLocks } from '../sync/fakeLocks.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

async function start(userId: string, transport: Transport, options: Partial<Parameters<typeof createChatClient>[0]> = {}): Promise<ChatClient> {
  const client = createChatClient({ userId, transport, storage: memoryStorage(), ports: { locks: null, openChannel: () => null }, ...options })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  return client
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000 })

describe('who is there', () => {
  it('is told, follows how they wish to be seen, and is unknown without a connection', async () => {
    const hub = memoryHub()
    const ada = await start('ada', hub.transport())
    await until(() => expect(ada.getPresence('bo')).toBe('offline'))
    const bo = await start('bo', hub.transport())
    await until(() => expect(ada.getPresence('bo')).toBe('online'))
    expect(ada.getPresence('ada')).toBe('online')

    bo.setPresence('unavailable')
    await until(() => expect(ada.getPresence('bo')).toBe('unavailable'))
    expect(bo.getPresence('bo')).toBe('unavailable')
    hub.disconnect('bo')
    // Told again after the connect, though the hub forgot it.
    await until(() => expect(bo.getState().connection.status).toBe('online'))
    await until(() => expect(ada.getPresence('bo')).toBe('unavailable'))

    hub.setOnline('ada', false)
    await until(() => expect(ada.getPresence('bo')).toBeNull())
    await bo.stop()
    hub.setOnline('ada', true)
    await until(() => expect(ada.getPresence('bo')).toBe('offline'))
  })

  it('tells subscribers, everybody of one turn at once', async () => {
    const transport = scriptedTransport()
    const ada = await start('ada', transport)
    await until(() => expect(ada.getState().caughtUp).toBe(true))
    const heard = vi.fn()
    ada.subscribe(heard)
    for (let n = 0; n < 1_000; n += 1) transport.emit({ type: 'presence', userId: `user-${n}`, presence: 'online' })
    await until(() => expect(ada.getPresence('user-999')).toBe('online'))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('is unknown where the wire does not tell, and what is no presence is nobody there', async () => {
    const mute = await start('ada', scriptedTransport({ presence: false }))
    await until(() => expect(mute.getState().connection.status).toBe('online'))
    expect(mute.getPresence('bo')).toBeNull()
    const transport = scriptedTransport()
    const ada = await start('ada', transport)
    await until(() => expect(ada.getState().connection.status).toBe('online'))
    transport.emit({ type: 'presence', userId: '__proto__', presence: 'everywhere' as never })
    await Promise.resolve()
    expect(ada.getPresence('__proto__')).toBe('offline')
  })
})

describe('two tabs of one account', () => {
  const makeTabs = async () => {
    const hub = memoryHub()
    const indexedDB = new IDBFactory()
    const locks = fakeLocks()
    const channels = new Set<(message: unknown) => void>()
    const openChannel = () => {
      const own = new Set<(message: unknown) => void>()
      const hear = (message: unknown) => own.forEach((listener) => listener(message))
      channels.add(hear)
      return {
        post: (message: unknown) => channels.forEach((each) => each !== hear && queueMicrotask(() => each(structuredClone(message)))),
        subscribe(listener: (message: unknown) => void) {
          own.add(listener)
          return () => void own.delete(listener)
        },
        close: () => void channels.delete(hear),
      }
    }
    const tab = () => start('ada', hub.transport(), { storage: dexieStorage({ indexedDB, IDBKeyRange }), ports: { locks: locks.tab(), openChannel } })
    const leading = await tab()
    await until(() => expect(leading.getState().connection.status).toBe('online'))
    return { hub, leading, tab, bo: await start('bo', hub.transport()) }
  }

  it('know the same, also one that was opened later, and one that takes the lead', async () => {
    const { hub, leading, tab, bo } = await makeTabs()
    const following = await tab()
    expect((await following.diagnostics()).leader).toBe(false)
    await until(() => expect(following.getPresence('bo')).toBe('online'))
    bo.setPresence('unavailable')
    await until(() => expect([leading, following].map((each) => each.getPresence('bo'))).toEqual(['unavailable', 'unavailable']))

    following.setPresence('unavailable')
    await until(() => expect([leading.getPresence('ada'), bo.getPresence('ada')]).toEqual(['unavailable', 'unavailable']))
    const late = await tab()
    await until(() => expect(late.getPresence('ada')).toBe('unavailable'))
    await leading.stop()
    await until(() => expect(bo.getPresence('ada')).toBe('unavailable'))
    await until(() => expect(following.getPresence('bo')).toBe('unavailable'))
    await hub.dispose()
  })
})

describe('who is typing', () => {
  const makeTyping = async () => {
    const clock: FakeClock = createFakeClock()
    const transport = scriptedTransport()
    const ada = await start('ada', transport, { ports: { locks: null, openChannel: () => null, clock } })
    await until(() => expect(ada.getState().connection.status).toBe('online'))
    const type = (on: boolean) => transport.emit({ type: 'typing', conversationId: 'pair', by: 'bo', on })
    return { clock, transport, ada, type, typing: () => ada.getTyping('pair') }
  }

  it('stops by itself when its end is never told, and goes on while it is repeated', async () => {
    const { clock, type, typing } = await makeTyping()
    type(true)
    expect(typing()).toEqual(['bo'])
    clock.advance(9_000)
    type(true)
    clock.advance(9_000)
    expect(typing()).toEqual(['bo'])
    clock.advance(1_000)
    expect(typing()).toEqual([])
  })

  it('keeps its list while nothing changed in it, and ends with the connection', async () => {
    const { transport, type, typing } = await makeTyping()
    type(true)
    const before = typing()
    type(true)
    expect(typing()).toBe(before)
    transport.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    expect(typing()).toEqual([])
  })
})
