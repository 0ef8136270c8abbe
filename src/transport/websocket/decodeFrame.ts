/**
 * What a device makes of a frame that came: a typed frame, or the reason why not. Never throws, whatever came.
 *
 * An event that is malformed or unknown is left out and counted, and the rest of its frame stands; anything else that is not
 * as the protocol says makes the whole frame void.
 */
import type { TransportErrorCode } from '../transportError.js'
import { decodeEvent } from '../decodeEvent.js'
import { fieldsOf, Malformed, oneOf, optional, ordinalOf, amountOf, textOf, type Fields } from '../fields.js'
import { parseJson } from '../parseEvent.js'
import type { EphemeralFrame, EventsFrame, RefusalFrame, ServerFrame } from './protocol.js'

/** Why a frame was not taken. @public */
export type FrameProblem = 'notText' | 'tooLarge' | 'notJson' | 'unknown' | 'malformed' | 'replayed' | 'skipped' | 'unasked'

export type Decoded = { readonly ok: true; readonly frame: ServerFrame } | { readonly ok: false; readonly problem: FrameProblem; readonly detail: string }

/** What a server says to a refusal is kept with the message: so much of it, characters. */
const MAX_MESSAGE_LENGTH = 1_000

const EPHEMERAL: readonly string[] = ['typing', 'presence']

export function decodeServerFrame(data: unknown, maxBytes: number): Decoded {
  if (typeof data !== 'string') return { ok: false, problem: 'notText', detail: 'it is binary' }
  // A character is at least one byte, so this never refuses what fits.
  if (data.length > maxBytes) return { ok: false, problem: 'tooLarge', detail: `it has ${data.length} characters` }
  try {
    return decodeFields(fieldsOf(parseJson(data), 'the frame'))
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: 'malformed', detail: error.message }
    return { ok: false, problem: 'notJson', detail: error instanceof Error ? error.message : String(error) }
  }
}

function decodeFields(from: Fields): Decoded {
  const frame = frameOf(from)
  return frame ? { ok: true, frame } : { ok: false, problem: 'unknown', detail: `its type is ${JSON.stringify(from['type'])?.slice(0, 40)}` }
}

function frameOf(from: Fields): ServerFrame | null {
  switch (from['type']) {
    case 'welcome': return { type: 'welcome', version: ordinalOf(from['version'], 'version') }
    case 'answer': return { type: 'answer', no: ordinalOf(from['no'], 'no'), result: from['result'] }
    case 'refusal': return refusalOf(from)
    case 'events': return eventsOf(from)
    case 'ephemeral': return ephemeralOf(from)
    case 'pong': return { type: 'pong' }
    case 'bye': return { type: 'bye', reason: oneOf(from['reason'], 'reason', ['expired', 'restarting', 'overloaded']), ...optional(from, 'afterMs', amountOf) }
    default: return null
  }
}

function refusalOf(from: Fields): RefusalFrame {
  const code = textOf(from['code'], 'code')
  if (!/^transport\/[A-Za-z]{1,40}$/.test(code)) throw new Malformed('code is no transport/reason')
  const retry = from['retry']
  return {
    type: 'refusal', ...optional(from, 'no', ordinalOf), code: code as TransportErrorCode, message: textOf(from['message'], 'message').slice(0, MAX_MESSAGE_LENGTH),
    stored: oneOf(from['stored'], 'stored', ['no', 'maybe']),
    retry: typeof retry === 'object' ? { afterMs: amountOf(fieldsOf(retry, 'retry')['afterMs'], 'afterMs') } : oneOf<'no' | 'yes'>(retry, 'retry', ['no', 'yes']),
  }
}

function eventsOf(from: Fields): EventsFrame {
  const { events, left } = eventList(from['events'], (type) => !EPHEMERAL.includes(type))
  return { type: 'events', lane: oneOf(from['lane'], 'lane', ['message', 'receipt']), no: ordinalOf(from['no'], 'no'), events, ...optional(from, 'cursor', textOf), left }
}

function ephemeralOf(from: Fields): EphemeralFrame {
  return { type: 'ephemeral', ...eventList(from['events'], (type) => EPHEMERAL.includes(type)) }
}

function eventList(value: unknown, belongs: (type: string) => boolean): Pick<EventsFrame, 'events' | 'left'> {
  if (!Array.isArray(value)) throw new Malformed('events is no list')
  const events = value.flatMap((one) => {
    try {
      const event = decodeEvent(one)
      return event && belongs(event.type) ? [event] : []
    } catch {
      return []
    }
  })
  return { events, left: value.length - events.length }
}
