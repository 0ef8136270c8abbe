/** Faults of the world around a client that no single part sees: clocks, lost news, a commit nobody heard of, a power cut. Numbers as in `test/faults.test.ts`. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, type ChatClient, type ChatStorage, type Message, type Ports, type TabChannel } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeChannels } from '../sync/fakeChannels.js'
import { fakeLocks } from '../sync/fakeLocks.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const textOf = ({ body }: Pick<Message, 'body'>) => (body as { text: string }).text
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

async function open(hub: Hub, storage: ChatStorage, ports: Partial<Ports> = {}) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage, policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null, ...ports } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  return { client, rows: () => source.getSnapshot().messages, texts: () => source.getSnapshot().messages.map(textOf) }
}

const logged = (hub: Hub) => hub.log(PAIR.id).map(textOf)
const online = (client: ChatClient) => vi.waitFor(() => expect(client.getState().connection.status).toBe('online'), 5_000)

it('[F12] a clock that is set a day back and forth in the middle of everything changes no order, loses no try and no read', async () => {
  const hub = memoryHub()
  const clock = createFakeClock()
  const { client, texts, rows } = await open(hub, memoryStorage({ clock }), { clock })
  await vi.waitFor(async () => {
    await clock.advanceAsync(50)
    expect(client.getState().connection.status).toBe('online')
  })
  // The answers to the first are lost, so that tries wait while the clock jumps.
  hub.faults.add({ on: 'send', do: 'refuse', stored: 'maybe', retry: 'yes', times: 2 })
  const expected: string[] = []
  for (const [i, jump] of [86_400_000, -2 * 86_400_000, 3_600_000, -3_600_000, 86_400_000].entries()) {
    await client.send(PAIR.id, say(`mine ${i}`))
    expected.push(`mine ${i}`)
    clock.shiftWallClock(jump)
  }
  expect(texts()).toEqual(expected)
  await vi.waitFor(async () => {
    await clock.advanceAsync(5_000)
    expect(logged(hub)).toEqual(expected)
  }, { timeout: 5_000, interval: 1 })
  await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'theirs' })
  await vi.waitFor(async () => {
    await clock.advanceAsync(100)
    expect(texts()).toEqual([...expected, 'theirs'])
    expect(client.getState().conversations[0]?.unread).toEqual({ count: 1, exact: true })
  })
  clock.shiftWallClock(-86_400_000)
  await client.markRead(rows().slice(-1))
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 0, exact: true })
  await vi.waitFor(async () => {
    await clock.advanceAsync(1_000)
    expect((await client.diagnostics()).outbox).toEqual([])
  })
})

it('[F12] a message written while the clock is a day ahead does not hold its conversation at the top once the back end has said when it was', async () => {
  const hub = memoryHub()
  const clock = createFakeClock()
  const { client } = await open(hub, memoryStorage({ clock }), { clock })
  await client.ensureConversation({ ...PAIR, id: 'other' })
  const wait = (check: () => void) => vi.waitFor(async () => {
    await clock.advanceAsync(100)
    check()
  }, 5_000)
  await wait(() => expect(client.getState().connection.status).toBe('online'))
  hub.setOnline('ada', false)
  await wait(() => expect(client.getState().connection.status).toBe('offline'))
  clock.shiftWallClock(86_400_000)
  for (const text of ['one', 'two']) await client.send(PAIR.id, say(text))
  clock.shiftWallClock(-86_400_000)
  hub.setOnline('ada', true)
  await wait(() => expect(logged(hub)).toEqual(['one', 'two']))
  const order = () => client.getState().conversations.map(({ id }) => id)
  await wait(() => expect(client.getState().pendingCount).toBe(0))
  await hub.post({ conversationId: 'other', from: 'bo', body: 'now', time: Date.now() + 1_000 })
  await wait(() => expect(order()).toEqual(['other', 'pair']))
  expect(client.getState().conversations.map(({ lastActivityAt }) => lastActivityAt)).toEqual(client.getState().conversations.map(({ lastMessage }) => lastMessage?.time))
})

it('[F13] [F15] timers that fire once a minute, and a night of sleep: everything is sent and told all the same, once', async () => {
  const hub = memoryHub()
  const clock = createFakeClock()
  /** As a browser treats the timers of a page that was hidden for minutes. */
  const clamped: typeof clock = { ...clock, setTimer: (fn, delayMs) => clock.setTimer(fn, Math.ceil((clock.monotonic() + delayMs) / 60_000) * 60_000 - clock.monotonic()) }
  const { client, rows } = await open(hub, memoryStorage({ clock: clamped }), { clock: clamped })
  const wait = (check: () => unknown) => vi.waitFor(async () => {
    await clock.advanceAsync(60_000)
    await check()
  }, 5_000)
  await wait(() => expect(client.getState().connection.status).toBe('online'))
  for (let i = 0; i < 3; i++) await hub.post({ conversationId: PAIR.id, from: 'bo', body: `theirs ${i}` })
  await wait(() => expect(rows()).toHaveLength(3))
  hub.faults.add({ on: 'send', do: 'dropAnswer', times: 1 })
  hub.faults.add({ on: 'report', do: 'dropAnswer', times: 1 })
  await client.send(PAIR.id, say('before the night'))
  await client.markRead(rows().filter(({ from }) => from === 'bo'))
  clock.sleep(8 * 3_600_000)
  await client.send(PAIR.id, say('after the night'))
  await wait(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  expect(logged(hub).filter((text) => text.includes('night'))).toEqual(['before the night', 'after the night'])
  const [read] = hub.readStates(PAIR.id, '').filter(({ by, kind }) => by === 'ada' && kind === 'read')
  expect(read?.upTo?.order ?? read?.ranges?.at(-1)?.to.order).toBe(3)
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 0, exact: true })
})

