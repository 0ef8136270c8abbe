import type { Size } from './visibilityRule.js'

/**
 * What a person can see of the list around an element.
 *
 * An embedded chat fills a panel, not the window, and a message taller than that panel could never fill half of the window. So the list's own
 * scrolling element, or else every clipping ancestor, narrows it; and so does the window around a frame, which tells its bounds to frames of its own origin.
 */
export function viewportOf({ rootBounds, target }: IntersectionObserverEntry, root: Element | null): Size {
  const [left, top, right, bottom] = clipOf(target, root ?? parentOf(target), root)
  return { width: Math.min(right - left, rootBounds?.width ?? Infinity), height: Math.min(bottom - top, rootBounds?.height ?? Infinity) }
}

/**
 * Whether something lies over more than half of the element's visible part (a modal, a menu, another panel of the app), or it is not
 * painted in a size that anybody could read. Asks the page what is on top at five points. Layers with `pointer-events: none`, filters,
 * masks and a nearly transparent page go unnoticed.
 * @public
 */
export function isElementCovered(element: Element): boolean {
  const tree = element.getRootNode() as Document | ShadowRoot
  // Where nothing is laid out nothing can be asked.
  if (!tree.elementFromPoint) return false
  const { width, height } = element.getBoundingClientRect()
  if (Math.min(width, height) < MIN_PAINTED_PX || element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return true
  const [left, top, right, bottom] = clipOf(element, element, element)
  const covered = PROBES.filter(([x, y]) => {
    const hit = tree.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y)
    return hit && !element.contains(hit) && !hit.contains(element)
  })
  return covered.length > PROBES.length / 2
}

/** Below this width or height nothing can be read: half a line of small print, in CSS pixels as painted. A chat scaled away is one. */
const MIN_PAINTED_PX = 8

const PROBES = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]] as const

/** Left, top, right and bottom of what everything from `first` outward lets through of the window. */
function clipOf({ ownerDocument }: Element, first: Element | null, root: Element | null): [left: number, top: number, right: number, bottom: number] {
  const view = ownerDocument?.defaultView
  let left = 0
  let top = 0
  let right = view?.innerWidth ?? Infinity
  let bottom = view?.innerHeight ?? Infinity
  for (let clip = first; clip; clip = parentOf(clip)) {
    // The page's own overflow is the window's, whose size is known.
    if (clip !== root && (/^(html|body)$/i.test(clip.tagName) || getComputedStyle(clip).overflowY === 'visible')) continue
    const rect = clip.getBoundingClientRect()
    left = Math.max(left, rect.left)
    top = Math.max(top, rect.top)
    right = Math.min(right, rect.right)
    bottom = Math.min(bottom, rect.bottom)
  }
  return [left, top, right, bottom]
}

/** The parent as it is laid out: through slots and out of shadow trees. */
function parentOf(element: Element): Element | null {
  return element.assignedSlot ?? element.parentElement ?? (element.getRootNode?.() as Partial<ShadowRoot> | undefined)?.host ?? null
}
