/** How a device keeps its connection, on a clock and sockets that the test holds. */
import { describe, expect, it } from 'vitest'
import type { Connectivity, Random, TransportEvent } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { websocketTransport, type WebsocketTransportOptions } from 'readback/transport/websocket'
import { createFakeSockets, welcome, type FakeSocket } from './fakeSockets.js'

const CONVERSATION = { id: 'c', kind: 'direct' } as const

function setUp(options: Partial<WebsocketTransportOptions> = {}, connect: { since?: string; token?: (reason: 'connect' | 'expired') => Promise<string | undefined> } = {}) {
  const clock = createFakeClock()
  const sockets = createFakeSockets()
  let draws = 0.5
  let ids = 0
  const random: Random = { next: () => draws, id: () => `device-${(ids += 1)}` }
  const transport = websocketTransport({ url: 'wss://chat.example.org/', WebSocket: sockets.WebSocket, clock, random, connectivity: { isOnline: () => true, subscribe: () => () => {} }, ...options })
  const events: TransportEvent[] = []
  transport.on((event) => events.push(event))
  const dial = () => transport.connect({ userId: 'ann', token: connect.token ?? (async () => 'a token'), conversations: [{ ...CONVERSATION, members: ['ann', 'bob'] }], ...(connect.since === undefined ? {} : { since: connect.since }) })
  const states = () => events.flatMap((event) => (event.type === 'state' ? [event.state] : []))
  return { clock, sockets, transport, events, states, dial, draw: (next: number) => { draws = next } }
}

async function online(options: Partial<WebsocketTransportOptions> = {}, connect: Parameters<typeof setUp>[1] = {}) {
  const made = setUp(options, connect)
  const connecting = made.dial()
  const socket = await made.sockets.next()
  await welcome(socket)
  await connecting
  return { ...made, socket }
}

const text = (localId: string) => ({ localId, conversation: CONVERSATION, body: { kind: 'text', text: localId } }) as const
const calls = (socket: FakeSocket) => socket.sent.filter(({ type }) => type === 'call') as { no: number; name: string }[]

describe('hello', () => {
  it('names the user, the device, the version, the token, the cursor and the conversations, and nothing stands in the address', async () => {
    const { socket } = await online({}, { since: 'cursor-1' })
    expect(socket.url).toBe('wss://chat.example.org/')
    expect(socket.sent).toEqual([{ type: 'hello', version: 1, userId: 'ann', device: 'device-1', token: 'a token', since: 'cursor-1', conversations: [{ ...CONVERSATION, members: ['ann', 'bob'] }] }])
  })

  it('goes on from the last cursor that was handed over, not from the one of the first connect', async () => {
    const { socket, sockets, clock } = await online({}, { since: 'cursor-1' })
    socket.receive({ type: 'events', lane: 'message', no: 1, events: [], cursor: 'cursor-2' })
    await settle()
    socket.break()
    await clock.advanceAsync(500)
    const next = await sockets.next()
    next.open()
    expect(next.sent[0]).toMatchObject({ type: 'hello', since: 'cursor-2', device: 'device-1' })
  })

  it('does not count as handed over what a closed transport still had', async () => {
    const { socket, transport, events } = await online()
    socket.receive({ type: 'events', lane: 'message', no: 1, events: [], cursor: 'cursor-2' })
    await transport.close()
    await settle()
    expect(events.filter(({ type }) => type === 'cursor')).toEqual([])
  })
})

