import fc from 'fast-check'
import { NO_DWELL, sampleDwell, type Dwell } from 'readback/core'
import { describe, expect, it } from 'vitest'

type Sample = readonly [now: number, isVisible: boolean]
const run = (samples: readonly Sample[]): Dwell => samples.reduce((dwell, [now, isVisible]) => sampleDwell(dwell, now, isVisible), NO_DWELL)

describe('sampleDwell', () => {
  it.each<[string, readonly Sample[], number]>([
    ['the first sample adds nothing', [[0, true]], 0],
    ['time between two visible samples counts', [[0, true], [100, true], [200, true]], 200],
    ['time out of sight does not', [[0, true], [100, true], [150, false], [900, false], [1000, true], [1100, true]], 200],
    ['time gathered before is not lost', [[0, true], [100, true], [110, false], [50_000, true], [50_100, true]], 200],
    ['eight hours of sleep add two intervals', [[0, true], [100, true], [28_800_100, true], [28_800_200, true]], 400],
    ['a timer clamped to once a minute adds two intervals each', [[0, true], [60_000, true], [120_000, true]], 400],
    ['a clock that steps back adds nothing', [[500, true], [400, true], [500, true]], 100],
  ])('[RD3] %s', (_title, samples, expected) => {
    expect(run(samples).visibleMs).toBe(expected)
  })

  it('[RD3] one sample adds at most two intervals, none falls, and invisible samples change nothing twice', () => {
    const aSample = fc.tuple(fc.nat(1_000_000), fc.boolean())
    fc.assert(
      fc.property(fc.array(aSample), fc.integer({ min: 1, max: 500 }), (samples, interval) => {
        let dwell = NO_DWELL
        for (const [now, isVisible] of samples) {
          const next = sampleDwell(dwell, now, isVisible, interval)
          expect(next.visibleMs - dwell.visibleMs).toBeGreaterThanOrEqual(0)
          expect(next.visibleMs - dwell.visibleMs).toBeLessThanOrEqual(isVisible ? 2 * interval : 0)
          if (!isVisible) expect(sampleDwell(next, now + 1, false, interval)).toBe(next)
          dwell = next
        }
      }),
      { seed: 1 },
    )
  })
})
