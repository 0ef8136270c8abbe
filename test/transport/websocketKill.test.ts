/** `kill -9` of the server in the middle of a flood. More rounds: `npm run test:long`. */
import { expect, it } from 'vitest'
import { expectNothingLost } from '../servers/expectNothingLost.js'
import { killRounds } from '../servers/killRounds.js'

it('nothing that was acknowledged is lost, and nothing stands twice, when the server is killed in the middle of it', async () => {
  let seed = 20261121
  const random = () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647)
  const report = await killRounds({ kills: 2, perPerson: 700, random })
  expectNothingLost(report)
  expect(report.kills).toBe(2)
}, 90_000)
