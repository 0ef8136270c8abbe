/** The suite over a real wire: the real server in a process of its own, each device behind a TCP proxy. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { WebSocket } from 'ws'
import { transportCases } from 'readback/testing'
import { startControls, type NodeControls } from '../servers/nodeControls.js'
import { ROUNDS } from './rounds.js'
import { websocketSetup } from '../servers/websocketRig.js'

let controls: NodeControls

beforeAll(async () => {
  controls = await startControls()
}, 30_000)
afterAll(() => controls.stop())

describe.each(ROUNDS)('%sthe websocket transport keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(websocketSetup(() => controls, WebSocket))) {
    // Each has people of its own. Only one takes the server away from the others.
    if (title.startsWith('a tail that the back end lost')) it(title, run, 60_000)
    else it.concurrent(title, run, 60_000)
  }
})
