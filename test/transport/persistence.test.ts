import { IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { systemRandom } from 'readback/core'
import { createFakeClock, transportCases } from 'readback/testing'
import { memoryHub, type Hub, type MemoryHubOptions } from 'readback/transport/memory'
import { connect, createTabs, DIRECT, draft, eventually, readUpTo } from './hubHarness.js'

// The database's library takes it from the page.
beforeEach(() => void vi.stubGlobal('IDBKeyRange', IDBKeyRange))

function origin() {
  const tabs = createTabs()
  const indexedDB = new IDBFactory()
  const hubs: Hub[] = []
  const open = (options: MemoryHubOptions = {}) => {
    const hub = memoryHub({ persist: true, indexedDB, ...tabs, ...options })
    hubs.push(hub)
    return hub
  }
  return { open, indexedDB, close: () => Promise.all(hubs.map((hub) => hub.dispose())) }
}

it('a message survives a reload, with its point, receipts and members; the sequence goes on', async () => {
  const { open } = origin()
  const before = open()
  await before.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const ann = await connect(before, 'ann')
  const first = await ann.transport.send(draft('one', 'l1'))
  await before.receipt({ by: 'bob', conversationId: 'c' })
  const cursor = ann.of('cursor').at(-1)!.cursor
  const states = before.readStates('c', 'ann')
  await before.dispose()
  const after = open()
  const again = await connect(after, 'ann', cursor)
  expect(after.getState()).toEqual({ storage: 'ready' })
  expect(after.log('c')).toMatchObject([{ id: first.id, at: first.at, localId: 'l1' }])
  expect(after.readStates('c', 'ann')).toEqual(states)
  expect(await again.transport.send(draft('one', 'l1'))).toMatchObject({ id: first.id, repeat: true })
  expect((await again.transport.send(draft('two'))).at).toMatchObject({ epoch: 0, order: 2 })
  await after.dispose()
})

it('a database that a backup took back begins a new epoch for who has seen more: nothing new is born read', async () => {
  const { open, indexedDB } = origin()
  const before = open({ name: 'h' })
  await before.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const ann = await connect(before, 'ann')
  for (const text of ['one', 'two', 'three']) await before.post({ from: 'bob', conversationId: 'c', body: text })
  await ann.transport.report(readUpTo(before.log('c')[2]!.at))
  const seen = ann.of('cursor').at(-1)!.cursor
  await before.dispose()
  await loseRowsFrom(indexedDB, 'h', 4)
  const after = open({ name: 'h' })
  const again = await connect(after, 'ann', seen)
  const next = await after.post({ from: 'bob', conversationId: 'c', body: 'new' })
  await eventually(() => again.of('message').some(({ message }) => message.id === next.id), 'ann has the new one')
  expect(again.of('reset')).toMatchObject([{ conversationId: 'c', epoch: 1 }])
  expect(next.at).toMatchObject({ epoch: 1, order: 1 })
  await after.dispose()
})

it('I28 a hub whose handle to its database died (every request fails until it is opened again) opens another one', async () => {
  const { indexedDB } = origin()
  const handles: IDBDatabase[] = []
  const dead = new Set<IDBDatabase>()
  const factory = {
    open(name: string, version?: number) {
      const opening = indexedDB.open(name, version)
      opening.addEventListener('success', () => {
        const database = opening.result
        const transaction = database.transaction.bind(database)
        handles.push(database)
        database.transaction = ((...of: Parameters<typeof transaction>) => {
          if (dead.has(database)) throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
          return transaction(...of)
        }) as typeof database.transaction
      })
      return opening
    },
  } as IDBFactory
  const hub = memoryHub({ persist: true, name: 'h', indexedDB: factory, ...createTabs() })
  await hub.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  await hub.post({ from: 'bob', conversationId: 'c', body: 'one' })
  dead.add(handles[0]!)
  await hub.post({ from: 'bob', conversationId: 'c', body: 'two' }).catch(() => {})
  await hub.post({ from: 'bob', conversationId: 'c', body: 'three' })
  expect(hub.log('c').map(({ body }) => body.kind === 'text' && body.text)).toEqual(expect.arrayContaining(['one', 'three']))
  expect(hub.getState()).toEqual({ storage: 'ready' })
  await hub.dispose()
})

function loseRowsFrom(indexedDB: IDBFactory, name: string, seq: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('journal', 'readwrite')
      transaction.objectStore('journal').delete(IDBKeyRange.lowerBound(seq))
      transaction.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
}

it('accepted means stored: a hub that vanishes after the answer has lost nothing', async () => {
  const { open, close } = origin()
  const before = open()
  await before.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const ann = await connect(before, 'ann')
  const sent = await Promise.all(Array.from({ length: 50 }, (_, n) => ann.transport.send(draft(`m${n}`))))
  const after = open()
  await after.ready()
  expect(after.log('c').map((message) => message.id)).toEqual(sent.map(({ id }) => id))
  await close()
})

it('two tabs that send at the same time share one sequence, and each hears the other', async () => {
  const { open, close } = origin()
  const [left, right] = [open(), open()]
  await left.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const [ann, bob] = [await connect(left, 'ann'), await connect(right, 'bob')]
  const all = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? ann : bob).transport.send(draft(`m${n}`)))
  const orders = (await Promise.all(all)).map(({ at }) => at!.order).sort((a, b) => a - b)
  expect(orders).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
  await eventually(() => bob.of('message').length === 20 && ann.of('message').length === 20, 'each has the other\'s twenty')
  const newest = left.log('c').at(-1)!
  await bob.transport.report(readUpTo(newest.at))
  await eventually(() => ann.of('receipt').some((receipt) => receipt.by === 'bob' && receipt.upTo?.order === 40), 'ann knows that bob read it')
  expect(left.log('c')).toEqual(right.log('c'))
  await close()
})

