/** A wait that the back end asked for, and back-off, outlive the page: one that is loaded again and again does not hammer a back end that said wait. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient } from 'readback/core'
import { TransportError } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { LONGEST_ASKED_MS } from '../../src/model/backoff.js'
import { BACKOFF_CAP_MS } from '../../src/sync/backoff.js'
import { remainingMs } from '../../src/sync/waitRows.js'
import { scriptedTransport } from './scriptedTransport.js'

const DAY_MS = 86_400_000
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** One device, whose page is loaded again and again, and a back end that refuses as it is told. */
function device() {
  const clock = createFakeClock()
  const indexedDB = new IDBFactory()
  let refusal: TransportError | null = null
  const tries: string[] = []
  async function load() {
    const wire = scriptedTransport()
    const answer = wire.answer
    wire.answer = async (draft) => {
      tries.push(`${draft.conversation.id}: ${(draft.body as { text: string }).text}`)
      if (refusal) throw refusal
      return answer(draft)
    }
    wire.report = async ({ kind, conversation }) => {
      tries.push(`${conversation.id}: ${kind}`)
      if (refusal) throw refusal
    }
    const client = createChatClient({ userId: 'me', transport: wire, storage: dexieStorage({ indexedDB, IDBKeyRange }), policy: { flushMs: 1, maxFlushMs: 2 }, ports: { clock, random: { next: () => 0.999, id: () => crypto.randomUUID() }, locks: null, openChannel: () => null, keepsakes: null } })
    running.push(client)
    for (const id of ['a', 'b']) await client.ensureConversation({ id, kind: 'direct', members: ['me', 'ada'] })
    const started = client.start()
    await vi.waitFor(() => {
      clock.advance(1)
      expect(client.getState().connection.status).toBe('online')
    }, 5_000)
    await started
    await settle()
    return { client, wire }
  }
  return { clock, tries, load, refuse: (error: TransportError | null) => (refusal = error) }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 40))
const asksFor = (ms: number, code: 'transport/server' | 'transport/rateLimited' = 'transport/server') => new TransportError(code, 'Not now.', { stored: 'no', retry: { afterMs: ms } })
const say = (text: string) => ({ body: { kind: 'text', text } as const })

async function pass(clock: ReturnType<typeof createFakeClock>, ms: number): Promise<void> {
  clock.advance(ms)
  await settle()
}

it('a wait that was asked for holds over twenty loads of the page, and over every new connection', async () => {
  const { clock, tries, load, refuse } = device()
  let { client } = await load()
  refuse(asksFor(60_000))
  await client.send('a', say('1'))
  await vi.waitFor(() => expect(tries).toEqual(['a: 1']))
  await settle()
  refuse(null)
  for (let n = 0; n < 20; n += 1) {
    await client.dispose()
    const next = await load()
    client = next.client
    next.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    next.wire.emit({ type: 'state', state: { status: 'online' } })
    await pass(clock, 1_000)
    expect(tries).toEqual(['a: 1'])
  }
  // Others are not asked to wait.
  await client.send('b', say('2'))
  await vi.waitFor(() => expect(tries).toEqual(['a: 1', 'b: 2']))
  await pass(clock, 60_000)
  await vi.waitFor(() => expect(tries).toEqual(['a: 1', 'b: 2', 'a: 1']))
}, 20_000)

it('back-off goes on where it was', async () => {
  const { clock, tries, load, refuse } = device()
  const { client } = await load()
  refuse(new TransportError('transport/server', 'Broken.', { stored: 'maybe', retry: 'yes' }))
  await client.send('a', say('1'))
  await vi.waitFor(() => expect(tries).toHaveLength(1))
  for (let n = 2; n <= 6; n += 1) {
    await settle()
    await pass(clock, BACKOFF_CAP_MS)
    await vi.waitFor(() => expect(tries).toHaveLength(n))
  }
  await settle()
  await client.dispose()
  await load()
  await pass(clock, 10_000)
  expect(tries).toHaveLength(6)
  await pass(clock, 6_000)
  await vi.waitFor(() => expect(tries).toHaveLength(7))
  // The seventh wait is longer than the sixth, as if nothing had been loaded again.
  await settle()
  await pass(clock, 16_000)
  expect(tries).toHaveLength(7)
  await pass(clock, 14_000)
  await vi.waitFor(() => expect(tries).toHaveLength(8))
}, 20_000)

it('a back end that limits its rate is left alone by everything of that kind, also after a load', async () => {
  const { clock, tries, load, refuse } = device()
  const { client } = await load()
  refuse(asksFor(30_000, 'transport/rateLimited'))
  await client.send('a', say('1'))
  await vi.waitFor(() => expect(tries).toEqual(['a: 1']))
  await settle()
  await client.dispose()
  refuse(null)
  const next = await load()
  await next.client.send('b', say('2'))
  await pass(clock, 20_000)
  expect(tries).toEqual(['a: 1'])
  await pass(clock, 11_000)
  await vi.waitFor(() => expect(tries.toSorted()).toEqual(['a: 1', 'a: 1', 'b: 2']))
}, 20_000)

