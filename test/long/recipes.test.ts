/** The recipes of the docs, with the floods that `npm test` leaves out. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { mqttSetup, startMqttBackEnd, type MqttBackEnd } from '../recipes/mqttSetup.js'
import { startRestServer, type RestServer } from '../recipes/restServer.js'
import { restSetup } from '../recipes/restSetup.js'

let rest: RestServer
let mqtt: MqttBackEnd
beforeAll(async () => {
  rest = await startRestServer()
  mqtt = await startMqttBackEnd()
})
afterAll(() => Promise.all([rest.close(), mqtt.close()]))

describe('REST and server-sent events', () => {
  for (const { title, run } of transportCases(restSetup(() => rest))) it(title, run, 120_000)
})

describe('MQTT with history over HTTP', () => {
  for (const { title, run } of transportCases(mqttSetup(() => mqtt))) it(title, run, 120_000)
})
