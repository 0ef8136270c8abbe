/** The suite against a server that speaks the JSON protocol, in whatever language it is written: it only has to listen somewhere. */
import { systemClock, type UserId } from '../../model/index.js'
import type { Transport, TransportCapabilities } from '../../transport/index.js'
import { websocketTransport, type SocketConstructor, type WebsocketTransportOptions } from '../../transport/websocket/index.js'
import type { RigAbility, TransportRig, TransportSetup } from '../transportCases/setup.js'
import { startTcpProxy, type Net, type TcpProxy } from './tcpProxy.js'

/** A server that listens. @public */
export interface ServerUnderTest {
  /** `ws:` or `wss:` address of it. */
  readonly url: string
  /** Default the global `WebSocket`; in Node 20 hand in the one of the package `ws`. */
  readonly WebSocket?: SocketConstructor
  /** The module `node:net`: each device is then led through a TCP proxy that cuts, stalls and swallows. Absent, or with a `wss:` address, the cases that need it are left out. */
  readonly net?: Net
  /** What it does less than the protocol, or limits otherwise: as for `websocketTransport`. */
  readonly capabilities?: Partial<TransportCapabilities>
  /** What the app would give for that user; default no token. With `lifetimeMs` one that is good for so long, or has expired that long ago; without, for an hour at least. */
  readonly token?: (userId: UserId, lifetimeMs?: number) => Promise<string | undefined>
  /** Whether `token` minds `lifetimeMs`. Default false: the cases of tokens that expire are left out. */
  readonly tokensExpire?: boolean
  /** Missed messages of one conversation above which it tells a gap instead. Absent: that case is left out. */
  readonly replayLimit?: number
  /** Makes it lose the newest message of a conversation, as when a backup is restored. Absent: that case is left out. */
  readonly reset?: (conversationId: string) => Promise<void>
  /** How long something may take to arrive, milliseconds; default 20,000. */
  readonly patienceMs?: number
}

/** Windows (recall, receipts) up to so long are waited out; start the server with short ones. Milliseconds. */
const LONGEST_WAIT_MS = 15_000
/** Devices of one case at most. */
const WIRES = 12
/** Short waits, so that a run over a real wire takes seconds; long enough for a busy machine. */
const QUICK = { allowInsecure: true, heartbeatMs: 1_000, heartbeatTimeoutMs: 6_000, maxBackoffMs: 200 } as const satisfies Omit<WebsocketTransportOptions, 'url'>

/** What `transportCases` needs to try a server. People and conversations are new in each case, so one that is used by others will do. @public */
export function serverSetup(server: ServerUnderTest): TransportSetup {
  const { capabilities } = websocketTransport(optionsOf(server, server.url))
  const { recallWindowMs = 0, receiptWindowMs = 0 } = capabilities.limits
  const has: { readonly [Ability in RigAbility]: boolean } = {
    drop: hasWires(server), stall: hasWires(server), swallowAnswer: hasWires(server), wrongClock: true,
    expiredToken: server.tokensExpire === true, shortToken: server.tokensExpire === true,
    replayLimit: server.replayLimit !== undefined, reset: server.reset !== undefined, passLong: Math.max(recallWindowMs, receiptWindowMs) <= LONGEST_WAIT_MS,
  }
  return {
    capabilities,
    cannot: (Object.keys(has) as RigAbility[]).filter((ability) => !has[ability]),
    patienceMs: server.patienceMs ?? 20_000,
    quietMs: 300,
    open: () => openRig(server),
  }
}

async function openRig(server: ServerUnderTest): Promise<TransportRig> {
  const address = new URL(server.url)
  const target = { host: address.hostname.replace(/^\[|\]$/g, ''), port: Number(address.port || 80) }
  const laid = hasWires(server) ? await Promise.all(Array.from({ length: WIRES }, () => startTcpProxy(server.net!, target))) : []
  const free = [...laid]
  const wires = new Map<Transport, TcpProxy>()
  const transports: Transport[] = []

  function device(more: Partial<WebsocketTransportOptions> = {}): Transport {
    const wire = free.pop()
    if (!wire && laid.length > 0) throw new Error(`A case needs more than ${WIRES} devices: raise WIRES.`)
    const url = wire ? Object.assign(new URL(address), { hostname: '127.0.0.1', port: String(wire.port) }).href : address.href
    const transport = websocketTransport({ ...optionsOf(server, url), ...more })
    transports.push(transport)
    if (wire) wires.set(transport, wire)
    return transport
  }

  return {
    transport: () => device(),
    wrongClock: (_userId, offsetMs) => device({ clock: { ...systemClock, now: () => systemClock.now() + offsetMs } }),
    token: async (userId) => server.token?.(userId),
    expiredToken: async (userId) => (await server.token?.(userId, -1_000)) ?? '',
    shortToken: async (userId, lifetimeMs) => (await server.token?.(userId, lifetimeMs)) ?? '',
    drop: (transport) => wires.get(transport)!.cut(),
    restore(transport) {
      wires.get(transport)!.restore()
      wires.get(transport)!.resume()
    },
    stall: (transport) => wires.get(transport)!.stall(),
    swallowAnswer: (transport) => wires.get(transport)!.swallowAnswer(),
    ...(server.replayLimit === undefined ? {} : { replayLimit: server.replayLimit }),
    ...(server.reset === undefined ? {} : { reset: server.reset }),
    passLong: (ms) => new Promise<void>((resolve) => { systemClock.setTimer(resolve, ms) }),
    async close() {
      await Promise.all(transports.map((transport) => transport.close()))
      await Promise.all(laid.map((wire) => wire.close()))
    },
  }
}

function optionsOf({ WebSocket, capabilities }: ServerUnderTest, url: string): WebsocketTransportOptions {
  return { ...QUICK, url, ...(WebSocket === undefined ? {} : { WebSocket }), ...(capabilities === undefined ? {} : { capabilities }) }
}

/** Only an address without TLS can be led through a wire that is cut. */
function hasWires({ url, net }: ServerUnderTest): boolean {
  return net !== undefined && new URL(url).protocol === 'ws:'
}
