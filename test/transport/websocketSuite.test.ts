/** The suite over a real wire: the real server in a process of its own, each device behind a TCP proxy. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { CALL_LANES, FRAMES } from '../../src/transport/websocket/protocol.js'
import { startControls, type NodeControls } from '../servers/nodeControls.js'
import { createWitness, tableOf } from './protocolWitness.js'
import { ROUNDS } from './rounds.js'
import { websocketSetup } from '../servers/websocketRig.js'

let controls: NodeControls
const witness = createWitness()

beforeAll(async () => {
  controls = await startControls()
}, 30_000)
afterAll(() => controls.stop())

describe.each(ROUNDS)('%sthe websocket transport keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(websocketSetup(() => controls, witness.WebSocket))) {
    // Each has people of its own. Only one takes the server away from the others.
    if (title.startsWith('a tail that the back end lost')) it(title, run, 120_000)
    else it.concurrent(title, run, 120_000)
  }
})

describe('every frame that went by', () => {
  it('has no field that is not on the page on the protocol', () => {
    expect([...witness.unknown].toSorted()).toEqual([])
  })

  it('was one of all that there are, in both directions', () => {
    const events = tableOf('| event | lane |').map(([name]) => `event ${name!.replaceAll('`', '')}`)
    const calls = Object.keys(CALL_LANES).flatMap((name) => [`with ${name}`, `answer to ${name}`])
    expect([...Object.keys(FRAMES), ...events, ...calls].filter((each) => !witness.seen.has(each))).toEqual([])
  })
})