it('the same draft sent by two tabs at once is one message', async () => {
  const { open, close } = origin()
  const [left, right] = [open(), open()]
  await left.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const [one, two] = [await connect(left, 'ann'), await connect(right, 'ann')]
  const [a, b] = await Promise.all([one.transport.send(draft('x', 'same')), two.transport.send(draft('x', 'same'))])
  expect(a.id).toBe(b.id)
  expect([a.repeat, b.repeat].filter(Boolean)).toHaveLength(1)
  await close()
})

it('typing and presence reach other tabs', async () => {
  const { open, close } = origin()
  const [left, right] = [open(), open()]
  await left.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const [ann, bob] = [await connect(left, 'ann'), await connect(right, 'bob')]
  await eventually(() => ann.of('presence').at(-1)?.presence === 'online' && bob.of('presence').at(-1)?.presence === 'online', 'each sees the other')
  await ann.transport.typing!('c', true)
  await eventually(() => bob.of('typing').length === 1, 'bob sees ann typing')
  await right.dispose()
  await eventually(() => ann.of('presence').at(-1)?.presence === 'offline', 'ann sees bob go with his tab')
  await close()
})

it('a bot acts in one tab only, and the next tab takes over when that one closes', async () => {
  const { open, close } = origin()
  // The same haste in both tabs: if both acted, both would answer at the same time.
  const random = { next: () => 0, id: systemRandom.id }
  const [left, right] = [open({ random }), open({ random })]
  await left.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  for (const hub of [left, right]) hub.addBot({ userId: 'bob', delivers: 1, reads: 5, replies: (text) => `re: ${text}` })
  const ann = await connect(right, 'ann')
  await ann.transport.send(draft('one'))
  await eventually(() => ann.of('message').length > 0, 'the bot answered')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(ann.of('message')).toHaveLength(1)
  await left.dispose()
  await ann.transport.send(draft('two'))
  await eventually(() => ann.of('message').length > 1, 'the bot answered from the other tab')
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(ann.of('message').map(({ message }) => message.body)).toEqual([{ kind: 'text', text: 're: one' }, { kind: 'text', text: 're: two' }])
  await close()
}, 15_000)

it('without a database it works in this tab and says so', async () => {
  const hub = memoryHub({ persist: true, indexedDB: null, openChannel: () => null, locks: null })
  const told: string[] = []
  hub.subscribe(() => told.push(hub.getState().storage))
  await hub.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const ann = await connect(hub, 'ann')
  expect((await ann.transport.send(draft('one'))).at).toMatchObject({ order: 1 })
  expect(told).toEqual(['unavailable'])
  expect(hub.getState().warning).toBe('The hub "readback-hub" has no database (this browser offers no IndexedDB). It works in this tab until the tab is closed.')
  await hub.dispose()
})

it('a write that the database refuses is no acceptance: the send may be tried again, and nothing of it remains', async () => {
  const { open, indexedDB, close } = origin()
  const hub = open()
  await hub.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const [ann, bob] = [await connect(hub, 'ann'), await connect(hub, 'bob')]
  const first = await ann.transport.send(draft('one', 'l1'))
  const restore = refuseWrites(indexedDB)
  await expect(ann.transport.send(draft('two', 'l2'))).rejects.toMatchObject({ code: 'transport/server', stored: 'no', retry: 'yes' })
  expect(hub.getState().storage).toBe('failing')
  restore()
  expect(hub.log('c').map((message) => message.id)).toEqual([first.id])
  expect(await ann.transport.send(draft('two', 'l2'))).toMatchObject({ at: { order: 2 } })
  expect(hub.getState().storage).toBe('ready')
  await eventually(() => bob.of('message').length === 2, 'bob has both')
  await close()
})

function refuseWrites(factory: IDBFactory): () => void {
  void factory
  const prototype = IDBObjectStore.prototype
  const add = prototype.add
  prototype.add = function refuse() {
    throw new DOMException('no space', 'QuotaExceededError')
  }
  return () => { prototype.add = add }
}

