// @vitest-environment jsdom
import { whyUnseen } from 'readback/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { overlap, sizeOf } from '../../src/reading/edges.js'
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
let layers: { readonly element: Element; edges: readonly [number, number, number, number] }[] = []
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

  it('[RD1] is the root alone where one is given, no larger than what is around it', () => {
    const outer = box(document.body, [100, 50, 300, 100], 'hidden')
    const panel = box(outer, [150, -100, 650, 900], 'auto')
    expect(viewportOf(entryOf(box(panel, [0, 0, 1, 1])), panel)).toEqual({ width: 200, height: 50 })
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
    const clip = box(shadow, [0, 0, 50, 60], 'auto')
    clip.append(document.createElement('slot'))
    expect(viewportOf(entryOf(box(host, [0, 0, 10, 10])), null)).toEqual({ width: 50, height: 60 })
  })
})

describe('a clip within the list', () => {
  it('[RD1] hides something of a message, and makes the list no smaller: a tenth of a message is no reading of it', () => {
    const panel = box(document.body, [0, 0, 400, 500], 'auto')
    const clamp = box(panel, [0, 0, 400, 100], 'hidden')
    const message = shown([0, 0, 400, 1000], clamp)
    expect(viewportOf(entryOf(message), null)).toEqual({ width: 400, height: 500 })
    expect(whyUnseen(message)).toBe('notEnoughVisible')
    place(clamp, 0, 0, 400, 260)
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD1] is the list itself where nothing around it scrolls', () => {
    const clip = box(document.body, [0, 0, 400, 100], 'hidden')
    expect(whyUnseen(shown([0, 0, 400, 1000], clip))).toBeNull()
  })

  it('[RD1] does not make a list small that is scrolled away: what fills the strip that shows of it is not read', () => {
    const outer = box(document.body, [0, 0, 400, 400], 'auto')
    const panel = box(outer, [0, 330, 400, 630], 'auto')
    const message = shown([0, 330, 400, 610], panel)
    expect(whyUnseen(message)).toBe('notEnoughVisible')
  })

  it('[RD1] counts for nothing where it is no part of the list that was given', () => {
    const panel = box(document.body, [0, 0, 400, 500], 'auto')
    const inner = box(panel, [0, 0, 400, 100], 'auto')
    const message = shown([0, 0, 400, 1000], inner)
    expect([whyUnseen(message), whyUnseen(message, 0.5, panel)]).toEqual([null, 'notEnoughVisible'])
    expect(whyUnseen(message, 0.1, panel)).toBeNull()
  })
})

describe('a part of the page that cuts off what is in it', () => {
  /** A message on a panel that is written into such a part, and lies elsewhere. */
  function writtenInto(part: string, placed: string) {
    const outer = box(document.body, [0, 0, 400, 10], 'hidden')
    outer.style.cssText += `; ${part}`
    const panel = box(box(outer, [0, 0, 400, 10]), [0, 100, 400, 300])
    panel.style.position = placed
    return { panel, message: shown([0, 100, 400, 200], panel) }
  }

  it.each([
    ['fixed', ''], ['fixed', 'position: relative'],
  ])('[RD1] takes nothing from what is %s, and stands out of it: %s', (placed, part) => {
    expect(whyUnseen(writtenInto(part, placed).message)).toBeNull()
  })

  it.each([
    ['static', ''], ['relative', ''], ['absolute', 'position: relative'], ['absolute', 'position: sticky'],
  ])('[RD1] takes all from what is %s, and is held by it: %s', (placed, part) => {
    expect(whyUnseen(writtenInto(part, placed).message)).toBe('notEnoughVisible')
  })
})

function shown(edges: readonly [number, number, number, number], parent: Element = document.body): HTMLElement {
  const element = box(parent, edges)
  layers.push({ element, edges })
  return element
}
function over(edges: readonly [number, number, number, number], parent: Element = document.body): HTMLElement {
  const element = box(parent, edges)
  layers.push({ element, edges })
  return element
}

