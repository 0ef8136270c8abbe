/** The recipes of the docs, run for real. The floods among the cases take long over HTTP: `npm run test:long` runs them too. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { mqttSetup, startMqttBackEnd, type MqttBackEnd } from './mqttSetup.js'
import { startRestServer, type RestServer } from './restServer.js'
import { restSetup } from './restSetup.js'

const FLOODS = /flood|a thousand/

let rest: RestServer
let mqtt: MqttBackEnd
beforeAll(async () => {
  rest = await startRestServer()
  mqtt = await startMqttBackEnd()
})
afterAll(() => Promise.all([rest.close(), mqtt.close()]))

it('what the docs show is what is tested here', () => {
  const page = readFileSync(new URL('../../stories/docs/Recipes.mdx', import.meta.url), 'utf8')
  // This one in a browser.
  expect(page).toContain("import ownRows from './recipes/ownRows.tsx?raw'")
  expect(page).toContain('<Source language="tsx" code={ownRows} />')
  expect(readFileSync(new URL('../browser/ownRows.test.tsx', import.meta.url), 'utf8')).toContain("from '../../stories/docs/recipes/ownRows.js'")
  for (const [file, setUp] of [['restTransport', 'restSetup'], ['mqttTransport', 'mqttSetup']]) {
    expect(page).toContain(`import ${file} from './recipes/${file}.ts?raw'`)
    expect(page).toContain(`<Source language="ts" code={${file}} />`)
    expect(readFileSync(new URL(`${setUp}.ts`, import.meta.url), 'utf8')).toContain(`from '../../stories/docs/recipes/${file}.js'`)
  }
})

describe('a transport over REST and server-sent events keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(restSetup(() => rest))) if (!FLOODS.test(title)) it.concurrent(title, run, 60_000)
})

describe('a transport over MQTT with history over HTTP keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(mqttSetup(() => mqtt))) if (!FLOODS.test(title)) it.concurrent(title, run, 60_000)
})
