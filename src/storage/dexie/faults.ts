/** What an error of the database means. Browsers, Dexie and its wrappers name the same trouble in several ways, so what an error wraps is looked at too. */
import type { ChatError } from '../../model/index.js'
import { failedError, fullError, lostError, misuseError, unstorableError } from '../storageErrors.js'

export interface Fault {
  /** `lost`: this handle is of no more use, another one may be. */
  readonly kind: 'full' | 'lost' | 'other'
  readonly error: ChatError
}

export function faultFrom(error: unknown): Fault {
  const chain = unwrap(error)
  const cause = chain[0]
  const is = (names: ReadonlySet<string>) => chain.some((inside) => names.has(nameOf(inside)))
  if (is(FULL)) return { kind: 'full', error: fullError(cause) }
  if (is(UNSTORABLE)) return { kind: 'other', error: unstorableError(cause) }
  if (is(MISUSE)) return { kind: 'other', error: misuseError('A transaction was used outside its time, or a read tried to write.', cause) }
  if (is(LOST) || chain.every((inside) => nameOf(inside) === 'AbortError')) return { kind: 'lost', error: lostError(cause) }
  return { kind: 'other', error: failedError(cause) }
}

/** Whether opening may well succeed a moment later: after a crash the files of the database are held for a while by the browser that died. Where it is forbidden, waiting helps nothing. */
export function isPassing(error: unknown): boolean {
  return unwrap(error).some((inside) => PASSING.has(nameOf(inside)))
}

const PASSING = new Set(['UnknownError', 'AbortError', 'TimeoutError'])
const FULL = new Set(['QuotaExceededError'])
const UNSTORABLE = new Set(['DataCloneError'])
const MISUSE = new Set(['PrematureCommitError', 'TransactionInactiveError', 'ReadOnlyError', 'SubTransactionError'])
/** WebKit says UnknownError ("Connection to Indexed Database server lost") and Firefox also InvalidStateError for a handle that will never work again. An abort without a reason comes from outside too. */
const LOST = new Set(['DatabaseClosedError', 'InvalidStateError', 'UnknownError', 'OpenFailedError', 'TimeoutError'])

/** The error, what it wraps (Dexie: `inner`, bulk: `failures`; standard: `cause`), and so on inwards. */
function unwrap(error: unknown, depth = 0): unknown[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const { inner, cause, failures } = error as { inner?: unknown; cause?: unknown; failures?: unknown }
  const inside = [inner, cause, ...(Array.isArray(failures) ? failures.slice(0, 1) : [])]
  return [error, ...inside.flatMap((next) => (next === error ? [] : unwrap(next, depth + 1)))]
}

function nameOf(error: unknown): string {
  const { name } = error as { name?: unknown }
  return typeof name === 'string' ? name : ''
}
