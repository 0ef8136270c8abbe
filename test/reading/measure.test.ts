// @vitest-environment jsdom
import { isElementCovered } from 'readback/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { viewportOf } from '../../src/reading/measure.js'

/** jsdom lays nothing out: here each element stands where the test says. The window is 800 × 600. */
const WINDOW = { width: 800, height: 600 }

function place<E extends Element>(element: E, left: number, top: number, right: number, bottom: number): E {
  element.getBoundingClientRect = () => ({ left, top, right, bottom, width: right - left, height: bottom - top }) as DOMRect
  return element
}
function box(parent: Element | ShadowRoot, edges: readonly [number, number, number, number], overflowY = 'visible'): HTMLElement {
  const element = document.createElement('div')
  element.style.overflowY = overflowY
  parent.append(element)
  return place(element, ...edges)
}
const entryOf = (target: Element, rootBounds: { width: number; height: number } | null = WINDOW) => ({ target, rootBounds }) as unknown as IntersectionObserverEntry

/** What lies where; the last that holds a point is on top. */
let layers: { readonly element: Element; readonly edges: readonly [number, number, number, number] }[] = []
let asked: (readonly [number, number])[] = []

beforeEach(() => {
  layers = []
  asked = []
  vi.stubGlobal('innerWidth', WINDOW.width)
  vi.stubGlobal('innerHeight', WINDOW.height)
  document.elementFromPoint = (x, y) => {
    asked.push([x, y])
    return layers.findLast(({ edges: [left, top, right, bottom] }) => x >= left && x < right && y >= top && y < bottom)?.element ?? null
  }
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

describe('the viewport of a message', () => {
  it('[RD1] is the window, narrowed by all that scrolls or clips around it', () => {
    const outer = box(document.body, [100, 50, 700, 500], 'hidden')
    const plain = box(outer, [0, 0, 50, 50])
    const panel = box(plain, [150, 0, 650, 900], 'auto')
    expect(viewportOf(entryOf(box(panel, [150, 0, 650, 40])), null)).toEqual({ width: 500, height: 450 })
    expect(viewportOf(entryOf(box(document.body, [0, 0, 10, 10])), null)).toEqual(WINDOW)
  })

  it('[RD1] is the root alone where one is given, within the window', () => {
    const outer = box(document.body, [100, 50, 300, 100], 'hidden')
    const panel = box(outer, [150, -100, 650, 900], 'auto')
    expect(viewportOf(entryOf(box(panel, [0, 0, 1, 1])), panel)).toEqual({ width: 150, height: 50 })
    const plain = box(document.body, [200, 100, 500, 400])
    expect(viewportOf(entryOf(box(plain, [0, 0, 1, 1])), plain)).toEqual({ width: 300, height: 300 })
  })

  it('[RD1] within a frame is no larger than the window around it, where that one tells', () => {
    const message = box(document.body, [0, 0, 10, 10])
    expect(viewportOf(entryOf(message, { width: 300, height: 200 }), null)).toEqual({ width: 300, height: 200 })
    expect(viewportOf(entryOf(message, null), null)).toEqual(WINDOW)
  })

  it('[RD1] is not the body or the page, however they scroll', () => {
    document.body.style.overflowY = 'scroll'
    place(document.body, 0, 0, 10, 10)
    expect(viewportOf(entryOf(box(document.body, [0, 0, 10, 10])), null)).toEqual(WINDOW)
    document.body.style.overflowY = ''
  })

  it('[RD1] reaches out of shadow trees, through slots and hosts', () => {
    const panel = box(document.body, [0, 0, 200, 100], 'auto')
    const host = box(panel, [0, 0, 200, 100])
    const shadow = host.attachShadow({ mode: 'open' })
    expect(viewportOf(entryOf(box(shadow, [0, 0, 10, 10])), null)).toEqual({ width: 200, height: 100 })
    const clip = box(shadow, [0, 0, 50, 60], 'hidden')
    clip.append(document.createElement('slot'))
    expect(viewportOf(entryOf(box(host, [0, 0, 10, 10])), null)).toEqual({ width: 50, height: 60 })
  })
})

describe('what is covered', () => {
  const shown = (edges: readonly [number, number, number, number], parent: Element = document.body) => {
    const element = box(parent, edges)
    layers.push({ element, edges })
    return element
  }
  const over = (edges: readonly [number, number, number, number]) => layers.push({ element: box(document.body, edges), edges })

  it('[RD5] nothing that is on top itself, or holds it, or is held by it', () => {
    const message = shown([100, 100, 300, 200])
    expect(isElementCovered(message)).toBe(false)
    layers.push({ element: box(message, [0, 0, 0, 0]), edges: [0, 0, 800, 600] })
    expect(isElementCovered(message)).toBe(false)
    layers.push({ element: document.body, edges: [0, 0, 800, 600] })
    expect(isElementCovered(message)).toBe(false)
  })

  it('[RD5] what has another over more than two of five points', () => {
    const message = shown([100, 100, 300, 200])
    over([100, 100, 150, 200])
    expect(isElementCovered(message)).toBe(false)
    over([150, 120, 250, 180])
    expect(isElementCovered(message)).toBe(true)
    expect(asked.slice(-5)).toEqual([[200, 150], [120, 110], [280, 110], [120, 190], [280, 190]])
  })

  it('[RD5] only the part that shows is asked for', () => {
    const panel = box(document.body, [0, 0, 400, 300], 'auto')
    const message = shown([-100, 200, 500, 1000], panel)
    isElementCovered(message)
    expect(asked).toEqual([[200, 250], [40, 210], [360, 210], [40, 290], [360, 290]])
    over([0, 300, 800, 600])
    expect(isElementCovered(message)).toBe(false)
  })

  it('[RD5] what nobody could read for its size, or that is not painted', () => {
    expect([shown([0, 0, 8, 8]), shown([50, 0, 57.9, 100]), shown([100, 0, 200, 7.9])].map(isElementCovered)).toEqual([false, true, true])
    const message = shown([300, 300, 400, 400])
    const options: unknown[] = []
    let painted = false
    message.checkVisibility = (given) => {
      options.push(given)
      return painted
    }
    expect(isElementCovered(message)).toBe(true)
    painted = true
    expect(isElementCovered(message)).toBe(false)
    expect(options).toEqual(Array.from({ length: 2 }, () => ({ opacityProperty: true, visibilityProperty: true })))
  })

  it('[RD5] nothing where no layout can be asked', () => {
    Reflect.deleteProperty(document, 'elementFromPoint')
    expect(isElementCovered(box(document.body, [0, 0, 0, 0]))).toBe(false)
  })
})
