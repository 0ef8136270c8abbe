/** What a wire, a host or a moment can do that makes a message disappear, stand still or leave twice. */
import { ChatError, createChatClient, TransportError, type Accepted, type ChatClient, type ChatStorage, type Message, type Transport } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

interface Options {
  readonly wire?: ScriptedTransport
  readonly storage?: ChatStorage
  readonly more?: Partial<Parameters<typeof createChatClient>[0]>
  readonly ports?: Partial<ChatClient['ports']> & object
}

async function start({ wire = scriptedTransport(), storage = memoryStorage(), more = {}, ports = {} }: Options = {}) {
  const client = createChatClient({ userId: 'ada', transport: wire, storage, ports: { locks: null, openChannel: () => null, ...ports }, ...more })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  return { client, wire, storage, rows: (): readonly Message[] => source.getSnapshot().messages, outbox: () => storage.read((tx) => tx.outbox.list({ lane: 'intent' })) }
}

const text = (words: string) => ({ body: { kind: 'text', text: words } }) as const
const point = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const incoming = (order: number, more: object = {}) => ({ type: 'message', message: { conversationId: PAIR.id, id: `m${order}`, at: point(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` }, ...more } }) as never

describe('what is no message', () => {
  it.each([
    ['a voice message whose length nobody knows', { kind: 'voice', file: { url: 'https://files.example/1' }, durationMs: Infinity }],
    ['a picture whose size could not be read', { kind: 'image', file: { url: 'https://files.example/1' }, widthPx: NaN, heightPx: NaN }],
    ['a text without a text', { kind: 'text' }],
    ['nothing', undefined],
  ])('is refused by name, not lost: %s', async (_, body) => {
    const { client, rows, outbox } = await start()
    const answer = await client.send(PAIR.id, { body } as never).then(() => 'sent', ({ code }) => code)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect([answer, rows().length, (await outbox()).length]).toEqual(['client/invalidMessage', 0, 0])
  })
})

describe('an answer of the wire', () => {
  it.each([
    ['a place that is none', { at: { epoch: 0, order: NaN, id: 'x' } }],
    ['a place that is text', { at: '7' }],
    ['a time that is none', { time: NaN }],
    ['a time as text', { time: '2026-01-01' }],
  ])('with %s still says that the message was taken', async (_, bad) => {
    const { client, wire, rows, outbox } = await start()
    wire.answer = async ({ localId }) => ({ localId, id: 'x', ...bad }) as unknown as Accepted
    await client.send(PAIR.id, text('hello'))
    await vi.waitFor(async () => expect(await outbox()).toEqual([]))
    expect(rows().map(({ ids, outgoing }) => [ids, outgoing])).toEqual([[['x'], undefined]])
    expect((await client.diagnostics()).quarantined).toBe(0)
  })

  it('that refuses a message which everybody has, as its own event tells, does not make it fail', async () => {
    const { client, wire, rows, outbox } = await start()
    let refuse: (error: Error) => void = () => {}
    wire.answer = () => new Promise((_, reject) => (refuse = reject))
    const localId = await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
    wire.emit(incoming(7, { from: 'ada', localId }))
    await vi.waitFor(() => expect(rows()[0]?.ids).toEqual(['m7']))
    refuse(new TransportError('transport/invalid', 'Is here already.', { stored: 'no', retry: 'no' }))
    await vi.waitFor(async () => expect(await outbox()).toEqual([]))
    expect(rows().map(({ outgoing, failure }) => [outgoing, failure])).toEqual([[undefined, undefined]])
  })

  it('is not needed any more once its own event has come: a retry then changes nothing', async () => {
    const { client, wire, rows, outbox } = await start()
    wire.answer = () => Promise.reject(new TransportError('transport/forbidden', 'No.', { stored: 'no', retry: 'no' }))
    const localId = await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(rows()[0]?.outgoing).toBe('failed'))
    wire.emit(incoming(7, { from: 'ada', localId }))
    await vi.waitFor(() => expect(rows()[0]?.outgoing).toBe(undefined))
    await client.retry(PAIR.id, localId)
    await vi.waitFor(async () => expect(await outbox()).toEqual([]))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(rows().map(({ outgoing }) => outgoing)).toEqual([undefined])
  })

  it('that comes after it was given up is shown', async () => {
    const clock = createFakeClock()
    const { client, wire, rows, outbox } = await start({ ports: { clock } as never, storage: memoryStorage({ clock }) })
    let late: (accepted: Accepted) => void = () => {}
    wire.answer = () => new Promise((resolve) => (late = resolve))
    const localId = await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
    clock.advance(30_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
    clock.advance(1_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
    late({ localId, id: 'x', at: point(1) })
    await vi.waitFor(async () => expect(await outbox()).toEqual([]))
    for (let i = 0; i < 5; i += 1) {
      clock.advance(1_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(wire.sent).toHaveLength(1)
    expect(rows().map(({ outgoing }) => outgoing)).toEqual([undefined])
    expect(client.getState().pendingCount).toBe(0)
  })
})

describe('a wire that asks to be left alone', () => {
  it.each([['for a time that is none', NaN], ['for less than no time', -5], ['for ever', Infinity], ['as text', '60' as never]])('%s is not asked again and again', async (_, afterMs) => {
    const clock = createFakeClock()
    const { client, wire } = await start({ ports: { clock, random: { next: () => 0.9, id: () => `r${Math.random()}` } } as never, storage: memoryStorage({ clock }) })
    wire.answer = () => Promise.reject(new TransportError('transport/server', 'Later.', { stored: 'no', retry: { afterMs } }))
    await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
    for (let i = 0; i < 50; i += 1) {
      clock.advance(4)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(wire.sent).toHaveLength(1)
    expect((await client.diagnostics()).quarantined).toBe(0)
  })

  it.each([['for a time that is none', NaN], ['for ever', Infinity], ['for a year', 3.15e10]])('%s in a catch-up is asked again within an hour, and not at once', async (_, afterMs) => {
    const clock = createFakeClock()
    const waits: number[] = []
    const spied = { ...clock, setTimer: (fn: () => void, ms: number) => (waits.push(ms), clock.setTimer(fn, ms)) }
    let asked = 0
    const wire = Object.assign(scriptedTransport({ receiptsCatchUp: 'fetch' }), { readStates: () => { asked += 1; return Promise.reject(new TransportError('transport/server', 'Later.', { stored: 'no', retry: { afterMs } })) } } as Partial<Transport>)
    await start({ wire, ports: { clock: spied, random: { next: () => 0.9, id: () => `r${Math.random()}` } } as never, storage: memoryStorage({ clock }) })
    await vi.waitFor(() => expect(asked).toBe(1))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(waits.filter((ms) => !(ms >= 0 && ms <= 3_600_000))).toEqual([])
    clock.advance(10)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked).toBe(1)
  })
})

describe('a wire that does not close', () => {
  it.each([['never answers', () => new Promise<void>(() => {})], ['throws', () => { throw new Error('Closed badly.') }]])('%s: the client stops all the same, and starts again', async (_, close) => {
    const clock = createFakeClock()
    const wire = scriptedTransport()
    const { client, rows } = await start({ wire, ports: { clock } as never, storage: memoryStorage({ clock }) })
    const closeWell = wire.close
    wire.close = close as () => Promise<void>
    const stopped = client.stop()
    await new Promise((resolve) => setTimeout(resolve, 20))
    clock.advance(5_000)
    await stopped
    wire.close = closeWell
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(rows().map(({ outgoing }) => outgoing)).toEqual([undefined]))
    expect(wire.sent).toHaveLength(1)
  })
})

it('a wire that throws when it is told of a conversation keeps nobody from what was missed', async () => {
  const wire = Object.assign(scriptedTransport(), { ensureConversation: () => { throw new Error('Not now.') } })
  const { client } = await start({ wire: wire as ScriptedTransport })
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await client.ensureConversation({ id: 'other', kind: 'direct', members: ['ada', 'cy'] })
  await client.send(PAIR.id, text('hello'))
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
})

it('what was let go because too much waited comes again, whatever cursor came after it', async () => {
  const wire = scriptedTransport()
  const given: (string | undefined)[] = []
  const { connect } = wire
  wire.close = () => new Promise((resolve) => setTimeout(resolve, 200))
  wire.connect = async (options) => {
    given.push(options.since)
    return connect(options)
  }
  const { client, storage } = await start({ wire })
  wire.emit({ type: 'cursor', cursor: 'one' })
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.meta.get('cursor'))).toBe('one'))
  for (let order = 1; order <= 20_005; order += 1) wire.emit(incoming(order))
  wire.emit({ type: 'cursor', cursor: 'two' })
  await vi.waitFor(() => expect(given).toHaveLength(2), 10_000)
  expect((await client.diagnostics()).dropped).toMatchObject({ 'inbound/tooMany': 1 })
  expect(given).toEqual([undefined, 'one'])
}, 30_000)

describe('a channel between the tabs that throws', () => {
  it('neither loses a message nor has it written twice', async () => {
    const channel = { post: () => { throw new DOMException('Closed.', 'InvalidStateError') }, subscribe: () => () => {}, close() {} }
    const { IDBFactory, IDBKeyRange } = await import('fake-indexeddb')
    const { dexieStorage } = await import('readback/storage/dexie')
    const { client, wire, rows } = await start({ ports: { openChannel: () => channel } as never, storage: dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange }) })
    await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(rows().map(({ outgoing }) => outgoing)).toEqual([undefined]))
    expect(wire.sent).toHaveLength(1)
  })
})

it('a listener of the host that throws makes no message fail, and none be written twice', async () => {
  const { client, wire, rows } = await start()
  const heard: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => heard.push(error.message))
  const stops = [client.subscribe(() => { throw new Error('The host is broken.') }), client.messages(PAIR.id).subscribe(() => { throw new Error('So is its list.') })]
  try {
    const answer = await client.send(PAIR.id, text('hello')).then(() => 'sent', String)
    await vi.waitFor(() => expect(rows().map(({ outgoing }) => outgoing)).toEqual([undefined]))
    expect([answer, wire.sent.length]).toEqual(['sent', 1])
    // Told to whoever looks after the page.
    await vi.waitFor(() => expect(new Set(heard)).toContain('So is its list.'))
  } finally {
    for (const stop of stops) stop()
    await new Promise((resolve) => setTimeout(resolve, 10))
    process.removeAllListeners('uncaughtException')
    for (const other of others) process.on('uncaughtException', other)
  }
})

describe('an upload', () => {
  const file = { body: { kind: 'file', file: { name: 'notes.txt' } }, upload: new Blob(['bytes']) } as const
  it.each([['nothing', undefined], ['no address', {}], ['an address that is none', { url: 5 }]])('that ends with %s has not put the file anywhere: it is not let go', async (_, stored) => {
    let tries = 0
    const { client, wire, rows } = await start({ more: { attachments: { upload: async () => { tries += 1; return stored as never } } } })
    const localId = await client.send(PAIR.id, file)
    await vi.waitFor(() => expect(tries).toBeGreaterThan(0))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(wire.sent).toEqual([])
    expect(await (await client.getUpload({ localId }))?.text()).toBe('bytes')
    expect(rows()).toHaveLength(1)
  })

  it('whose progress comes after its end is not under way for ever', async () => {
    let progress: (fraction: number) => void = () => {}
    const { client, wire } = await start({ more: { attachments: { upload: async (_, { onProgress }) => { progress = onProgress; return { url: 'https://files.example/1' } } } } })
    const localId = await client.send(PAIR.id, file)
    await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
    progress(1)
    expect(client.getUploadProgress({ localId })).toBe(null)
  })

  it('that ends after the client was stopped sends nothing, nor twice when it is started again', async () => {
    const ends: ((stored: { url: string }) => void)[] = []
    const { client, wire } = await start({ more: { attachments: { upload: () => new Promise((resolve) => ends.push(resolve)) } } })
    await client.send(PAIR.id, file)
    await vi.waitFor(() => expect(ends).toHaveLength(1))
    await client.stop()
    await client.start()
    await vi.waitFor(() => expect(ends).toHaveLength(2))
    wire.answer = () => new Promise(() => {})
    ends[0]!({ url: 'https://files.example/1' })
    ends[1]!({ url: 'https://files.example/2' })
    await vi.waitFor(() => expect(wire.sent.length).toBeGreaterThan(0))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(wire.sent).toHaveLength(1)
  })

  it('of a file that the database cannot give any more fails, and holds up nothing behind it', async () => {
    const inner = memoryStorage()
    const storage: ChatStorage = { ...inner, get name() { return inner.name }, read: (fn) => inner.read((tx) => fn({ ...tx, blobs: { ...tx.blobs, get: async (localId) => { if (await tx.blobs.get(localId)) throw new ChatError('storage/failed', 'The file is gone.'); return undefined } } })) }
    const { client, wire, rows } = await start({ storage, more: { attachments: { upload: async () => ({ url: 'x' }) } }, ports: { random: { next: () => 0, id: () => `r${Math.random()}` } } as never })
    await client.send(PAIR.id, file)
    await client.send(PAIR.id, text('after'))
    await vi.waitFor(() => expect(rows().map(({ outgoing }) => outgoing)).toEqual(['failed', undefined]))
    expect(wire.sent).toHaveLength(1)
  })
})

it('a page of history that begins with what is no message is stored all the same, and what is missing is known', async () => {
  const history = async () => ({ messages: [null, { ...(incoming(8) as { message: object }).message }, { ...(incoming(9) as { message: object }).message }], contiguousTo: point(8) })
  const wire: ScriptedTransport = Object.assign(scriptedTransport({ catchUp: 'none' }), { history } as object)
  const { rows, storage } = await start({ wire })
  wire.emit({ type: 'conversation', conversation: { id: PAIR.id, kind: 'direct', head: point(9) } as never })
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expect(rows().map(({ ids }) => ids[0])).toEqual(['m8', 'm9']))
  expect(await storage.read((tx) => tx.gaps.list(PAIR.id))).toMatchObject([{ after: null, before: point(8) }])
})

describe('a message that stands in the way of others, once it is discarded', () => {
  it.each([['for an hour', { afterMs: 3_600_000 }], ['for a while', 'yes' as const]])('because it has to wait %s: they go at once', async (_, retry) => {
    const clock = createFakeClock()
    const { client, wire, rows } = await start({ ports: { clock, random: { next: () => 0.99, id: () => `r${Math.random()}` } } as never, storage: memoryStorage({ clock }) })
    const { answer } = wire
    wire.answer = (draft) => ((draft.body as { text: string }).text === 'bad' ? Promise.reject(new TransportError('transport/server', 'Later.', { stored: 'no', retry })) : answer(draft))
    const bad = await client.send(PAIR.id, text('bad'))
    await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
    await client.send(PAIR.id, text('good'))
    const other = await client.send(PAIR.id, text('other'))
    await client.discard(PAIR.id, other)
    clock.advance(300)
    await new Promise((resolve) => setTimeout(resolve, 20))
    // It is not the one in the way.
    expect(wire.sent).toHaveLength(1)
    await client.discard(PAIR.id, bad)
    await vi.waitFor(() => expect(rows().map(({ body, outgoing }) => [(body as { text: string }).text, outgoing])).toEqual([['good', undefined]]))
  })

  it('because its file is on its way, to a place that does not hear of the end of it: they go at once', async () => {
    const { client, wire, rows } = await start({ more: { attachments: { upload: () => new Promise(() => {}) } } })
    const stuck = await client.send(PAIR.id, { body: { kind: 'file', file: { name: 'notes.txt' } }, upload: new Blob(['bytes']) })
    await client.send(PAIR.id, text('good'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await client.discard(PAIR.id, stuck)
    await vi.waitFor(() => expect(rows().map(({ outgoing }) => outgoing)).toEqual([undefined]))
    expect(wire.sent).toHaveLength(1)
  })

  it('where the row of its conversation was lost: it is gone all the same', async () => {
    const inner = memoryStorage()
    let isLost = false
    const lost: ChatStorage['write'] = (fn, options) => inner.write((tx) => fn(isLost ? { ...tx, conversations: { ...tx.conversations, get: async () => undefined } } : tx), options)
    const storage: ChatStorage = { ...inner, get name() { return inner.name }, write: lost }
    const { client, wire, rows, outbox } = await start({ storage })
    wire.answer = () => Promise.reject(new TransportError('transport/forbidden', 'No.', { stored: 'no', retry: 'no' }))
    const localId = await client.send(PAIR.id, text('hello'))
    await vi.waitFor(() => expect(rows()[0]?.outgoing).toBe('failed'))
    isLost = true
    await client.discard(PAIR.id, localId)
    expect([rows(), await outbox()]).toEqual([[], []])
  })
})

it('what failed of an old message, and waits for the user, is not pruned away', async () => {
  const wire = Object.assign(scriptedTransport(), { edit: () => Promise.reject(new TransportError('transport/server', 'Later.', { stored: 'no', retry: 'yes' })) })
  const { client, rows } = await start({ wire, ports: { random: { next: () => 0, id: () => `r${Math.random()}` } } as never })
  for (let order = 1; order <= 5; order += 1) wire.emit(incoming(order, { from: 'ada' }))
  await vi.waitFor(() => expect(rows()).toHaveLength(5))
  await client.edit(PAIR.id, 'm2', { kind: 'text', text: 'mine' })
  await vi.waitFor(() => expect(rows()[1]?.failure?.code).toBe('outbox/givenUp'))
  await client.pruneHistory(PAIR.id, { before: 100 })
  expect((await client.getMessage(PAIR.id, 'm2'))?.failure?.code).toBe('outbox/givenUp')
})

it('[I26] an answer that comes after the next account has opened the same storage writes nothing into its rows', async () => {
  const storage = memoryStorage()
  const { client, wire } = await start({ storage })
  let late: (accepted: Accepted) => void = () => {}
  wire.answer = () => new Promise((resolve) => (late = resolve))
  const localId = await client.send(PAIR.id, text('from ada'))
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  await client.stop()

  const next = createChatClient({ userId: 'bo', transport: scriptedTransport(), storage, ports: { locks: null, openChannel: () => null } })
  running.push(next)
  await next.ensureConversation(PAIR)
  await next.start()
  late({ localId, id: 'x', at: point(1) })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await storage.read(async (tx) => [...(await tx.messages.page({ conversationId: PAIR.id, limit: 9 })), ...(await tx.messages.echoes(PAIR.id))])).toEqual([])
})