it('[I16] [F17] what is read in two tabs at once, and on another device, is told once by each device', async () => {
  const [hub, indexedDB, locks, channels] = [memoryHub(), new IDBFactory(), fakeLocks(), fakeChannels()]
  let reports = 0
  hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: ({ report }) => {
    if ((report as { kind?: string } | undefined)?.kind === 'read') reports += 1
    return false
  } })
  const visibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }
  const tab = () => open(hub, dexieStorage({ indexedDB, IDBKeyRange }), { locks: locks.tab(), openChannel: () => channels.open(), visibility })
  const seats = [await tab(), await tab(), await open(hub, memoryStorage(), { visibility })]
  await vi.waitFor(() => seats.forEach(({ client }) => expect(client.getState().connection.status).toBe('online')), 8_000)
  for (let i = 0; i < 5; i++) await hub.post({ conversationId: PAIR.id, from: 'bo', body: `theirs ${i}` })
  await vi.waitFor(() => seats.forEach(({ rows }) => expect(rows()).toHaveLength(5)), 8_000)
  await Promise.all(seats.flatMap(({ client, rows }) => [client.markRead(rows()), client.markRead(rows())]))
  await vi.waitFor(async () => {
    for (const { client } of seats) {
      expect(client.getState().conversations[0]?.unread).toEqual({ count: 0, exact: true })
      expect((await client.diagnostics()).outbox).toEqual([])
    }
  }, 8_000)
  expect(reports).toBeLessThanOrEqual(2)
  expect(reports).toBeGreaterThan(0)
}, 20_000)

it('[F19] news between tabs may be lost, come twice, late and in any order: both tabs end with the same, and what a following tab wrote is sent', async () => {
  const [hub, indexedDB, locks, channels] = [memoryHub(), new IDBFactory(), fakeLocks(), fakeChannels()]
  let n = 0
  /** Of six pieces of news one is lost, one comes twice, one late. */
  const unreliable = (): TabChannel => {
    const channel = channels.open()
    const late: unknown[] = []
    return {
      ...channel,
      post(news) {
        const turn = n++ % 6
        if (turn === 1) return
        if (turn === 3) return void late.push(news)
        channel.post(news)
        if (turn === 4) channel.post(news)
        for (const old of late.splice(0)) channel.post(old)
      },
    }
  }
  const clock = createFakeClock()
  const tab = () => open(hub, dexieStorage({ indexedDB, IDBKeyRange }), { locks: locks.tab(), openChannel: unreliable, clock, visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} } })
  const tabs = [await tab(), await tab()]
  const pass = (check: () => void) => vi.waitFor(async () => {
    await clock.advanceAsync(2_000)
    check()
  }, { timeout: 20_000, interval: 5 })
  await pass(() => expect(tabs[0]!.client.getState().connection.status).toBe('online'))
  for (let i = 0; i < 12; i++) {
    await tabs[i % 2]!.client.send(PAIR.id, say(`mine ${i}`))
    await hub.post({ conversationId: PAIR.id, from: 'bo', body: `theirs ${i}` })
  }
  await pass(() => {
    expect(logged(hub)).toHaveLength(24)
    for (const { texts } of tabs) expect(texts()).toEqual(logged(hub))
  })
  await tabs[1]!.client.markRead(tabs[1]!.rows())
  await pass(() => {
    for (const { client } of tabs) expect(client.getState().conversations[0]?.unread).toEqual({ count: 0, exact: true })
  })
  expect(logged(hub).filter((text) => text.startsWith('mine')).map((text) => Number(text.slice(5)) % 2 === 0 ? 'even' : 'odd')).toHaveLength(12)
}, 40_000)

