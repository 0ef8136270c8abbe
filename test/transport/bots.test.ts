import { expect, it } from 'vitest'
import { memoryHub } from 'readback/transport/memory'
import { createFakeClock } from 'readback/testing'
import { annAndBob, connect, draft } from './hubHarness.js'

it('a bot gets, reads and answers a message, in that order and each a little later', async () => {
  const { hub, clock } = await annAndBob()
  hub.addBot({ userId: 'bob' })
  const ann = await connect(hub, 'ann')
  await ann.transport.send(draft('Hello Bob'))
  const steps = () => ann.events.flatMap((event) => (event.type === 'receipt' ? [event.kind] : event.type === 'typing' ? [`typing ${event.on}`] : event.type === 'message' ? ['answer'] : []))
  expect(steps()).toEqual([])
  await clock.advanceAsync(200)
  expect(steps()).toEqual(['delivered'])
  await clock.advanceAsync(20_000)
  expect(steps()).toEqual(['delivered', 'read', 'typing true', 'typing false', 'answer'])
  const answer = ann.of('message')[0]!.message
  expect(answer.from).toBe('bob')
  expect(answer.body).toMatchObject({ kind: 'text' })
  expect(JSON.stringify(answer.body)).not.toContain('Hello Bob')
})

it('what a bot does not do, it does not do', async () => {
  const { hub, clock } = await annAndBob()
  hub.addBot({ userId: 'bob', delivers: true, reads: false, replies: false })
  const ann = await connect(hub, 'ann')
  await ann.transport.send(draft('anybody?'))
  await clock.advanceAsync(60_000)
  expect(ann.of('receipt').map((receipt) => receipt.kind)).toEqual(['delivered'])
  expect(ann.of('message')).toEqual([])
})

it('delays and answers can be given', async () => {
  const { hub, clock } = await annAndBob()
  hub.addBot({ userId: 'bob', delivers: 10, reads: 50, replies: (text) => (text === 'ping' ? 'pong' : null) })
  const ann = await connect(hub, 'ann')
  await ann.transport.send(draft('ping'))
  await clock.advanceAsync(49)
  expect(ann.of('receipt').map((receipt) => receipt.kind)).toEqual(['delivered'])
  await clock.advanceAsync(1)
  expect(ann.of('receipt').map((receipt) => receipt.kind)).toEqual(['delivered', 'read'])
  await clock.advanceAsync(10_000)
  await ann.transport.send(draft('nothing to say'))
  await clock.advanceAsync(10_000)
  expect(ann.of('message').map(({ message }) => message.body)).toEqual([{ kind: 'text', text: 'pong' }])
})

it('bots do not answer each other, so a group of them comes to rest', async () => {
  const clock = createFakeClock()
  const hub = memoryHub({ clock })
  const names = Array.from({ length: 10 }, (_, n) => `bot${n}`)
  await hub.ensureConversation({ id: 'g', kind: 'group', members: ['ann', ...names] })
  for (const userId of names) hub.addBot({ userId })
  await hub.post({ from: 'ann', conversationId: 'g', body: 'bot3, are you there?' })
  await clock.advanceAsync(60_000)
  const said = hub.log('g')
  expect(said.some((message) => message.from === 'bot3')).toBe(true)
  expect(clock.pending).toBe(0)
  await clock.advanceAsync(600_000)
  expect(hub.log('g')).toHaveLength(said.length)
})

it('a bot without a network does nothing, and catches up when it is back', async () => {
  const { hub, clock } = await annAndBob()
  hub.addBot({ userId: 'bob', replies: false })
  const ann = await connect(hub, 'ann')
  expect(ann.of('presence').at(-1)).toMatchObject({ userId: 'bob', presence: 'online' })
  hub.setOnline('bob', false)
  await ann.transport.send(draft('one'))
  await clock.advanceAsync(60_000)
  expect(ann.of('receipt')).toEqual([])
  expect(ann.of('presence').at(-1)).toMatchObject({ userId: 'bob', presence: 'offline' })
  hub.setOnline('bob', true)
  await clock.advanceAsync(60_000)
  expect(ann.of('receipt').map((receipt) => receipt.kind)).toEqual(['delivered', 'read'])
})

it('a bot that was sent away stops at once', async () => {
  const { hub, clock } = await annAndBob()
  const stop = hub.addBot({ userId: 'bob' })
  const ann = await connect(hub, 'ann')
  await ann.transport.send(draft('one'))
  await clock.advanceAsync(200)
  stop()
  stop()
  await clock.advanceAsync(60_000)
  expect(ann.of('receipt').map((receipt) => receipt.kind)).toEqual(['delivered'])
  expect(clock.pending).toBe(0)
})

it('a bot that is added late reads what is there', async () => {
  const { hub, clock } = await annAndBob()
  await hub.post({ from: 'ann', conversationId: 'c', body: 'one' })
  hub.addBot({ userId: 'bob', replies: false })
  await clock.advanceAsync(60_000)
  expect(hub.readStates('c', 'ann').map((state) => state.kind).sort()).toEqual(['delivered', 'read'])
})

it('two bots alone say nothing to each other', async () => {
  const { hub, clock } = await annAndBob()
  for (const userId of ['ann', 'bob']) hub.addBot({ userId })
  await hub.post({ from: 'ann', conversationId: 'c', body: 'Hello, are you there?' })
  await clock.advanceAsync(60_000)
  expect(hub.log('c')).toHaveLength(1)
  expect(hub.readStates('c', 'ann').map(({ by, kind }) => `${by} ${kind}`).sort()).toEqual(['bob delivered', 'bob read'])
})
