/** Where bad input is handed over: one conversation with messages and readers, all of which has to stay as it was; and shapes of what no wire should bring. */
import fc from 'fast-check'
import { createChatClient, type ChatClient, type ChatStorage, type Point, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const CASES = Number(process.env['READBACK_CASES'] ?? 150)
const SEED = Number(process.env['TEST_SEED'] ?? 20_261_122)
export const some = <T>(arbitrary: fc.Arbitrary<T>, numRuns = CASES): T[] => fc.sample(arbitrary, { numRuns, seed: SEED })

export const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
export const text = (order: number, from = 'ada', conversationId = 'c') => ({ conversationId, id: `m${order}`, at: at(order), from, localId: `l${order}`, time: 1_000 + order, body: { kind: 'text', text: `${order}` } })
export const members = ['me', 'ada', 'bo'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))
export const readBy = (by: string, upTo: Point, conversationId = 'c') => ({ type: 'receipt', conversationId, by, kind: 'read', visibility: 'published', upTo })

export interface Scene {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  readonly storage: ChatStorage
  readonly dropped: string[]
  readonly errors: string[]
  emit(event: unknown): void
}

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** Somebody who is online and looks at `c`, of which nothing has come yet. */
export async function startEmpty(): Promise<Scene> {
  const wire = scriptedTransport()
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const dropped: string[] = []
  const errors: string[] = []
  client.on('dropped', ({ reason }) => dropped.push(reason))
  client.on('error', ({ code }) => errors.push(code))
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  client.messages('c').subscribe(() => {})
  const emit = (event: unknown) => wire.emit(event as TransportEvent)
  return { client, wire, storage, dropped, errors, emit }
}

/** Five messages of mine and of Ada's, of which she has read two. */
export async function start(): Promise<Scene> {
  const scene = await startEmpty()
  const { emit } = scene
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', title: 'C', members, rosterComplete: true } })
  for (let order = 1; order <= 5; order += 1) emit({ type: 'message', message: text(order, order % 2 ? 'me' : 'ada') })
  emit(readBy('ada', at(2)))
  await vi.waitFor(async () => {
    const { states, own, outbox } = await stateOf(scene)
    expect([states.length, outbox.length]).toEqual([1, 0])
    // What this device has to tell by itself is told before anything is compared.
    expect(own?.acked.published.delivered.ranges.length).toBeGreaterThan(0)
    expect(own?.acked.published.delivered).toEqual(own?.wanted.delivered)
  }, { timeout: 5_000 })
  return scene
}

/** All that is stored of a conversation, and which conversations there are. */
export function stateOf({ storage }: Pick<Scene, 'storage'>, id = 'c') {
  return storage.read(async (tx) => ({
    conversations: await tx.conversations.list(), rows: await tx.messages.page({ conversationId: id, limit: 10_000 }), echoes: await tx.messages.echoes(id), members: await tx.members.list(id),
    states: await tx.readStates.list(id), own: await tx.readStates.getOwn(id), gaps: await tx.gaps.list(id), held: await tx.held.list(id), outbox: await tx.outbox.list({ conversationId: id }), quarantined: await tx.quarantine.list(),
  }))
}

/** Waits until everything handed over so far was dealt with: what is told of another conversation behind it is here. */
let behind = 0
export async function dealtWith(scene: Scene): Promise<void> {
  behind += 1
  const id = `behind ${behind}`
  scene.emit({ type: 'conversation', conversation: { id, kind: 'direct' } })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.conversations.get(id))).toBeDefined(), { timeout: 30_000, interval: 5 })
}

/** Hands the bad ones over; nothing of what is here may move, and a good message and a good receipt behind them are taken. */
export async function bring(scene: Scene, events: Iterable<unknown>): Promise<void> {
  const before = await stateOf(scene)
  let handedOver = 0
  for (const event of events) {
    scene.emit(event)
    // Large ones, made one by one, are not all held at once.
    if (++handedOver % 200 === 0) await dealtWith(scene)
  }
  await dealtWith(scene)
  const { conversations, ...after } = await stateOf(scene)
  const { conversations: conversationsBefore, ...others } = before
  expect(after).toEqual(others)
  // The others are there to be changed.
  const told = (all: readonly { readonly id: string }[]) => all.filter(({ id }) => id !== 'd' && !/^(behind|other) /.test(id))
  expect(told(conversations)).toEqual(told(conversationsBefore))
  expect(after.quarantined).toEqual([])
  expect(scene.errors.filter((code) => !/^[a-z]+\/[a-zA-Z]+$/.test(code))).toEqual([])
  await stillTakes(scene)
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE)
}

