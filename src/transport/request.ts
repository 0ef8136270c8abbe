/** HTTP requests that fail as a transport must: by TransportError, with the truth about what the server may have. */
import { systemClock, type Clock } from '../model/index.js'
import { TransportError, type TransportErrorCode } from './transportError.js'

/** @public */
export interface RequestOptions {
  /** Sent as JSON; then the method is POST unless `method` says otherwise. */
  readonly body?: unknown
  /** Of HTTP; default GET. */
  readonly method?: string
  /** Goes into the header `authorization`, as `Bearer`. */
  readonly token?: string | undefined
  /** Each ends the request; whatever was sent by then is undecided. */
  readonly signals?: readonly (AbortSignal | undefined)[]
  /** How long the answer may take to begin (`requestJson`: to be there), milliseconds; default 20,000. */
  readonly timeoutMs?: number
  /** Default the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  readonly clock?: Clock
}

/** `fetch`, for a stream or a page: resolves with an answer that is well (2xx). @throws TransportError @public */
export function request(url: string, options: RequestOptions = {}): Promise<Response> {
  return within(options, (signal) => answerTo(url, options, signal))
}

/** The same, with the answer read as JSON; one that was cut is undecided. @throws TransportError @public */
export function requestJson<T>(url: string, options: RequestOptions = {}): Promise<T> {
  return within(options, async (signal) => {
    const answer = await answerTo(url, options, signal)
    try {
      return (await answer.json()) as T
    } catch (cause) {
      throw new TransportError('transport/badAnswer', 'The answer was cut, or is no JSON. The server may have done it; the same is tried again.', { stored: 'maybe', retry: 'yes', cause })
    }
  })
}

async function within<T>({ signals = [], timeoutMs = 20_000, clock = systemClock }: RequestOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController()
  const stopTimer = clock.setTimer(() => late.abort(), timeoutMs)
  const ends = [late.signal, ...signals.filter((signal) => signal !== undefined)]
  try {
    if (ends.some(({ aborted }) => aborted)) throw new TransportError('transport/aborted', 'The request was given up before it left the device.', { stored: 'no', retry: 'yes' })
    return await work(AbortSignal.any(ends))
  } finally {
    stopTimer()
  }
}

async function answerTo(url: string, { body, method = body === undefined ? 'GET' : 'POST', token, fetch: fetchIt = globalThis.fetch }: RequestOptions, signal: AbortSignal): Promise<Response> {
  const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const answer = await fetchIt(url, { method, headers, signal, ...(body === undefined ? {} : { body: textOf(body) }) }).catch((cause: unknown) => {
    throw new TransportError('transport/offline', 'No answer came, so the server may have it. The same is tried again.', { stored: 'maybe', retry: 'yes', cause })
  })
  if (answer.ok) return answer
  void answer.body?.cancel()
  throw refusalOf(answer)
}

function textOf(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    throw new TransportError('transport/invalid', `A request holds something that JSON cannot carry (${String(cause)}). It did not leave the device and will not be retried. Keep to plain data.`, { stored: 'no', retry: 'no', cause })
  }
}

/** What the server had in hand when it said so, it may have stored (5xx); the rest it looked at and left. */
function refusalOf({ status, headers }: Response): TransportError {
  const afterMs = Number(headers.get('retry-after')) * 1_000
  const retry = afterMs > 0 ? { afterMs } : 'yes'
  const message = `The server answered ${status}.`
  if (status === 401) return new TransportError('transport/unauthorized', message, { stored: 'no', retry: 'yes' })
  if (status === 429) return new TransportError('transport/rateLimited', message, { stored: 'no', retry })
  if (status >= 500 || status === 408) return new TransportError('transport/server', message, { stored: 'maybe', retry })
  return new TransportError(CODES[status] ?? 'transport/invalid', message, { stored: 'no', retry: 'no' })
}

const CODES: Readonly<Record<number, TransportErrorCode>> = { 403: 'transport/forbidden', 404: 'transport/notFound', 410: 'transport/notFound', 413: 'transport/tooLarge' }
