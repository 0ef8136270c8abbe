import { createChatClient, systemClock, type StorageEstimate } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it.each([1e21, Number.POSITIVE_INFINITY, 2 ** 31])('a wait of %d ms does not end at once, as it would in every engine', (delayMs) => {
  vi.useFakeTimers()
  const fire = vi.fn()
  const stop = systemClock.setTimer(fire, delayMs)
  vi.advanceTimersByTime(86_400_000)
  expect(fire).not.toHaveBeenCalled()
  stop()
})

describe('how much room there is', () => {
  const FIGURES = { usage: 1_000, quota: 9_000 }
  const refuse = () => {
    throw new DOMException('Not from here.', 'SecurityError')
  }
  const asked = async (): Promise<StorageEstimate | null> => {
    const client = createChatClient({ userId: 'ada', transport: memoryHub().transport(), storage: memoryStorage() })
    const estimate = await client.storageEstimate()
    await client.dispose()
    return estimate
  }

  it.each([
    ['and that it stays', { estimate: async () => FIGURES, persisted: async () => true }, true],
    ['and that it may be thrown away', { estimate: async () => FIGURES, persisted: async () => false }, false],
    ['and not whether it stays', { estimate: async () => FIGURES }, false],
  ])('is told where the browser says so, %s', async (_, storage, persisted) => {
    vi.stubGlobal('navigator', { storage })
    expect(await asked()).toEqual({ usedBytes: 1_000, quotaBytes: 9_000, persisted })
  })

  it.each<[string, unknown]>([
    ['there is no navigator', undefined],
    ['it keeps nothing for this page', {}],
    ['it has no such thing', { storage: null }],
    ['it does not estimate', { storage: { persisted: async () => true } }],
    ['what should estimate is no function', { storage: { estimate: FIGURES } }],
    ['the very word throws', Object.defineProperty({}, 'storage', { get: refuse })],
    ['it throws when it is asked', { storage: { estimate: refuse } }],
    ['it rejects', { storage: { estimate: () => Promise.reject(new DOMException('', 'UnknownError')) } }],
    ['it answers nothing', { storage: { estimate: async () => undefined } }],
    ['it answers with nothing in it', { storage: { estimate: async () => ({}) } }],
    ['it knows the room and not the use', { storage: { estimate: async () => ({ quota: 9_000 }) } }],
    ['it knows the use and not the room', { storage: { estimate: async () => ({ usage: 1_000 }) } }],
  ])('is not told, and nothing fails, where %s', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator)
    expect(await asked()).toBeNull()
  })
})
