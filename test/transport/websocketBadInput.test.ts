/** Frames that nobody can read, in both directions: counted, answered by a typed error, never a crash, never a change of state. */
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { TransportError, type Point, type TransportEvent } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { websocketTransport } from 'readback/transport/websocket'
import { startServer } from '../servers/websocketServer.mjs'
import { createFakeSockets, welcome } from './fakeSockets.js'

const POINT = { epoch: 0, order: 1, id: 'm1' }
const MESSAGE = { conversationId: 'c', id: 'm1', at: POINT, from: 'bob', localId: 'l1', time: 1, body: { kind: 'text', text: 'one' } }

describe('a device', () => {
  async function online() {
    const sockets = createFakeSockets()
    const problems: TransportError[] = []
    const clock = createFakeClock()
    const transport = websocketTransport({ url: 'ws://localhost', WebSocket: sockets.WebSocket, clock, onProblem: (error) => problems.push(error) })
    const events: TransportEvent[] = []
    transport.on((event) => events.push(event))
    const connecting = transport.connect({ userId: 'ann', token: async () => undefined, conversations: [] })
    const socket = await sockets.next()
    await welcome(socket)
    await connecting
    events.length = 0
    return { transport, socket, events, problems, sockets, clock }
  }

  it.each([
    ['binary', new Uint8Array([1, 2, 3]), 'notText'],
    ['no JSON', '{"type":', 'notJson'],
    ['HTML', '<html>502 Bad Gateway</html>', 'notJson'],
    ['too large', 'x'.repeat(1_048_577), 'tooLarge'],
    ['a list', '[]', 'malformed'],
    ['nothing', 'null', 'malformed'],
    ['of an unknown type', '{"type":"hug"}', 'unknown'],
    ['called like a field of every object', '{"type":"constructor"}', 'unknown'],
    ['nested ten thousand deep', '['.repeat(10_000) + ']'.repeat(10_000), 'malformed'],
    ['events without a list', '{"type":"events","lane":"message","no":1,"events":{}}', 'malformed'],
    ['events of no lane', '{"type":"events","lane":"express","no":1,"events":[]}', 'malformed'],
    ['events without a number', '{"type":"events","lane":"message","no":"1","events":[]}', 'malformed'],
    ['an answer to what was not asked', '{"type":"answer","no":77,"result":null}', 'unasked'],
    ['a second welcome', '{"type":"welcome","version":1}', 'replayed'],
    ['a refusal with a code of nobody', '{"type":"refusal","code":"rm -rf","message":"","stored":"no","retry":"no"}', 'malformed'],
  ] as const)('leaves a frame that is %s', async (_what, data, problem) => {
    const { transport, socket, events, problems } = await online()
    socket.receive(data)
    await settle()
    expect(events).toEqual([])
    expect(transport.stats().problems[problem]).toBe(1)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toBeInstanceOf(TransportError)
    expect(problems[0]!.code).toBe('transport/badFrame')
    expect(problems[0]!.message).toContain(`(${problem})`)
    const call = transport.react!('c', 'm1', '👍', true)
    socket.receive({ type: 'answer', no: 1, result: null })
    await expect(call).resolves.toBeUndefined()
    await transport.close()
  })

  it('leaves out the events that it cannot read, and takes the others and their cursor', async () => {
    const { transport, socket, events } = await online()
    const bad = [
      null, 7, {}, { type: 'message' }, { type: 'message', message: { ...MESSAGE, at: { epoch: 0, order: 1.5, id: 'x' } } }, { type: 'message', message: { ...MESSAGE, at: { epoch: 0, order: '1', id: 'x' } } },
      { type: 'message', message: { ...MESSAGE, time: 'yesterday' } }, { type: 'message', message: { ...MESSAGE, body: 'one' } }, { type: 'message', message: { ...MESSAGE, id: 'x'.repeat(2_000) } },
      { type: 'receipt', by: 'bob', kind: 'seen', visibility: 'published' }, { type: 'state', state: { status: 'online' } }, { type: 'cursor', cursor: 'mine' }, { type: 'typing', conversationId: 'c', by: 'bob', on: true },
    ]
    socket.receive({ type: 'events', lane: 'message', no: 1, events: [...bad, { type: 'message', message: MESSAGE }], cursor: 'c1' })
    await settle()
    expect(events).toEqual([{ type: 'message', message: MESSAGE }, { type: 'cursor', cursor: 'c1' }])
    expect(transport.stats().problems.malformed).toBe(1)
    expect(socket.sent.at(-1)).toEqual({ type: 'got', lane: 'message', no: 1 })
    await transport.close()
  })

  it('takes a replayed frame once', async () => {
    const { transport, socket, events } = await online()
    const frame = { type: 'events', lane: 'message', no: 1, events: [{ type: 'message', message: MESSAGE }], cursor: 'c1' }
    for (let times = 0; times < 3; times += 1) socket.receive(frame)
    await settle()
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(1)
    expect(transport.stats().problems.replayed).toBe(2)
    await transport.close()
  })

  it('[F40] comes back from its own cursor when a frame is missing', async () => {
    const { transport, socket, events, sockets, clock } = await online()
    socket.receive({ type: 'events', lane: 'message', no: 1, events: [], cursor: 'c1' })
    await settle()
    socket.receive({ type: 'events', lane: 'message', no: 3, events: [{ type: 'message', message: MESSAGE }], cursor: 'c3' })
    await clock.advanceAsync(500)
    expect(events.filter(({ type }) => type === 'message')).toEqual([])
    expect(transport.stats().problems.skipped).toBe(1)
    const next = await sockets.next()
    next.open()
    expect(next.sent[0]).toMatchObject({ type: 'hello', since: 'c1' })
    await transport.close()
  })

  it('keeps a body of a kind that it does not know, as one of the app', async () => {
    const { transport, socket, events } = await online()
    socket.receive({ type: 'events', lane: 'message', no: 1, events: [{ type: 'message', message: { ...MESSAGE, body: { kind: 'hologram', beams: 3 } } }] })
    await settle()
    expect(events).toMatchObject([{ message: { body: { kind: 'custom', type: 'hologram', data: { kind: 'hologram', beams: 3 } } } }])
    await transport.close()
  })

  it('takes null for a field that was left out, as many languages write it, where null says nothing else', async () => {
    const { transport, socket, events } = await online()
    const blank = { localId: null, receiptRequested: null, replyTo: null, editedAt: null, recalledAt: null, deletedAt: null, reactions: null }
    const body = { kind: 'video', file: { ref: 'v', url: null, name: null, mime: null, sizeBytes: null }, widthPx: null, heightPx: null, durationMs: null }
    socket.receive({ type: 'events', lane: 'message', no: 1, cursor: null, events: [
      { type: 'message', message: { ...MESSAGE, ...blank, body } },
      { type: 'conversation', conversation: { id: 'c', kind: 'direct', title: null, avatarUrl: null, head: null, lastMessage: null, members: null, rosterComplete: null } },
      { type: 'receipt', conversationId: 'c', by: 'bob', kind: 'read', visibility: 'published', upTo: null, ranges: null, ids: null, count: null, time: null, content: null },
    ] })
    await settle()
    const { localId: _none, ...message } = MESSAGE
    expect(events).toEqual([
      { type: 'message', message: { ...message, body: { kind: 'video', file: { ref: 'v' } } } },
      { type: 'conversation', conversation: { id: 'c', kind: 'direct', head: null } },
      { type: 'receipt', conversationId: 'c', by: 'bob', kind: 'read', visibility: 'published', upTo: null },
    ])
    await transport.close()
  })

  it('changes no prototype, however the name is spelt', async () => {
    const { transport, socket, events } = await online()
    const event = (key: string) => `{"type":"message","message":{"conversationId":"c","id":"m1","at":{"epoch":0,"order":1,"id":"m1","${key}":{"polluted":1}},"from":"__proto__","time":1,"body":{"kind":"custom","type":"t","data":{"${key}":{"polluted":1}}},"${key}":{"polluted":1}},"${key}":{"polluted":1}}`
    socket.receive(`{"type":"events","lane":"message","no":1,"${'__proto__'}":{"polluted":1},"events":[${event('__proto__')},${event('\\u005f_proto__')},${event('constructor')}]}`)
    await settle()
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    const messages = events.filter((one) => one.type === 'message')
    expect(messages).toHaveLength(3)
    for (const { message } of messages) {
      expect(message.from).toBe('__proto__')
      expect(Object.keys((message.body as { data: object }).data)).not.toContain('__proto__')
      expect(Object.assign({}, (message.body as { data: object }).data)).not.toHaveProperty('polluted')
    }
    await transport.close()
  })

  it('[F42] takes no answer for another: the wrong one is none, one that comes twice or to nothing is counted', async () => {
    const { transport, socket } = await online()
    const send = (localId: string) => transport.send({ localId, conversation: { id: 'c', kind: 'direct' }, body: { kind: 'text', text: localId } })
    const accepted = (localId: string) => ({ localId, id: `id-${localId}`, at: POINT, time: 1 })
    const [first, second] = [send('one'), send('two')]
    socket.receive({ type: 'answer', no: 1, result: accepted('two') })
    await expect(first).rejects.toMatchObject({ code: 'transport/badAnswer', stored: 'maybe', retry: 'yes' })
    socket.receive({ type: 'answer', no: 2, result: accepted('two') })
    await expect(second).resolves.toMatchObject({ id: 'id-two' })
    socket.receive({ type: 'answer', no: 2, result: accepted('two') })
    socket.receive({ type: 'answer', no: 99, result: accepted('nine') })
    expect(transport.stats().problems.unasked).toBe(2)
    await transport.close()
  })

  it('says when an answer is none, and that it may have been done', async () => {
    const { transport, socket } = await online()
    const sending = transport.send({ localId: 'l1', conversation: { id: 'c', kind: 'direct' }, body: { kind: 'text', text: 'one' } })
    socket.receive({ type: 'answer', no: 1, result: { localId: 'l1', id: 17 } })
    await expect(sending).rejects.toMatchObject({ code: 'transport/badAnswer', stored: 'maybe', retry: 'yes', message: 'The server answered "send" with something that is no answer to it (id is no name). It may have done it; the same is tried again.' })
    await transport.close()
  })

  it('does not let leave what JSON cannot carry, or what is too large', async () => {
    const { transport, socket } = await online()
    const body: Record<string, unknown> = { kind: 'custom', type: 'loop' }
    body['data'] = body
    const draft = (given: unknown) => ({ localId: 'l1', conversation: { id: 'c', kind: 'direct' }, body: given }) as never
    await expect(transport.send(draft(body))).rejects.toMatchObject({ code: 'transport/invalid', stored: 'no', retry: 'no' })
    await expect(transport.send(draft({ kind: 'text', text: '好'.repeat(400_000) }))).rejects.toMatchObject({
      code: 'transport/tooLarge', stored: 'no', retry: 'no',
      message: '"send" is a frame of 1200135 bytes and this transport carries 1048576. It did not leave the device and will not be retried. Shorten the body or send it as an attachment.',
    })
    expect(socket.sent.filter(({ type }) => type === 'call')).toEqual([])
    await transport.close()
  })
})

