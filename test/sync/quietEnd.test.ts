/** In a conversation that falls silent no message says that those before it come late no more: the time that passes does. */
import { ChatError, createChatClient, TransportError, type ChatClient, type ChatStorage, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { afterEach, expect, it } from 'vitest'
import { MINUTE, POINT, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** Now, by the clock of the device. */
const NOW = Date.UTC(2026, 0, 1)
const TIMED: Partial<TransportCapabilities> = { dense: false, order: 'time', catchUp: 'cursor' }
const OVERTAKING: Partial<TransportCapabilities> = { dense: false, inOrder: false, catchUp: 'cursor' }
const WIRES: [string, Partial<TransportCapabilities>][] = [['where only time orders', TIMED], ['where messages may overtake each other', OVERTAKING]]

async function scene(capabilities: Partial<TransportCapabilities>, { storage = memoryStorage(), clock = createFakeClock(NOW), refuses = false }: { storage?: ChatStorage; clock?: ReturnType<typeof createFakeClock>; refuses?: boolean } = {}) {
  const wire = scriptedTransport({ read: POINT, delivered: POINT, ...capabilities })
  const busy = new TransportError('transport/rateLimited', 'too often', { stored: 'no', retry: { afterMs: 3_600_000 } })
  if (refuses) Object.assign(wire, { conversations: () => Promise.reject(busy) })
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null, clock, visibility: createFakeVisibility() } })
  running.push(client)
  await client.start()
  /** In steps of which each lets what is queued end. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 20_000) {
      await clock.advanceAsync(Math.min(left, 20_000))
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await pass(100)
  const member = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })
  const begin = (id: string) => wire.emit({ type: 'conversation', conversation: { id, kind: 'group', members: ['me', 'ada'].map(member), rosterComplete: true, head: null } } as never)
  return {
    client, wire, clock, storage, pass, begin,
    /** @param time - of the server */
    async bring(n: number, time: number, conversationId = 'c') {
      const order = capabilities.order === 'time' ? time : n
      wire.emit({ type: 'message', message: text(n, { conversationId, time, at: { epoch: 0, order, id: `m${n}` } }) as never })
      await pass(100)
    },
    async read(n: number) {
      await client.markRead([(await client.getMessage('c', `m${n}`))!])
      await pass(100)
    },
    /** How far others were told that I read. */
    told: () => wire.reports.flatMap(({ kind, visibility, upTo }) => (kind === 'read' && visibility === 'published' ? [upTo?.id] : [])),
  }
}

it.each(WIRES)('[RS17] what is newest is told as read when nothing came for long enough, and not before: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  here.begin('c')
  await here.bring(1, NOW)
  await here.read(1)
  await here.pass(9 * MINUTE)
  expect(here.told()).toEqual([])
  await here.pass(6 * MINUTE)
  expect(here.told()).toEqual(['m1'])
})

it.each(WIRES)('[RS17] nothing that came late meanwhile is told with it: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  here.begin('c')
  await here.bring(3, NOW + 50)
  await here.read(3)
  await here.pass(9 * MINUTE)
  await here.bring(1, NOW + 10)
  await here.pass(20 * MINUTE)
  expect(here.told()).toEqual([])
  await here.read(1)
  expect(here.told()).toEqual(['m3'])
})

it.each(WIRES)('[RS17] what was read before the app was closed is told soon after it is opened again, where the server is known to be further: %s', async (_where, capabilities) => {
  const before = await scene(capabilities)
  for (const id of ['c', 'd']) before.begin(id)
  await before.bring(1, NOW)
  await before.read(1)
  await before.pass(MINUTE)
  await before.client.dispose()
  expect(before.told()).toEqual([])
  before.clock.advance(60 * MINUTE)
  const here = await scene(capabilities, before)
  await here.bring(2, NOW + 60 * MINUTE, 'd')
  await here.pass(MINUTE)
  expect(here.told()).toEqual([])
  await here.pass(2 * MINUTE)
  expect(here.told()).toEqual(['m1'])
})

