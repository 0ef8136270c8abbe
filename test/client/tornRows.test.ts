import { expect, it } from 'vitest'
import { allTears, tearOf, tryTears, type Tear } from './tornRows.js'
import { WAYS } from './tornWays.js'

/** Of thousands; `test/long/tornRows.test.ts` tries all of them. */
const EVERY = 1_499

/** What once stopped the start, or a conversation for ever. */
const ONCE: readonly Tear[] = [
  tearOf('ensured', ['value'], Number.NaN),
  tearOf('ensured', ['value', '0'], null),
  { table: 'outbox', row: 3, path: ['payload'], value: [null], way: WAYS[0]! },
  { table: 'outbox', row: 3, path: ['payload', 'done'], value: null, way: WAYS[0]! },
]

it('[I33] [F33] whatever field of whatever row is torn or flipped, the client starts, shows what comes, and sends what is written', async () => {
  const { tried, faults } = await tryTears([...ONCE, ...allTears().filter((_, index) => index % EVERY === 0)])
  expect(faults).toEqual([])
  expect(tried).toBeGreaterThan(ONCE.length)
}, 300_000)
