/** Bent and torn frames through the decoder. A million of them: `npm run test:long`. */
import { expect, it } from 'vitest'
import { decodeServerFrame } from '../../src/transport/websocket/decodeFrame.js'
import { fuzzLink } from './fuzzLink.js'
import { fuzzDecoder } from './fuzzDecoder.js'
import { VALID_FRAMES } from './fuzzFrames.js'

it('every valid frame is taken whole', () => {
  for (const frame of VALID_FRAMES) expect(decodeServerFrame(JSON.stringify(frame), 1_048_576)).toMatchObject({ ok: true, frame })
})

it('20,000 bent and torn frames: none breaks the decoder, none changes a prototype', () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  const { taken, problems, broke } = fuzzDecoder(20_000, 20261121)
  expect(broke).toEqual([])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  // Each kind of trouble was among them, or the run has shown nothing.
  expect(taken).toBeGreaterThan(2_000)
  for (const problem of ['notText', 'notJson', 'malformed', 'unknown'] as const) expect(problems[problem], problem).toBeGreaterThan(100)
}, 60_000)

it('20,000 frames of a server that lies between true ones: what is true is heard once and in order, everything else is counted', async () => {
  const { problems, calls, connections, broke } = await fuzzLink(20_000, 4_711)
  expect(broke).toEqual([])
  for (const problem of ['notText', 'tooLarge', 'notJson', 'unknown', 'malformed', 'replayed', 'skipped', 'unasked']) expect(problems[problem], problem).toBeGreaterThan(0)
  expect(Math.min(calls.answered, calls.refused, connections)).toBeGreaterThan(10)
})
