import { systemClock } from 'readback/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it.each([1e21, Number.POSITIVE_INFINITY, 2 ** 31])('a wait of %d ms does not end at once, as it would in every engine', (delayMs) => {
  const fire = vi.fn()
  const stop = systemClock.setTimer(fire, delayMs)
  vi.advanceTimersByTime(86_400_000)
  expect(fire).not.toHaveBeenCalled()
  stop()
})
