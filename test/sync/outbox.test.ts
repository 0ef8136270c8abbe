import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { TransportError } from 'readback'
import { createChatClient, type Accepted } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { expect, it, vi } from 'vitest'
import { SEND_TIMEOUT_MS } from '../../src/sync/callLimit.js'
import { scriptedTransport } from './scriptedTransport.js'

it('[F52] a call that never settles is tried again, and what waits behind it goes out', async () => {
  const clock = createFakeClock()
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { clock, locks: null, openChannel: () => null } })
  void client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const answer = wire.answer
  wire.answer = () => new Promise<Accepted>(() => {})
  const first = await client.send('c', { body: { kind: 'text', text: 'first' } })
  const second = await client.send('c', { body: { kind: 'text', text: 'second' } })
  await vi.waitFor(() => expect(wire.sent.map(({ localId }) => localId)).toEqual([first]))
  wire.answer = answer
  await vi.waitFor(() => {
    clock.advance(SEND_TIMEOUT_MS)
    expect(wire.sent.map(({ localId }) => localId)).toEqual([first, first, second])
  })
  await client.dispose()
})

it('a long outbox is looked through a few times, not once for each message; what is queued in a busy conversation goes out too', async () => {
  const inner = memoryStorage()
  let looks = 0
  const counting: typeof inner = {
    ...inner,
    get name() {
      return inner.name
    },
    read: (fn) => inner.read((tx) => fn({ ...tx, outbox: { ...tx.outbox, list: (filter) => {
      if (filter?.lane === 'intent' && filter.conversationId === undefined) looks += 1
      return tx.outbox.list(filter)
    } } })),
  }
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: counting, ports: { locks: null, openChannel: () => null } })
  for (const id of ['a', 'b']) await client.ensureConversation({ id, kind: 'direct', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  const say = (id: string, i: number) => client.send(id, { body: { kind: 'text', text: `${i}` } })
  for (let i = 0; i < 150; i++) await say(i % 2 ? 'a' : 'b', i)
  looks = 0
  wire.emit({ type: 'state', state: { status: 'online' } })
  for (let i = 150; i < 200; i++) await say(i % 2 ? 'a' : 'b', i)
  await vi.waitFor(() => expect(wire.sent).toHaveLength(200), 10_000)
  for (const id of ['a', 'b']) {
    const numbers = wire.sent.filter(({ conversation }) => conversation.id === id).map(({ body }) => Number((body as { text: string }).text))
    expect(numbers).toEqual([...numbers].sort((x, y) => x - y))
  }
  expect(looks).toBeLessThan(10)
  await vi.waitFor(() => expect(client.getState().pendingCount).toBe(0))
  await client.dispose()
}, 20_000)

it('a message that arrives and its report of delivery are three transactions, none of which looks for messages to send', async () => {
  const inner = memoryStorage()
  const transactions: string[] = []
  let looks = 0
  const counting: typeof inner = {
    ...inner,
    get name() {
      return inner.name
    },
    read(fn) {
      transactions.push('read')
      return inner.read((tx) => fn({ ...tx, outbox: { ...tx.outbox, list: (filter) => {
        if (filter?.lane === 'intent') looks += 1
        return tx.outbox.list(filter)
      } } }))
    },
    write(fn, how) {
      transactions.push('write')
      return inner.write(fn, how)
    },
  }
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: counting, ports: { locks: null, openChannel: () => null } })
  await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  await vi.waitFor(() => expect(client.getState().pendingCount).toBe(0))
  const arrive = async (order: number) => {
    wire.emit({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'ada', localId: `l${order}`, time: order, body: { kind: 'text', text: '' } } })
    await vi.waitFor(() => expect(wire.reports).toHaveLength(order))
    // What follows the report, and what would be counted or looked for a while later.
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  await arrive(1)
  await new Promise((resolve) => setTimeout(resolve, client.policy.flushMs))
  transactions.length = looks = 0
  await arrive(2)
  expect(transactions).toEqual(['write', 'read', 'write'])
  expect(looks).toBe(0)
  await client.dispose()
})

it('[I25] what failed waits for the user and is not counted as waiting to be sent, also after a restart; tried again it is', async () => {
  const wire = scriptedTransport()
  const options = { indexedDB: new IDBFactory(), IDBKeyRange }
  const open = async () => {
    const client = createChatClient({ userId: 'me', transport: wire, storage: dexieStorage(options), ports: { locks: null, openChannel: () => null, keepsakes: null } })
    await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'ada'] })
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    return client
  }
  const answer = wire.answer
  wire.answer = () => Promise.reject(new TransportError('transport/forbidden', 'No.', { stored: 'no', retry: 'no' }))
  const first = await open()
  const localId = await first.send('c', { body: { kind: 'text', text: 'refused' } })
  await vi.waitFor(async () => expect((await first.diagnostics()).outbox).toMatchObject([{ failed: true }]))
  await vi.waitFor(() => expect(first.getState().pendingCount).toBe(0))
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await first.send('c', { body: { kind: 'text', text: 'waits' } })
  await vi.waitFor(() => expect(first.getState().pendingCount).toBe(1))
  await first.retry('c', localId)
  await vi.waitFor(() => expect(first.getState().pendingCount).toBe(2))
  await first.dispose()
  const second = await open()
  await vi.waitFor(async () => expect((await second.diagnostics()).outbox.map(({ failed }) => failed)).toEqual([true, true]))
  await vi.waitFor(() => expect(second.getState().pendingCount).toBe(0))
  wire.answer = answer
  await second.dispose()
})
