// @vitest-environment jsdom
import { cleanup, renderHook } from '@testing-library/react'
import type { Clock } from 'readback'
import { afterEach, describe, expect, it } from 'vitest'
import { TYPING_IDLE_MS, TYPING_REPEAT_MS, useTypingSignal } from '../../src/react/useTypingSignal.js'

afterEach(cleanup)

function handClock() {
  let now = 0
  const timers = new Map<object, { at: number; fn: () => void }>()
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    setTimer(fn, delayMs) {
      const key = {}
      timers.set(key, { at: now + delayMs, fn })
      return () => void timers.delete(key)
    },
  }
  return {
    clock,
    waiting: () => timers.size,
    pass(ms: number) {
      now += ms
      for (const [key, { at, fn }] of timers) if (at <= now && timers.delete(key)) fn()
    },
  }
}

describe('useTypingSignal', () => {
  const setup = () => {
    const told: boolean[] = []
    const { clock, pass, waiting } = handClock()
    const { result, unmount } = renderHook(() => useTypingSignal((on) => told.push(on), clock))
    return { told, pass, waiting, signal: result.current, unmount }
  }
  it('tells the first key at once, the next ones only now and then', () => {
    const { told, pass, signal } = setup()
    for (let key = 0; key < 10; key++) {
      signal.typed()
      pass(TYPING_REPEAT_MS / 10)
    }
    expect(told).toEqual([true])
    signal.typed()
    expect(told).toEqual([true, true])
  })
  it('tells that it stopped when keys stop', () => {
    const { told, pass, signal } = setup()
    signal.typed()
    pass(TYPING_IDLE_MS - 1)
    expect(told).toEqual([true])
    pass(1)
    expect(told).toEqual([true, false])
  })
  it('stops once, and not before anything was typed', () => {
    const { told, signal } = setup()
    signal.stopped()
    signal.typed()
    signal.stopped()
    signal.stopped()
    expect(told).toEqual([true, false])
  })
  it('stops when its part goes away, and leaves no timer', () => {
    const { told, signal, unmount, waiting } = setup()
    signal.typed()
    unmount()
    expect(told).toEqual([true, false])
    expect(waiting()).toBe(0)
  })
})
