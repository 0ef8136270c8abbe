/** The recipe "your own REST API", run for real: the suite over HTTP and server-sent events, each device behind a wire that is cut. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { transportCases, type TransportSetup } from 'readback/testing'
import type { Transport } from 'readback/core'
import { restTransport } from '../../stories/docs/recipes/restTransport.js'
import { startTcpProxy, type TcpProxy } from '../transport/tcpProxy.js'
import { startRestServer, type RestServer } from './restServer.js'

let server: RestServer
beforeAll(async () => {
  server = await startRestServer()
})
afterAll(() => server.close())

const setup: TransportSetup = {
  capabilities: restTransport('').capabilities,
  cannot: ['stall', 'wrongClock', 'shortToken', 'replayLimit', 'swallowAnswer', 'reset', 'passLong'],
  patienceMs: 15_000,
  async open() {
    const free = await Promise.all(Array.from({ length: 8 }, () => startTcpProxy(server)))
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

describe('a transport over REST and server-sent events keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(setup)) it.concurrent(title, run, 60_000)
})
