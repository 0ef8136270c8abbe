/** The suite from a real browser: its own WebSocket, a real wire, the real server. */
import { describe, inject, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { pageControls } from '../servers/pageControls.js'
import { ROUNDS } from '../transport/rounds.js'
import { websocketSetup } from '../servers/websocketRig.js'

const controls = pageControls(inject('controls'))

describe.each(ROUNDS)('%sthe websocket transport keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(websocketSetup(() => controls, WebSocket))) {
    // Each has people of its own. Only one takes the server away from the others.
    if (title.startsWith('a tail that the back end lost')) it(title, run, 120_000)
    else it.concurrent(title, run, 120_000)
  }
})