describe('more conversations than a hello holds', () => {
  const connect = async (conversations: readonly { id: string; kind: 'group'; members: readonly string[] }[]) => {
    const clock = createFakeClock()
    const sockets = createFakeSockets()
    const transport = websocketTransport({ url: 'wss://chat.example.org/', WebSocket: sockets.WebSocket, clock, maxBackoffMs: 100 })
    const connecting = transport.connect({ userId: 'ann', token: async () => undefined, conversations })
    const socket = await sockets.next()
    await welcome(socket)
    let isOnline = false
    void connecting.then(() => { isOnline = true }, () => {})
    return { clock, socket, sockets, transport, isOnline: () => isOnline, made: () => (socket.sent[0] as { conversations: { id: string }[] }).conversations, asked: () => socket.sent.filter(({ type }) => type === 'call') as { no: number; name: string; with: { id: string } }[] }
  }
  const groups = (count: number, members: number) => Array.from({ length: count }, (_, n) => ({ id: `c${n}`, kind: 'group' as const, members: ['ann', ...Array.from({ length: members }, (__, m) => `member-${m}`)] }))

  it.each([[1_200, 2], [60, 999]])('%i with %i members: the rest is made known by calls, and only then it is online', async (count, members) => {
    const { socket, made, asked, isOnline, transport } = await connect(groups(count, members))
    expect(JSON.stringify(socket.sent[0]).length).toBeLessThan(2 ** 20)
    expect(made().length).toBeGreaterThan(0)
    expect(made().length).toBeLessThan(count)
    const answered = new Set<number>()
    for (;;) {
      const open = asked().filter(({ no }) => !answered.has(no))
      if (open.length === 0) break
      expect(isOnline()).toBe(false)
      for (const { no, name } of open) {
        expect(name).toBe('ensureConversation')
        answered.add(no)
        // One of them is refused for good, which keeps nobody from being online.
        socket.receive(no === 3 ? { type: 'refusal', no, code: 'transport/tooLarge', message: 'no', stored: 'no', retry: 'no' } : { type: 'answer', no, result: null })
      }
      await settle()
    }
    expect([...made(), ...asked().map((call) => call.with)].map(({ id }) => id)).toEqual(groups(count, 0).map(({ id }) => id))
    expect(isOnline()).toBe(true)
    await transport.close()
  })

  it('a server in trouble is dialled again', async () => {
    const { socket, sockets, isOnline, clock, transport } = await connect(groups(600, 1))
    socket.receive({ type: 'refusal', no: 1, code: 'transport/server', message: 'no', stored: 'no', retry: 'yes' })
    await settle()
    await clock.advanceAsync(100)
    expect([isOnline(), sockets.all.length]).toEqual([false, 2])
    await transport.close()
  })
})

describe('an address', () => {
  it.each(['ws://chat.example.org/', 'ws://10.0.0.1/', 'ws://0.0.0.0/', 'ws://127.0.0.1.example.org/', 'ws://localhost.example.org/', 'ws://[::ffff:7f00:1]/', 'ws://[::2]/'])('%s is not encrypted, and refused with the reason', async (url) => {
    const { dial, states, sockets } = setUp({ url })
    await expect(dial()).rejects.toMatchObject({ code: 'transport/insecureAddress', stored: 'no', retry: 'no' })
    expect(states()).toEqual([{ status: 'offline', reason: 'insecureAddress' }])
    expect(sockets.all).toEqual([])
  })

  it('says so in a sentence', async () => {
    await expect(setUp({ url: 'ws://chat.example.org/rooms?x=1' }).dial()).rejects.toThrow(
      '"ws://chat.example.org" is not encrypted, so everybody on the way could read the messages and the token. Nothing was connected. Use wss:, or set allowInsecure where the network is your own.',
    )
  })

  it.each(['wss://chat.example.org/', 'ws://localhost:8787', 'ws://127.0.0.1:8787', 'ws://127.8.9.1', 'ws://0x7f.1/', 'ws://[::1]:8787', 'ws://app.localhost'])('%s is dialled', async (url) => {
    const { dial, sockets, transport } = setUp({ url })
    const connecting = dial().catch(() => {})
    expect((await sockets.next()).url).toBe(url)
    await transport.close()
    await connecting
  })

  it('may be insecure where the app says so', async () => {
    const { transport } = await online({ url: 'ws://10.0.0.1/', allowInsecure: true })
    await transport.close()
  })

  it.each(['chat.example.org', 'http://chat.example.org', 'javascript:alert(1)', ''])('%s is none', async (url) => {
    await expect(setUp({ url }).dial()).rejects.toMatchObject({ code: 'transport/invalid', retry: 'no' })
  })
})