describe('what lies over a message', () => {
  it('[RD5] is nothing that is held by it, or lets hits through to what holds it', () => {
    const message = shown([100, 100, 300, 200])
    expect(whyUnseen(message)).toBeNull()
    layers.push({ element: box(message, [0, 0, 0, 0]), edges: [0, 0, 800, 600] })
    expect(whyUnseen(message)).toBeNull()
    expect(asked).toEqual(Array.from({ length: 2 }, () => [[200, 150], [120, 110], [280, 110], [120, 190], [280, 190]]).flat())
    layers.push({ element: document.body, edges: [0, 0, 800, 140] })
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD5] leaves it unread when less than half of it is clear', () => {
    const message = shown([100, 100, 300, 200])
    const panel = over([100, 100, 300, 150])
    expect(whyUnseen(message)).toBeNull()
    layers.at(-1)!.edges = [100, 100, 300, 160]
    asked = []
    expect(whyUnseen(message)).toBe('covered')
    expect([asked.length, asked.every(([x, y]) => x > 100 && x < 300 && y > 100 && y < 200)]).toEqual([5 + 40, true])
    layers.at(-1)!.edges = [100, 100, 300, 200]
    asked = []
    expect(whyUnseen(message)).toBe('covered')
    // All of it: that takes no closer look.
    expect(asked).toHaveLength(5)
    panel.remove()
  })

  it('[RD5] counts against the whole message, of which some may be out of sight besides', () => {
    const panel = box(document.body, [0, 0, 400, 400], 'auto')
    const message = shown([0, -40, 400, 60], panel)
    expect(whyUnseen(message)).toBeNull()
    // A header that sticks to the top of the list: 40 of 100 pixels are left.
    over([0, 0, 400, 20], panel)
    expect(whyUnseen(message)).toBe('covered')
    place(message, 0, -20, 400, 80)
    layers[0]!.edges = [0, -20, 400, 80]
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD5] takes as much of a message taller than its list as of the list', () => {
    const panel = box(document.body, [0, 0, 400, 400], 'auto')
    const message = shown([0, -1000, 400, 3000], panel)
    over([0, 0, 400, 160], panel)
    expect(whyUnseen(message)).toBeNull()
    layers.at(-1)!.edges = [0, 0, 400, 240]
    expect(whyUnseen(message)).toBe('covered')
  })

  it('[RD5] may be painted by what holds it: a veil over its list', () => {
    const panel = box(document.body, [0, 0, 400, 400], 'auto')
    const message = shown([0, 0, 400, 100], panel)
    layers.push({ element: panel, edges: [0, 0, 400, 400] })
    expect(whyUnseen(message)).toBe('covered')
    message.style.pointerEvents = 'none'
    expect(whyUnseen(message)).toBeNull()
    message.style.cssText = 'display: inline'
    expect(whyUnseen(message)).toBeNull()
    message.style.cssText = ''
    panel.setAttribute('inert', '')
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD5] may lie over the host of the shadow tree that it is in', () => {
    const host = shown([0, 0, 400, 400])
    const shadow = host.attachShadow({ mode: 'open' })
    const message = box(shadow, [0, 0, 400, 100])
    shadow.elementFromPoint = () => message
    expect(whyUnseen(message)).toBeNull()
    // As Firefox has it.
    shadow.elementFromPoint = () => null
    expect(whyUnseen(message)).toBeNull()
    over([0, 0, 400, 80])
    expect(whyUnseen(message)).toBe('covered')
  })

  it('[RD5] is not what stands in a slot of it', () => {
    const host = shown([0, 0, 400, 400])
    const shadow = host.attachShadow({ mode: 'open' })
    const message = box(shadow, [0, 0, 400, 100])
    message.append(document.createElement('slot'))
    const text = box(host, [0, 0, 400, 100])
    layers.push({ element: text, edges: [0, 0, 400, 100] })
    shadow.elementFromPoint = () => text
    expect(whyUnseen(message)).toBeNull()
  })
})

