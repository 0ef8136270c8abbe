import { describe, expect, it } from 'vitest'
import { placeMenu } from '../../src/components/menuPlace.js'

const MENU = { widthPx: 200, heightPx: 300 }
const VIEW = { widthPx: 800, heightPx: 600 }
const point = (x: number, y: number) => ({ x, y, widthPx: 0, heightPx: 0 })

describe('a menu', () => {
  it('opens below and after a point, to the side of reading', () => {
    expect(placeMenu(point(300, 100), MENU, VIEW, 'ltr')).toEqual({ x: 300, y: 100 })
    expect(placeMenu(point(300, 100), MENU, VIEW, 'rtl')).toEqual({ x: 100, y: 100 })
  })
  it('turns where there is no room', () => {
    expect(placeMenu(point(700, 500), MENU, VIEW, 'ltr')).toEqual({ x: 500, y: 200 })
    expect(placeMenu(point(100, 500), MENU, VIEW, 'rtl')).toEqual({ x: 100, y: 200 })
  })
  it('keeps the edge of a box, with a gap', () => {
    const box = { x: 300, y: 100, widthPx: 400, heightPx: 50 }
    expect(placeMenu(box, MENU, VIEW, 'ltr')).toEqual({ x: 300, y: 154 })
    expect(placeMenu(box, MENU, VIEW, 'rtl')).toEqual({ x: 500, y: 154 })
    expect(placeMenu({ ...box, y: 500 }, MENU, VIEW, 'ltr')).toEqual({ x: 300, y: 196 })
  })
  it('stays in a window that is too small for it', () => {
    expect(placeMenu(point(150, 120), MENU, { widthPx: 180, heightPx: 200 }, 'ltr')).toEqual({ x: 8, y: 8 })
  })
})
