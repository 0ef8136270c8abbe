import { expect, it } from 'vitest'
import { TransportError } from 'readback/core'
import { annAndBob, connect, DIRECT, draft, readUpTo } from './hubHarness.js'

async function failure(call: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await call.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(TransportError)
  return error as TransportError
}

it('a request that is lost was not done, and ends undecided', async () => {
  const { hub, clock } = await annAndBob({ answerTimeoutMs: 10_000 })
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'drop' })
  const lost = failure(ann.transport.send(draft('one', 'l1')))
  await clock.advanceAsync(10_000)
  expect(await lost).toMatchObject({ code: 'transport/timeout', stored: 'maybe', retry: 'yes', retryable: true })
  expect((await lost).message).toBe('No answer came within 10000 ms, so the hub may have it. The same localId is tried again.')
  expect(hub.log('c')).toEqual([])
  expect(await ann.transport.send(draft('one', 'l1'))).not.toHaveProperty('repeat')
})

it('a lost answer was done, and the retry is a repeat', async () => {
  const { hub, clock } = await annAndBob()
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'dropAnswer' })
  const lost = failure(ann.transport.send(draft('one', 'l1')))
  await clock.advanceAsync(10_000)
  expect((await lost).stored).toBe('maybe')
  expect(hub.log('c')).toHaveLength(1)
  expect(await ann.transport.send(draft('one', 'l1'))).toMatchObject({ repeat: true, id: hub.log('c')[0]!.id })
})

it('a refusal says what the script says', async () => {
  const { hub } = await annAndBob()
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'refuse', code: 'transport/rateLimited', retry: { afterMs: 3000 }, match: ({ draft: one }) => one?.localId === 'l2' })
  await ann.transport.send(draft('one', 'l1'))
  expect(await failure(ann.transport.send(draft('two', 'l2')))).toMatchObject({ code: 'transport/rateLimited', stored: 'no', retry: { afterMs: 3000 } })
  await ann.transport.send(draft('two', 'l2'))
  expect(hub.log('c')).toHaveLength(2)
})

it('a delayed send is overtaken', async () => {
  const { hub, clock } = await annAndBob()
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'delay', delayMs: 500 })
  const late = ann.transport.send(draft('first'))
  await ann.transport.send(draft('second'))
  await clock.advanceAsync(500)
  await late
  expect(hub.log('c').map((message) => message.body)).toEqual([{ kind: 'text', text: 'second' }, { kind: 'text', text: 'first' }])
})

it('a repeated send is one message, a repeated event comes twice', async () => {
  const { hub, clock } = await annAndBob()
  const [ann, bob] = [await connect(hub, 'ann'), await connect(hub, 'bob')]
  hub.faults.add({ on: 'send', do: 'repeat' })
  hub.faults.add({ on: 'event', do: 'repeat', match: ({ event }) => event?.type === 'message' })
  expect(await ann.transport.send(draft('one'))).toMatchObject({ repeat: true })
  await clock.advanceAsync(0)
  expect(hub.log('c')).toHaveLength(1)
  expect(bob.of('message')).toHaveLength(2)
})

it('an event that was lost comes with the next connection, because no cursor covers it', async () => {
  const { hub, clock } = await annAndBob()
  const [ann, bob] = [await connect(hub, 'ann'), await connect(hub, 'bob')]
  await clock.advanceAsync(0)
  hub.faults.add({ on: 'event', do: 'drop', match: ({ event, userId }) => userId === 'bob' && event?.type === 'message' })
  const before = bob.of('cursor').at(-1)
  await ann.transport.send(draft('lost'))
  await ann.transport.send(draft('kept'))
  await clock.advanceAsync(0)
  expect(bob.of('message').map(({ message }) => message.body)).toEqual([{ kind: 'text', text: 'kept' }])
  expect(bob.of('cursor').at(-1)).toEqual(before)
  hub.disconnect('bob')
  await clock.advanceAsync(1000)
  expect(bob.of('message').map(({ message }) => message.body)).toContainEqual({ kind: 'text', text: 'lost' })
  expect(bob.of('cursor').at(-1)).not.toEqual(before)
})

it('a connection that breaks within a send leaves it undecided, and dials again', async () => {
  const { hub, clock } = await annAndBob()
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'disconnect' })
  expect((await failure(ann.transport.send(draft('one', 'l1')))).stored).toBe('maybe')
  await clock.advanceAsync(1000)
  expect(ann.of('state').map(({ state }) => state.status)).toEqual(['connecting', 'online', 'offline', 'connecting', 'online'])
  expect(await ann.transport.send(draft('one', 'l1'))).toMatchObject({ repeat: true })
})

it('what the hub does after the connection over which it was asked broke comes as an event', async () => {
  const { hub, clock } = await annAndBob()
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'delay', delayMs: 3_000 })
  const lost = failure(ann.transport.send(draft('late', 'l1')))
  await clock.advanceAsync(0)
  hub.disconnect('ann')
  expect((await lost).stored).toBe('maybe')
  await clock.advanceAsync(5_000)
  expect(ann.of('message').map(({ message }) => message.localId)).toEqual(['l1'])
})

it.each(['dropAnswer', 'disconnect'] as const)('what was done without an answer (%s) comes with the next connection, though nobody asks again', async (action) => {
  const { hub, clock } = await annAndBob()
  const [ann, bob] = [await connect(hub, 'ann'), await connect(hub, 'bob')]
  await clock.advanceAsync(0)
  hub.faults.add({ on: 'send', do: action })
  const lost = failure(ann.transport.send(draft('one', 'l1')))
  await bob.transport.send(draft('two', 'l2'))
  await clock.advanceAsync(10_000)
  expect((await lost).stored).toBe('maybe')
  hub.disconnect('ann')
  await clock.advanceAsync(1_000)
  expect(ann.of('message').map(({ message }) => message.localId)).toContain('l1')
})

