/** The recipe "your own REST API", run for real: HTTP and server-sent events, each device behind a wire that is cut. */
import net from 'node:net'
import type { Transport } from 'readback/core'
import { startTcpProxy, type TcpProxy, type TransportSetup } from 'readback/testing'
import { restTransport } from '../../stories/docs/recipes/restTransport.js'
import type { RestServer } from './restServer.js'

const WIRES = 8

export function restSetup(server: () => RestServer): TransportSetup {
  return {
    capabilities: restTransport('').capabilities,
    cannot: ['stall', 'wrongClock', 'shortToken', 'replayLimit', 'swallowAnswer', 'reset', 'passLong'],
    patienceMs: 20_000,
    async open() {
      const free = await Promise.all(Array.from({ length: WIRES }, () => startTcpProxy(net, server())))
      const wires = new Map<Transport, TcpProxy>()
      return {
        transport() {
          const wire = free.pop()!
          const transport = restTransport(`http://127.0.0.1:${wire.port}`)
          wires.set(transport, wire)
          return transport
        },
        token: async (userId) => `token of ${userId}`,
        expiredToken: async () => 'an old one',
        drop: (transport) => wires.get(transport)!.cut(),
        restore: (transport) => wires.get(transport)!.restore(),
        async close() {
          await Promise.all([...wires.keys()].map((transport) => transport.close()))
          await Promise.all([...free, ...wires.values()].map((wire) => wire.close()))
        },
      }
    },
  }
}
