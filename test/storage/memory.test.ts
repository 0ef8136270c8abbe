import { storageCases } from 'readback/testing'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'

describe('memoryStorage keeps the contract', () => {
  const setup = async () => ({ storage: memoryStorage(), teardown: async () => {} })
  for (const { title, run } of storageCases(setup)) it(title, run)
})

describe('memoryStorage', () => {
  it('says why nothing is kept', async () => {
    const storage = memoryStorage({ reason: 'unavailable' })
    await storage.open('me')
    expect(storage.getState()).toEqual({ status: 'memory', reason: 'unavailable' })
  })
})