describe('a heartbeat', () => {
  it('asks for a sign of life after 30 s of silence, and lives on when one comes', async () => {
    const { clock, socket, states } = await online()
    await clock.advanceAsync(29_999)
    expect(socket.sent.filter(({ type }) => type === 'ping')).toHaveLength(0)
    await clock.advanceAsync(1)
    expect(socket.sent.filter(({ type }) => type === 'ping')).toHaveLength(1)
    await clock.advanceAsync(9_000)
    socket.receive({ type: 'pong' })
    await clock.advanceAsync(20_000)
    expect(states().at(-1)).toEqual({ status: 'online' })
  })

  it('takes anything for a sign of life', async () => {
    const { clock, socket } = await online()
    for (let n = 1; n <= 10; n += 1) {
      await clock.advanceAsync(20_000)
      socket.receive({ type: 'events', lane: 'message', no: n, events: [] })
    }
    expect(socket.sent.filter(({ type }) => type === 'ping')).toEqual([])
  })

  it('[F45] takes the connection for dead when none comes in time, and dials again', async () => {
    const { clock, socket, sockets, states, transport } = await online()
    const sending = transport.send(text('l1')).catch((error: unknown) => error)
    await clock.advanceAsync(19_999)
    await clock.advanceAsync(20_100)
    expect(states().at(-1)).toMatchObject({ status: 'offline', reason: 'heartbeat' })
    expect(socket.isClosed).toBe(true)
    expect(await sending).toMatchObject({ stored: 'maybe', retry: 'yes' })
    await clock.advanceAsync(1_000)
    await welcome(await sockets.next())
    expect(states().at(-1)).toEqual({ status: 'online' })
  })

  it('lets a page that slept hear first what came meanwhile', async () => {
    const { clock, socket, states } = await online()
    await clock.advanceAsync(30_000)
    clock.sleep(8 * 3_600_000)
    clock.advance(0)
    socket.receive({ type: 'pong' })
    await clock.advanceAsync(100)
    expect(states().at(-1)).toEqual({ status: 'online' })
  })
})

describe('coming back', () => {
  it('waits a share of a doubling span, up to the longest', async () => {
    const { clock, sockets, states, draw, dial, transport } = setUp({ maxBackoffMs: 4_000 })
    draw(0.999)
    dial().catch(() => {})
    const waits: number[] = []
    for (let n = 0; n < 6; n += 1) {
      const socket = await sockets.next()
      socket.break()
      await settle()
      const state = states().at(-1)
      if (state?.status === 'offline') waits.push(state.retryInMs!)
      await clock.advanceAsync(waits.at(-1)!)
    }
    expect(waits).toEqual([500, 999, 1_998, 3_996, 3_996, 3_996])
    expect(states().filter(({ status }) => status === 'connecting').map((state) => ('attempt' in state ? state.attempt : 0))).toEqual([1, 2, 3, 4, 5, 6, 7])
    await transport.close()
    expect(clock.pending).toBe(0)
  })

  it('[F46] spreads a thousand devices that lost one server over the whole span', async () => {
    const waits: number[] = []
    let seed = 1
    const random = { next: () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647), id: () => 'd' }
    for (let n = 0; n < 1_000; n += 1) {
      const { dial, sockets, states, transport } = setUp({ random })
      dial().catch(() => {})
      ;(await sockets.next()).break()
      await settle()
      const state = states().at(-1)
      if (state?.status === 'offline') waits.push(state.retryInMs!)
      await transport.close()
    }
    expect(waits).toHaveLength(1_000)
    for (let tenth = 0; tenth < 10; tenth += 1) expect(waits.filter((ms) => ms >= tenth * 50 && ms < (tenth + 1) * 50).length).toBeGreaterThan(60)
  })

  it('counts from the beginning after a connection that lasted, and goes on counting after one that did not', async () => {
    const { clock, sockets, states, draw, dial } = setUp()
    draw(0.999)
    dial().catch(() => {})
    const lose = async (afterMs: number) => {
      const socket = await sockets.next()
      await welcome(socket)
      await clock.advanceAsync(afterMs)
      socket.break()
      await settle()
      const state = states().at(-1) as { retryInMs: number }
      await clock.advanceAsync(state.retryInMs)
      return state.retryInMs
    }
    expect([await lose(10), await lose(10), await lose(10_000), await lose(10)]).toEqual([500, 999, 500, 999])
  })

  it('does not wait out the span when the network is said to be back', async () => {
    let tell = () => {}
    const connectivity: Connectivity = {
      isOnline: () => true,
      subscribe(listener) {
        tell = listener
        return () => { tell = () => {} }
      },
    }
    const { sockets, draw, dial } = setUp({ connectivity })
    draw(0.999)
    dial().catch(() => {})
    ;(await sockets.next()).break()
    await settle()
    tell()
    await sockets.next()
    expect(sockets.all).toHaveLength(2)
  })

  it('[F37] believes the line, not what the browser says of it', async () => {
    const { states } = await online({ connectivity: { isOnline: () => false, subscribe: () => () => {} } })
    expect(states().at(-1)).toEqual({ status: 'online' })
    const dead = setUp({ connectivity: { isOnline: () => true, subscribe: () => () => {} } })
    dead.dial().catch(() => {})
    ;(await dead.sockets.next()).break()
    await settle()
    expect(dead.states().at(-1)).toMatchObject({ status: 'offline', reason: 'network' })
  })

  it('waits as long as a server that goes says', async () => {
    const { clock, socket, sockets, states } = await online()
    socket.receive({ type: 'bye', reason: 'restarting', afterMs: 60_000 })
    await settle()
    expect(states().at(-1)).toEqual({ status: 'offline', reason: 'server', retryInMs: 60_000 })
    await clock.advanceAsync(59_999)
    expect(sockets.all).toHaveLength(1)
    await clock.advanceAsync(1)
    expect(sockets.all).toHaveLength(2)
  })

  it('asks again after an hour where a server would have it wait for ever', async () => {
    const { clock, socket, sockets } = await online()
    socket.receive({ type: 'bye', reason: 'overloaded', afterMs: 1e21 })
    await clock.advanceAsync(3_599_999)
    expect(sockets.all).toHaveLength(1)
    await clock.advanceAsync(1)
    expect(sockets.all).toHaveLength(2)
  })

  it('takes a server without a welcome for none', async () => {
    const { clock, sockets, dial, states } = setUp()
    dial().catch(() => {})
    ;(await sockets.next()).open()
    await clock.advanceAsync(15_000)
    expect(states().at(-1)).toMatchObject({ status: 'offline', reason: 'network' })
  })

  it('goes on when the app cannot give a token just now', async () => {
    let calls = 0
    const { clock, sockets, dial } = setUp({}, { token: async () => { if ((calls += 1) === 1) throw new Error('no network'); return 'a token' } })
    dial().catch(() => {})
    await settle()
    await clock.advanceAsync(500)
    const socket = await sockets.next()
    await welcome(socket)
    expect(calls).toBe(2)
  })

  it('goes on when the app never answers', async () => {
    let calls = 0
    const { clock, sockets, dial } = setUp({}, { token: () => ((calls += 1) === 1 ? new Promise(() => {}) : Promise.resolve('a token')) })
    dial().catch(() => {})
    await clock.advanceAsync(15_000)
    await clock.advanceAsync(500)
    await welcome(await sockets.next())
    expect(calls).toBe(2)
  })

  it('leaves nothing running after close, at any moment', async () => {
    for (const stop of ['dialling', 'welcomed', 'waiting'] as const) {
      const { clock, sockets, dial, transport, events } = setUp()
      const connecting = dial().catch(() => {})
      const socket = await sockets.next()
      if (stop === 'welcomed') await welcome(socket)
      if (stop === 'waiting') socket.break()
      await transport.close()
      await connecting
      const heard = events.length
      await clock.advanceAsync(120_000)
      expect([clock.pending, events.length, sockets.all.length]).toEqual([0, heard, 1])
    }
  })
})

