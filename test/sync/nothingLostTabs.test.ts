/** Tabs, stops and writes at the worst moment: nothing is lost, nothing stands still, nothing is done twice. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, TransportError, type ChatClient, type ChatStorage } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readLease } from '../../src/sync/lease.js'
import { takeLead } from '../../src/sync/leadership.js'
import { fakeLocks } from './fakeLocks.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

const text = (words: string) => ({ body: { kind: 'text', text: words } }) as const
const file = { body: { kind: 'file', file: { name: 'notes.txt' } }, upload: new Blob(['bytes']) } as const
const settle = async (steps = 30) => {
  for (let step = 0; step < steps; step += 1) await new Promise((resolve) => setImmediate(resolve))
}

type Write = ChatStorage['write']

/** The same storage, in which the test may do something at each call. */
function watched(inner: ChatStorage, on: { readonly call?: () => void; readonly write?: (write: Write) => Write }): ChatStorage {
  const write = on.write?.(inner.write) ?? inner.write
  return {
    ...inner,
    get name() {
      return inner.name
    },
    read: (fn) => (on.call?.(), inner.read(fn)),
    write: (fn, options) => (on.call?.(), write(fn, options)),
  }
}

function wireWithActions(): ScriptedTransport {
  return Object.assign(scriptedTransport(), { edit: async () => {}, react: async () => {}, recall: async () => {} })
}

/** What somebody does in a minute; what is refused is not done again. */
async function aMinute(client: ChatClient): Promise<void> {
  const done: Promise<unknown>[] = [client.send(PAIR.id, text('one')), client.send(PAIR.id, file)]
  await Promise.allSettled(done)
  await settle()
  const message = client.messages(PAIR.id).getSnapshot().messages.find(({ ids }) => ids.length > 0)
  if (message) await Promise.allSettled([client.edit(PAIR.id, message.ids[0]!, { kind: 'text', text: 'two' }), client.react(PAIR.id, message.ids[0]!, '+', true), client.send(PAIR.id, text('three'))])
  await settle()
}

function clientOn(storage: ChatStorage, wire: ScriptedTransport, ports: object = {}): ChatClient {
  const client = createChatClient({ userId: 'ada', transport: wire, storage, attachments: { upload: async () => ({ url: 'https://files.example/1' }) }, ports: { locks: null, openChannel: () => null, random: { next: () => 0, id: () => `id${ids++}` }, ...ports } as never })
  running.push(client)
  client.messages(PAIR.id).subscribe(() => {})
  return client
}
let ids = 0

it('a client that is disposed of at any of its steps ends, leaves no timer, and says nothing more', async () => {
  let steps = 0
  for (let at = 1; ; at += 1) {
    const clock = createFakeClock()
    const wire = wireWithActions()
    let calls = 0
    const ended: Promise<void>[] = []
    const storage = watched(memoryStorage({ clock }), { call: () => void (++calls === at && ended.push(client.dispose())) })
    const client = clientOn(storage, wire, { clock })
    await client.ensureConversation(PAIR)
    await client.start().catch(() => {})
    await settle(10)
    await aMinute(client)
    if (ended.length === 0) break
    await Promise.all(ended)
    const said = wire.sent.length
    clock.advance(2_000)
    await settle(5)
    clock.advance(60_000)
    await settle(5)
    expect([at, clock.pending, wire.sent.length - said, client.getState().phase]).toEqual([at, 0, 0, 'stopped'])
    steps = at
  }
  expect(steps).toBeGreaterThan(30)
}, 120_000)

