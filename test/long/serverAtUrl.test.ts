/**
 * The suite against a server of anybody's, in any language: `READBACK_URL=ws://127.0.0.1:9000 npx vitest run --project long test/long/serverAtUrl.test.ts`.
 * `READBACK_TOKEN_COMMAND` is run with a user id after it and prints a token for them. Without an address the reference server is started and tried.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock, type Transport } from 'readback/core'
import { transportCases, type TransportRig, type TransportSetup } from 'readback/testing'
import { websocketTransport, type WebsocketTransportOptions } from 'readback/transport/websocket'
import { startServerProcess, type ServerProcess } from '../servers/serverProcess.js'
import { startTcpProxy, type TcpProxy } from '../transport/tcpProxy.js'

const URL_GIVEN = process.env['READBACK_URL']
const TOKEN_COMMAND = process.env['READBACK_TOKEN_COMMAND']?.split(' ')
/** Only an address without TLS can be led through a wire that is cut. */
const HAS_WIRES = !URL_GIVEN?.startsWith('wss:')
const WIRES = 12

let own: ServerProcess | null = null
beforeAll(async () => {
  own = URL_GIVEN === undefined ? await startServerProcess() : null
}, 30_000)
afterAll(() => own?.remove())

const QUICK = { allowInsecure: true, heartbeatMs: 1_000, heartbeatTimeoutMs: 2_000, maxBackoffMs: 200 }

const setup: TransportSetup = {
  capabilities: websocketTransport({ url: 'wss://localhost', WebSocket }).capabilities,
  cannot: ['expiredToken', 'shortToken', 'replayLimit', 'reset', 'passLong', ...(HAS_WIRES ? [] : (['drop', 'stall', 'swallowAnswer'] as const))],
  patienceMs: 20_000,
  quietMs: 300,
  open: openRig,
}

async function openRig(): Promise<TransportRig> {
  const address = new URL(URL_GIVEN ?? own!.url)
  const target = { host: address.hostname, port: Number(address.port || 80) }
  const free = HAS_WIRES ? await Promise.all(Array.from({ length: WIRES }, () => startTcpProxy(target))) : []
  const wires = new Map<Transport, TcpProxy>()
  const transports: Transport[] = []

  function device(more: Partial<WebsocketTransportOptions> = {}): Transport {
    const wire = free.pop()
    const url = wire ? Object.assign(new URL(address), { hostname: '127.0.0.1', port: String(wire.port) }).href : address.href
    const transport = websocketTransport({ ...QUICK, url, WebSocket, ...more })
    transports.push(transport)
    if (wire) wires.set(transport, wire)
    return transport
  }

  return {
    transport: () => device(),
    wrongClock: (_userId, offsetMs) => device({ clock: { ...systemClock, now: () => systemClock.now() + offsetMs } }),
    token: async (userId) => (TOKEN_COMMAND ? (await promisify(execFile)(TOKEN_COMMAND[0]!, [...TOKEN_COMMAND.slice(1), userId])).stdout.trim() : undefined),
    drop: (transport) => wires.get(transport)!.cut(),
    restore(transport) {
      wires.get(transport)!.restore()
      wires.get(transport)!.resume()
    },
    stall: (transport) => wires.get(transport)!.stall(),
    swallowAnswer: (transport) => wires.get(transport)!.swallowAnswer(),
    async close() {
      await Promise.all(transports.map((transport) => transport.close()))
      await Promise.all([...free, ...wires.values()].map((wire) => wire.close()))
    },
  }
}

describe(`the server at ${URL_GIVEN ?? 'an address of its own (READBACK_URL is not set: the reference server)'}`, () => {
  for (const { title, run } of transportCases(setup)) it(title, run, 120_000)
})
