/** The websocket transport against the real server, each device behind a wire of its own that can be cut, stalled and made to swallow. */
import sqlite from 'node-sqlite3-wasm'
import { WebSocket } from 'ws'
import { systemClock, type Transport } from 'readback/core'
import type { TransportRig, TransportSetup } from 'readback/testing'
import { websocketTransport, type WebsocketTransportOptions } from 'readback/transport/websocket'
import { startTcpProxy, type TcpProxy } from '../transport/tcpProxy.js'
import type { ServerProcess } from './serverProcess.js'
import { issueToken } from './websocketServer.mjs'

const SECRET = 'only for tests'
const RECALL_WINDOW_MS = 2_000
const REPLAY_LIMIT = 120
const HOUR_MS = 3_600_000
/** Devices of one case at most. */
const WIRES = 12

/** Short waits, so that a run over a real wire takes seconds. */
export const QUICK = {
  heartbeatMs: 1_000, heartbeatTimeoutMs: 2_000, connectTimeoutMs: 8_000, callTimeoutMs: 10_000, maxBackoffMs: 150,
  capabilities: { limits: { bodyBytes: 65_536, recallWindowMs: RECALL_WINDOW_MS } },
} as const satisfies Omit<WebsocketTransportOptions, 'url'>

export const SERVER_ARGS = ['--secret', SECRET, '--recall-window-ms', String(RECALL_WINDOW_MS), '--replay-limit', String(REPLAY_LIMIT), '--backfill', '40']

export function tokenFor(userId: string, lifetimeMs = HOUR_MS): string {
  return issueToken(SECRET, userId, Date.now() + lifetimeMs)
}

/** One server for all cases: people and conversations are new in each. */
export function websocketSetup(server: () => ServerProcess): TransportSetup {
  return {
    capabilities: websocketTransport({ ...QUICK, url: 'wss://localhost' }).capabilities,
    patienceMs: 15_000,
    quietMs: 120,
    open: () => openRig(server()),
  }
}

async function openRig(server: ServerProcess): Promise<TransportRig> {
  const free = await Promise.all(Array.from({ length: WIRES }, () => startTcpProxy(server)))
  const wires = new Map<Transport, TcpProxy>()

  function device(more: Partial<WebsocketTransportOptions> = {}): Transport {
    const wire = free.pop()
    if (!wire) throw new Error(`A case needs more than ${WIRES} devices: raise WIRES.`)
    const transport = websocketTransport({ ...QUICK, url: `ws://127.0.0.1:${wire.port}`, WebSocket, ...more })
    wires.set(transport, wire)
    return transport
  }

  return {
    transport: () => device(),
    wrongClock: (_userId, offsetMs) => device({ clock: { ...systemClock, now: () => systemClock.now() + offsetMs } }),
    token: async (userId) => tokenFor(userId),
    expiredToken: async (userId) => tokenFor(userId, -1_000),
    shortToken: async (userId, lifetimeMs) => tokenFor(userId, lifetimeMs),
    replayLimit: REPLAY_LIMIT,
    drop: (transport) => wires.get(transport)!.cut(),
    restore(transport) {
      wires.get(transport)!.restore()
      wires.get(transport)!.resume()
    },
    stall: (transport) => wires.get(transport)!.stall(),
    swallowAnswer: (transport) => wires.get(transport)!.swallowAnswer(),
    reset: (conversationId) => restoreBackup(server, conversationId),
    passLong: (ms) => new Promise((resolve) => { setTimeout(resolve, ms) }),
    async close() {
      await Promise.all([...wires.keys()].map((transport) => transport.close()))
      await Promise.all([...free, ...wires.values()].map((wire) => wire.close()))
    },
  }
}

/** The server dies, and comes back with a backup that was made before the newest message of the conversation. */
async function restoreBackup(server: ServerProcess, conversationId: string): Promise<void> {
  await server.kill()
  const { Database } = sqlite
  await import('node:fs').then(({ rmSync }) => rmSync(`${server.file}.lock`, { recursive: true, force: true }))
  const db = new Database(server.file)
  const { seq } = db.get('select max(seq) as seq from messages where conversation = ?', [conversationId]) as { seq: number }
  for (const table of ['messages', 'log']) db.run(`delete from ${table} where seq >= ?`, [seq])
  db.close()
  await server.start('--restored')
}
