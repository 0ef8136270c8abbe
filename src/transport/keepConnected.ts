/**
 * What is the same on every wire that has connections: asks for tokens, dials, dials again after growing waits, hands events over in order,
 * goes on from the last cursor, and says why it is not online. A transport adds how its wire is dialled, and its calls.
 */
import { askedMs, backoffMs } from '../model/backoff.js'
import { systemClock, systemPorts, systemRandom, type Clock, type Connectivity, type Random, type Stop } from '../model/index.js'
import { handOverTo } from './handOver.js'
import { notSent, refusal } from './refusal.js'
import type { ConnectionReason, ConnectionState, ConnectOptions, Transport, TransportEvent } from './transport.js'
import { TransportError } from './transportError.js'
import { createEventQueue } from './eventQueue.js'

/** One connection, from dialling to its end. @public */
export interface Connection extends Pick<ConnectOptions, 'userId' | 'conversations'> {
  /** What the app gave for this connection. */
  readonly token: string | undefined
  /** Where to go on from: the last cursor that was handed over, else the stored one; absent: from the beginning. */
  readonly cursor: string | undefined
  /** Aborts when this connection is over, whoever ended it; also by `close`. */
  readonly signal: AbortSignal
  /** The back end knows the device. */
  online(): void
  /** Hands events over in order, later than this call, and then the cursor that covers them. `done` is called after that, unless the connection ended before. */
  tell(events: readonly TransportEvent[], cursor?: string, done?: () => void): void
}

/** Why a connection ended; what is absent: the network. @public */
export interface ConnectionEnd {
  /** What the screen is told; default `network`. */
  readonly reason?: ConnectionReason
  /** The back end refused it in these words; with `retry: 'no'` nothing more is tried. */
  readonly refused?: TransportError
  /** The token is not accepted (any more): the app is asked for another one. */
  readonly expired?: boolean
  /** Not before so long, milliseconds; an hour at most. */
  readonly afterMs?: number
}

/** @public */
export interface KeepConnectedOptions {
  /** Asked before anything is dialled, and before a token is asked for: why this address is never dialled. */
  readonly check?: () => TransportError | null
  /** How long dialling may take, token included, milliseconds; default 15,000. */
  readonly connectTimeoutMs?: number
  /** Longest wait between two tries, milliseconds; default 30,000. Each wait is drawn from the whole span (full jitter). */
  readonly maxBackoffMs?: number
  /** Told why a connection ended, where that was no TransportError: the network, or a mistake in `dial`. */
  readonly onFailure?: (cause: unknown) => void
  readonly clock?: Clock
  readonly random?: Random
  /** A hint that the network is back ends a wait. Default: the browser's. */
  readonly connectivity?: Connectivity
}

/** @public */
export interface KeptConnection extends Pick<Transport, 'connect' | 'on' | 'close'> {
  /** The connection that is online. @throws TransportError `transport/offline`, nothing stored, tried again */
  current(): Connection
}

/** First ceiling of the wait after a failure, milliseconds. */
const BACKOFF_BASE_MS = 500
/** A connection that lasted this long was a good one: the next failure counts as the first. Milliseconds. */
const STABLE_MS = 5_000

/**
 * Keeps one connection until `close`, as the contract of a transport asks. Spread the result into the transport.
 * @param dial - makes one connection and settles when that is over; rejecting with a TransportError is the same as resolving with `refused`, and `transport/unauthorized` as `expired`
 * @public
 */
