import type { ChatStorage, Keepsakes } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import type { SyncContext } from '../../src/sync/context.js'
import { createMarker } from '../../src/sync/marker.js'

async function openRows() {
  const rows = memoryStorage()
  await rows.open('ada')
  const kept = new Map<string, string>()
  const keepsakes: Keepsakes = { get: (name) => kept.get(name) ?? null, set: (name, value) => void kept.set(name, value), remove: (name) => void kept.delete(name) }
  const before = { read() {} }
  const storage: ChatStorage = {
    ...rows,
    getState: () => ({ status: 'ready' }),
    read(fn) {
      before.read()
      return rows.read(fn)
    },
  }
  let ids = 0
  const marker = createMarker({ storage, me: 'ada', ports: { keepsakes, random: { next: () => 0.5, id: () => `m${(ids += 1)}` } } } as unknown as SyncContext)
  expect([await marker.check(), kept.size]).toEqual(['same', 1])
  return {
    marker, kept, before,
    async wipe() {
      await rows.wipe()
      await rows.open('ada')
    },
  }
}

it('[I26] rows that were wiped while they were looked at, and their twin with them, are nobody\'s: nothing is put beside them, and nothing is fetched again', async () => {
  const { marker, kept, before, wipe } = await openRows()
  await wipe()
  before.read = () => kept.clear()
  expect([await marker.check(), kept.size, marker.known()]).toEqual(['wiped', 0, null])
  // Told once: who signs in again starts as for the first time.
  before.read = () => {}
  expect([await marker.check(), kept.size]).toEqual(['same', 1])
})

it('[I26] two looks at once at rows that were wiped find the same', async () => {
  const { marker, kept, wipe } = await openRows()
  await wipe()
  kept.clear()
  expect(await Promise.all([marker.check(), marker.check()])).toEqual(['wiped', 'wiped'])
  expect(kept.size).toBe(0)
})
