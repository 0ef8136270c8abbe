import { expect, it, vi } from 'vitest'
import { lazyModule } from '../../src/components/lazyModule.js'

it('is fetched once, and is there from then on', async () => {
  const fetch = vi.fn(async () => ({ answer: 42 }))
  const lazy = lazyModule(fetch)
  expect(lazy.now()).toBeNull()
  await lazy.preload()
  expect([lazy.now(), await lazy.load(), fetch.mock.calls.length]).toEqual([{ answer: 42 }, { answer: 42 }, 1])
})

it('is asked for again where it did not come; foreseeing it fails quietly', async () => {
  let offline = true
  const lazy = lazyModule(async () => {
    if (offline) throw new Error('offline')
    return 'code'
  })
  await lazy.preload()
  await expect(lazy.load()).rejects.toThrow('offline')
  offline = false
  expect([await lazy.load(), lazy.now()]).toEqual(['code', 'code'])
})
