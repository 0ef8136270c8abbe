/** A device's connection to a server that speaks the JSON protocol: each one is a `link`, and `keepConnected` makes the next. */
import { systemClock, systemRandom, type Clock, type Connectivity, type Random } from '../../model/index.js'
import type { TransportCapabilities } from '../capabilities.js'
import { keepConnected, type Connection, type ConnectionEnd } from '../keepConnected.js'
import { notSent, refusal } from '../refusal.js'
import type { Transport } from '../transport.js'
import { TransportError } from '../transportError.js'
import { checkAddress } from './address.js'
import type { FrameProblem } from './decodeFrame.js'
import { splitConversations } from './helloConversations.js'
import { openLink, type Link, type LinkSettings } from './link.js'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION, type CallName, type Calls, type HelloFrame } from './protocol.js'
import type { SocketConstructor } from './socket.js'
import { transportCalls } from './transportCalls.js'
import { WEBSOCKET_CAPABILITIES } from './websocketCapabilities.js'

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

/**
 * A transport for a server of your own that speaks the JSON protocol (docs: Protocol). It does nothing until `connect`.
 * @public
 */
export function websocketTransport(options: WebsocketTransportOptions): WebsocketTransport {
  const { clock = systemClock, random = systemRandom, connectTimeoutMs, maxBackoffMs, connectivity } = options
  const capabilities: TransportCapabilities = Object.freeze({ ...WEBSOCKET_CAPABILITIES, ...options.capabilities })
  const Socket = () => options.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket
  const device = random.id()
  const problems: Record<FrameProblem, number> = { notText: 0, tooLarge: 0, notJson: 0, unknown: 0, malformed: 0, replayed: 0, skipped: 0, unasked: 0 }
  let connections = 0
  let link: Link | null = null

  const kept = keepConnected(dial, {
    clock, random, check: () => (Socket() === undefined ? noWebSocket() : checkAddress(options.url, options.allowInsecure ?? false)),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }), ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }), ...(connectivity === undefined ? {} : { connectivity }),
  })

  function dial(connection: Connection): Promise<ConnectionEnd> {
    const settings = linkSettings()
    const { inHello, byCall } = splitConversations(connection.conversations, settings.maxFrameBytes / 2)
    return new Promise((resolve) => {
      try {
        const own: Link = (link = openLink(settings, helloOf(connection, inHello), {
          onWelcome() {
            connections += 1
            if (byCall.length === 0) return connection.online()
            Promise.all(byCall.map((each) => own.call('ensureConversation', each).catch(letGoIfRefused))).then(connection.online, () => resolve({ reason: 'server' }))
          },
          // The cursor covers them, and then the server hears that there is room for more.
          onEvents: (frame, got) => connection.tell(frame.events, frame.type === 'events' ? frame.cursor : undefined, got),
          onProblem: noteProblem,
          onEnd: resolve,
        }))
        connection.signal.addEventListener('abort', () => {
          own.end()
          if (link === own) link = null
        })
      } catch (cause) {
        resolve({ reason: 'insecureAddress', refused: new TransportError('transport/invalid', `This page cannot connect to "${options.url}" (${String(cause)}). Nothing is sent or received. A page that came over https needs a wss: address.`, { stored: 'no', retry: 'no', cause }) })
      }
    })
  }

  function helloOf({ userId, token, cursor }: Connection, conversations: HelloFrame['conversations']): HelloFrame {
    return {
      type: 'hello', version: PROTOCOL_VERSION, userId, device, conversations,
      ...(token === undefined ? {} : { token }), ...(cursor === undefined ? {} : { since: cursor }),
    }
  }

  function linkSettings(): LinkSettings {
    return {
      url: options.url, clock, WebSocket: Socket()!, heartbeatMs: options.heartbeatMs ?? 30_000, heartbeatTimeoutMs: options.heartbeatTimeoutMs ?? 10_000,
      callTimeoutMs: options.callTimeoutMs ?? 20_000, maxFrameBytes: options.maxFrameBytes ?? MAX_FRAME_BYTES,
    }
  }

  function noteProblem(problem: FrameProblem, detail: string): void {
    problems[problem] += 1
    options.onProblem?.(new TransportError('transport/badFrame', `A frame of the server was not taken (${problem}): ${detail}. Nothing of it was applied. Hold the server against the page on the protocol.`, { stored: 'no', retry: 'no' }))
  }

  function call<Name extends CallName>(name: Name, params: Calls[Name]['with'], signal?: AbortSignal): Promise<Calls[Name]['result']> {
    if (!link) return Promise.reject(notSent('This device is not connected, so nothing left it. It is sent when the connection is back.'))
    return link.call(name, params, signal)
  }

  return {
    capabilities,
    connect: kept.connect,
    on: kept.on,
    close: kept.close,
    ...transportCalls(capabilities, call),
    stats: () => ({ connections, problems: { ...problems } }),
  }
}

/** One that the server will not make (too many members, not mine) keeps nobody from being online; what is sent to it is refused then. */
function letGoIfRefused(error: TransportError): void {
  if (error.retry !== 'no') throw error
}

function noWebSocket(): TransportError {
  return refusal('transport/invalid', 'There is no WebSocket here. Nothing was connected. In Node 20 give the transport the one of the package ws: websocketTransport({ url, WebSocket }).')
}