it.each(['messages', 'reports'] as const)('a wait that was asked for is not made shorter by what others are answered that were on their way (%s)', async (what) => {
  const { clock, tries, load } = device()
  const { client, wire } = await load()
  const refusals = new Map<string, (error: TransportError) => void>()
  const onItsWay = (id: string) => new Promise<never>((_, reject) => refusals.set(id, (error) => reject(error)))
  const answer = wire.answer
  wire.answer = (draft) => (tries.push(draft.conversation.id), onItsWay(draft.conversation.id))
  wire.report = ({ conversation }) => (tries.push(conversation.id), onItsWay(conversation.id))
  for (const id of ['a', 'b']) {
    if (what === 'messages') await client.send(id, say('1'))
    else wire.emit({ type: 'message', message: { conversationId: id, id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, from: 'ada', localId: 'l1', time: 1, body: { kind: 'text', text: 'hi' } } })
    await vi.waitFor(() => {
      clock.advance(1)
      expect(tries).toContain(id)
    })
  }
  refusals.get('a')!(asksFor(60_000, 'transport/rateLimited'))
  await settle()
  refusals.get('b')!(new TransportError('transport/rateLimited', 'Not now.', { stored: 'no', retry: 'yes' }))
  await settle()
  wire.answer = (draft) => (tries.push(draft.conversation.id), answer(draft))
  wire.report = async ({ conversation }) => void tries.push(conversation.id)
  await pass(clock, 30_000)
  expect(tries).toEqual(['a', 'b'])
  // Nor for the page that comes after this one.
  await client.dispose()
  await load()
  await pass(clock, 25_000)
  expect(tries).toEqual(['a', 'b'])
  await pass(clock, 10_000)
  await vi.waitFor(() => expect(tries).toHaveLength(4))
}, 20_000)

it('reports wait as messages do', async () => {
  const { clock, tries, load, refuse } = device()
  const { client, wire } = await load()
  refuse(asksFor(60_000))
  wire.emit({ type: 'message', message: { conversationId: 'a', id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, from: 'ada', localId: 'l1', time: 1, body: { kind: 'text', text: 'hi' } } })
  await vi.waitFor(() => {
    clock.advance(1)
    expect(tries).toEqual(['a: delivered'])
  })
  await settle()
  await client.dispose()
  refuse(null)
  await load()
  await pass(clock, 50_000)
  expect(tries).toEqual(['a: delivered'])
  await pass(clock, 10_000)
  await vi.waitFor(() => expect(tries).toEqual(['a: delivered', 'a: delivered']))
}, 20_000)

it('that there was no line is no wait for the next page', async () => {
  const { tries, load, refuse } = device()
  const { client } = await load()
  refuse(new TransportError('transport/offline', 'No line.', { stored: 'maybe', retry: 'yes' }))
  await client.send('a', say('1'))
  await vi.waitFor(() => expect(tries).toHaveLength(1))
  await settle()
  await client.dispose()
  refuse(null)
  await load()
  await vi.waitFor(() => expect(tries).toEqual(['a: 1', 'a: 1']))
})

it.each([[-DAY_MS, 'back'], [DAY_MS, 'on']])('[F12] a clock that was set a day (%i ms) %s makes nobody wait longer than was asked', async (jumpMs) => {
  const { clock, tries, load, refuse } = device()
  const { client } = await load()
  refuse(asksFor(60_000))
  await client.send('a', say('1'))
  await vi.waitFor(() => expect(tries).toHaveLength(1))
  await settle()
  await client.dispose()
  refuse(null)
  clock.shiftWallClock(jumpMs)
  await load()
  await pass(clock, 60_000)
  await vi.waitFor(() => expect(tries).toHaveLength(2))
})

it('what the rows say of a wait is bounded, whatever it is', () => {
  const now = 1_000_000
  expect(remainingMs({ notBefore: 0 }, now)).toBe(0)
  expect(remainingMs({ notBefore: now + 7 }, now)).toBe(7)
  expect(remainingMs({ notBefore: now + DAY_MS }, now)).toBe(BACKOFF_CAP_MS)
  expect(remainingMs({ notBefore: now + DAY_MS, wait: { ms: 60_000, tries: 1 } }, now)).toBe(60_000)
  expect(remainingMs({ notBefore: Infinity, wait: { ms: Infinity, tries: 1 } }, now)).toBe(LONGEST_ASKED_MS)
  for (const ms of ['x', NaN, -5, null]) expect(remainingMs({ notBefore: now + 50, wait: { ms, tries: 1 } as never }, now)).toBeLessThanOrEqual(50)
})
