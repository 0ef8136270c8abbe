import { expect, it } from 'vitest'
import { allTears, tryTears, type Tear } from './tornRows.js'

/** Of thousands; `test/long/tornRows.test.ts` tries all of them. */
const EVERY = 701

/** What once stopped the start, or a conversation for ever. */
const ONCE: readonly Tear[] = [
  { table: 'meta', row: 1, path: ['value'], value: Number.NaN },
  { table: 'meta', row: 1, path: ['value', '0'], value: null },
  { table: 'outbox', row: 3, path: ['payload'], value: [null] },
  { table: 'outbox', row: 3, path: ['payload', 'done'], value: null },
]

it('[I33] [F33] whatever field of whatever row is torn or flipped, the client starts, shows what comes, and sends what is written', async () => {
  const { tried, faults } = await tryTears([...ONCE, ...allTears().filter((_, index) => index % EVERY === 0)])
  expect(faults).toEqual([])
  expect(tried).toBeGreaterThan(ONCE.length)
}, 300_000)
