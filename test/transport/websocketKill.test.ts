/** `kill -9` of the server in the middle of a flood. More rounds: `npm run test:long`. */
import { expect, it } from 'vitest'
import { expectNothingLost } from '../servers/expectNothingLost.js'
import { expectWhole } from '../servers/expectWhole.js'
import { killRounds } from '../servers/killRounds.js'
import { tornWrites } from '../servers/tornWrites.js'

/** Which write is the last, round by round: some of the start, some of the messages. */
const TORN = [3, 17, 31, 45, 59, 73]

it('nothing that was acknowledged is lost, and nothing stands twice, when the server is killed in the middle of it', async () => {
  let seed = 20261121
  const random = () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647)
  const report = await killRounds({ kills: 2, perPerson: 700, random })
  expectNothingLost(report)
  expect(report.kills).toBe(2)
}, 90_000)

it('nothing that was acknowledged is lost, and the database is whole, when the server ends in the middle of a write to its files', async () => {
  expectWhole(await tornWrites(TORN), TORN.length)
}, 90_000)
