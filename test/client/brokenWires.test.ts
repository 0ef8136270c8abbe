/** A wire that breaks its contract at one of its calls: it throws, refuses with anything, never answers, answers late, or settles more than once. Whatever call it is, all is told in the end, once, and nothing hangs. */
import fc from 'fast-check'
import { ChatError, createChatClient, type ChatClient, type Message, type Transport, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { expect, it, onTestFinished } from 'vitest'
// Loaded now: later it would come in time that passes by no clock of the test.
import '../../src/client/engine.js'

const CASES = Number(process.env['READBACK_CASES'] ?? 60)
const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo', 'cy'] } as const
/** By then every patience of the client is over, and what it tries again was tried. Milliseconds of the clock of the test. */
const LONGEST_MS = 600_000

type Verdict = 'answer' | 'refuse'
interface Breach {
  /** Which call it is: of what name, and how many of that name came before. */
  readonly place: readonly [name: string, nth: number] | null
  readonly how: 'throws' | 'rejects' | 'never' | 'late' | 'several'
  readonly what: unknown
  /** Whether the back end has done what was asked all the same. */
  readonly isDone: boolean
  readonly lateMs: number
  /** What is said one after the other, though a promise says one thing. */
  readonly verdicts: readonly Verdict[]
  /** A promise keeps to its first verdict by itself; what can only be awaited does not. */
  readonly isPromise: boolean
}

const NO_BREACH: Breach = { place: null, how: 'throws', what: null, isDone: false, lateMs: 0, verdicts: [], isPromise: true }
const aBreach = (places: readonly (readonly [string, number])[]): fc.Arbitrary<Breach> => fc.record({
  place: fc.constantFrom(...places), how: fc.constantFrom('throws', 'rejects', 'never', 'late', 'several'), what: fc.oneof(fc.anything(), fc.constantFrom<unknown>(new Error('of the app'), new TypeError('x is undefined'), 'a text', null, undefined)),
  isDone: fc.boolean(), lateMs: fc.integer({ min: 1, max: 120_000 }), verdicts: fc.array(fc.constantFrom<Verdict>('answer', 'refuse'), { minLength: 2, maxLength: 4 }), isPromise: fc.boolean(),
})

/** The answer comes first, then all that is said of it. */
function several(call: () => unknown, { verdicts, what, isPromise }: Breach): unknown {
  const say = async (take: (value: unknown) => void, refuse: (reason: unknown) => void) => {
    const answer = await call()
    for (const verdict of verdicts) {
      if (verdict === 'answer') take(answer)
      else refuse(what)
    }
  }
  return isPromise ? new Promise((take, refuse) => void say(take, refuse)) : { then: (take: (value: unknown) => void, refuse: (reason: unknown) => void) => void say(take, refuse) }
}

async function broken(call: () => unknown, clock: FakeClock, breach: Breach): Promise<unknown> {
  const { how, what, isDone, lateMs } = breach
  const answer = isDone ? await call() : undefined
  if (how === 'never') return new Promise(() => {})
  if (how === 'late') return new Promise((resolve, reject) => clock.setTimer(() => (isDone ? resolve(answer) : reject(what)), lateMs))
  throw what
}

/** @returns it, and how often each of its calls was made */
function breaching(transport: Transport, clock: FakeClock, breach: Breach): { readonly transport: Transport; readonly calls: ReadonlyMap<string, number> } {
  const calls = new Map<string, number>()
  const capabilities: TransportCapabilities = { ...transport.capabilities, receiptsCatchUp: 'fetch' }
  const get = (target: Transport, name: string | symbol): unknown => {
    // Else nobody would ask who read a message.
    if (name === 'capabilities') return capabilities
    const value: unknown = Reflect.get(target, name)
    // Listening is no call: it answers at once, and asks nothing of anybody.
    if (typeof value !== 'function' || typeof name !== 'string' || name === 'on') return value
    return (...given: unknown[]) => {
      const nth = calls.get(name) ?? 0
      calls.set(name, nth + 1)
      const call = () => (value as (...all: unknown[]) => unknown).apply(target, given)
      if (breach.place?.[0] !== name || breach.place[1] !== nth) return call()
      if (breach.how === 'throws') throw breach.what
      return breach.how === 'several' ? several(call, breach) : broken(call, clock, breach)
    }
  }
  return { transport: new Proxy(transport, { get }), calls }
}

/** Lets time pass until it holds. */
async function until(clock: FakeClock, holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = clock.now() + LONGEST_MS
  while (!(await holds())) {
    if (clock.now() > end) throw new Error(`never came: ${what}`)
    await clock.advanceAsync(200)
    // What is loaded or stored takes no time of this clock.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Everybody who asked has an answer, or an error with a code. */
async function outcome<T>(clock: FakeClock, asked: Promise<T>, what: string): Promise<T | ChatError> {
  let answer: { readonly of: T | ChatError } | null = null
  let untyped: unknown[] = []
  void asked.then((of) => (answer = { of }), (error: unknown) => (error instanceof ChatError ? (answer = { of: error }) : (untyped = [error])))
  await until(clock, () => answer !== null || untyped.length > 0, what)
  expect(untyped, what).toEqual([])
  return answer!.of
}

/** What nobody could do for now may be asked for again. */
async function untilDone(clock: FakeClock, deed: () => Promise<unknown>, what: string): Promise<void> {
  if ((await outcome(clock, deed(), what)) instanceof ChatError) expect(await outcome(clock, deed(), `${what} again`)).not.toBeInstanceOf(ChatError)
}

const texts = (rows: readonly Pick<Message, 'body' | 'recalledAt' | 'deletedAt'>[]) => rows.map(({ body, recalledAt, deletedAt }) => (recalledAt ? 'recalled' : deletedAt ? 'deleted' : body.kind === 'text' ? body.text : body.kind))

/** @returns how often each was called */
async function story(breach: Breach): Promise<ReadonlyMap<string, number>> {
  const clock = createFakeClock()
  const hub = memoryHub({ backfill: 1, clock })
  await hub.ensureConversation(PAIR)
  for (const body of ['hello', 'anybody?']) await hub.post({ conversationId: PAIR.id, from: 'bo', body })
  const { transport, calls } = breaching(hub.transport(), clock, breach)
  let ids = 0
  const client: ChatClient = createChatClient({ userId: 'ada', transport, storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { clock, locks: null, openChannel: () => null, random: { next: () => 0, id: () => `id ${(ids += 1)}` } } })
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  const shown = () => source.getSnapshot().messages
  const isOnline = () => client.getState().connection.status === 'online'
  const is = (list: () => readonly string[], wanted: readonly string[]) => () => list().join() === wanted.join()
  await untilDone(clock, () => client.ensureConversation(PAIR), 'a conversation')
  await untilDone(clock, () => client.start(), 'a start')
  // A wire dials for itself: that it does not is seen, and whoever sees it starts again.
  if (breach.place?.[0] === 'connect') {
    await clock.advanceAsync(150_000)
    if (!isOnline()) await untilDone(clock, () => client.stop().then(() => client.start()), 'another start')
  }
  await until(clock, isOnline, 'a connection')
  await until(clock, () => texts(shown()).includes('anybody?'), 'the newest')
  await until(clock, async () => {
    if (!texts(shown()).includes('hello')) await outcome(clock, source.loadOlder!(), 'what is older')
    return texts(shown()).includes('hello')
  }, 'the oldest')
  for (const text of ['one', 'two', 'three', 'four']) await outcome(clock, client.send(PAIR.id, { body: { kind: 'text', text } }), `a message ${text}`)
  client.setTyping(PAIR.id, true)
  client.setPresence('unavailable')
  await outcome(clock, client.markRead(shown().filter(({ from }) => from === 'bo')), 'a reading')
  await until(clock, is(() => texts(hub.log(PAIR.id)), ['hello', 'anybody?', 'one', 'two', 'three', 'four']), 'what was sent, once and in order')
  await until(clock, () => shown().every((row) => row.outgoing === undefined), 'the answers to it')
  const idOf = (nth: number) => shown()[nth]!.ids[0]!
  await outcome(clock, client.edit(PAIR.id, idOf(2), { kind: 'text', text: 'one!' }), 'an edit')
  await outcome(clock, client.recall(PAIR.id, idOf(3)), 'a recall')
  await outcome(clock, client.delete(PAIR.id, idOf(5), { for: 'all' }), 'a deletion')
  await outcome(clock, client.react(PAIR.id, idOf(1), '+', true), 'a reaction')
  await outcome(clock, client.readers(shown()[4]!, { limit: 5 }), 'who read it')
  const last = ['hello', 'anybody?', 'one!', 'recalled', 'three', 'deleted', 'still there?']
  await untilDone(clock, () => client.ensureConversation(TEAM), 'another conversation')
  await outcome(clock, client.send(TEAM.id, { body: { kind: 'text', text: 'aside' } }), 'a message aside')
  await until(clock, async () => (await client.diagnostics()).outbox.length === 0, 'an empty outbox')
  await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'still there?' })
  await until(clock, is(() => texts(shown()), last), 'what comes after it')
  expect([texts(hub.log(PAIR.id)), texts(hub.log(TEAM.id))]).toEqual([last, ['aside']])
  expect(hub.log(PAIR.id)[1]!.reactions).toMatchObject([{ emoji: '+', by: 'ada' }])
  expect(hub.readStates(PAIR.id, 'bo').filter(({ by, kind }) => by === 'ada' && kind === 'read')).toMatchObject([{ upTo: { order: 2 } }])
  expect(client.getState().conversations.find(({ id }) => id === PAIR.id)?.unread).toEqual({ count: 1, exact: true })
  await untilDone(clock, () => client.dispose(), 'an end')
  return calls
}

it('[A17] [F59] [I27] 58: a wire that throws, refuses with anything, never answers, answers late or settles more than once, at any of its calls', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  const places = [...(await story(NO_BREACH))].flatMap(([name, count]) => Array.from({ length: count }, (_, nth) => [name, nth] as const))
  // Each call once that is never answered, and what is drawn besides.
  const silent = places.map((place): Breach => ({ ...NO_BREACH, place, how: 'never' }))
  for (const breach of [...silent, ...fc.sample(aBreach(places), { numRuns: CASES, seed: 58 })]) {
    await story(breach).catch((cause: unknown) => {
      throw new Error(`with ${fc.stringify(breach)}: ${String(cause)}`, { cause })
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled, fc.stringify(breach)).toEqual([])
  }
}, 1_200_000)
