/** The wire, at length: a million frames, and the server killed again and again. */
import { expect, it } from 'vitest'
import { expectNothingLost } from '../servers/expectNothingLost.js'
import { expectWhole } from '../servers/expectWhole.js'
import { killRounds } from '../servers/killRounds.js'
import { tornWrites } from '../servers/tornWrites.js'
import { fuzzDecoder } from '../transport/fuzzDecoder.js'
import { fuzzLink } from '../transport/fuzzLink.js'

const SEED = Number(process.env['READBACK_SEED'] ?? Date.now() % 1_000_000) + 1
/** In the first of them the server starts, in the last it takes messages. */
const LAST_WRITE = 90
const KILLS = Number(process.env['READBACK_KILLS'] ?? 40)

it(`1,000,000 bent and torn frames break nothing (seed ${SEED})`, () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  const { taken, problems, broke } = fuzzDecoder(1_000_000, SEED)
  process.stdout.write(`${taken} frames were taken; not taken: ${JSON.stringify(problems)}\n`)
  expect(broke).toEqual([])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
}, 600_000)

it(`1,000,000 frames of a server that lies between true ones: what is true is heard once and in order (seed ${SEED})`, async () => {
  const { problems, calls, connections, broke } = await fuzzLink(1_000_000, SEED)
  process.stdout.write(`not taken: ${JSON.stringify(problems)}; ${connections} connections, calls ${JSON.stringify(calls)}\n`)
  expect(broke).toEqual([])
}, 600_000)

it(`the server is killed ${KILLS} times in a flood: nothing that was acknowledged is lost (seed ${SEED})`, async () => {
  let seed = SEED
  const random = () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647)
  const report = await killRounds({ kills: KILLS, perPerson: KILLS * 300, random })
  process.stdout.write(`${report.sent} messages, ${report.kills} kills, ${report.repeats} found stored by a retry\n`)
  expectNothingLost(report)
}, 900_000)

it(`the server ends in the middle of each of its first ${LAST_WRITE} writes: nothing that was acknowledged is lost`, async () => {
  const writes = Array.from({ length: LAST_WRITE }, (_, index) => index + 1)
  expectWhole(await tornWrites(writes), LAST_WRITE)
}, 900_000)
