import { createChatClient, TransportError, type ChatClient, type Point } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { HELD_FOR_MS } from '../../src/sync/expireHeld.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function start(random = 0) {
  const wire = scriptedTransport()
  const clock = createFakeClock()
  const storage = memoryStorage({ clock })
  let ids = 0
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { clock, locks: null, openChannel: () => null, random: { next: () => random, id: () => `id${ids++}` } } })
  running.push(client)
  const dropped: string[] = []
  client.on('dropped', ({ reason }) => dropped.push(reason))
  for (const id of ['a', 'b']) await client.ensureConversation({ id, kind: 'direct', members: ['me', 'bo'] })
  await client.start()
  await settle()
  const say = (id: string, text: string) => client.send(id, { body: { kind: 'text', text } })
  const sent = () => wire.sent.map(({ body }) => (body as { text: string }).text)
  const pass = async (ms: number) => {
    clock.advance(ms)
    await settle()
  }
  return { wire, clock, storage, client, dropped, say, sent, pass }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const refusal = (code: 'transport/rateLimited' | 'transport/server' | 'transport/offline', retry: 'yes' | { afterMs: number }) => new TransportError(code, 'Not now.', { stored: 'no', retry })

describe('a wire that says when to come back', () => {
  it('is asked nothing by that conversation until then; the others go on', async () => {
    const { wire, say, sent, pass } = await start()
    const { answer } = wire
    wire.answer = () => Promise.reject(refusal('transport/server', { afterMs: 5_000 }))
    await say('a', 'a1')
    await settle()
    wire.answer = answer
    await say('a', 'a2')
    await say('b', 'b1')
    await settle()
    expect(sent()).toEqual(['a1', 'b1'])
    await pass(4_900)
    expect(sent()).toEqual(['a1', 'b1'])
    await pass(200)
    expect(sent()).toEqual(['a1', 'b1', 'a1', 'a2'])
  })

  it('because of its rate is asked nothing by any conversation until then, also after a new connection', async () => {
    const { wire, say, sent, pass } = await start()
    const { answer } = wire
    wire.answer = () => Promise.reject(refusal('transport/rateLimited', { afterMs: 5_000 }))
    await say('a', 'a1')
    await settle()
    wire.answer = answer
    await say('b', 'b1')
    wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    wire.emit({ type: 'state', state: { status: 'online' } })
    await settle()
    await pass(4_900)
    expect(sent()).toEqual(['a1'])
    await pass(200)
    expect(sent().sort()).toEqual(['a1', 'a1', 'b1'])
  })
})

describe('a wait after a failure', () => {
  it('ends when the connection comes back, and being offline counts as no failure', async () => {
    const { wire, client, say, sent, pass } = await start(0.999)
    const { answer } = wire
    wire.answer = () => Promise.reject(refusal('transport/offline', 'yes'))
    await say('a', 'a1')
    for (let i = 0; i < 6; i++) await pass(30_000)
    const tries = sent().length
    wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    await pass(3_600_000)
    expect(sent().length).toBe(tries)
    wire.answer = answer
    wire.emit({ type: 'state', state: { status: 'online' } })
    await settle()
    expect(sent().length).toBe(tries + 1)
    await pass(200)
    expect((await client.diagnostics()).outbox).toEqual([])
  })
})

it('a receipt that found neither message nor sender for 7 days is dropped after the next catch-up, and counted', async () => {
  const { wire, clock, storage, dropped } = await start()
  const upTo: Point = { epoch: 0, order: 99, id: 'm99' }
  wire.emit({ type: 'receipt', conversationId: 'a', by: 'bo', kind: 'read', visibility: 'published', upTo })
  await settle()
  const held = () => storage.read(async (tx) => (await tx.held.list()).length)
  expect(await held()).toBe(1)
  const reconnect = async () => {
    wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    wire.emit({ type: 'state', state: { status: 'online' } })
    await settle()
  }
  clock.sleep(HELD_FOR_MS - 1_000)
  await reconnect()
  expect([await held(), dropped]).toEqual([1, []])
  clock.sleep(2_000)
  await reconnect()
  expect([await held(), dropped]).toEqual([0, ['receipt/unresolved']])
})
