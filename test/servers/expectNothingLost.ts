import { expect } from 'vitest'
import { coversPoint } from 'readback/core'
import type { KillReport } from './killRounds.js'

/** Everything that was acknowledged is there, once, in one order; and whoever was there all the time was told of it. */
export function expectNothingLost({ sent, accepted, log, heard, reported, known }: KillReport): void {
  expect(accepted).toHaveLength(sent)
  expect(log.map(({ at }) => at.order)).toEqual(Array.from({ length: sent }, (_, n) => n + 1))
  const stored = new Map(log.map((message) => [message.localId, message]))
  expect(stored.size).toBe(sent)
  for (const { localId, id, at } of accepted) expect([stored.get(localId)?.id, stored.get(localId)?.at]).toEqual([id, at])
  const told = new Map(heard.map((message) => [message.id, message]))
  expect(log.filter(({ id }) => !told.has(id))).toEqual([])
  expect(reported).not.toBeNull()
  expect(coversPoint(known, reported!)).toBe(true)
}
