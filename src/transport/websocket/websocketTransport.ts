/** Keeps a device connected to a server that speaks the JSON protocol: dials, comes back with back-off, and goes on from its own last cursor. */
import { systemClock, systemPorts, systemRandom, type Clock, type Connectivity, type Random, type Stop } from '../../model/index.js'
import { backoffMs } from '../../model/backoff.js'
import { handOverTo } from '../handOver.js'
import type { TransportCapabilities } from '../capabilities.js'
import { notSent, refusal } from '../refusal.js'
import type { ConnectionReason, ConnectionState, ConnectOptions, Transport, TransportEvent } from '../transport.js'
import { TransportError } from '../transportError.js'
import { checkAddress } from './address.js'
import type { FrameProblem } from './decodeFrame.js'
import { createEventQueue } from './eventQueue.js'
import { openLink, type Link, type LinkEnd, type LinkSettings } from './link.js'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION, type CallName, type Calls, type EphemeralFrame, type EventsFrame } from './protocol.js'
import type { SocketConstructor } from './socket.js'
import { WEBSOCKET_CAPABILITIES } from './websocketCapabilities.js'
import { transportCalls } from './transportCalls.js'

/** @public */
export interface WebsocketTransportOptions {
  /** `wss:` address of the server; `ws:` only on this machine. */
  readonly url: string
  /** Default the global `WebSocket`; in Node 20 hand in the one of the package `ws`. */
  readonly WebSocket?: SocketConstructor
  /** What the server does not offer, or limits more tightly than the protocol: its part of the UI is then hidden. */
  readonly capabilities?: Partial<TransportCapabilities>
  /** Silence after which a sign of life is asked for, milliseconds; default 30,000. */
  readonly heartbeatMs?: number
  /** How long that sign may take until the connection counts as dead, milliseconds; default 10,000. */
  readonly heartbeatTimeoutMs?: number
  /** How long dialling may take, token and welcome included, milliseconds; default 15,000. */
  readonly connectTimeoutMs?: number
  /** How long an answer may take until a call rejects undecided, milliseconds; default 20,000. */
  readonly callTimeoutMs?: number
  /** Longest wait between two tries to connect, milliseconds; default 30,000. Each wait is drawn from the whole span (full jitter). */
  readonly maxBackoffMs?: number
  /** Allows `ws:` to other machines. Default false. */
  readonly allowInsecure?: boolean
  /** Largest frame in either direction, bytes; default 1 MiB. */
  readonly maxFrameBytes?: number
  readonly clock?: Clock
  readonly random?: Random
  /** A hint that the network is back ends a wait. Default: the browser's. */
  readonly connectivity?: Connectivity
  /** Told of every frame that was not taken, and why. Nothing of it was applied. */
  readonly onProblem?: (error: TransportError) => void
}

/** What a transport has seen since it was made. @public */
export interface WebsocketStats {
  /** Connections that were welcomed. */
  readonly connections: number
  /** Frames that were not taken, by reason. */
  readonly problems: Readonly<Record<FrameProblem, number>>
}

/** @public */
export interface WebsocketTransport extends Transport {
  stats(): WebsocketStats
}

/** First ceiling of the wait after a failure, milliseconds. */
const BACKOFF_BASE_MS = 500
/** A connection that lasted this long was a good one: the next failure counts as the first. Milliseconds. */
const STABLE_MS = 5_000

/**
 * A transport for a server of your own that speaks the JSON protocol (docs: Protocol). It does nothing until `connect`.
 * @public
 */
