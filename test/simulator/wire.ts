/** What the devices of one world have for a wire: the hub as it is, or one that can say less, numbers otherwise, lets events overtake each other, and hands over nonsense. */
import type { IncomingReceipt, Point, Report, Transport, TransportEvent } from 'readback/core'
import type { Hub } from 'readback/transport/memory'
import { covers } from './oracle.js'
import type { Prng } from './prng.js'
import { garbage, spoil } from './garbage.js'
import { withoutCursor, withoutReplay, type LineEnd } from './catchUp.js'
import { deletingForGood, type DeletionWorld } from './deletions.js'
import { losingReceipts, withoutReadStates, type ReceiptLoss } from './lostReceipts.js'
import type { CatchUpWorld, WireWorld } from './schedule.js'
import { timedPlaces } from './timed.js'
import type { VirtualTime } from './virtualTime.js'

export interface Wire {
  /** The hub as it looks through this wire. */
  readonly hub: Hub
  /** What a device is given, over its own line to the hub. */
  over(line: Transport, random: Prng, onSpoiled?: (id: string) => void, end?: LineEnd): Transport
  /** What was said over it that such a wire cannot say. */
  readonly breaches: string[]
}

/** A gap is told before what is behind it; of two rosters the later one counts, and nothing else says which that is. */
const IN_ORDER: ReadonlySet<string> = new Set<TransportEvent['type']>(['gap', 'member', 'conversation', 'reset'])
/** Longest that an event is late, milliseconds. */
const LATEST_MS = 4_000
const LATE_SHARE = 0.3
const GARBAGE_SHARE = 0.05
const SPOILED_SHARE = 0.02

/** What a world has for a wire, where it is not the hub as it is. */
interface Kind {
  readonly wire?: WireWorld | undefined
  readonly catchUp?: CatchUpWorld | undefined
  readonly unlisted?: boolean | undefined
  readonly deletions?: DeletionWorld | undefined
  readonly lostReceipts?: ReceiptLoss | undefined
  readonly latencyMs: number
}

export function createWire(hub: Hub, time: VirtualTime, { lostReceipts, latencyMs, ...kind }: Kind): Wire {
  const wire = createTellingWire(hub, time, { latencyMs, ...kind })
  if (!lostReceipts) return wire
  const losing = losingReceipts(lostReceipts, { time, latencyMs })
  return { ...wire, over: (line, random, onSpoiled, end) => withoutReadStates(wire.over(losing(line), random, onSpoiled, end), end) }
}

function createTellingWire(hub: Hub, time: VirtualTime, { wire: world, catchUp, unlisted = false, deletions, latencyMs }: Kind): Wire {
  const whole: Wire = world ? lesserWire(hub, time, world, catchUp?.how === 'none') : { hub, over: (line) => line, breaches: [] }
  const kept: Wire = deletions === 'forGood' ? { ...whole, over: (line, ...rest) => whole.over(deletingForGood(line), ...rest) } : whole
  const wire: Wire = unlisted ? { ...kept, over: (...given) => withoutList(kept.over(...given)) } : kept
  if (!catchUp) return wire
  const lossy = (line: Transport) => (catchUp.how === 'none' ? withoutReplay(line, { time, latencyMs }) : line)
  return { ...wire, over: (line, random, onSpoiled, end) => withoutCursor(wire.over(lossy(line), random, onSpoiled), catchUp, { hub: wire.hub, time, latencyMs }, end) }
}

/** What there is comes by itself. */
function withoutList({ conversations: _none, ...line }: Transport): Transport {
  return { ...line, capabilities: { ...line.capabilities, conversations: false } }
}

