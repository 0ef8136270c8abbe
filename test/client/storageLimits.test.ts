/** Trouble with a database, with the limits that apps have: on a clock of the test's own, as nobody waits for them here. */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATIONS, outcomeOf, type Operation, type Scene } from './operations.js'
import { faultyFactory } from '../storage/faultyFactory.js'
import { ASKING, ENDING, SETTLED, TROUBLES } from './troubles.js'

/** What every call is to end in, and a step of the clock, milliseconds: one goes by until a call has begun, and one until it is seen to have ended. */
const [LIMIT_MS, STEP_MS] = [5_000, 250]
/** Beyond any limit. */
const MOST_STEPS = 60
/** By the clock on the wall: what never settles. */
const PATIENCE_MS = 60_000
const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })

const running: { readonly client: ChatClient; readonly step: () => Promise<void>; readonly end: () => Promise<unknown> }[] = []
const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)

beforeEach(() => void process.on('unhandledRejection', note))
afterEach(async () => {
  for (const { client, step, end } of running.splice(0)) {
    await end()
    let isOver = false
    void client.dispose().finally(() => (isOver = true))
    while (!isOver) await step()
  }
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

function timeOf(clock: FakeClock) {
  async function step(): Promise<void> {
    clock.advance(STEP_MS)
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    step,
    async until(is: () => boolean, steps = 400): Promise<void> {
      for (let i = 0; i < steps && !is(); i++) await step()
      expect(is()).toBe(true)
    },
  }
}

/** A client that runs, and has sent so many messages, when the trouble begins. */
async function troubledScene(begin: (typeof TROUBLES)[string], sent = 1) {
  const [factory, clock, hub] = [faultyFactory(), createFakeClock(), memoryHub()]
  const { step, until } = timeOf(clock)
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock }), ports: { clock, locks: null, openChannel: () => null, keepsakes: null } })
  await client.ensureConversation(PAIR)
  await client.start()
  await until(() => client.getState().connection.status === 'online')
  for (let i = 0; i < sent; i++) await client.send(PAIR.id, say('before'))
  await until(() => hub.log(PAIR.id).length === sent)
  for (let i = 0; i < 20; i++) await step()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await until(() => Boolean(source.getSnapshot().messages[0]?.at))
  const scene: Scene = { client, conversationId: PAIR.id, members: PAIR.members, message: source.getSnapshot().messages[0]! }
  const over = await begin(factory)
  let ended: Promise<unknown> | null = null
  const end = () => (ended ??= Promise.resolve(over()))
  running.push({ client, step, end })
  return { scene, client, source, clock, hub, step, until, end }
}

interface Took {
  readonly outcome: string
  readonly ms: number
}

/** What each ends in, and after how long, all begun at once. */
async function settle({ scene, clock, step }: Awaited<ReturnType<typeof troubledScene>>, operations: typeof ASKING): Promise<ReadonlyMap<string, Took>> {
  const began = clock.monotonic()
  const took = new Map<string, Took>()
  for (const [name, operation] of operations) void outcomeOf(operation, scene, PATIENCE_MS).then((outcome) => took.set(name, { outcome, ms: clock.monotonic() - began }))
  for (let i = 0; i < MOST_STEPS && took.size < operations.length; i++) await step()
  expect(operations.filter(([name]) => !took.has(name)).map(([name]) => name)).toEqual([])
  return took
}

const SEND_AFTER: Operation = { run: ({ client, conversationId }) => client.send(conversationId, say('after')) }
const late = (took: ReadonlyMap<string, Took>) => [...took].filter(([, { ms }]) => ms > LIMIT_MS + 2 * STEP_MS)

describe.each(Object.entries(TROUBLES))('[A10] [I27] %s, with the limits that apps have', (_, begin) => {
  it('every operation settles in five seconds, with a result or a code, and the client is whole when it is over', async () => {
    const world = await troubledScene(begin)
    const took = await settle(world, ASKING)
    expect(late(took)).toEqual([])
    for (const [name, { outcome }] of took) expect(outcome, name).toMatch(OPERATIONS[name]!.pure ? /^done$/ : SETTLED)
    expect(took.get('send')!.outcome).toMatch(/^storage\//)
    await world.end()
    for (let tries = 0; tries < 10; tries++) if ((await settle(world, [['send', SEND_AFTER]])).get('send')!.outcome === 'done') break
    const { source, hub, until } = world
    const isAfter = ({ body }: { readonly body: unknown }) => (body as { readonly text?: string }).text === 'after'
    await until(() => hub.log(PAIR.id).some(isAfter) && source.getSnapshot().messages.some((row) => isAfter(row) && row.at !== null))
  }, 30_000)

  it('a page that is asked for is given up as soon, or comes', async () => {
    const world = await troubledScene(begin, 70)
    expect(world.source.getSnapshot().hasOlder).toBe(true)
    expect(late(await settle(world, [['load older', OPERATIONS['load older']!]]))).toEqual([])
  }, 30_000)

  it.each(ENDING)('%s settles in five seconds, too', async (name, operation) => {
    const world = await troubledScene(begin)
    const took = await settle(world, [[name, operation]])
    expect(late(took)).toEqual([])
    expect(took.get(name)!.outcome).toMatch(SETTLED)
  }, 30_000)
})