export function websocketTransport(options: WebsocketTransportOptions): WebsocketTransport {
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const connectivity = options.connectivity ?? systemPorts().connectivity
  const capabilities: TransportCapabilities = Object.freeze({ ...WEBSOCKET_CAPABILITIES, ...options.capabilities })
  const maxBackoffMs = options.maxBackoffMs ?? 30_000
  const device = random.id()
  const listeners = new Set<(event: TransportEvent) => void>()
  const queue = createEventQueue(handOver)
  const problems: Record<FrameProblem, number> = { notText: 0, tooLarge: 0, notJson: 0, unknown: 0, malformed: 0, replayed: 0, skipped: 0, unasked: 0 }
  let connections = 0
  let session: ConnectOptions | null = null
  let settleConnect: { resolve(): void; reject(error: TransportError): void } | null = null
  let link: Link | null = null
  /** Everything up to here was handed over. */
  let cursor: string | undefined
  /** Failed tries since the last good connection. */
  let failures = 0
  let onlineSince: number | null = null
  let stopRetry: Stop | null = null
  let stopDialTimer: Stop | null = null
  let stopHearing: Stop | null = null
  /** Tells one dialling from the next, across everything that is awaited. */
  let dialling = 0

  function handOver(event: TransportEvent): void {
    handOverTo(listeners, event)
  }

  function tellState(state: ConnectionState): void {
    queue.push([{ type: 'state', state }])
  }

  async function dial(reason: ConnectionReason, asking: 'connect' | 'expired'): Promise<void> {
    const own = (dialling += 1)
    const { userId, conversations, token: getToken, since } = session!
    tellState({ status: 'connecting', reason, attempt: failures + 1 })
    const settings = linkSettings()
    stopDialTimer = clock.setTimer(() => failed(own, { reason: 'network' }, asking), settings.connectTimeoutMs)
    let token: string | undefined
    try {
      token = await getToken(asking)
    } catch {
      return failed(own, { reason: 'network' }, asking)
    }
    if (own !== dialling) return
    const last = cursor ?? since
    const hello = {
      type: 'hello', version: PROTOCOL_VERSION, userId, device, conversations: conversations.map(({ id, kind, members, title }) => ({ id, kind, members, ...(title === undefined ? {} : { title }) })),
      ...(token === undefined ? {} : { token }), ...(last === undefined ? {} : { since: last }),
    } as const
    stopDialTimer?.()
    try {
      link = openLink(settings, hello, {
        onWelcome: () => own === dialling && welcomed(),
        onEvents: (frame, got) => own === dialling && deliver(frame, got),
        onProblem: noteProblem,
        onEnd: (end) => failed(own, end, asking),
      })
    } catch (cause) {
      giveUp(new TransportError('transport/invalid', `This page cannot connect to "${options.url}" (${String(cause)}). Nothing is sent or received. A page that came over https needs a wss: address.`, { stored: 'no', retry: 'no', cause }), 'insecureAddress')
    }
  }

  function linkSettings(): LinkSettings {
    const Socket = options.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket
    return {
      url: options.url, clock, WebSocket: Socket!,
      heartbeatMs: options.heartbeatMs ?? 30_000, heartbeatTimeoutMs: options.heartbeatTimeoutMs ?? 10_000,
      connectTimeoutMs: options.connectTimeoutMs ?? 15_000, callTimeoutMs: options.callTimeoutMs ?? 20_000, maxFrameBytes: options.maxFrameBytes ?? MAX_FRAME_BYTES,
    }
  }

  function welcomed(): void {
    connections += 1
    onlineSince = clock.monotonic()
    tellState({ status: 'online' })
    settleConnect?.resolve()
    settleConnect = null
  }

  /** Events, then the cursor that covers them, then the word to the server that there is room for more. */
  function deliver(frame: EventsFrame | EphemeralFrame, got: () => void): void {
    const next = frame.type === 'events' ? frame.cursor : undefined
    queue.push(frame.events, () => {
      if (next !== undefined) {
        cursor = next
        handOver({ type: 'cursor', cursor: next })
      }
      got()
    })
  }

  function noteProblem(problem: FrameProblem, detail: string): void {
    problems[problem] += 1
    options.onProblem?.(new TransportError('transport/badFrame', `A frame of the server was not taken (${problem}): ${detail}. Nothing of it was applied. Hold the server against the page on the protocol.`, { stored: 'no', retry: 'no' }))
  }

  function failed(own: number, end: LinkEnd, asked: 'connect' | 'expired'): void {
    if (own !== dialling || !session) return
    const wasOnline = onlineSince !== null
    const lastedMs = onlineSince === null ? 0 : clock.monotonic() - onlineSince
    breakOff()
    if (lastedMs >= STABLE_MS) failures = 0
    if (end.expired && (asked === 'connect' || lastedMs >= STABLE_MS)) return redial('unauthorized', 'expired')
    if (end.expired && !wasOnline) return giveUp(end.refused ?? unauthorized(), 'unauthorized')
    if (end.refused?.retry === 'no') return giveUp(end.refused, end.reason)
    failures += 1
    const waitMs = Math.max(end.afterMs ?? 0, backoffMs(failures, random.next(), BACKOFF_BASE_MS, maxBackoffMs))
    tellState({ status: 'offline', reason: end.reason, retryInMs: waitMs })
    const again = () => redial(end.reason, end.expired ? 'expired' : 'connect')
    stopRetry = clock.setTimer(again, waitMs)
    // The hint may be wrong, so it only shortens a wait.
    stopHearing = connectivity.subscribe(() => connectivity.isOnline() && again())
  }

  function redial(reason: ConnectionReason, asking: 'connect' | 'expired'): void {
    stopWaiting()
    if (session) void dial(reason, asking)
  }

  function stopWaiting(): void {
    stopRetry?.()
    stopHearing?.()
    stopDialTimer?.()
    stopRetry = stopHearing = stopDialTimer = null
  }

  /** Forgets the connection, and what of it was not handed over: it comes again after the cursor. */
  function breakOff(): void {
    dialling += 1
    onlineSince = null
    stopWaiting()
    link?.end()
    link = null
    queue.clear()
  }

  function giveUp(error: TransportError, reason: ConnectionReason): void {
    breakOff()
    session = null
    tellState({ status: 'offline', reason })
    settleConnect?.reject(error)
    settleConnect = null
  }

  function call<Name extends CallName>(name: Name, params: Calls[Name]['with'], signal?: AbortSignal): Promise<Calls[Name]['result']> {
    if (!link) return Promise.reject(notSent('This device is not connected, so nothing left it. It is sent when the connection is back.'))
    return link.call(name, params, signal)
  }

  return {
    capabilities,
    connect(given) {
      if (session) return Promise.reject(refusal('transport/connected', `This transport already serves "${session.userId}". Close it before connecting again, or make another one.`))
      const bad = linkSettings().WebSocket === undefined ? noWebSocket() : checkAddress(options.url, options.allowInsecure ?? false)
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
          if (session === given && !link) void dial('starting', 'connect')
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
    ...transportCalls(capabilities, call),
    stats: () => ({ connections, problems: { ...problems } }),
  }
}

function unauthorized(): TransportError {
  return refusal('transport/unauthorized', 'The server does not accept the token. Nothing is sent or received until the app gives another one and connects again.')
}

function noWebSocket(): TransportError {
  return refusal('transport/invalid', 'There is no WebSocket here. Nothing was connected. In Node 20 give the transport the one of the package ws: websocketTransport({ url, WebSocket }).')
}