/** The same, where each of them is to be counted once, and for what it is. */
export async function bringDropped<Bad>(scene: Scene, events: readonly Bad[], reason: string | ((event: Bad) => string)): Promise<void> {
  await bring(scene, events)
  const reasons = events.map((event) => (typeof reason === 'string' ? reason : reason(event)))
  expect(scene.dropped.toSorted()).toEqual(reasons.toSorted())
  const counted = [...new Set(reasons)].map((each) => [each, reasons.filter((one) => one === each).length])
  expect((await scene.client.diagnostics()).dropped).toEqual(Object.fromEntries(counted))
  expect(scene.errors).toEqual([])
}

async function stillTakes(scene: Scene): Promise<void> {
  scene.emit({ type: 'message', message: text(900) })
  scene.emit(readBy('bo', at(900)))
  await vi.waitFor(() => expect(scene.client.messages('c').getSnapshot().messages.map(({ ids }) => ids[0])).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm900']), { timeout: 10_000 })
  await vi.waitFor(async () => expect((await stateOf(scene)).states.find(({ memberId }) => memberId === 'bo')?.read.upTo).toEqual(at(900)), { timeout: 10_000 })
}

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype)
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true, withSparseArray: true })

/** Makes something when it is asked to: of what is large one at a time is there, and fast-check looks into everything that it holds. */
export type Maker = () => unknown

/** How deep, of what, and what is at its end. */
export const aDepth: fc.Arbitrary<Maker> = fc.record({ depth: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant(10_000)), shapes: fc.array(fc.constantFrom('list', 'object', 'hostile'), { minLength: 1, maxLength: 4 }), end: anything })
  .map(({ depth, shapes, end }) => () => {
    let value = end
    for (let level = 0; level < depth; level += 1) value = { list: [value], object: { body: value }, hostile: Object.fromEntries([['__proto__', value]]) }[shapes[level % shapes.length]!]
    return value
  })

/** A chain of objects and lists whose end leads back to one of them. */
export const aCircle: fc.Arbitrary<Maker> = fc.record({ names: fc.array(fc.constantFrom('body', 'at', 'data', 'file', 'message', '__proto__', '0'), { minLength: 1, maxLength: 30 }), lists: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), back: fc.nat() })
  .map(({ names, lists, back }) => () => {
    const links = names.map((_name, i) => (lists[i % lists.length] ? [] : {}))
    names.forEach((name, i) => Object.defineProperty(links[i], name, { value: links[i + 1] ?? links[back % links.length], enumerable: true, writable: true, configurable: true }))
    return links[0]!
  })

const TRAPS = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf'] as const
/** An object of the host's own that throws when it is looked at: in one of the ways or all of them, at once or from the nth look on; or whose access was taken back. */
export const aProxyOf = (value: object): fc.Arbitrary<Maker> =>
  fc.record({ traps: fc.subarray([...TRAPS], { minLength: 1 }), looks: fc.oneof(fc.constant(0), fc.nat(40)), isRevoked: fc.boolean() }).map(({ traps, looks, isRevoked }) => () => {
    if (isRevoked) {
      const { proxy, revoke } = Proxy.revocable(value, {})
      revoke()
      return proxy
    }
    let looked = 0
    const trap = (name: (typeof TRAPS)[number]) => (...args: unknown[]) => {
      if (++looked > looks) throw new Error('no')
      return (Reflect[name] as (...args: unknown[]) => unknown)(...args)
    }
    return new Proxy(value, Object.fromEntries(traps.map((name) => [name, trap(name)])))
  })

export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(Object.freeze(value))) frozen(each)
  return value
}
