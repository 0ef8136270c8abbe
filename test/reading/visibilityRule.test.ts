import fc from 'fast-check'
import { gateReasons, isEnoughVisible, type Size } from 'readback/core'
import { describe, expect, it } from 'vitest'

const VIEWPORT: Size = { width: 300, height: 493 }
const wide = (height: number, width = 300): Size => ({ width, height })

describe('isEnoughVisible', () => {
  it.each<[string, Size, Size, boolean, Size?]>([
    ['all of a short message', wide(100), wide(100), true],
    ['half of a short message', wide(100), wide(50), true],
    ['40 % of a short message', wide(100), wide(40), false],
    ['a long message that fills the viewport though a tenth of it shows', wide(5000), wide(493), true],
    ['a long message that fills half of the viewport', wide(5000), wide(247), true],
    ['a long message that fills less than half', wide(5000), wide(200), false],
    ['exactly half, rounded down by layout', wide(101), wide(50.4), true],
    ['half of the height but a quarter of the width', wide(100), wide(50, 75), false],
    ['half of the viewport in height, of a long message of which little shows across', wide(5000), wide(493, 75), false],
    ['a long narrow bubble in a wide viewport', wide(5000, 80), wide(493, 80), true, { width: 1200, height: 493 }],
    ['a message as wide as two viewports', wide(5000, 600), wide(493, 160), true],
    ['a strip of a long message, in a list of which a keyboard leaves no line', wide(100), wide(15), false, { width: 300, height: 15 }],
    ['a line of it, where it leaves that', wide(100), wide(16), true, { width: 300, height: 16 }],
    ['a single pixel of a single pixel', wide(1, 1), wide(1, 1), true],
    ['no height', wide(0), wide(0), false],
    ['no width', wide(100, 0), wide(100, 0), false],
    ['sizes that are none', wide(NaN), wide(NaN), false],
  ])('[RD1] %s', (_title, message, seen, expected, viewport = VIEWPORT) => {
    expect(isEnoughVisible(message, seen, viewport, 0.5)).toBe(expected)
  })

  it('[RD1] as much as is asked for is enough, to the pixel', () => {
    expect([wide(50), wide(49.9)].map((seen) => isEnoughVisible(wide(100), seen, VIEWPORT, 0.505))).toEqual([true, false])
    expect([wide(250, 150), wide(250, 149), wide(249, 150)].map((seen) => isEnoughVisible(wide(5000), seen, { width: 300, height: 500 }, 0.505))).toEqual([true, false, false])
  })

  it('[RD1] showing more never turns enough into not enough, and showing all of a message is always enough', () => {
    const px = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(px, px, px, fc.double({ min: 0.01, max: 1, noNaN: true }), (height, a, b, fraction) => {
        const [less, more] = [Math.min(a, b, height), Math.min(Math.max(a, b), height)]
        if (isEnoughVisible(wide(height), wide(less), VIEWPORT, fraction)) expect(isEnoughVisible(wide(height), wide(more), VIEWPORT, fraction)).toBe(true)
        expect(isEnoughVisible(wide(height), wide(height), VIEWPORT, fraction)).toBe(true)
      }),
      { seed: 1 },
    )
  })
})

describe('reasons', () => {
  it('[RD2] a page that is hidden, without focus or not settled reads nothing', () => {
    expect(gateReasons(true, true, true)).toEqual([])
    expect(gateReasons(false, false, true)).toEqual(['hidden'])
    expect(gateReasons(true, false, true)).toEqual(['blurred'])
    expect(gateReasons(true, false, false)).toEqual(['blurred', 'notSettled'])
    expect(gateReasons(true, true, true, true)).toEqual(['idle'])
    expect(gateReasons(false, false, false, true)).toEqual(['hidden', 'idle', 'notSettled'])
  })
})