describe.each([['before it is kept', false], ['after it was kept', true]] as const)('a write that fails %s', (_, isKept) => {
  it('whichever it is, loses nothing and repeats nothing', async () => {
    let writes = 0
    for (let at = 1; ; at += 1) {
      let calls = 0
      let armed = false
      let failed = false
      const wire = wireWithActions()
      const inner = memoryStorage()
      const failure = () => new ChatError('storage/timeout', 'Late.', { retryable: true })
      const storage = watched(inner, {
        write: (write) => async (fn, options) => {
          if (!armed || ++calls !== at) return write(fn, options)
          failed = true
          await write(async (tx) => {
            await fn(tx)
            if (!isKept) throw failure()
          }, options)
          throw failure()
        },
      })
      const client = clientOn(storage, wire)
      await client.ensureConversation(PAIR)
      await client.start()
      await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
      await settle()
      armed = true
      await aMinute(client)
      await vi.waitFor(async () => expect(await inner.read((tx) => tx.outbox.list({ lane: 'intent' }))).toEqual([]), { timeout: 20_000 })
      await settle()
      const rows = await inner.read(async (tx) => [...(await tx.messages.page({ conversationId: PAIR.id, limit: 99 })), ...(await tx.messages.echoes(PAIR.id))])
      const sent = new Set(wire.sent.map(({ localId }) => localId))
      expect([at, rows.map(({ outgoing }) => outgoing).filter(Boolean), rows.map(({ localId }) => localId).toSorted()]).toEqual([at, [], [...sent].toSorted()])
      // What is stored is on screen; where the database did not say so, with the next look of a visible tab, a quarter of a minute later at most.
      if (!isKept) await vi.waitFor(() => expect(client.messages(PAIR.id).getSnapshot().messages.map(({ localId, outgoing }) => [localId, outgoing]).toSorted()).toEqual(rows.map(({ localId }) => [localId, undefined]).toSorted()), { timeout: 3_000 })
      await client.dispose()
      if (!failed) break
      writes = at
    }
    expect(writes).toBeGreaterThan(8)
  }, 120_000)
})

describe('the lead', () => {
  async function tabs(count: number, hold: Promise<void> | null = null) {
    const storage = memoryStorage({ clock: createFakeClock() })
    await storage.open('ada')
    const browser = fakeLocks()
    let held = hold
    let isFull = false
    const all = Array.from({ length: count }, (_, n) => {
      const clock = createFakeClock()
      const locks = browser.tab()
      let reigns = 0
      const own: ChatStorage = watched(storage, { write: (write) => async (fn, options) => {
        if (isFull) throw new ChatError('storage/full', 'No room.', { retryable: true })
        if (n === 0 && held) await held
        return write(fn, options)
      } })
      const tab = { clock, locks, leads: () => lead.isLeading(), reigns: () => reigns, fenced: null as ChatStorage | null }
      const lead = takeLead({ storage: own, locks, clock, random: { next: () => 0.3 + n / 10, id: () => `tab${n}` }, name: 'lead', onLead: (fenced) => { reigns += 1; tab.fenced = fenced; return () => {} } })
      return tab
    })
    const pass = async (ms: number, awake = all) => {
      for (let passed = 0; passed < ms; passed += 500) {
        for (const tab of awake) tab.clock.advance(500)
        await settle(10)
      }
    }
    const valid = async () => (await Promise.all(all.map(async ({ fenced, leads }) => leads() && fenced !== null && fenced.read(async () => true).catch(() => false)))).filter(Boolean).length
    return { all, pass, valid, lease: () => storage.read(readLease), letGo: () => void (held = null), fill: (full: boolean) => void (isFull = full) }
  }

  it('is taken from a tab that was frozen between the lock and the lease, and one leads when it wakes', async () => {
    let wake = () => {}
    const browser = await tabs(2, new Promise((resolve) => (wake = resolve)))
    await browser.pass(1_000)
    browser.all[0]!.locks.freeze()
    await browser.pass(12_000, browser.all.slice(1))
    expect(browser.all.map(({ leads }) => leads())).toEqual([false, true])
    browser.letGo()
    wake()
    await settle()
    browser.all[0]!.locks.wake()
    await browser.pass(10_000)
    expect(await browser.valid()).toBe(1)
    const { epoch } = await browser.lease()
    await browser.pass(30_000)
    expect([await browser.valid(), (await browser.lease()).epoch]).toEqual([1, epoch])
  })

  it('is somewhere again within ten seconds of a full disk that has room again', async () => {
    const browser = await tabs(3)
    await browser.pass(2_000)
    expect(await browser.valid()).toBe(1)
    browser.fill(true)
    await browser.pass(40_000)
    browser.fill(false)
    await browser.pass(10_000)
    expect(await browser.valid()).toBe(1)
    const { epoch } = await browser.lease()
    await browser.pass(30_000)
    expect([await browser.valid(), (await browser.lease()).epoch]).toEqual([1, epoch])
  })
})

