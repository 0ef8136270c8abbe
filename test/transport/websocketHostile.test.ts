/** Servers and devices that mean harm, or are only broken: over real sockets, with the whole client where it matters. */
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import { createChatClient, type ConnectionState, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { websocketTransport, type WebsocketTransportOptions } from 'readback/transport/websocket'
import { startServer } from '../servers/websocketServer.mjs'

const PATIENCE = { timeout: 20_000 }
const CONVERSATION = { id: 'c', kind: 'direct', members: ['ann', 'bob'] } as const
const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const message = (order: number, text = `${order}`) => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from: 'bob', localId: `l${order}`, time: Date.now(), body: { kind: 'text', text } } })

let ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

/** A server that does what the test says to each connection, after the welcome or instead of it. */
async function hostile(act: (socket: ServerSocket, hello: { readonly since?: string }) => void, welcome = true): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.once('message', (data: Buffer) => {
      if (welcome) socket.send(JSON.stringify({ type: 'welcome', version: 1 }))
      act(socket, JSON.parse(data.toString()) as { since?: string })
    })
  })
  ends.push(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function device(url: string, options: Partial<WebsocketTransportOptions> = {}) {
  const transport = websocketTransport({ url, WebSocket, maxBackoffMs: 50, ...options })
  const events: TransportEvent[] = []
  transport.on((event) => events.push(event))
  ends.push(() => transport.close())
  const connecting = transport.connect({ userId: 'ann', token: async () => undefined, conversations: [CONVERSATION] }).catch(() => {})
  const states = () => events.flatMap((event): ConnectionState[] => (event.type === 'state' ? [event.state] : []))
  return { transport, events, connecting, states, orders: () => events.flatMap((event) => (event.type === 'message' ? [event.message.at.order] : [])) }
}

describe('a device', () => {
  it('survives a frame of 64 MB, and one nested a million deep, and takes what comes after', async () => {
    const url = await hostile((socket) => {
      socket.send('x'.repeat(64 * 2 ** 20))
      socket.send(`{"type":"answer","no":1,"result":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)
      socket.send(JSON.stringify({ type: 'events', lane: 'message', no: 1, events: [message(1)], cursor: 'a' }))
    })
    const { orders, transport } = device(url)
    await expect.poll(orders, PATIENCE).toEqual([1])
    expect(transport.stats().problems).toMatchObject({ tooLarge: 1, notJson: 0, unasked: 1 })
  })

  it('takes a frame that never ends for a dead connection, however it drips', async () => {
    const dripping: NodeJS.Timeout[] = []
    const server = createServer((socket) => {
      let head = ''
      socket.on('error', () => {})
      socket.on('data', (data) => {
        if (head.endsWith('\r\n\r\n')) return
        head += data.toString('latin1')
        const key = /sec-websocket-key: (.+)\r\n/i.exec(head)?.[1]
        if (key === undefined || !head.endsWith('\r\n\r\n')) return
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
        const welcome = Buffer.from(JSON.stringify({ type: 'welcome', version: 1 }))
        socket.write(Buffer.concat([Buffer.from([0x81, welcome.length]), welcome]))
        // Text, not final, of 100 MB: one byte at a time.
        socket.write(Buffer.from([0x01, 127, 0, 0, 0, 0, 6, 0, 0, 0]))
        dripping.push(setInterval(() => socket.write('x'), 20))
      })
    })
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    ends.push(() => {
      dripping.forEach(clearInterval)
      server.close()
    })
    const { states, transport } = device(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { heartbeatMs: 200, heartbeatTimeoutMs: 200 })
    await expect.poll(() => states().find(({ status }) => status === 'offline'), PATIENCE).toMatchObject({ reason: 'heartbeat' })
    await transport.close()
  })

  it('hears nothing that comes before the welcome', async () => {
    const url = await hostile((socket) => {
      socket.send(JSON.stringify({ type: 'events', lane: 'message', no: 1, events: [message(1)], cursor: 'a' }))
      socket.send(JSON.stringify({ type: 'ephemeral', events: [{ type: 'presence', userId: 'bob', presence: 'online' }] }))
      socket.send(JSON.stringify({ type: 'welcome', version: 1 }))
      socket.send(JSON.stringify({ type: 'events', lane: 'message', no: 1, events: [message(2)], cursor: 'b' }))
    }, false)
    const { orders, events, transport } = device(url)
    await expect.poll(orders, PATIENCE).toEqual([2])
    expect(events.some(({ type }) => type === 'presence')).toBe(false)
    expect(transport.stats().problems.unasked).toBe(2)
  })

  it.each([
    [1000, 'server'], [1001, 'server'], [1002, 'server'], [1003, 'server'], [1007, 'server'], [1008, 'server'], [1009, 'server'], [1011, 'server'], [1012, 'server'], [1013, 'server'], [3000, 'server'], [4999, 'server'],
    [undefined, 'server'], ['cut', 'network'],
  ] as const)('that is closed with code %s says whose doing it was, and comes back', async (code, reason) => {
    let connections = 0
    const url = await hostile((socket) => {
      connections += 1
      if (connections > 1) return
      if (code === 'cut') socket.terminate()
      else socket.close(code)
    })
    const { states, transport } = device(url)
    await expect.poll(() => transport.stats().connections, PATIENCE).toBe(2)
    expect(states().find(({ status }) => status === 'offline')).toMatchObject({ reason })
  })

  it('goes on where a server gives the same cursor for everything, and tells everything again at each connect', async () => {
    const url = await hostile((socket, { since }) => {
      for (let no = 1; no <= 50; no += 1) socket.send(JSON.stringify({ type: 'events', lane: 'message', no, events: [message(no)], cursor: 'same' }))
      if (since === undefined) setTimeout(() => socket.terminate(), 100)
    })
    const transport = websocketTransport({ url, WebSocket, maxBackoffMs: 50 })
    const client = createChatClient({ userId: 'ann', transport, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
    ends.push(() => client.dispose())
    await client.ensureConversation(CONVERSATION)
    await client.start()
    const source = client.messages('c')
    source.subscribe(() => {})
    await expect.poll(() => transport.stats().connections, PATIENCE).toBe(2)
    await expect.poll(() => source.getSnapshot().messages.map((each) => each.at?.order), PATIENCE).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
  })

  it('whose server is a day ahead, or behind, or at the beginning of time, keeps order, and its own reads leave', async () => {
    for (const offsetMs of [86_400_000, -86_400_000, -Date.now()]) {
      const reports: unknown[] = []
      const url = await hostile((socket) => {
        const shifted = (order: number) => ({ ...message(order), message: { ...message(order).message, time: Math.max(0, Date.now() + offsetMs + (order === 2 ? -3_600_000 : 0)) } })
        socket.send(JSON.stringify({ type: 'events', lane: 'message', no: 1, events: [{ type: 'conversation', conversation: { ...CONVERSATION, head: at(3), members: [], rosterComplete: false } }, shifted(3), shifted(1), shifted(2)], cursor: 'a' }))
        socket.on('message', (data: Buffer) => {
          const frame = JSON.parse(data.toString()) as { type: string; no: number; name: string; with: unknown }
          if (frame.type !== 'call') return
          if (frame.name === 'report') reports.push(frame.with)
          const results: Record<string, unknown> = { conversations: { items: [] }, members: { items: [] }, readStates: [], history: { messages: [], contiguousTo: null } }
          socket.send(JSON.stringify({ type: 'answer', no: frame.no, result: results[frame.name] ?? null }))
        })
      })
      const transport = websocketTransport({ url, WebSocket, maxBackoffMs: 50 })
      const client = createChatClient({ userId: 'ann', transport, storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20 }, ports: { locks: null, openChannel: () => null } })
      await client.ensureConversation(CONVERSATION)
      await client.start()
      const source = client.messages('c')
      source.subscribe(() => {})
      await expect.poll(() => source.getSnapshot().messages.map((each) => each.at?.order), PATIENCE).toEqual([1, 2, 3])
      await client.markRead(source.getSnapshot().messages)
      await expect.poll(() => reports.some((report) => (report as { kind: string }).kind === 'read'), PATIENCE).toBe(true)
      expect(reports).toContainEqual(expect.objectContaining({ kind: 'read', upTo: at(3) }))
      expect((reports as { ageMs: number }[]).every(({ ageMs }) => ageMs >= 0 && ageMs < 60_000)).toBe(true)
      await client.dispose()
    }
  })

  it('keeps no more of a server\'s words than one can read', async () => {
    const url = await hostile((socket) => socket.on('message', (data: Buffer) => {
      const { no } = JSON.parse(data.toString()) as { no?: number }
      if (no !== undefined) socket.send(JSON.stringify({ type: 'refusal', no, code: 'transport/forbidden', message: 'no '.repeat(100_000), stored: 'no', retry: 'no' }))
    }))
    const { transport, connecting } = device(url)
    await connecting
    const error = await transport.send({ localId: 'l1', conversation: CONVERSATION, body: { kind: 'text', text: 'x' } }).catch((cause: unknown) => cause as Error)
    expect((error as Error).message).toHaveLength(1_000)
  })
})

describe('the reference server', () => {
  const start = async (options: Parameters<typeof startServer>[0] = {}) => {
    const server = await startServer({ port: 0, file: ':memory:', ...options })
    ends.push(() => server.close())
    return server
  }

  it('gives pages that fit into a frame, and they join', async () => {
    const { url } = await start()
    const { transport } = device(url)
    await expect.poll(() => transport.stats().connections, PATIENCE).toBe(1)
    const text = 'x'.repeat(60_000)
    for (let n = 1; n <= 40; n += 1) await transport.send({ localId: `l${n}`, conversation: CONVERSATION, body: { kind: 'text', text } })
    const orders: number[] = []
    for (let before: { epoch: number; order: number; id: string } | null | undefined; before !== null; ) {
      const page = await transport.history!('c', { limit: 50, ...(before ? { before } : {}) })
      orders.unshift(...page.messages.map((each) => each.at.order))
      before = page.contiguousTo
    }
    expect(orders).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
    const forward = await transport.history!('c', { limit: 50, after: at(0) })
    expect(forward.contiguousTo).toEqual(forward.messages.at(-1)!.at)

    for (let n = 1; n <= 20; n += 1) {
      await transport.ensureConversation!({ ...CONVERSATION, id: `fat-${n}` })
      await transport.send({ localId: `f${n}`, conversation: { ...CONVERSATION, id: `fat-${n}` }, body: { kind: 'text', text } })
    }
    const ids: string[] = []
    for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
      const page: Awaited<ReturnType<NonNullable<typeof transport.conversations>>> = await transport.conversations!({ limit: 200, cursor })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.next
    }
    expect(new Set(ids).size).toBe(21)
    expect(transport.stats().problems.tooLarge).toBe(0)
  }, 60_000)

  it('knows all of 1,200 conversations that a device brings with it', async () => {
    const { url } = await start()
    const transport = websocketTransport({ url, WebSocket })
    ends.push(() => transport.close())
    await transport.connect({ userId: 'ann', token: async () => undefined, conversations: Array.from({ length: 1_200 }, (_, n) => ({ id: `c${n}`, kind: 'direct' as const, members: ['ann', `friend-${n}`] })) })
    expect(await transport.send({ localId: 'l1', conversation: { id: 'c1199', kind: 'direct' }, body: { kind: 'text', text: 'x' } })).toMatchObject({ localId: 'l1' })
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page: Awaited<ReturnType<NonNullable<typeof transport.conversations>>> = await transport.conversations!({ limit: 500, ...(cursor !== undefined && { cursor }) })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.next
      if (cursor === undefined) break
    }
    expect([ids.length, new Set(ids).size]).toEqual([1_200, 1_200])
  }, 30_000)

  it('refuses calls beyond a bound while others wait, and says when to come again', async () => {
    const { url } = await start()
    const socket = new WebSocket(url)
    ends.push(() => socket.terminate())
    const refused: { code: string; retry: unknown }[] = []
    let answered = 0
    await new Promise((resolve) => socket.once('open', resolve))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string; no?: number; code: string; retry: unknown }
      if (frame.type === 'refusal') refused.push(frame)
      if (frame.type === 'answer') answered += 1
      if (frame.type !== 'welcome') return
      for (let no = 1; no <= 5_000; no += 1) socket.send(JSON.stringify({ type: 'call', no, name: 'history', with: { conversationId: 'c', limit: 1 } }))
    })
    socket.send(JSON.stringify({ type: 'hello', version: 1, userId: 'ann', device: 'd1', conversations: [CONVERSATION] }))
    await expect.poll(() => refused.length + answered, PATIENCE).toBe(5_000)
    expect(answered).toBeGreaterThanOrEqual(512)
    expect(refused.every(({ code }) => code === 'transport/rateLimited')).toBe(true)
    expect(refused[0]).toMatchObject({ stored: 'no', retry: { afterMs: 500 } })
  })

  it('lets go of a peer that asks and does not read, and serves the others', async () => {
    const { url } = await start()
    const { transport } = device(url)
    await expect.poll(() => transport.stats().connections, PATIENCE).toBe(1)
    for (let n = 1; n <= 10; n += 1) await transport.send({ localId: `l${n}`, conversation: CONVERSATION, body: { kind: 'text', text: 'x'.repeat(60_000) } })
    const greedy = new WebSocket(url)
    ends.push(() => greedy.terminate())
    await new Promise((resolve) => greedy.once('open', resolve))
    greedy.send(JSON.stringify({ type: 'hello', version: 1, userId: 'bob', device: 'd2', conversations: [] }))
    await new Promise((resolve) => greedy.once('message', resolve))
    greedy.pause()
    let closed = false
    greedy.once('close', () => { closed = true })
    for (let no = 1; no <= 400; no += 1) greedy.send(JSON.stringify({ type: 'call', no, name: 'history', with: { conversationId: 'c', limit: 50 } }))
    await new Promise((resolve) => setTimeout(resolve, 500))
    greedy.resume()
    await expect.poll(() => closed, PATIENCE).toBe(true)
    expect((await transport.history!('c', { limit: 1 })).messages).toHaveLength(1)
  }, 60_000)
})
