/** Events that come as JSON over a wire of one's own: each is read into a new object of known fields, or is none. */
import { decodeEvent } from './decodeEvent.js'
import { Malformed } from './fields.js'
import type { TransportEvent } from './transport.js'

/** More than this is no event, characters. */
const MAX_LENGTH = 1_048_576

/**
 * One event as the page on the protocol has it, from its JSON. Null for what is none, is malformed, or is of a type that this version does not know: leave it out and go on.
 * `state` and `cursor` are a transport's own and not read either.
 * @public
 */
export function parseEvent(text: string): TransportEvent | null {
  try {
    return text.length > MAX_LENGTH ? null : decodeEvent(parseJson(text))
  } catch (error) {
    // A RangeError: nested deeper than can be walked.
    if (error instanceof Malformed || error instanceof SyntaxError || error instanceof RangeError) return null
    throw error
  }
}

/** An own field `__proto__` would change whatever it is copied into with an assignment. Spelt with an escape it is the same field. @throws SyntaxError */
export function parseJson(text: string): unknown {
  return /__proto__|\\u/.test(text) ? JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) : JSON.parse(text)
}