it('rows that were cleared under a running hub are written again', async () => {
  const { open, indexedDB, close } = origin()
  const hub = open()
  await hub.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  await hub.post({ from: 'ann', conversationId: 'c', body: 'one' })
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase('readback-hub')
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
  await hub.post({ from: 'ann', conversationId: 'c', body: 'two' })
  const next = open()
  await next.ready()
  expect(next.log('c').map((message) => message.body)).toEqual([{ kind: 'text', text: 'one' }, { kind: 'text', text: 'two' }])
  await close()
})

describe('the suite of transports, each device in a tab of its own', () => {
  const cases = transportCases({
    capabilities: memoryHub().transport().capabilities,
    cannot: ['passLong', 'stall', 'wrongClock', 'expiredToken', 'shortToken', 'replayLimit'],
    async open() {
      const { open, close } = origin()
      const hubs: Hub[] = []
      const owner = new Map<object, Hub>()
      return {
        transport() {
          const hub = open()
          const transport = hub.transport()
          hubs.push(hub)
          owner.set(transport, hub)
          return transport
        },
        drop: (transport) => owner.get(transport)!.setOnline(transport, false),
        restore: (transport) => owner.get(transport)!.setOnline(transport, true),
        swallowAnswer: (transport) => void owner.get(transport)!.faults.add({ on: 'send', do: 'disconnect' }),
        reset: (conversationId) => hubs[0]!.reset(conversationId, { loseLast: 1 }),
        close: async () => void (await close()),
      }
    },
  })
  for (const { title, run } of cases) it(title, run, 20_000)
})

it('on a server, with a bot and nobody there, nothing is opened that would keep the process alive', async () => {
  const opened: string[] = []
  const hub = memoryHub({ persist: true, indexedDB: null, openChannel: (name) => (opened.push(name), null), locks: { request: async (name) => void opened.push(name) } })
  hub.addBot({ userId: 'bob' })
  await hub.ready()
  await Promise.resolve()
  expect(opened).toEqual([])
  await hub.dispose()
})

it('a tab that is gone without a word is not there for ever, and one that only stands idle stays', async () => {
  const { open, close } = origin()
  const [near, crashing] = [createFakeClock(), createFakeClock()]
  const left = open({ clock: near })
  await left.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  const ann = await connect(left, 'ann')
  const right = open({ clock: crashing })
  await connect(right, 'bob')
  const presence = () => ann.of('presence').at(-1)?.presence
  await eventually(() => presence() === 'online', 'ann sees bob')
  for (let passed = 0; passed < 10; passed += 1) {
    await crashing.advanceAsync(20_000)
    await near.advanceAsync(20_000)
  }
  expect(presence()).toBe('online')
  // From here on the other tab's clock stands still, as that of a tab that crashed.
  await near.advanceAsync(60_000)
  expect(presence()).toBe('online')
  await near.advanceAsync(40_000)
  expect(presence()).toBe('offline')
  await close()
})

it('does not grow with every receipt: what later ones make superfluous goes, and who read, and when, stays as it was', async () => {
  const { open, indexedDB, close } = origin()
  const clock = createFakeClock()
  const hub = open({ clock })
  await hub.seed({ conversation: { ...DIRECT, members: ['ann', 'bob'] }, messages: Array.from({ length: 6_000 }, (_, n) => ({ from: 'ann', body: `m${n}`, time: n })) })
  const away = await connect(hub, 'ann')
  const cursor = away.of('cursor').at(-1)!.cursor
  await away.transport.close()
  const log = hub.log('c')
  for (let n = 0; n < 6_000; n += 1) {
    clock.advance(10)
    await hub.receipt({ by: 'bob', conversationId: 'c', upTo: log[n]!.at })
  }
  const rows = await countRows(indexedDB, hub.name)
  expect(rows).toBeLessThan(4_100)
  const readersOf = async (which: Hub, n: number) => {
    const ann = await connect(which, 'ann')
    const { items } = await ann.transport.readers!('c', log[n]!.id, { limit: 10 })
    await ann.transport.close()
    return items
  }
  const before = [await readersOf(hub, 10), await readersOf(hub, 5_990)]
  expect(before).toMatchObject([[{ userId: 'bob', kind: 'read', time: null }], [{ userId: 'bob', kind: 'read' }]])
  expect(before[1]![0]!.time).not.toBeNull()

  const again = open({ clock })
  await again.ready()
  expect(again.readStates('c', 'ann')).toEqual(hub.readStates('c', 'ann'))
  expect([await readersOf(again, 10), await readersOf(again, 5_990)]).toEqual(before)
  // Who was away since before it learns the whole all the same.
  const back = await connect(again, 'ann', cursor)
  await eventually(() => back.of('receipt').some((receipt) => receipt.upTo?.order === 6_000), 'ann knows that bob read it all')
  expect(back.of('message')).toEqual([])
  await close()
}, 60_000)

async function countRows(indexedDB: IDBFactory, name: string): Promise<number> {
  const ask = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no rows'))
  })
  const database = await ask(indexedDB.open(name))
  const count = await ask(database.transaction('journal').objectStore('journal').count())
  database.close()
  return count
}
