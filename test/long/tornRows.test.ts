import { expect, test } from 'vitest'
import { allTears, tryTears } from '../client/tornRows.js'

test('[I33] every field of every kind of row of a released database, torn or flipped in a dozen ways: the client starts, shows what comes, and sends what is written', async () => {
  const { tried, faults } = await tryTears(allTears())
  process.stdout.write(`${tried} torn databases\n`)
  expect(faults).toEqual([])
}, 7_200_000)
