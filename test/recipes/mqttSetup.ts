/** The recipe "MQTT beside HTTP history", run for real: a broker brings events, an API does the rest, each device behind wires that are cut. */
import net, { createServer, type AddressInfo } from 'node:net'
import { Aedes } from 'aedes'
import type { Transport } from 'readback/core'
import { startTcpProxy, type TcpProxy, type TransportSetup } from 'readback/testing'
import { mqttTransport } from '../../stories/docs/recipes/mqttTransport.js'
import { startRestServer } from './restServer.js'

const WIRES = 8

export interface MqttBackEnd {
  readonly apiPort: number
  readonly brokerPort: number
  close(): Promise<void>
}

export async function startMqttBackEnd(): Promise<MqttBackEnd> {
  const users = new WeakMap<object, string>()
  const broker = await Aedes.createBroker({
    authenticate(client, username, password, done) {
      const isRight = username !== undefined && password?.toString() === `token of ${username}`
      if (isRight) users.set(client, username)
      done(isRight ? null : Object.assign(new Error('not this password'), { returnCode: 5 }), isRight)
    },
    // Each hears what is theirs, and only the server speaks.
    authorizeSubscribe: (client, subscription, done) => done(null, client && subscription.topic === `users/${users.get(client) ?? ''}/events` ? subscription : null),
    authorizePublish: (_client, _packet, done) => done(new Error('devices do not publish')),
  })
  const tcp = createServer(broker.handle)
  await new Promise<void>((resolve) => { tcp.listen(0, '127.0.0.1', resolve) })
  const api = await startRestServer((to, event) => {
    for (const user of to) broker.publish({ cmd: 'publish', qos: 1, dup: false, retain: false, topic: `users/${user}/events`, payload: Buffer.from(JSON.stringify(event)) }, () => {})
  })
  return {
    apiPort: api.port,
    brokerPort: (tcp.address() as AddressInfo).port,
    async close() {
      await new Promise<void>((resolve) => { broker.close(() => resolve()) })
      tcp.close()
      await api.close()
    },
  }
}

export function mqttSetup(backEnd: () => MqttBackEnd): TransportSetup {
  return {
    capabilities: mqttTransport({ api: '', broker: '' }).capabilities,
    cannot: ['stall', 'wrongClock', 'shortToken', 'replayLimit', 'swallowAnswer', 'reset', 'passLong'],
    patienceMs: 20_000,
    async open() {
      const { apiPort, brokerPort } = backEnd()
      const pairs = await Promise.all(Array.from({ length: WIRES }, () => Promise.all([startTcpProxy(net, { port: apiPort }), startTcpProxy(net, { port: brokerPort })])))
      const free = [...pairs]
      const wires = new Map<Transport, readonly TcpProxy[]>()
      return {
        transport() {
          const pair = free.pop()!
          const transport = mqttTransport({ api: `http://127.0.0.1:${pair[0].port}`, broker: `mqtt://127.0.0.1:${pair[1].port}` })
          wires.set(transport, pair)
          return transport
        },
        token: async (userId) => `token of ${userId}`,
        expiredToken: async () => 'an old one',
        drop: (transport) => wires.get(transport)!.forEach((wire) => wire.cut()),
        restore: (transport) => wires.get(transport)!.forEach((wire) => wire.restore()),
        async close() {
          await Promise.all([...wires.keys()].map((transport) => transport.close()))
          await Promise.all(pairs.flat().map((wire) => wire.close()))
        },
      }
    },
  }
}
