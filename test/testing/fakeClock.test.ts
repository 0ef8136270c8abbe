import { createFakeClock } from 'readback/testing'
import { describe, expect, it } from 'vitest'

describe('createFakeClock', () => {
  it('fires timers in order, each at its own time, those set meanwhile too', () => {
    const clock = createFakeClock(1000)
    const fired: [string, number][] = []
    const note = (name: string) => () => void fired.push([name, clock.monotonic()])
    clock.setTimer(note('late'), 200)
    clock.setTimer(() => {
      note('early')()
      clock.setTimer(note('between'), 50)
    }, 100)
    clock.setTimer(note('early too'), 100)
    clock.setTimer(note('stopped'), 150)()
    clock.advance(199)
    expect(fired).toEqual([['early', 100], ['early too', 100], ['between', 150]])
    clock.advance(1)
    expect([fired.at(-1), clock.now(), clock.pending]).toEqual([['late', 200], 1200, 0])
  })

  it('asleep it fires nothing, and afterwards late', () => {
    const clock = createFakeClock()
    const fired: number[] = []
    clock.setTimer(() => fired.push(clock.monotonic()), 100)
    clock.sleep(10_000)
    expect(fired).toEqual([])
    clock.advance(0)
    expect(fired).toEqual([10_000])
  })

  it('the wall clock may be set without time passing', () => {
    const clock = createFakeClock(0)
    clock.shiftWallClock(-500)
    expect([clock.now(), clock.monotonic()]).toEqual([-500, 0])
  })

  it('lets promises settle between timers', async () => {
    const clock = createFakeClock()
    const order: string[] = []
    clock.setTimer(() => void Promise.resolve().then(() => order.push('promise')), 10)
    clock.setTimer(() => order.push('timer'), 20)
    await clock.advanceAsync(20)
    expect(order).toEqual(['promise', 'timer'])
  })

  it('moves with every timer that waits, however shortly', () => {
    const clock = createFakeClock()
    clock.advance(2_000)
    const calls: number[] = []
    const again = () => {
      calls.push(clock.monotonic())
      if (calls.length < 3) clock.setTimer(again, 1e-14)
    }
    clock.setTimer(again, 1e-14)
    clock.advance(1)
    expect(new Set(calls).size).toBe(3)
    expect(clock.monotonic()).toBe(2_001)
  })
})