describe('a token', () => {
  it('[F51] that expires is renewed at once', async () => {
    const reasons: string[] = []
    const { socket, sockets, states, clock } = await online({}, { token: async (reason) => { reasons.push(reason); return `token-${reasons.length}` } })
    await clock.advanceAsync(10)
    socket.receive({ type: 'bye', reason: 'expired' })
    const next = await sockets.next()
    await welcome(next)
    expect(reasons).toEqual(['connect', 'expired'])
    expect(next.sent[0]).toMatchObject({ token: 'token-2' })
    expect(states().map(({ status }) => status)).toEqual(['connecting', 'online', 'connecting', 'online'])
  })

  it('that expires again and again does not make a storm', async () => {
    const { socket, sockets, clock } = await online()
    let current = socket
    for (let n = 0; n < 20; n += 1) {
      current.receive({ type: 'bye', reason: 'expired' })
      await settle()
      if (sockets.all.length === n + 2) await welcome((current = await sockets.next()))
    }
    expect(sockets.all.length).toBeLessThan(4)
    await clock.advanceAsync(1_000)
    expect(sockets.all.length).toBeLessThan(5)
  })
})

describe('calls', () => {
  it('leave at most 64 a lane without an answer, and a receipt overtakes the queue', async () => {
    const { socket, transport } = await online()
    for (let n = 0; n < 500; n += 1) transport.send(text(`l${n}`)).catch(() => {})
    void transport.report({ conversation: CONVERSATION, kind: 'read', visibility: 'published', upTo: null, ranges: [], messages: [], ageMs: 0 }).catch(() => {})
    transport.history!('c', { limit: 5 }).catch(() => {})
    expect(calls(socket).map(({ name }) => name)).toEqual([...Array.from({ length: 64 }, () => 'send'), 'report', 'history'])
    socket.receive({ type: 'refusal', no: 1, code: 'transport/server', message: 'not now', stored: 'no', retry: 'yes' })
    expect(calls(socket)).toHaveLength(67)
  })

  it('wait while the socket is full, and the lanes take turns when there is room', async () => {
    const { socket, transport, clock } = await online()
    socket.bufferedAmount = 100_000
    for (let n = 0; n < 3; n += 1) transport.send(text(`l${n}`)).catch(() => {})
    for (let n = 0; n < 3; n += 1) transport.report({ conversation: CONVERSATION, kind: 'read', visibility: 'published', upTo: null, ranges: [], messages: [], ageMs: 0 }).catch(() => {})
    await clock.advanceAsync(100)
    expect(calls(socket)).toEqual([])
    socket.bufferedAmount = 0
    await clock.advanceAsync(20)
    expect(calls(socket).map(({ name }) => name)).toEqual(['report', 'send', 'report', 'send', 'report', 'send'])
  })

  it('that had left are undecided when the connection breaks, and those that had not are not stored', async () => {
    const { socket, transport } = await online()
    const outcomes = Array.from({ length: 70 }, (_, n) => transport.send(text(`l${n}`)).catch((error: unknown) => (error as { stored: string }).stored))
    socket.break()
    expect(await Promise.all(outcomes)).toEqual([...Array.from({ length: 64 }, () => 'maybe'), ...Array.from({ length: 6 }, () => 'no')])
  })

  it('reject undecided when no answer comes in time, and a late answer is no trouble', async () => {
    const { socket, transport, clock } = await online()
    const sending = transport.send(text('l1')).catch((error: unknown) => error)
    for (let passed = 0; passed < 20_000; passed += 5_000) {
      await clock.advanceAsync(5_000)
      socket.receive({ type: 'pong' })
    }
    expect(await sending).toMatchObject({ code: 'transport/timeout', stored: 'maybe', retry: 'yes' })
    socket.receive({ type: 'answer', no: 1, result: { localId: 'l1', id: 'm1' } })
    expect(transport.stats().problems.unasked).toBe(0)
  })

  it('that are given up while they wait never leave', async () => {
    const { socket, transport } = await online()
    for (let n = 0; n < 64; n += 1) transport.send(text(`l${n}`)).catch(() => {})
    const stop = new AbortController()
    const last = transport.send(text('last'), stop.signal).catch((error: unknown) => error)
    stop.abort()
    expect(await last).toMatchObject({ code: 'transport/aborted', stored: 'maybe' })
    for (let no = 1; no <= 64; no += 1) socket.receive({ type: 'refusal', no, code: 'transport/server', message: '', stored: 'no', retry: 'yes' })
    expect(calls(socket)).toHaveLength(64)
  })
})

it('what a server does not offer has no method', async () => {
  const transport = websocketTransport({ url: 'wss://chat.example.org', WebSocket: createFakeSockets().WebSocket, capabilities: { edit: false, presence: false, readerLists: 'none', membership: false } })
  expect(Object.keys(transport)).toEqual(expect.not.arrayContaining(['edit', 'presence', 'readers', 'join', 'leave', 'ensureConversation', 'upload']))
  expect(transport.capabilities).toMatchObject({ edit: false, recall: true })
})

it('events reach the server\'s window only when they were handed over, in order, with the cursor last', async () => {
  const { socket, events } = await online()
  events.length = 0
  const typing = { type: 'typing', conversationId: 'c', by: 'bob', on: true }
  socket.receive({ type: 'events', lane: 'message', no: 1, events: [{ type: 'reset', conversationId: 'c', epoch: 1 }], cursor: 'x1' })
  socket.receive({ type: 'ephemeral', events: [typing] })
  expect(events).toEqual([])
  await settle()
  expect(events.map(({ type }) => type)).toEqual(['reset', 'cursor', 'typing'])
  expect(socket.sent.at(-1)).toEqual({ type: 'got', lane: 'message', no: 1 })
})

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
}
