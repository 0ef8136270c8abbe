import { expect, test } from 'vitest'
import { explore } from '../sync/twoTabs.js'

const DEPTH = Number(process.env['READBACK_DEPTH'] ?? 12)

test(`[A4] every order of steps of two tabs, ${DEPTH} steps deep`, async () => {
  const { states, moves, fault } = await explore(DEPTH)
  process.stdout.write(`${states} states, ${moves} moves\n`)
  expect(fault).toBeNull()
}, 1_800_000)