/** @param keepsNothing - what is under way when the connection breaks is lost */
function lesserWire(hub: Hub, time: VirtualTime, { scope, sparse, late, garbled, timing }: WireWorld, keepsNothing: boolean): Wire {
  const breaches: string[] = []
  const timed = timing && timedPlaces(hub, timing)
  const out = timed ? placesMapped(timed.out) : sparse ? placesMapped(spread) : same
  const into = timed ? placesMapped(timed.into) : sparse ? placesMapped(unspread) : same
  const everywhere = { direct: scope, group: scope }

  function report({ upTo, ranges, messages, ...rest }: Report): Report {
    if (scope === 'point' && ranges.length > 0) breaches.push(`a wire that knows only positions was told ${JSON.stringify(ranges)} of ${rest.kind}`)
    if (scope === 'point') return { ...rest, upTo, ranges: [], messages }
    if (scope !== 'message') return { ...rest, upTo, ranges, messages }
    return { ...rest, upTo: null, ranges: messages.map(({ at }) => ({ from: at, to: at })), messages }
  }

  /** Such a wire names what was read, message by message. */
  function named<T extends IncomingReceipt>(receipt: T): T {
    const { upTo = null, ranges = [], ...rest } = receipt
    return { ...rest, ids: hub.log(receipt.conversationId ?? '').filter(({ at }) => covers({ upTo, ranges }, at)).map(({ id }) => id) } as unknown as T
  }

  function told(event: TransportEvent): TransportEvent {
    return out(scope === 'message' && event.type === 'receipt' ? (named(event)) : event)
  }

  return {
    breaches,
    hub: sparse ? { ...hub, log: (id) => hub.log(id).map((message) => out(message, id)), readStates: (id, userId) => out(hub.readStates(id, userId), id) } : hub,
    over(line, random, onSpoiled) {
      const calls = Object.entries(line).map(([name, value]: [string, unknown]) => [name, typeof value === 'function' ? async (...args: readonly unknown[]) => {
        const [first] = args
        const c = typeof first === 'string' ? first : conversationOf(first ?? {})
        return out(await (value as (...given: readonly unknown[]) => unknown)(...args.map((arg) => into(arg, c))), c)
      } : value])
      const lane = createLateness(time)
      let me = ''
      return {
        ...(Object.fromEntries(calls) as Transport),
        capabilities: { ...line.capabilities, order: timed ? 'time' : line.capabilities.order, dense: line.capabilities.dense && !sparse, inOrder: !late, delivered: everywhere, read: everywhere, viewed: everywhere },
        connect(options) {
          me = options.userId
          lane.clear()
          return line.connect(options)
        },
        close() {
          lane.clear()
          return line.close()
        },
        report: (given, signal) => line.report(report(into(given)), signal),
        readStates: async (id) => out((await line.readStates!(id)).map((receipt) => (scope === 'message' ? named(receipt) : receipt)), id),
        on: (listener) =>
          line.on((event) => {
            if (garbled && random.chance(GARBAGE_SHARE)) listener(garbage(random) as TransportEvent)
            if (event.type === 'cursor') return lane.afterAll(() => listener(event))
            if (event.type === 'state') {
              if (keepsNothing && event.state.status !== 'online') lane.clear()
              return listener(event)
            }
            const isSpoiled = garbled && event.type === 'message' && event.message.from !== me && random.chance(SPOILED_SHARE)
            if (isSpoiled) onSpoiled?.(event.message.id)
            const given = isSpoiled ? (spoil(told(event), random) as TransportEvent) : told(event)
            return late && !IN_ORDER.has(event.type) && random.chance(LATE_SHARE) ? lane.later(() => listener(given), random.int(LATEST_MS)) : listener(given)
          }),
      }
    },
  }
}

/** Events that are late, and the cursors that cover them: these come only behind them. */
function createLateness({ clock }: VirtualTime) {
  const underWay = new Set<() => void>()
  let cursors: { readonly behind: Set<() => void>; readonly tell: () => void }[] = []
  const tellCovered = () => {
    while (cursors[0]?.behind.size === 0) cursors.shift()!.tell()
  }
  return {
    later(tell: () => void, delayMs: number) {
      const one = () => {
        // The line was closed meanwhile.
        if (!underWay.delete(one)) return
        tell()
        for (const { behind } of cursors) behind.delete(one)
        tellCovered()
      }
      underWay.add(one)
      clock.setTimer(one, delayMs)
    },
    afterAll(tell: () => void) {
      cursors.push({ behind: new Set(underWay), tell })
      tellCovered()
    },
    clear() {
      underWay.clear()
      cursors = []
    },
  }
}

/** Room between two numbers of the hub, irregular. */
const ROOM = 5

/** A place without an id is before every message of its order. */
function spread({ order, ...rest }: Point): Point {
  return { ...rest, order: order * ROOM + (rest.id === '' ? 0 : (order * order) % ROOM) }
}

function unspread({ order, ...rest }: Point): Point {
  return { ...rest, order: Math.floor(order / ROOM) }
}

function same<T>(value: T): T {
  return value
}

/** Every place in some plain data mapped, with the conversation that it is of; what was mapped before is the same object again. */
function placesMapped(map: (point: Point, c: string) => Point): <T>(value: T, c?: string) => T {
  const known = new WeakMap<object, unknown>()
  const walk = (value: unknown, outer: string): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const isList = Array.isArray(value)
    if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return value
    const before = known.get(value)
    if (before !== undefined) return before
    const c = conversationOf(value) ?? outer
    const mapped = isList ? value.map((each) => walk(each, c)) : isPlace(value) ? map(value, c) : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, c)]))
    known.set(value, mapped)
    return mapped
  }
  return (value, c = '') => walk(value, c) as typeof value
}

/** Of something that names its conversation, or is one. */
function conversationOf(value: object): string | undefined {
  const { conversationId, conversation, id } = value as { readonly conversationId?: unknown; readonly conversation?: { readonly id?: unknown } | null; readonly id?: unknown }
  const found = conversationId ?? conversation?.id ?? ('head' in value ? id : undefined)
  return typeof found === 'string' ? found : undefined
}

function isPlace(value: object): value is Point {
  return 'epoch' in value && 'order' in value && 'id' in value
}
