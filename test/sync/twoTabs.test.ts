import { expect, it } from 'vitest'
import { explore } from './twoTabs.js'

it('[A4] [F18] in every order of steps of two tabs nothing is lost, torn, sent out of order or by a former leader', async () => {
  const { states, moves, fault } = await explore(6)
  expect(fault).toBeNull()
  expect([states > 150, moves > 400]).toEqual([true, true])
}, 120_000)

it('[A4] without the check of the epoch the same walk finds what goes wrong', async () => {
  const { fault } = await explore(7, { fenced: false })
  expect(fault).toMatch(/tab \d (sent|wrote)/)
}, 120_000)