describe('what is not painted', () => {
  it('[RD5] is what nobody could read for its size, or that is not displayed', () => {
    expect([shown([0, 0, 8, 8]), shown([50, 0, 57.9, 100]), shown([100, 0, 200, 7.9])].map((element) => whyUnseen(element))).toEqual([null, 'notPainted', 'notPainted'])
    const message = shown([300, 300, 400, 400])
    const options: unknown[] = []
    let painted = false
    message.checkVisibility = (given) => {
      options.push(given)
      return painted
    }
    expect(whyUnseen(message)).toBe('notPainted')
    painted = true
    expect(whyUnseen(message)).toBeNull()
    expect(options).toEqual(Array.from({ length: 2 }, () => ({ opacityProperty: true, visibilityProperty: true })))
  })

  it('[RD5] is a picture that has not come or failed, and what says of most of itself that it is busy', () => {
    const message = shown([0, 0, 200, 100])
    const picture = message.appendChild(place(document.createElement('img'), 0, 0, 200, 50))
    let complete = false
    let naturalWidth = 0
    Object.defineProperties(picture, { complete: { get: () => complete }, naturalWidth: { get: () => naturalWidth } })
    expect(whyUnseen(message)).toBe('notPainted')
    place(picture, 0, 0, 200, 49)
    expect(whyUnseen(message)).toBeNull()
    place(picture, 0, 0, 200, 50)
    complete = true
    expect(whyUnseen(message)).toBe('notPainted')
    naturalWidth = 40
    expect(whyUnseen(message)).toBeNull()
    message.setAttribute('aria-busy', 'true')
    expect(whyUnseen(message)).toBe('notPainted')
    message.setAttribute('aria-busy', 'false')
    expect(whyUnseen(message)).toBeNull()
  })

  /** A picture that is not here; what is busy counts as one. */
  function missing(parent: Element, edges: readonly [number, number, number, number], tag = 'img'): HTMLElement {
    const part = parent.appendChild(place(document.createElement(tag), ...edges))
    if (tag === 'img') Object.defineProperties(part, { complete: { value: false, configurable: true }, naturalWidth: { value: 0, configurable: true } })
    else part.setAttribute('aria-busy', 'true')
    return part
  }

  it('[RD5] is an album of pictures of which half have not come', () => {
    const message = shown([0, 0, 200, 200])
    const album = [[0, 0], [100, 0], [0, 100], [100, 100]].map(([x, y]) => missing(message, [x!, y!, x! + 100, y! + 100]))
    const whyAfter = (picture: Element) => {
      Object.defineProperties(picture, { complete: { value: true }, naturalWidth: { value: 7 } })
      return whyUnseen(message)
    }
    expect(whyUnseen(message)).toBe('notPainted')
    expect(album.map(whyAfter)).toEqual(['notPainted', 'notPainted', null, null])
  })

  it('[RD5] is not what of a row of pictures is scrolled out of the message', () => {
    const message = shown([0, 0, 200, 200])
    for (let x = -200; x < 800; x += 80) missing(message, [x, 0, x + 60, 60])
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD5] is a picture once, and not again with the part that waits for it', () => {
    const message = shown([0, 0, 200, 200])
    const part = missing(message, [0, 0, 200, 60], 'div')
    missing(part, [0, 0, 200, 60])
    missing(message, [0, 60, 200, 90])
    expect(whyUnseen(message)).toBeNull()
    missing(message, [0, 90, 200, 100])
    expect(whyUnseen(message)).toBe('notPainted')
  })

  it('[RD5] is a picture that failed, whatever its address ends with, and no drawing that names no size of its own: that can be decoded', async () => {
    const message = shown([0, 0, 200, 100])
    const picture = message.appendChild(place(document.createElement('img'), 0, 0, 200, 100))
    let canBeDecoded = false
    const decode = async () => {
      if (!canBeDecoded) throw new DOMException('broken', 'EncodingError')
    }
    Object.defineProperties(picture, { complete: { value: true }, naturalWidth: { value: 0 }, currentSrc: { value: 'https://example.com/drawing.svg', configurable: true }, decode: { value: decode } })
    const look = async () => {
      whyUnseen(message)
      await Promise.resolve().then(() => {})
      return whyUnseen(message)
    }
    expect(await look()).toBe('notPainted')
    canBeDecoded = true
    expect(await look()).toBeNull()
    canBeDecoded = false
    Object.defineProperty(picture, 'currentSrc', { value: 'https://example.com/gone.svg' })
    expect(await look()).toBe('notPainted')
  })

  it('[RD5] is what has letters that are painted smaller than anybody could read, however many; not what is turned, or has larger ones', () => {
    const message = shown([0, 0, 150, 90])
    const laidOut = (offsetWidth: number, offsetHeight: number) => Object.defineProperties(message, { offsetWidth: { value: offsetWidth, configurable: true }, offsetHeight: { value: offsetHeight, configurable: true } })
    laidOut(600, 360)
    expect(whyUnseen(message)).toBeNull()
    laidOut(610, 366)
    expect(whyUnseen(message)).toBe('notPainted')
    message.style.fontSize = '20px'
    expect(whyUnseen(message)).toBeNull()
    message.style.fontSize = '0px'
    expect(whyUnseen(message)).toBe('notPainted')
    laidOut(90, 1500)
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD5] is nothing where no layout can be asked', () => {
    Reflect.deleteProperty(document, 'elementFromPoint')
    expect(whyUnseen(box(document.body, [0, 0, 0, 0]))).toBeNull()
  })
})

