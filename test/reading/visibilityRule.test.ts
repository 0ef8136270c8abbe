import fc from 'fast-check'
import { boxReasons, gateReasons, isEnoughVisible, type VisibleBox } from 'readback/core'
import { describe, expect, it } from 'vitest'

const box = (height: number, visibleHeight: number, more: Partial<VisibleBox> = {}): VisibleBox => ({ width: 300, height, visibleWidth: 300, visibleHeight, viewportWidth: 300, viewportHeight: 493, ...more })

describe('isEnoughVisible', () => {
  it.each<[string, VisibleBox, boolean]>([
    ['all of a short message', box(100, 100), true],
    ['half of a short message', box(100, 50), true],
    ['40 % of a short message', box(100, 40), false],
    ['a long message that fills the viewport though a tenth of it shows', box(5000, 493), true],
    ['a long message that fills half of the viewport', box(5000, 247), true],
    ['a long message that fills less than half', box(5000, 200), false],
    ['exactly half, rounded down by layout', box(101, 50.4), true],
    ['half of the height but a quarter of the width', box(100, 50, { visibleWidth: 75 }), false],
    ['a long narrow bubble in a wide viewport', box(5000, 493, { width: 80, visibleWidth: 80, viewportWidth: 1200 }), true],
    ['no height', box(0, 0), false],
    ['no width', box(100, 100, { width: 0, visibleWidth: 0 }), false],
  ])('[RD1] %s', (_title, given, expected) => {
    expect(isEnoughVisible(given, 0.5)).toBe(expected)
  })

  it('[RD1] showing more never turns enough into not enough, and showing all of a message is always enough', () => {
    const px = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(px, px, px, fc.double({ min: 0.01, max: 1, noNaN: true }), (height, a, b, fraction) => {
        const [less, more] = [Math.min(a, b, height), Math.min(Math.max(a, b), height)]
        if (isEnoughVisible(box(height, less), fraction)) expect(isEnoughVisible(box(height, more), fraction)).toBe(true)
        expect(isEnoughVisible(box(height, height), fraction)).toBe(true)
      }),
      { seed: 1 },
    )
  })
})

describe('reasons', () => {
  it('[RD2] a page that is hidden, without focus or not settled reads nothing', () => {
    const open = { isVisible: true, hasFocus: true, isSettled: true }
    expect(gateReasons(open, true)).toEqual([])
    expect(gateReasons({ ...open, isVisible: false, hasFocus: false }, true)).toEqual(['hidden'])
    expect(gateReasons({ ...open, hasFocus: false }, true)).toEqual(['blurred'])
    expect(gateReasons({ ...open, hasFocus: false }, false)).toEqual([])
    expect(gateReasons({ ...open, hasFocus: false, isSettled: false }, true)).toEqual(['blurred', 'notSettled'])
  })
  it('[RD1] says what is missing of the message itself', () => {
    expect([boxReasons(null, 0.5), boxReasons(box(100, 40), 0.5), boxReasons(box(100, 60), 0.5)]).toEqual([['offScreen'], ['notEnoughVisible'], []])
  })
})
