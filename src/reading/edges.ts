import { frameOf, parentOf } from './layoutTree.js'
import type { Size } from './visibilityRule.js'

/** A rectangle of the page, CSS pixels of the window that it is in. */
export interface Edges {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export function overlap(a: Edges, b: Edges): Edges {
  return { left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) }
}

/** Nothing where two did not meet. */
export function sizeOf({ left, top, right, bottom }: Edges): Size {
  return { width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}

/** What everything around an element lets through, and how large the list is that it stands in. */
export interface Clips {
  readonly shown: Edges
  /**
   * Of the list itself, however little of it shows: a message that fills the strip of a list that is scrolled away is not read. Of what is narrower around it,
   * the narrowest, since no message could fill more.
   */
  readonly list: Size
}

/** The list is what scrolls, and all around it; where nothing does, everything that clips. */
export function clipsOf(element: Element, root: Element | null): Clips {
  let { shown, list: any } = viewOf(element)
  let list = any
  let isAround = false
  // Nothing cuts off what is fixed (a panel, a dialog), wherever it is written, nor what is absolute but what is not static; where something does all the same, the observer tells.
  let clip: Element | null
  let isOut = false
  for (let inner = element; (clip = parentOf(inner)); inner = clip) {
    const { position } = getComputedStyle(inner)
    if (position === 'fixed') break
    isOut = position === 'absolute' || (isOut && position === 'static')
    if (isOut && getComputedStyle(clip).position === 'static') continue
    // The page's own overflow is the window's, whose size is known.
    const overflow = /^(html|body)$/i.test(clip.tagName) ? 'visible' : getComputedStyle(clip).overflowY
    if (clip !== root && overflow === 'visible') continue
    const box = clip.getBoundingClientRect()
    // What only clips, within the list, hides something of a message and makes the list no smaller.
    isAround ||= root === null ? /auto|scroll/.test(overflow) : clip === root
    shown = overlap(shown, box)
    any = least(any, box)
    if (isAround) list = least(list, box)
  }
  return { shown, list: isAround ? list : any }
}

export function least(a: Size, b: Size): Size {
  return { width: Math.min(a.width, b.width), height: Math.min(a.height, b.height) }
}

/** The window that an element is in: less than the window where fingers have zoomed into it, where a keyboard stands over it, or where it is a frame of which only a part shows. */
function viewOf(element: Element): Clips {
  const view: Partial<Window> = element.ownerDocument?.defaultView ?? {}
  const { innerWidth = Infinity, innerHeight = Infinity, visualViewport } = view
  const whole = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }
  const frame = frameOf(element)
  if (frame) return within(frame, whole)
  const { offsetLeft = 0, offsetTop = 0, width = innerWidth, height = innerHeight }: Partial<VisualViewport> = visualViewport ?? {}
  const shown = overlap(whole, { left: offsetLeft, top: offsetTop, right: offsetLeft + width, bottom: offsetTop + height })
  // A frame of another origin may be longer than any window could show. Of the window around it nothing is told but its outer size, as it is without zoom.
  const around = (size: number | undefined) => (view.parent !== view && size) || Infinity
  return { shown, list: least(sizeOf(shown), { width: around(view.outerWidth), height: around(view.outerHeight) }) }
}

/** What shows of a frame, as its own page has it. */
function within(frame: Element, whole: Edges): Clips {
  const { left, top, scaleX, scaleY } = placeOf(frame)
  const { shown, list } = clipsOf(frame, null)
  return {
    shown: overlap(whole, { left: (shown.left - left) / scaleX, top: (shown.top - top) / scaleY, right: (shown.right - left) / scaleX, bottom: (shown.bottom - top) / scaleY }),
    list: least(sizeOf(whole), { width: list.width / scaleX, height: list.height / scaleY }),
  }
}

/** A point of a frame's page, in the page around it. Frames may be scaled. */
export function outward(frame: Element, x: number, y: number): readonly [x: number, y: number] {
  const { left, top, scaleX, scaleY } = placeOf(frame)
  return [left + x * scaleX, top + y * scaleY]
}

/** Where the page of a frame begins, within its border, and how large one of its pixels is painted. */
export function placeOf(frame: Element): { readonly left: number; readonly top: number; readonly scaleX: number; readonly scaleY: number } {
  const { left, top, width, height } = frame.getBoundingClientRect()
  const { offsetWidth, offsetHeight, clientLeft, clientTop } = frame as HTMLElement
  const scaleX = width / offsetWidth
  const scaleY = height / offsetHeight
  return { left: left + clientLeft * scaleX, top: top + clientTop * scaleY, scaleX, scaleY }
}