describe('a frame of the same origin around it', () => {
  /** A frame that would be as large as the window, and is painted where the test says, in a page of 1000 × 800. */
  function framed(edges: readonly [number, number, number, number]) {
    const outer = document.implementation.createHTMLDocument()
    const frame = place(outer.createElement('iframe'), ...edges)
    outer.body.append(frame)
    Object.defineProperties(frame, { offsetWidth: { value: WINDOW.width }, offsetHeight: { value: WINDOW.height }, clientLeft: { value: 0 }, clientTop: { value: 0 } })
    Object.defineProperty(outer, 'defaultView', { value: { innerWidth: 1000, innerHeight: 800, visualViewport: null, frameElement: null } })
    outer.elementFromPoint = () => frame
    vi.spyOn(window, 'frameElement', 'get').mockReturnValue(frame)
    return { outer, frame, message: shown([100, 100, 300, 140]) }
  }
  afterEach(() => void vi.restoreAllMocks())

  it('[RD5] is not painted, and nothing in it is: whether it can be hit or not', () => {
    const { outer, frame, message } = framed([0, 0, 800, 600])
    expect(whyUnseen(message)).toBeNull()
    const options: unknown[] = []
    frame.checkVisibility = (given) => {
      options.push(given)
      return false
    }
    expect(whyUnseen(message)).toBe('notPainted')
    outer.elementFromPoint = () => outer.body
    expect(whyUnseen(message)).toBe('notPainted')
    expect(options).toEqual(Array.from({ length: 2 }, () => ({ opacityProperty: true, visibilityProperty: true })))
  })

  it.each([
    ['a fifth of its size', [0, 0, 160, 120], null],
    ['less than a fifth', [0, 0, 159, 119], 'notPainted'],
    ['less than a fifth of its height', [0, 0, 800, 119], 'notPainted'],
    ['a twentieth of its width, where ten pixels are left', [0, 0, 40, 600], null],
    ['less of its width', [0, 0, 31, 600], 'notPainted'],
    ['nothing', [0, 0, 0, 0], 'notPainted'],
  ] as const)('[RD5] is painted in %s: what is 200 × 40 in it counts as it is painted', (_title, edges, why) => {
    expect(whyUnseen(framed(edges).message)).toBe(why)
  })

  it('[RD5] is in a frame itself, which is scaled or not painted', () => {
    const { outer, message } = framed([0, 0, 400, 300])
    const outermost = document.implementation.createHTMLDocument()
    const around = place(outermost.createElement('iframe'), 0, 0, 500, 400)
    outermost.body.append(around)
    outermost.elementFromPoint = () => around
    Object.defineProperties(around, { offsetWidth: { value: 1000 }, offsetHeight: { value: 800 }, clientLeft: { value: 0 }, clientTop: { value: 0 } })
    Object.defineProperty(outermost, 'defaultView', { value: { innerWidth: 1000, innerHeight: 800, visualViewport: null, frameElement: null } })
    Object.assign(outer.defaultView!, { frameElement: around })
    expect(whyUnseen(message)).toBeNull()
    place(around, 0, 0, 390, 312)
    expect(whyUnseen(message)).toBe('notPainted')
    place(around, 0, 0, 500, 400)
    around.checkVisibility = () => false
    expect(whyUnseen(message)).toBe('notPainted')
  })

  it('[RD1] shows what it shows, however it is squeezed', () => {
    const { frame, message } = framed([0, 0, 800, 300])
    expect(whyUnseen(message)).toBeNull()
    // 100 pixels are above the page, 200 of its own: all of the message.
    place(frame, 0, -100, 800, 200)
    expect(whyUnseen(message)).toBe('notEnoughVisible')
    place(frame, 0, -55, 800, 245)
    expect(whyUnseen(message)).toBeNull()
  })
})

