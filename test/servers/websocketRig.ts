/** The websocket transport against the real server, each device behind a wire of its own that can be cut, stalled and made to swallow. From Node and from a browser. */
import { systemClock, type Transport } from 'readback/core'
import type { TransportRig, TransportSetup } from 'readback/testing'
import { websocketTransport, type SocketConstructor, type WebsocketTransportOptions } from 'readback/transport/websocket'

/** What is recalled in time must be so on a busy machine, too. */
export const RECALL_WINDOW_MS = 8_000
export const REPLAY_LIMIT = 120
/** Devices of one case at most. */
const WIRES = 12

export type WireAction = 'cut' | 'restore' | 'stall' | 'resume' | 'swallowAnswer'

/** A way to what runs in Node: the server's process, and the wires to it. */
export interface Controls {
  openWires(count: number): Promise<readonly { readonly id: number; readonly url: string }[]>
  closeWires(ids: readonly number[]): Promise<void>
  wire(id: number, action: WireAction): Promise<void>
  token(userId: string, lifetimeMs?: number): Promise<string>
  /** The server dies, and comes back with a backup that was made before the newest message of the conversation. */
  restoreBackup(conversationId: string): Promise<void>
}

/** Short waits, so that a run over a real wire takes seconds; long enough for a busy machine. */
const QUICK = {
  heartbeatMs: 1_000, heartbeatTimeoutMs: 10_000, callTimeoutMs: 60_000, maxBackoffMs: 150,
  capabilities: { limits: { bodyBytes: 65_536, recallWindowMs: RECALL_WINDOW_MS } },
} as const satisfies Omit<WebsocketTransportOptions, 'url'>

/** One server for all cases: people and conversations are new in each. */
export function websocketSetup(controls: () => Controls, WebSocket: SocketConstructor): TransportSetup {
  return {
    capabilities: websocketTransport({ ...QUICK, url: 'wss://localhost', WebSocket }).capabilities,
    patienceMs: 40_000,
    quietMs: 120,
    open: () => openRig(controls(), WebSocket),
  }
}

async function openRig(controls: Controls, WebSocket: SocketConstructor): Promise<TransportRig> {
  const wires = await controls.openWires(WIRES)
  const used = new Map<Transport, number>()

  function device(more: Partial<WebsocketTransportOptions> = {}): Transport {
    const wire = wires[used.size]
    if (!wire) throw new Error(`A case needs more than ${WIRES} devices: raise WIRES.`)
    const transport = websocketTransport({ ...QUICK, url: wire.url, WebSocket, ...more })
    used.set(transport, wire.id)
    return transport
  }

  const act = (transport: Transport, action: WireAction) => controls.wire(used.get(transport)!, action)
  return {
    transport: () => device(),
    wrongClock: (_userId, offsetMs) => device({ clock: { ...systemClock, now: () => systemClock.now() + offsetMs } }),
    token: (userId) => controls.token(userId),
    expiredToken: (userId) => controls.token(userId, -1_000),
    shortToken: (userId, lifetimeMs) => controls.token(userId, lifetimeMs),
    replayLimit: REPLAY_LIMIT,
    drop: (transport) => act(transport, 'cut'),
    async restore(transport) {
      await act(transport, 'restore')
      await act(transport, 'resume')
    },
    stall: (transport) => act(transport, 'stall'),
    swallowAnswer: (transport) => act(transport, 'swallowAnswer'),
    reset: (conversationId) => controls.restoreBackup(conversationId),
    passLong: (ms) => new Promise((resolve) => { setTimeout(resolve, ms) }),
    async close() {
      await Promise.all([...used.keys()].map((transport) => transport.close()))
      await controls.closeWires(wires.map(({ id }) => id))
    },
  }
}