async function connected() {
  const sockets = createFakeSockets()
  const transport = websocketTransport({ url: 'ws://localhost', WebSocket: sockets.WebSocket })
  const connecting = transport.connect({ userId: 'ann', token: async () => undefined, conversations: [] })
  const socket = await sockets.next()
  await welcome(socket)
  await connecting
  return { transport, socket }
}

it.each([
  ['nested deeper than devices copy', { kind: 'custom', type: 't', data: JSON.parse('['.repeat(40) + ']'.repeat(40)) }],
  ['a text that is none', { kind: 'text', text: 7 }],
  ['an image without a file', { kind: 'image' }],
])('a body that no other device could read does not leave this one: %s', async (_what, body) => {
  const { transport, socket } = await connected()
  const refused = { code: 'transport/invalid', stored: 'no', retry: 'no' }
  await expect(transport.send({ localId: 'l', conversation: { id: 'c', kind: 'direct' }, body: body as never })).rejects.toMatchObject(refused)
  await expect(transport.edit!('c', 'm1', body as never)).rejects.toMatchObject(refused)
  expect(socket.sent.filter(({ type }) => type === 'call')).toEqual([])
  await transport.close()
})

it('a draft leaves without what else an app has in its objects', async () => {
  const { transport, socket } = await connected()
  const draft = { localId: 'l', conversation: { id: 'c', kind: 'direct', members: ['ann', 'bob'], secret: 1 }, body: { kind: 'video', file: { ref: 'v' }, durationMs: NaN }, note: 'mine' } as const
  transport.send(draft).catch(() => {})
  expect(socket.sent.at(-1)).toEqual({ type: 'call', no: 1, name: 'send', with: { localId: 'l', conversation: { id: 'c', kind: 'direct' }, body: { kind: 'video', file: { ref: 'v' }, durationMs: null } } })
  await transport.close()
})

