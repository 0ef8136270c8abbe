import { expect, it } from 'vitest'
import { allTears, tearOf, tryTears, type Tear } from './tornRows.js'
import { WAYS } from './tornWays.js'

/** Of thousands; `test/long/tornRows.test.ts` tries all of them. */
const EVERY = 2_411

/** What once stopped the start, or a conversation for ever. */
const ONCE: readonly Tear[] = [
  tearOf('ensured', ['value'], Number.NaN),
  tearOf('ensured', ['value', '0'], null),
  { table: 'outbox', row: 3, path: ['payload'], value: [null], way: WAYS[0]! },
  { table: 'outbox', row: 3, path: ['payload', 'done'], value: null, way: WAYS[0]! },
  tearOf('holes k', ['value'], Number.NaN, WAYS[2]),
  tearOf('otherPlaces k', ['value', '0', 'id'], true, WAYS[1]),
  tearOf('ownPlaces k', ['value', '0'], null),
  tearOf('lostEnds k', ['value', 'ends', '0'], 'torn', WAYS[2]),
  tearOf('pruned k', ['value', '0'], Number.NaN, WAYS[1]),
  tearOf('answered g', ['value'], [], WAYS[1]),
  tearOf('choices', ['value', 'floors', '0'], undefined),
]

it('[I33] [F33] whatever field of whatever row is torn or flipped, the client starts, shows what comes, and sends what is written', async () => {
  const { tried, faults } = await tryTears([...ONCE, ...allTears().filter((_, index) => index % EVERY === 0)])
  expect(faults).toEqual([])
  expect(tried).toBeGreaterThan(ONCE.length)
}, 300_000)
