/** The suite over a real wire: the real server in a process of its own, each device behind a TCP proxy. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { startServerProcess, type ServerProcess } from '../servers/serverProcess.js'
import { SERVER_ARGS, websocketSetup } from '../servers/websocketRig.js'

let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess(...SERVER_ARGS)
}, 30_000)
afterAll(() => server.remove())

describe('the websocket transport keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(websocketSetup(() => server))) it(title, run, 60_000)
})