it('a browser that gives no channel, and says so by throwing, is one without', async () => {
  const wire = scriptedTransport()
  const client = clientOn(dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange }), wire, { openChannel: () => { throw new DOMException('Refused.', 'SecurityError') } })
  await client.ensureConversation(PAIR)
  await client.start()
  await client.send(PAIR.id, text('hello'))
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
})

it.each([['where tabs hear nothing of each other', {}], ['over a wire that is told of conversations when it connects', { ensureConversation: undefined }]])('a conversation made in a following tab is known before anything is sent in it: %s', async (_, more) => {
  const known = new Set<string>()
  const factory = new IDBFactory()
  const clock = createFakeClock()
  const wires: ScriptedTransport[] = []
  const tab = async () => {
    const wire = scriptedTransport()
    wires.push(wire)
    const { connect } = wire
    wire.connect = async (options) => {
      for (const { id } of options.conversations) known.add(id)
      return connect(options)
    }
    Object.assign(wire, { ensureConversation: async ({ id }: { id: string }) => void known.add(id), ...more })
    wire.answer = async ({ localId, conversation }) => {
      if (!known.has(conversation.id)) throw new TransportError('transport/notFound', 'There is none.', { stored: 'no', retry: 'no' })
      return { localId, id: `id${localId}`, at: { epoch: 0, order: wire.sent.length, id: `id${localId}` } }
    }
    const client = clientOn(dexieStorage({ indexedDB: factory, IDBKeyRange }), wire, { clock, visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} } })
    await client.start()
    return client
  }
  const first = await tab()
  await vi.waitFor(() => expect(first.getState().connection.status).toBe('online'))
  const second = await tab()
  await second.ensureConversation({ id: 'new', kind: 'direct', members: ['ada', 'cy'] })
  second.messages('new').subscribe(() => {})
  await second.send('new', text('hello'))
  await vi.waitFor(() => {
    clock.advance(500)
    expect(second.messages('new').getSnapshot().messages.map(({ outgoing }) => outgoing)).toEqual([undefined])
  }, { timeout: 5_000, interval: 20 })
}, 20_000)

it('a message whose place in the outbox was torn is sent all the same', async () => {
  const factory = new IDBFactory()
  const storage = () => dexieStorage({ indexedDB: factory, IDBKeyRange })
  const silent = Object.assign(scriptedTransport(), { connect: async () => {} })
  const before = clientOn(storage(), silent)
  await before.ensureConversation(PAIR)
  await before.start()
  await before.send(PAIR.id, text('one'))
  await before.send(PAIR.id, text('two'))
  await before.stop()
  await new Promise<void>((resolve, reject) => {
    const opening = factory.open('readback/ada')
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('outbox', 'readwrite')
      const rows = transaction.objectStore('outbox').getAll()
      rows.onsuccess = () => transaction.objectStore('outbox').put({ ...rows.result[0], localId: null })
      transaction.oncomplete = () => {
        opening.result.close()
        resolve()
      }
      transaction.onerror = () => reject(new Error('The row could not be torn.'))
    }
  })
  const wire = scriptedTransport()
  const after = clientOn(storage(), wire)
  await after.start()
  await vi.waitFor(() => expect(wire.sent.map(({ body }) => (body as { text: string }).text).toSorted()).toEqual(['one', 'two']), 5_000)
  const outbox = storage()
  await outbox.open('ada')
  await vi.waitFor(async () => expect(await outbox.read((tx) => tx.outbox.list())).toEqual([]))
  await outbox.close()
  expect(after.messages(PAIR.id).getSnapshot().messages.map(({ outgoing }) => outgoing)).toEqual([undefined, undefined])
})