export function keepConnected(dial: (connection: Connection) => Promise<ConnectionEnd | void>, options: KeepConnectedOptions = {}): KeptConnection {
  const { check = () => null, connectTimeoutMs = 15_000, maxBackoffMs = 30_000, clock = systemClock, random = systemRandom } = options
  const connectivity = options.connectivity ?? systemPorts().connectivity
  const listeners = new Set<(event: TransportEvent) => void>()
  const handOver = (event: TransportEvent) => handOverTo(listeners, event)
  const queue = createEventQueue(handOver)
  let session: ConnectOptions | null = null
  let settleConnect: { resolve(): void; reject(error: TransportError): void } | null = null
  /** Ends the connection that is, or is being made; every one has its own. */
  let ending: AbortController | null = null
  let live: Connection | null = null
  let onlineSince: number | null = null
  let cursor: string | undefined
  /** Failed tries since the last good connection. */
  let failures = 0
  let stopTimer: Stop | null = null
  let stopHearing: Stop | null = null

  function failed(cause: unknown): ConnectionEnd {
    if (cause instanceof TransportError) return endOf(cause)
    if (!ending?.signal.aborted) options.onFailure?.(cause)
    return {}
  }

  const tellState = (state: ConnectionState) => queue.push([{ type: 'state', state }])

  async function begin(reason: ConnectionReason, asking: 'connect' | 'expired'): Promise<void> {
    const own = (ending = new AbortController())
    tellState({ status: 'connecting', reason, attempt: failures + 1 })
    stopTimer = clock.setTimer(() => ended(own, {}, asking), connectTimeoutMs)
    ended(own, await attempt(own, session!, asking).catch(failed), asking)
  }

  async function attempt(own: AbortController, { userId, conversations, token: getToken, since }: ConnectOptions, asking: 'connect' | 'expired'): Promise<ConnectionEnd> {
    const token = await getToken(asking)
    if (own.signal.aborted) return {}
    const connection: Connection = {
      userId, conversations, token, signal: own.signal,
      get cursor() {
        return cursor ?? since
      },
      online: () => own === ending && !live && wentOnline(connection),
      tell: (events, next, done) => own === ending && queue.push(events, () => {
        if (next !== undefined) handOver({ type: 'cursor', cursor: (cursor = next) })
        if (own === ending) done?.()
      }),
    }
    return (await dial(connection)) ?? {}
  }

  function wentOnline(connection: Connection): void {
    stopWaiting()
    live = connection
    onlineSince = clock.monotonic()
    tellState({ status: 'online' })
    settleConnect?.resolve()
    settleConnect = null
  }

  function ended(own: AbortController, { reason = 'network', refused, expired = false, afterMs = 0 }: ConnectionEnd, asked: 'connect' | 'expired'): void {
    if (own !== ending || !session) return
    const wasOnline = onlineSince !== null
    const isGood = onlineSince !== null && clock.monotonic() - onlineSince >= STABLE_MS
    breakOff()
    if (isGood) failures = 0
    if (expired && (asked === 'connect' || isGood)) return void begin('unauthorized', 'expired')
    if (expired && !wasOnline) return giveUp(unauthorized(refused), 'unauthorized')
    if (refused?.retry === 'no' && !expired) return giveUp(refused, reason)
    failures += 1
    const waitMs = Math.max(askedMs({ afterMs }), askedMs(refused?.retry), backoffMs(failures, random.next(), BACKOFF_BASE_MS, maxBackoffMs))
    tellState({ status: 'offline', reason, retryInMs: waitMs })
    const again = () => {
      stopWaiting()
      void begin(reason, expired ? 'expired' : 'connect')
    }
    stopTimer = clock.setTimer(again, waitMs)
    // The hint may be wrong, so it only shortens a wait.
    stopHearing = connectivity.subscribe(() => connectivity.isOnline() && again())
  }

  function stopWaiting(): void {
    stopTimer?.()
    stopHearing?.()
    stopTimer = stopHearing = null
  }

  /** Forgets the connection, and what of it was not handed over: it comes again after the cursor. */
  function breakOff(): void {
    const over = ending
    ending = live = onlineSince = null
    stopWaiting()
    queue.clear()
    over?.abort()
  }

  function giveUp(error: TransportError, reason: ConnectionReason): void {
    breakOff()
    session = null
    tellState({ status: 'offline', reason })
    settleConnect?.reject(error)
    settleConnect = null
  }

  return {
    connect(given) {
      if (session) return Promise.reject(refusal('transport/connected', `This transport already serves "${session.userId}". Close it before connecting again, or make another one.`))
      const bad = check()
      if (bad) {
        tellState({ status: 'offline', reason: bad.code === 'transport/insecureAddress' ? 'insecureAddress' : 'closed' })
        return Promise.reject(bad)
      }
      session = given
      cursor = undefined
      failures = 0
      return new Promise((resolve, reject) => {
        settleConnect = { resolve, reject }
        queueMicrotask(() => {
          if (session === given && !ending) void begin('starting', 'connect')
        })
      })
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      session = null
      breakOff()
      settleConnect?.reject(notSent('The transport was closed before it was online.'))
      settleConnect = null
    },
    current() {
      if (live) return live
      throw notSent('This device is not connected, so nothing left it. It is sent when the connection is back.')
    },
  }
}

function endOf(refused: TransportError): ConnectionEnd {
  if (refused.code === 'transport/unauthorized') return { refused, expired: true, reason: 'unauthorized' }
  return { refused, reason: refused.code === 'transport/offline' || refused.code === 'transport/timeout' ? 'network' : 'server' }
}

/** Whatever the back end says of trying again: the app has given its tokens. */
function unauthorized(refused: TransportError | undefined): TransportError {
  if (refused?.retry === 'no') return refused
  return refusal('transport/unauthorized', 'The back end does not accept the token. Nothing is sent or received until the app gives another one and connects again.')
}