it('[F32] a commit of which nobody hears is no second message: what was stored is known again, sent once, and shown', async () => {
  const hub = memoryHub()
  const clock = createFakeClock()
  const inner = dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })
  /** How many commits are not told: of what the user did, and of anything. */
  let [deafToMine, deaf] = [0, 0]
  const storage: ChatStorage = {
    ...inner,
    get name() {
      return inner.name
    },
    async write(fn, options) {
      const result = await inner.write(fn, options)
      if ((options?.durability === 'strict' && deafToMine-- > 0) || deaf-- > 0) throw new ChatError('storage/timeout', 'The write went through, and its completion was never told.', { retryable: true })
      return result
    },
  }
  const visibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }
  const { client, texts } = await open(hub, storage, { clock, visibility, locks: fakeLocks().tab() })
  const pass = (check: () => unknown) => vi.waitFor(async () => {
    await clock.advanceAsync(1_000)
    await check()
  }, { timeout: 10_000, interval: 5 })
  await pass(() => expect(client.getState().connection.status).toBe('online'))
  deafToMine = 1
  // The promise is broken, the message is there.
  await expect(client.send(PAIR.id, say('one'))).rejects.toMatchObject({ code: 'storage/timeout' })
  await client.send(PAIR.id, say('two'))
  await pass(() => expect(logged(hub)).toEqual(['one', 'two']))
  // Now the transactions that store the answers, and those that store what comes in.
  deaf = 4
  await client.send(PAIR.id, say('three')).catch(() => {})
  await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'theirs' })
  await pass(() => expect([...texts()].sort()).toEqual(['one', 'theirs', 'three', 'two']))
  await pass(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  expect([...logged(hub)].sort()).toEqual(['one', 'theirs', 'three', 'two'])
  expect(texts()).toEqual(logged(hub))
}, 30_000)

it('[F36] a power cut takes everything after the last strict write: what was promised is there, and the rest comes again', async () => {
  const hub = memoryHub()
  let disk = new IDBFactory()
  /** What lay on the disk at the last strict write. */
  let kept: Dump = {}
  const onDisk = (): ChatStorage => {
    const storage = dexieStorage({ indexedDB: disk, IDBKeyRange })
    return {
      ...storage,
      get name() {
        return storage.name
      },
      async write(fn, options) {
        const result = await storage.write(fn, options)
        if (options?.durability === 'strict') kept = await dump(disk)
        return result
      },
    }
  }
  const promised: string[] = []
  const promisedReads = new Set<string>()
  for (let round = 0; round < 6; round++) {
    // The lock goes with the power; what the lease says of its holder stays.
    const { client, texts, rows } = await open(hub, onDisk(), { locks: fakeLocks().tab() })
    await vi.waitFor(() => expect(promised.filter((text) => !texts().includes(text))).toEqual([]), 5_000)
    if (round % 2 === 0) await online(client)
    else hub.setOnline('ada', false)
    for (let i = 0; i < 3; i++) {
      await client.send(PAIR.id, say(`mine ${round}.${i}`))
      promised.push(`mine ${round}.${i}`)
      await hub.post({ conversationId: PAIR.id, from: 'bo', body: `theirs ${round}.${i}` })
    }
    const unread = rows().filter(({ from, localId }) => from === 'bo' && !promisedReads.has(localId))
    const read = unread.slice(0, 2)
    await client.markRead(read)
    for (const { localId } of read) promisedReads.add(localId)
    // The power goes: nothing more reaches the disk, and what lies on it is what the last strict write left.
    const last = kept
    await client.dispose()
    hub.setOnline('ada', true)
    disk = await restore(last)
  }
  const { client, texts, rows } = await open(hub, onDisk(), { locks: fakeLocks().tab() })
  await vi.waitFor(() => expect(logged(hub).filter((text) => text.startsWith('mine'))).toEqual(promised), 10_000)
  await vi.waitFor(() => expect(texts()).toEqual(logged(hub)), 10_000)
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), 10_000)
  expect(promisedReads.size).toBeGreaterThan(4)
  const bo = [...rows()].filter(({ from }) => from === 'bo')
  expect(client.getState().conversations[0]?.unread?.count).toBeLessThanOrEqual(bo.length - promisedReads.size)
}, 60_000)

/** Rows by table and key, with what makes the tables. */
type Dump = Readonly<Record<string, { readonly keyPath: string | string[] | null; readonly autoIncrement: boolean; readonly indexes: readonly { name: string; keyPath: string | string[]; unique: boolean; multiEntry: boolean }[]; readonly rows: readonly [IDBValidKey, unknown][] }>>
const NAME = 'readback/ada'

const answer = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

async function dump(factory: IDBFactory): Promise<Dump> {
  const database = await answer(factory.open(NAME))
  const transaction = database.transaction([...database.objectStoreNames])
  const tables = [...database.objectStoreNames].map(async (name) => {
    const store = transaction.objectStore(name)
    const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())])
    const indexes = [...store.indexNames].map((index) => store.index(index)).map(({ name: of, keyPath, unique, multiEntry }) => ({ name: of, keyPath, unique, multiEntry }))
    return [name, { keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, rows: keys.map((key, i) => [key, values[i]] as [IDBValidKey, unknown]) }] as const
  })
  const whole = Object.fromEntries(await Promise.all(tables))
  database.close()
  return whole
}

async function restore(whole: Dump): Promise<IDBFactory> {
  const factory = new IDBFactory()
  const request = factory.open(NAME, 10)
  request.onupgradeneeded = () => {
    for (const [name, { keyPath, autoIncrement, indexes, rows }] of Object.entries(whole)) {
      const store = request.result.createObjectStore(name, { keyPath, autoIncrement })
      for (const { name: of, keyPath: path, ...options } of indexes) store.createIndex(of, path, options)
      for (const [key, value] of rows) {
        if (keyPath === null) store.put(value, key)
        else store.put(value)
      }
    }
  }
  ;(await answer(request)).close()
  return factory
}