it('a connect that is refused is tried again, later each time', async () => {
  const { hub, clock } = await annAndBob({ random: { next: () => 1, id: () => Math.random().toString(36) } })
  hub.faults.add({ on: 'connect', do: 'refuse', times: 3 })
  const transport = hub.transport()
  const waits: number[] = []
  transport.on((event) => { if (event.type === 'state' && event.state.status === 'offline') waits.push(event.state.retryInMs ?? -1) })
  let online = false
  void transport.connect({ userId: 'ann', token: async () => undefined, conversations: [] }).then(() => { online = true })
  await clock.advanceAsync(3499)
  expect(online).toBe(false)
  await clock.advanceAsync(1)
  expect(online).toBe(true)
  expect(waits).toEqual([500, 1000, 2000])
})

it('a call that hangs ends with an abort or with the connection', async () => {
  const { hub, clock } = await annAndBob()
  const ann = await connect(hub, 'ann')
  hub.faults.add({ on: 'send', do: 'hang', times: 2 })
  const stop = new AbortController()
  const [first, second] = [failure(ann.transport.send(draft('one'), stop.signal)), failure(ann.transport.send(draft('two')))]
  await clock.advanceAsync(60_000)
  stop.abort()
  expect(await first).toMatchObject({ code: 'transport/aborted', stored: 'maybe' })
  await ann.transport.close()
  expect(await second).toMatchObject({ code: 'transport/offline', stored: 'maybe' })
})

it('other calls can fail too, and a rule that was taken back strikes no more', async () => {
  const { hub } = await annAndBob()
  const ann = await connect(hub, 'ann')
  const stop = hub.faults.add({ on: 'call', do: 'refuse', times: Infinity, match: ({ method }) => method === 'history' })
  await failure(ann.transport.history!('c', { limit: 1 }))
  await ann.transport.members!('c', { limit: 1 })
  stop()
  await ann.transport.history!('c', { limit: 1 })
})

it('latency delays the call, the answer and the event by one way each', async () => {
  const { hub, clock } = await annAndBob()
  const [ann, bob] = [await connect(hub, 'ann'), await connect(hub, 'bob')]
  await clock.advanceAsync(0)
  hub.setLatency(100)
  let answered = false
  void ann.transport.send(draft('one')).then(() => { answered = true })
  await clock.advanceAsync(99)
  expect(hub.log('c')).toHaveLength(0)
  await clock.advanceAsync(1)
  expect([hub.log('c').length, bob.of('message').length, answered]).toEqual([1, 0, false])
  await clock.advanceAsync(100)
  expect([bob.of('message').length, answered]).toEqual([1, true])
})

it('a send that is on its way when the network goes never arrives', async () => {
  const { hub, clock } = await annAndBob({ latencyMs: 100 })
  const ann = hub.transport()
  const connected = ann.connect({ userId: 'ann', token: async () => undefined, conversations: [] })
  await clock.advanceAsync(1000)
  await connected
  const lost = failure(ann.send(draft('one')))
  await clock.advanceAsync(50)
  hub.setOnline(ann, false)
  expect((await lost).stored).toBe('maybe')
  await clock.advanceAsync(1000)
  expect(hub.log('c')).toEqual([])
  expect(await failure(ann.send(draft('two')))).toMatchObject({ code: 'transport/offline', stored: 'no', retry: 'yes' })
})

it('a report that is refused changes nothing', async () => {
  const { hub } = await annAndBob()
  const [ann, bob] = [await connect(hub, 'ann'), await connect(hub, 'bob')]
  const { at } = await ann.transport.send(draft('one'))
  hub.faults.add({ on: 'report', do: 'refuse' })
  await failure(bob.transport.report(readUpTo(at!)))
  expect(hub.readStates('c', 'ann')).toEqual([])
  const beyond = await failure(bob.transport.report(readUpTo({ ...at!, order: 9 })))
  expect(beyond.message).toBe(`"bob" reports message 9 of epoch 0 in conversation "${DIRECT.id}", which has not been sent yet. It was not stored, for nobody can have read it.`)
})

it('what is on its way when the network goes comes after it is back, and nothing else comes again', async () => {
  const { hub, clock } = await annAndBob()
  const bob = await connect(hub, 'bob')
  await clock.advanceAsync(0)
  hub.setLatency(100)
  await hub.post({ from: 'ann', conversationId: 'c', body: 'one' })
  await clock.advanceAsync(50)
  await hub.post({ from: 'ann', conversationId: 'c', body: 'two' })
  await clock.advanceAsync(60)
  expect(bob.of('message').map(({ message }) => message.at.order)).toEqual([1])
  hub.setOnline(bob.transport, false)
  expect(bob.of('state').at(-1)!.state.status).toBe('online')
  await clock.advanceAsync(1000)
  expect(bob.of('state').at(-1)!.state).toEqual({ status: 'offline', reason: 'network' })
  expect(bob.of('message').map(({ message }) => message.at.order)).toEqual([1])
  hub.setOnline(bob.transport, true)
  await clock.advanceAsync(1000)
  expect(bob.of('message').map(({ message }) => message.at.order)).toEqual([1, 2])
})