describe('the window', () => {
  it('[RD1] lets nothing through where two do not meet', () => {
    const apart = overlap({ left: 0, top: 0, right: 10, bottom: 10 }, { left: 20, top: 20, right: 30, bottom: 30 })
    expect(sizeOf(apart)).toEqual({ width: 0, height: 0 })
  })

  it('[RD1] is what fingers have zoomed into, and what a keyboard leaves of it', () => {
    const message = shown([500, 400, 700, 500])
    expect(whyUnseen(message)).toBeNull()
    vi.stubGlobal('visualViewport', { offsetLeft: 0, offsetTop: 0, width: 400, height: 300 })
    expect(whyUnseen(message)).toBe('notEnoughVisible')
    vi.stubGlobal('visualViewport', { offsetLeft: 400, offsetTop: 300, width: 400, height: 300 })
    expect(whyUnseen(message)).toBeNull()
  })

  it('[RD1] of a frame is what shows of the frame, and what lies over that lies over all in it', () => {
    const outer = document.implementation.createHTMLDocument()
    const frame = place(outer.createElement('iframe'), 100, 50, 500, 350)
    outer.body.append(frame)
    Object.defineProperties(frame, { offsetWidth: { value: 800 }, offsetHeight: { value: 600 }, clientLeft: { value: 2 }, clientTop: { value: 4 } })
    Object.defineProperty(outer, 'defaultView', { value: { innerWidth: 1000, innerHeight: 400, visualViewport: null, frameElement: null }, configurable: true })
    let above: Element = frame
    const points: (readonly [number, number])[] = []
    outer.elementFromPoint = (x, y) => {
      points.push([x, y])
      return above
    }
    const spy = vi.spyOn(window, 'frameElement', 'get').mockReturnValue(frame)
    const message = shown([100, 100, 300, 200])
    expect(whyUnseen(message)).toBeNull()
    // Half the size, behind a border of 1 and 2 pixels as painted.
    expect(points[0]).toEqual([100 + 1 + 100, 50 + 2 + 75])
    above = outer.createElement('dialog')
    expect(whyUnseen(message)).toBe('covered')
    above = frame
    // The page around is 400 pixels high, 800 of the frame's own: its own 600 are what counts.
    expect(viewportOf(entryOf(message, null), null)).toEqual({ width: 800, height: 600 })
    Object.defineProperty(outer, 'defaultView', { value: { innerWidth: 300, innerHeight: 100, visualViewport: null, frameElement: null }, configurable: true })
    expect(viewportOf(entryOf(message, null), null)).toEqual({ width: 600, height: 200 })
    Object.defineProperty(outer, 'defaultView', { value: { innerWidth: 1000, innerHeight: 400, visualViewport: null, frameElement: null }, configurable: true })
    // Only its left edge is in the window: 48 pixels, 96 of its own.
    place(frame, 952, 50, 1352, 350)
    expect(whyUnseen(message)).toBe('notEnoughVisible')
    spy.mockImplementation(() => {
      throw new DOMException('cross-origin', 'SecurityError')
    })
    expect(whyUnseen(message)).toBeNull()
  })
})
