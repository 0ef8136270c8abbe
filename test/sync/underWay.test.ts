/** Messages overtake each other, and one that was under way when the connection broke comes no more by itself: the newest that is here says nothing of it. */
import type { HistoryQuery, TransportCapabilities } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, MINUTE, POINT, SPARSE, START, start, text } from './oneReader.js'

type Caps = Partial<TransportCapabilities>
const WIRE: Caps = { catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true, members: false }
const long = (order: number) => text(order, { time: START + 60 * MINUTE + order })

/** A server that replays nothing. */
function server(...orders: readonly number[]) {
  let log = [...orders]
  const asked: HistoryQuery[] = []
  const members = ['me', 'ada', 'bo'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))
  return {
    asked,
    write: (...more: readonly number[]) => void (log = [...log, ...more].sort((a, b) => a - b)),
    extra: {
      conversations: async () => ({ items: [{ id: 'c', kind: 'group' as const, head: at(log.at(-1)!), members, rosterComplete: true }] }),
      async history(_id: string, query: HistoryQuery) {
        asked.push(query)
        const { before, after, limit } = query
        const all = log.filter((order) => (!before || order < before.order) && (!after || order > after.order))
        const page = after ? all.slice(0, limit) : all.slice(-limit)
        const end = after ? page.at(-1) : page[0]
        return { messages: page.map((order) => (order >= 50 ? long(order) : text(order))), contiguousTo: page.length < all.length ? at(end!) : null }
      },
    },
  }
}

async function scene(caps: Caps, there: ReturnType<typeof server>) {
  const here = await start({ ...WIRE, ...caps }, there.extra)
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  return {
    ...here,
    gaps: () => here.storage.read((tx) => tx.gaps.list('c')),
    isHere: async (order: number) => (await here.client.getMessage('c', `m${order}`)) !== null,
    async reconnect() {
      here.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
      here.wire.emit({ type: 'state', state: { status: 'online' } })
      await new Promise((resolve) => setTimeout(resolve, 100))
    },
  }
}