describe('the server', () => {
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    server = await startServer({ port: 0, file: ':memory:', bodyBytes: 1_000 })
  })
  afterAll(() => server.close())

  /** A peer that may say anything. */
  async function peer(hello: object | null = { type: 'hello', version: 1, userId: 'ann', device: 'd1', conversations: [{ id: 'c', kind: 'direct', members: ['ann', 'bob'] }] }) {
    const socket = new WebSocket(server.url)
    const heard: Record<string, unknown>[] = []
    let closed = 0
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Record<string, unknown>))
    socket.on('close', (code: number) => { closed = code })
    await new Promise((resolve) => socket.once('open', resolve))
    const say = (frame: unknown) => socket.send(typeof frame === 'string' || frame instanceof Buffer ? frame : JSON.stringify(frame))
    const next = async (fits: (frame: Record<string, unknown>) => boolean) => {
      await expect.poll(() => heard.some(fits), { timeout: 10_000 }).toBe(true)
      return heard.find(fits)!
    }
    if (hello) {
      say(hello)
      await next(({ type }) => type === 'welcome')
    }
    return { socket, heard, say, next, closed: () => closed }
  }

  it.each([
    ['binary', Buffer.from([1, 2, 3]), 'transport/invalid'],
    ['no JSON', 'hello?', 'transport/invalid'],
    ['a list', '[]', 'transport/invalid'],
    ['nested a hundred thousand deep', '['.repeat(100_000), 'transport/invalid'],
    ['of an unknown type', { type: 'hug' }, 'transport/invalid'],
    ['a second hello', { type: 'hello', version: 1, userId: 'bob', device: 'd2', conversations: [] }, 'transport/invalid'],
    ['a call without a number', { type: 'call', name: 'send', with: {} }, 'transport/invalid'],
    ['a got for nothing', { type: 'got', lane: 'message', no: 99 }, 'transport/invalid'],
    ['a got for a lane of every object', { type: 'got', lane: 'constructor', no: 1 }, 'transport/invalid'],
    ['too large', JSON.stringify({ type: 'ping', padding: 'x'.repeat(1_100_000) }), 'transport/tooLarge'],
  ])('refuses a frame that is %s, and goes on', async (_what, frame, code) => {
    const before = server.counts['problems']!
    const { say, next, socket } = await peer()
    say(frame)
    expect(await next(({ type }) => type === 'refusal')).toMatchObject({ code, stored: 'no', retry: 'no' })
    expect(server.counts['problems']).toBe(before + 1)
    say({ type: 'ping' })
    await next(({ type }) => type === 'pong')
    socket.close()
  })

  it.each([
    ['an unknown call', 'hug', {}, 'transport/invalid'],
    ['a call named like a field of every object', 'constructor', {}, 'transport/invalid'],
    ['a call with nothing', 'send', null, 'transport/invalid'],
    ['a send without a body', 'send', { localId: 'l1', conversation: { id: 'c' } }, 'transport/invalid'],
    ['a send without a localId', 'send', { conversation: { id: 'c' }, body: { kind: 'text', text: 'x' } }, 'transport/invalid'],
    ['a body nested too deep', 'send', { localId: 'l1', conversation: { id: 'c' }, body: { kind: 'custom', type: 't', data: JSON.parse('['.repeat(60) + ']'.repeat(60)) } }, 'transport/invalid'],
    ['an oversize body', 'send', { localId: 'l1', conversation: { id: 'c' }, body: { kind: 'text', text: 'x'.repeat(1_001) } }, 'transport/tooLarge'],
    ['a report of a kind of its own', 'report', { conversationId: 'c', kind: 'loved', visibility: 'published', upTo: null, ranges: [], ageMs: 0 }, 'transport/invalid'],
    ['a report for a negative point', 'report', { conversationId: 'c', kind: 'read', visibility: 'published', upTo: { epoch: 0, order: -1, id: 'x' }, ranges: [], ageMs: 0 }, 'transport/invalid'],
    ['a report for what was not sent', 'report', { conversationId: 'c', kind: 'read', visibility: 'published', upTo: { epoch: 0, order: 999, id: 'x' }, ranges: [], ageMs: 0 }, 'transport/receiptBeyondHead'],
    ['a report between two points', 'report', { conversationId: 'c', kind: 'read', visibility: 'published', upTo: null, ranges: [{ from: { epoch: 0, order: 0.5, id: 'x' }, to: { epoch: 0, order: 0.7, id: 'x' } }], ageMs: 0 }, 'transport/invalid'],
    ['a page of nothing', 'history', { conversationId: 'c', limit: 0 }, 'transport/invalid'],
    ['a page after no point', 'history', { conversationId: 'c', limit: 5, after: 'the beginning' }, 'transport/invalid'],
  ])('refuses %s, and stores nothing', async (_what, name, params, code) => {
    const { say, next, socket } = await peer()
    const accepted = server.counts['accepted']!
    say({ type: 'call', no: 1, name, with: params })
    expect(await next(({ type, no }) => type === 'refusal' && no === 1)).toMatchObject({ code, stored: 'no', retry: 'no' })
    expect(server.counts['accepted']).toBe(accepted)
    socket.close()
  })

  it('takes no published receipt past its window, and a private one however late', async () => {
    const strict = await startServer({ port: 0, file: ':memory:', receiptWindowMs: 60 })
    const make = async (userId: string) => {
      const transport = websocketTransport({ url: strict.url, WebSocket })
      await transport.connect({ userId, token: async () => undefined, conversations: [{ id: 'c', kind: 'direct', members: ['ann', 'bob'] }] })
      return transport
    }
    const [ann, bob] = [await make('ann'), await make('bob')]
    const send = (localId: string) => ann.send({ localId, conversation: { id: 'c', kind: 'direct' }, body: { kind: 'text', text: localId } })
    const read = (at: Point, visibility: 'published' | 'ownDevices') => bob.report({ conversation: { id: 'c', kind: 'direct' }, kind: 'read', visibility, upTo: at, ranges: [], messages: [], ageMs: 0 })
    const { at: old } = await send('old')
    await new Promise((resolve) => setTimeout(resolve, 120))
    await expect(read(old!, 'published')).rejects.toMatchObject({ code: 'transport/receiptExpired', stored: 'no', retry: 'no' })
    await read(old!, 'ownDevices')
    const { at: fresh } = await send('fresh')
    await read(fresh!, 'published')
    expect(await ann.readStates!('c')).toMatchObject([{ by: 'bob', kind: 'read', visibility: 'published', upTo: { order: 2 } }])
    await Promise.all([ann.close(), bob.close()])
    await strict.close()
  })

  it('does a replayed call once', async () => {
    const { say, next, heard, socket } = await peer()
    const call = { type: 'call', no: 1, name: 'send', with: { localId: `l-${Date.now()}`, conversation: { id: 'c' }, body: { kind: 'text', text: 'once' } } }
    say(call)
    await next(({ type, no }) => type === 'answer' && no === 1)
    const accepted = server.counts['accepted']!
    say(call)
    await next(({ type, message }) => type === 'refusal' && message === 'Call 1 came before. It was not done again.')
    expect(server.counts['accepted']).toBe(accepted)
    expect(heard.filter(({ type }) => type === 'answer')).toHaveLength(1)
    socket.close()
  })

  it('takes no name for another: a report says what its own device read, whatever else it claims', async () => {
    const { say, next, socket } = await peer()
    say({ type: 'call', no: 1, name: 'send', with: { localId: `l-${Date.now()}`, from: 'bob', by: 'bob', conversation: { id: 'c' }, body: { kind: 'text', text: 'from ann' } } })
    const { result } = (await next(({ type }) => type === 'answer')) as { result: { at: object } }
    say({ type: 'call', no: 2, name: 'report', with: { conversationId: 'c', by: 'bob', userId: 'bob', kind: 'read', visibility: 'published', upTo: result.at, ranges: [], ageMs: 0 } })
    say({ type: 'call', no: 3, name: 'readStates', with: { conversationId: 'c' } })
    const states = (await next(({ no }) => no === 3)) as { result: { by: string }[] }
    expect(states.result.map(({ by }) => by)).not.toContain('bob')
    socket.close()
  })

  it('hangs up on a peer that says nothing readable first, or never', async () => {
    const first = await peer(null)
    first.say({ type: 'ping' })
    await expect.poll(first.closed).toBe(1008)
    const stubborn = await peer()
    for (let times = 0; times < 120; times += 1) stubborn.say('?')
    await expect.poll(stubborn.closed).toBe(1008)
  })

  it('speaks one version', async () => {
    const { say, next } = await peer(null)
    say({ type: 'hello', version: 2, userId: 'ann', device: 'd1', conversations: [] })
    expect(await next(({ type }) => type === 'refusal')).toMatchObject({ code: 'transport/version', retry: 'no' })
  })

  it('is not for pages of the web, while everybody is believed', async () => {
    const outcome = (origin: string) => new Promise<string>((resolve) => {
      const socket = new WebSocket(server.url, { origin })
      socket.on('open', () => { resolve('open'); socket.close() })
      socket.on('error', (error) => resolve(error.message))
    })
    expect(await outcome('https://example.org')).toBe('Unexpected server response: 401')
    expect(await outcome('http://localhost:6006')).toBe('open')
  })
})

