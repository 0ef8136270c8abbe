/** A wire that tells of reading once: whoever was away, or asks, never hears of it. What a device was given it has to know all the same. */
import type { IncomingReceipt, Point, Transport, TransportEvent } from 'readback/core'
import { isPlainGarbage } from './garbage.js'
import type { LineEnd } from './catchUp.js'
import { covers, type Reached } from './oracle.js'
import type { VirtualTime } from './virtualTime.js'

/** Each receipt says all that its reader has read, or only what is new in it. */
export type ReceiptLoss = 'whole' | 'news'

/** What a device was told, as it came. */
export interface Heard extends Reached {
  readonly c: string
  readonly by: string
  readonly kind: IncomingReceipt['kind']
  readonly ids: readonly string[]
  /** Milliseconds of virtual time. */
  readonly at: number
}

/** The line before anything of it can be late: what it would tell again of reading is lost. */
export function losingReceipts(loss: ReceiptLoss, { time, latencyMs }: { readonly time: VirtualTime; readonly latencyMs: number }) {
  const newsOf = loss === 'news' ? createNews() : (event: TransportEvent) => event
  return (line: Transport): Transport => {
    let isCatchingUp = false
    return {
      ...line,
      on: (listener) =>
        line.on((event) => {
          if (event.type === 'state') {
            isCatchingUp = event.state.status === 'online'
            // Whoever has no conversation is told nothing, and no cursor.
            if (isCatchingUp) time.clock.setTimer(() => (isCatchingUp = false), latencyMs + 1)
          }
          if (event.type === 'cursor') isCatchingUp = false
          if (event.type !== 'receipt') return listener(event)
          const news = isCatchingUp ? null : newsOf(event)
          if (news) listener(news)
        }),
    }
  }
}

/** Of each receipt what those before it did not say, whichever device comes to it first; null: nothing. */
function createNews(): (event: TransportEvent) => TransportEvent | null {
  const known = new WeakMap<TransportEvent, TransportEvent | null>()
  const told = new Map<string, Reached>()
  return (event) => {
    if (event.type !== 'receipt') return event
    const before = known.get(event)
    if (before !== undefined) return before
    const key = `${event.conversationId} ${event.by} ${event.kind} ${event.visibility}`
    const last = told.get(key) ?? { upTo: null, ranges: [] }
    told.set(key, { upTo: event.upTo ?? null, ranges: event.ranges ?? [] })
    const upTo = event.upTo && !covers({ upTo: last.upTo, ranges: [] }, event.upTo) ? event.upTo : null
    const ranges = (event.ranges ?? []).filter(({ from, to }) => !last.ranges.some((range) => isSame(range.from, from) && isSame(range.to, to)))
    const news = upTo || ranges.length > 0 || event.ids ? { ...event, upTo, ranges } : null
    known.set(event, news)
    return news
  }
}

const isSame = (a: Point, b: Point) => a.epoch === b.epoch && a.order === b.order

/** The end of the wire: nobody can ask it who read what, and what it hands over is noted. */
export function withoutReadStates({ readStates: _none, ...line }: Transport, end?: LineEnd): Transport {
  return {
    ...line,
    capabilities: { ...line.capabilities, receiptsCatchUp: 'none' },
    on: (listener) =>
      line.on((event) => {
        listener(event)
        if (event?.type === 'receipt' && !isPlainGarbage(event)) end?.whenHanded(() => end.onReceipt?.(event))
      }),
  }
}