it.each(WIRES)('[RS17] [I11] a message of a time that is still to come makes nothing older: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  for (const id of ['c', 'd']) here.begin(id)
  await here.bring(1, NOW)
  await here.read(1)
  await here.bring(2, NOW + 600 * MINUTE, 'd')
  await here.pass(9 * MINUTE)
  expect(here.told()).toEqual([])
})

it.each(WIRES)('[RS17] [I11] a clock that is set forward makes nothing older: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  here.begin('c')
  await here.bring(1, NOW)
  await here.read(1)
  here.clock.shiftWallClock(600 * MINUTE)
  await here.pass(9 * MINUTE)
  expect(here.told()).toEqual([])
})

it.each(WIRES)('[RS17] after a sleep, what came meanwhile is waited for: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  here.begin('c')
  await here.bring(3, NOW + 50)
  await here.read(3)
  // Nothing runs meanwhile.
  here.clock.sleep(30 * MINUTE)
  await here.pass(MINUTE)
  expect(here.told()).toEqual([])
  await here.bring(1, NOW + 10)
  await here.pass(20 * MINUTE)
  expect(here.told()).toEqual([])
})

it.each(WIRES)('[RS17] over a connection that ended nothing grows older: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  here.begin('c')
  await here.bring(1, NOW)
  await here.read(1)
  here.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } } as never)
  await here.pass(60 * MINUTE)
  here.wire.emit({ type: 'state', state: { status: 'online' } } as never)
  await here.pass(MINUTE)
  expect(here.told()).toEqual([])
  await here.pass(2 * MINUTE)
  expect(here.told()).toEqual(['m1'])
})

it('[RS48] [RS17] a number that has not come stops a position for ten minutes, also where nobody writes any more', async () => {
  const here = await scene({ dense: true, inOrder: false, catchUp: 'cursor' })
  here.begin('c')
  for (const n of [1, 3]) await here.bring(n, NOW)
  for (const n of [1, 3]) await here.read(n)
  await here.pass(9 * MINUTE)
  expect(here.told()).toEqual(['m1'])
  await here.pass(6 * MINUTE)
  expect(here.told()).toEqual(['m1', 'm3'])
})

it('[RS17] what the wire could not be asked about yet makes nothing older', async () => {
  const here = await scene(TIMED, { refuses: true })
  here.begin('c')
  await here.bring(1, NOW)
  await here.read(1)
  await here.pass(20 * MINUTE)
  expect(here.told()).toEqual([])
})

it.each(WIRES)('[RS17] while a wire replays what was missed, nothing grows older by what is newest elsewhere: %s', async (_where, capabilities) => {
  const here = await scene(capabilities)
  for (const id of ['c', 'd', 'e']) here.begin(id)
  await here.bring(1, NOW - 60 * MINUTE)
  await here.read(1)
  await here.bring(2, NOW, 'd')
  for (let n = 3; n < 20; n += 1) {
    await here.bring(n, NOW - 60 * MINUTE + n, 'e')
    await here.pass(MINUTE)
  }
  expect(here.told()).toEqual([])
  await here.pass(2 * MINUTE)
  expect(here.told()).toEqual(['m1'])
})

it.each(WIRES)('[RS17] where the database was in trouble when the time had come it is told once that has passed: %s', async (_where, capabilities) => {
  const database = memoryStorage()
  let isInTrouble = false
  const write: ChatStorage['write'] = (run, options) => isInTrouble ? Promise.reject(new ChatError('storage/failed', 'It is full.', { retryable: true })) : database.write(run, options)
  const here = await scene(capabilities, { storage: { ...database, write } })
  here.begin('c')
  await here.bring(1, NOW)
  await here.read(1)
  await here.pass(9 * MINUTE)
  isInTrouble = true
  await here.pass(6 * MINUTE)
  expect(here.told()).toEqual([])
  isInTrouble = false
  await here.pass(6 * MINUTE)
  expect(here.told()).toEqual(['m1'])
})
