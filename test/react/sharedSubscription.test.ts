import { describe, expect, it, vi } from 'vitest'
import { sharedSubscription } from '../../src/react/sharedSubscription.js'

function sourceOf() {
  const listeners = new Set<() => void>()
  const subscribe = vi.fn((listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  })
  return { source: { subscribe }, subscribe, listeners, tell: () => listeners.forEach((listener) => listener()) }
}

describe('a shared subscription', () => {
  it('is one at the source, and tells everybody', () => {
    const { source, subscribe, tell } = sourceOf()
    const [first, second] = [vi.fn(), vi.fn()]
    sharedSubscription(source)(first)
    sharedSubscription(source)(second)
    tell()
    expect([subscribe.mock.calls.length, first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1, 1])
  })
  it('tells somebody who listens twice twice, and goes on when one of them stops, however often', () => {
    const { source, listeners, tell } = sourceOf()
    const listener = vi.fn()
    const stop = sharedSubscription(source)(listener)
    sharedSubscription(source)(listener)
    tell()
    stop()
    stop()
    tell()
    expect([listener.mock.calls.length, listeners.size]).toEqual([3, 1])
  })
  it('ends with the last listener, and begins anew with the next', () => {
    const { source, subscribe, listeners, tell } = sourceOf()
    sharedSubscription(source)(() => {})()
    expect(listeners.size).toBe(0)
    const later = vi.fn()
    sharedSubscription(source)(later)
    tell()
    expect([subscribe.mock.calls.length, later.mock.calls.length]).toEqual([2, 1])
  })
  it('is the same function for the same source', () => {
    const { source } = sourceOf()
    expect(sharedSubscription(source)).toBe(sharedSubscription(source))
    expect(sharedSubscription(source)).not.toBe(sharedSubscription(sourceOf().source))
  })
})