it('a server of another kind is told apart: no welcome, no harm', async () => {
  const mute = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => { mute.listen(0, '127.0.0.1', resolve) })
  const { port } = mute.address() as { port: number }
  const transport = websocketTransport({ url: `ws://127.0.0.1:${port}`, WebSocket, connectTimeoutMs: 100 })
  const states: string[] = []
  transport.on((event) => { if (event.type === 'state') states.push(event.state.status) })
  const connecting = transport.connect({ userId: 'ann', token: async () => undefined, conversations: [] }).catch((error: unknown) => error)
  await expect.poll(() => states.filter((status) => status === 'offline').length).toBeGreaterThan(0)
  await transport.close()
  expect(await connecting).toBeInstanceOf(TransportError)
  mute.close()
})

it('a server that speaks another version ends the connecting', async () => {
  const old = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => old.once('listening', resolve))
  old.on('connection', (socket) => socket.on('message', () => socket.send(JSON.stringify({ type: 'welcome', version: 9 }))))
  const { port } = old.address() as { port: number }
  const transport = websocketTransport({ url: `ws://127.0.0.1:${port}`, WebSocket })
  await expect(transport.connect({ userId: 'ann', token: async () => undefined, conversations: [] })).rejects.toMatchObject({ code: 'transport/version', stored: 'no', retry: 'no' })
  await new Promise((resolve) => old.close(resolve))
})

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