describe.each([
  ['told by stretches', SPARSE, [10, 11, 12]],
  ['told by positions', { ...SPARSE, read: POINT, delivered: POINT }, [10, 11, 12]],
  ['consecutive, told by positions', { dense: true, read: POINT, delivered: POINT }, [1, 2, 3]],
] as const)('numbers that are %s', (_title, caps, [a, b, c]) => {
  it('[RS42] [RS17] [RS18] what was under way when the connection broke is fetched with the next one, and not told before it is read', async () => {
    const there = server(a)
    const here = await scene(caps, there)
    await here.bring(text(c))
    there.write(b, c)
    await here.reconnect()
    expect(await here.isHere(b)).toBe(true)
    await here.bring(long(50))
    await here.read(a, c)
    expect(here.isTold(b)).toBe(false)
  })

  it('[RS18] where it does not fit into a page it is part of what is missing', async () => {
    const there = server(a)
    const here = await scene(caps, there)
    await here.bring(text(c))
    there.write(b, c, ...Array.from({ length: 80 }, (_, n) => 50 + n))
    await here.reconnect()
    expect(await here.gaps()).toEqual([{ conversationId: 'c', after: at(a), before: at(80) }])
    await here.client.markRead((await Promise.all([a, c, 129].map((order) => here.client.getMessage('c', `m${order}`)))).map((row) => row!))
    await vi.waitFor(async () => expect(await here.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
    expect([here.isTold(a), here.isTold(b)]).toEqual([true, false])
  })
})

it('[RS18] it is missing as well where something comes by itself before the answer', async () => {
  const there = server(10)
  let answer = () => {}
  const { history } = there.extra
  let isHeld = false
  there.extra.history = async (...asked) => {
    if (isHeld) await new Promise<void>((resolve) => (answer = resolve))
    return history(...asked)
  }
  const here = await scene(SPARSE, there)
  await here.bring(text(12))
  there.write(11, 12)
  isHeld = true
  here.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  here.wire.emit({ type: 'state', state: { status: 'online' } })
  await here.bring(long(50))
  await here.read(10, 12, 50)
  expect([10, 11, 12].map((order) => here.isTold(order))).toEqual([true, false, true])
  isHeld = false
  answer()
  await vi.waitFor(async () => expect(await here.isHere(11)).toBe(true))
})

it('[RS42] [RS18] nor does the answer to a message of mine, which is faster, say that nothing was under way', async () => {
  const there = server(10)
  const { history } = there.extra
  let isHeld = false
  let release = () => {}
  there.extra.history = async (...asked) => {
    if (isHeld) await new Promise<void>((resolve) => (release = resolve))
    return history(...asked)
  }
  const here = await scene(SPARSE, there)
  await here.bring(text(12))
  there.write(11, 12)
  isHeld = true
  here.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  here.wire.answer = async ({ localId }) => ({ localId, id: 'm50', at: at(50), time: START + 60 * MINUTE })
  await here.client.send('c', { body: { kind: 'text', text: 'long after' } })
  here.wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(async () => expect((await here.client.getMessage('c', 'm50'))?.at).toEqual(at(50)))
  await here.read(10, 12)
  expect([10, 11, 12].map((order) => here.isTold(order))).toEqual([true, false, true])
  isHeld = false
  release()
  await vi.waitFor(async () => expect([await here.isHere(11), await here.storage.read((tx) => tx.meta.get('neverCame c'))]).toEqual([true, undefined]))
})

it('[RS42] [RS18] nor where it is stored before it is stored that the connection broke, and is there again', async () => {
  const there = server(10)
  const { history } = there.extra
  let isHeld = false
  there.extra.history = async (...asked) => (isHeld ? new Promise<never>(() => {}) : history(...asked))
  const here = await scene(SPARSE, there)
  await here.bring(text(12))
  there.write(11, 12)
  isHeld = true
  let answer = () => {}
  here.wire.answer = ({ localId }) => new Promise((resolve) => (answer = () => resolve({ localId, id: 'm50', at: at(50), time: START + 60 * MINUTE })))
  await here.client.send('c', { body: { kind: 'text', text: 'long after' } })
  await vi.waitFor(() => expect(here.wire.sent).toHaveLength(1))
  // Something is being stored, for a while.
  const { write } = here.storage
  let goOn = () => {}
  const isFree = new Promise<void>((resolve) => (goOn = resolve))
  const order: string[] = []
  here.storage.write = (async (work, options) => {
    const isFirst = order.push('write') === 1
    if (isFirst) await isFree
    return write(work, options)
  }) as typeof write
  here.wire.emit({ type: 'message', message: text(13) as never })
  await vi.waitFor(() => expect(order).toHaveLength(1))
  here.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  here.wire.emit({ type: 'state', state: { status: 'online' } })
  answer()
  await vi.waitFor(async () => expect((await here.client.getMessage('c', 'm50'))?.at).toEqual(at(50)))
  goOn()
  await vi.waitFor(async () => expect(await here.isHere(13)).toBe(true))
  await here.read(10, 12, 13)
  expect([10, 11, 12].map((place) => here.isTold(place))).toEqual([true, false, true])
})

it.each([['stretches', SPARSE, 50], ['positions, consecutive', { dense: true, read: POINT, delivered: POINT }, 50]] as const)('[RS18] over a wire with a cursor the answer to a message of mine that comes before the replay says nothing of what was under way: %s', async (_title, caps, answered) => {
  const scene = await start({ ...caps, catchUp: 'cursor' })
  const [a, c] = caps === SPARSE ? [10, 12] : [1, 3]
  await scene.bring(text(a), text(c))
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.answer = async ({ localId }) => ({ localId, id: `m${answered}`, at: at(answered), time: START + 60 * MINUTE })
  await scene.client.send('c', { body: { kind: 'text', text: 'x' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(async () => expect((await scene.client.getMessage('c', `m${answered}`))?.at).toEqual(at(answered)))
  await scene.read(a, c)
  expect([a, a + 1].map((order) => scene.isTold(order))).toEqual([true, false])
})

it.each([['asked for', {}, [1, 1]], ['asked for: no queue hands over again what a page died with', { catchUp: 'queue' }, [1, 1]], ['nothing is asked for: none is overtaken', { inOrder: true }, [0, 0]]] as const)('what came since is looked for once, however often the connection breaks (requests, %s)', async (_title, caps, times) => {
  const there = server(10)
  const here = await scene({ ...SPARSE, ...caps }, there)
  await here.bring(text(12))
  there.write(12)
  there.asked.length = 0
  await here.reconnect()
  const first = there.asked.length
  await here.reconnect()
  expect([first, there.asked.length]).toEqual(times)
})

it('[RS18] what a queue had handed over, and the page died before it was stored, is fetched', async () => {
  const there = server(10)
  const here = await scene({ ...SPARSE, catchUp: 'queue' }, there)
  await here.bring(text(12))
  there.write(11, 12)
  await here.reconnect()
  await here.bring(long(50))
  await here.read(10, 12)
  expect([10, 11, 12].map((order) => here.isTold(order))).toEqual([true, false, true])
})

describe('where only time orders', () => {
  const timed = (order: number) => text(order, { time: order })
  const [a, b, c, d] = [START, START + 1, START + MINUTE, START + 60 * MINUTE] as const

  /** A server whose messages have no order but their times. */
  function timedServer(...orders: readonly number[]) {
    const there = server(...orders)
    const { history } = there.extra
    let isHeld = false
    there.extra.history = async (...asked) => {
      if (isHeld) await new Promise(() => {})
      const { messages, contiguousTo } = await history(...asked)
      return { messages: messages.map(({ at: { order } }) => timed(order)), contiguousTo }
    }
    return { ...there, hold: () => void (isHeld = true) }
  }

  it.each(['none', 'queue', 'cursor'] as const)('[RS18] nor does the newest place that the list tells say that nothing was under way (catch-up by %s)', async (catchUp) => {
    const there = timedServer(a)
    const here = await scene({ ...SPARSE, order: 'time', catchUp }, there)
    await here.bring(timed(a), timed(c))
    there.write(b, c, d)
    there.hold()
    await here.reconnect()
    await here.read(a, c)
    expect([a, b, c].map((order) => here.isTold(order))).toEqual([true, false, true])
  })

  it('[RS42] [RS18] what came late is fetched, though all up to a later place had been asked for before', async () => {
    const there = timedServer(a, c)
    const here = await scene({ ...SPARSE, order: 'time' }, there)
    await vi.waitFor(async () => expect(await here.isHere(c)).toBe(true))
    there.write(b)
    await here.reconnect()
    await here.bring(timed(d))
    await here.read(a, c)
    expect([a, b, c].map((order) => here.isTold(order))).toEqual([true, false, true])
    expect(await here.isHere(b)).toBe(true)
  })

  it('[RS18] nor does the answer to a message of mine that comes before the replay', async () => {
    const here = await start({ ...SPARSE, order: 'time', catchUp: 'cursor' })
    await here.bring(timed(a), timed(c))
    here.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    here.wire.answer = async ({ localId }) => ({ localId, id: `m${d}`, at: at(d), time: d })
    await here.client.send('c', { body: { kind: 'text', text: 'x' } })
    here.wire.emit({ type: 'state', state: { status: 'online' } })
    await vi.waitFor(async () => expect((await here.client.getMessage('c', `m${d}`))?.at).toEqual(at(d)))
    await here.read(a, c)
    expect([a, b, c].map((order) => here.isTold(order))).toEqual([true, false, true])
  })
})
