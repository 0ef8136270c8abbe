/** Scripted trouble: what goes wrong, for whom, and how often. */
import type { Stop, UserId } from '../../model/index.js'
import type { Draft, Report, TransportEvent } from '../transport.js'
import type { TransportErrorCode } from '../transportError.js'

/** Calls of a transport that can go wrong; `call` is any of the others (history, edit, readers, …). @public */
export type FaultPlace = 'connect' | 'send' | 'report' | 'event' | 'call'

/** What a rule is shown when it is asked whether it applies. @public */
export interface FaultSubject {
  readonly on: FaultPlace
  readonly userId: UserId
  readonly draft?: Draft
  readonly report?: Report
  readonly event?: TransportEvent
  /** Name of the transport's method, such as `history`. */
  readonly method?: string
}

/**
 * - `drop`: lost on the way. A call rejects undecided after the hub's answer time; an event is gone until the device reconnects.
 * - `dropAnswer`: done, but the answer is lost.
 * - `delay`: late by `delayMs`; others overtake it.
 * - `repeat`: arrives twice.
 * - `refuse`: the hub says no, with `code`, `stored` and `retry`.
 * - `disconnect`: the connection breaks before an answer comes; it was done.
 * - `hang`: no answer ever; only an abort or the end of the connection ends it.
 * @public
 */
export type FaultAction = 'drop' | 'dropAnswer' | 'delay' | 'repeat' | 'refuse' | 'disconnect' | 'hang'

/** @public */
export interface FaultRule {
  readonly on: FaultPlace
  readonly do: FaultAction
  /** Default: everything at that place. */
  match?(subject: FaultSubject): boolean
  /** How often it strikes; default 1, `Infinity` until it is removed. */
  readonly times?: number
  /** For `delay`, milliseconds; default 1,000. */
  readonly delayMs?: number
  /** For `refuse`; default `transport/server`. */
  readonly code?: TransportErrorCode
  /** For `refuse`; default `no`. */
  readonly stored?: 'no' | 'maybe'
  /** For `refuse`; default `yes`. */
  readonly retry?: 'no' | 'yes' | { readonly afterMs: number }
}

/** @public */
export interface Faults {
  /** Adds a rule; the oldest that fits strikes. Returns how to remove it. */
  add(rule: FaultRule): Stop
  clear(): void
}

export interface FaultTable extends Faults {
  /** The rule that strikes here, if any; it is used up by this. */
  take(subject: FaultSubject): FaultRule | undefined
}

export function createFaultTable(): FaultTable {
  let rules: { readonly rule: FaultRule; left: number }[] = []
  return {
    add(rule) {
      const entry = { rule, left: rule.times ?? 1 }
      rules.push(entry)
      return () => {
        rules = rules.filter((one) => one !== entry)
      }
    },
    clear() {
      rules = []
    },
    take(subject) {
      const found = rules.find(({ rule, left }) => left > 0 && rule.on === subject.on && (rule.match?.(subject) ?? true))
      if (found) found.left -= 1
      return found?.rule
    },
  }
}