describe('two tabs that come back from a time without a database at once', () => {
  it.each([1, 2, 3])('each bring what was written there, once (%i)', async () => {
    const factory = new IDBFactory()
    const wires = [scriptedTransport(), scriptedTransport()]
    const clocks = [createFakeClock(), createFakeClock()]
    let isBroken = true
    const faulty = new Proxy(factory, { get: (target, name) => (name === 'open' && isBroken ? () => { throw new DOMException('Broken.', 'InvalidAccessError') } : typeof target[name as keyof IDBFactory] === 'function' ? (target[name as keyof IDBFactory] as () => unknown).bind(target) : target[name as keyof IDBFactory]) })
    const tabs = wires.map((wire, n) => clientOn(dexieStorage({ indexedDB: faulty, IDBKeyRange, clock: clocks[n]! }), wire, { keepsakes: null }))
    for (const wire of wires) wire.answer = () => Promise.reject(new TransportError('transport/offline', 'No line.', { stored: 'no', retry: 'yes' }))
    for (const tab of tabs) {
      await tab.ensureConversation(PAIR)
      await tab.start()
      expect(tab.getState().storage.status).toBe('memory')
      await tab.send(PAIR.id, text(`${tabs.indexOf(tab)} one`))
      await tab.send(PAIR.id, text(`${tabs.indexOf(tab)} two`))
    }
    isBroken = false
    for (const wire of wires) wire.answer = async ({ localId }) => ({ localId, id: `id${localId}`, at: { epoch: 0, order: wires[0]!.sent.length + wires[1]!.sent.length, id: `id${localId}` } })
    for (const clock of clocks) clock.advance(10_000)
    const storage = dexieStorage({ indexedDB: factory, IDBKeyRange })
    await storage.open('ada')
    await vi.waitFor(async () => {
      const { rows, queued } = await storage.read(async (tx) => ({ rows: await tx.messages.page({ conversationId: PAIR.id, limit: 99 }), queued: await tx.outbox.list({ lane: 'intent' }) }))
      expect([rows.map(({ body }) => (body as { text: string }).text).toSorted(), queued]).toEqual([['0 one', '0 two', '1 one', '1 two'], []])
    }, 10_000)
    await storage.close()
  }, 30_000)
})

describe('a failed message that is tried again in one tab and discarded in the other at once', () => {
  it.each(Array.from({ length: 6 }, (_, n) => n))('is gone, or sent, in both (%i)', async (n) => {
    const factory = new IDBFactory()
    const server = new Set<string>()
    let isRefused = true
    const tab = async () => {
      const wire = scriptedTransport()
      wire.answer = async ({ localId }) => {
        if (isRefused) throw new TransportError('transport/forbidden', 'No.', { stored: 'no', retry: 'no' })
        server.add(localId)
        return { localId, id: `id${localId}`, at: { epoch: 0, order: 1, id: `id${localId}` } }
      }
      const client = clientOn(dexieStorage({ indexedDB: factory, IDBKeyRange }), wire)
      await client.ensureConversation(PAIR)
      await client.start()
      return client
    }
    const [first, second] = [await tab(), await tab()]
    const localId = await first.send(PAIR.id, text('hello'))
    const storage = dexieStorage({ indexedDB: factory, IDBKeyRange })
    await storage.open('ada')
    const rows = () => storage.read(async (tx) => [...(await tx.messages.page({ conversationId: PAIR.id, limit: 9 })), ...(await tx.messages.echoes(PAIR.id))])
    await vi.waitFor(async () => expect((await rows())[0]?.outgoing).toBe('failed'))
    isRefused = false
    const both = n % 2 === 0 ? [first.retry(PAIR.id, localId), second.discard(PAIR.id, localId)] : [second.discard(PAIR.id, localId), first.retry(PAIR.id, localId)]
    await Promise.allSettled(both)
    await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.list())).toEqual([]))
    await settle()
    expect((await rows()).map((row) => [row.localId, row.outgoing])).toEqual([...server].map((each) => [each, undefined]))
    await storage.close()
  })
})
