import { expect } from 'vitest'
import type { TornReport } from './tornWrites.js'

/** Each round ended in the middle of a write; what was acknowledged is there, in one order without a hole. */
export function expectWhole({ accepted, log, torn }: TornReport, rounds: number): void {
  const stored = new Map(log.map((message) => [message.localId, message]))
  expect(accepted.filter(({ localId, id }) => stored.get(localId)?.id !== id)).toEqual([])
  expect(log.map(({ at }) => at.order)).toEqual(log.map((_, n) => n + 1))
  expect(torn).toBe(rounds)
}
