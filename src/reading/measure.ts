import type { VisibleBox } from './visibilityRule.js'

/**
 * What an intersection says about an element; null while nothing of it is in the window.
 *
 * The viewport is what a person can see of the list. An embedded chat fills a panel, not the window, and a message taller than that
 * panel could never fill half of the window. So the list's own scrolling element, or else every clipping ancestor, narrows it.
 */
export function boxOf(entry: IntersectionObserverEntry, root: Element | null): VisibleBox | null {
  if (!entry.isIntersecting) return null
  const { boundingClientRect: whole, intersectionRect: seen, rootBounds, target } = entry
  const view = target.ownerDocument?.defaultView
  // A frame of another origin is not told the bounds of the page around it.
  let viewportWidth = Math.min(rootBounds?.width ?? Infinity, view?.innerWidth ?? Infinity)
  let viewportHeight = Math.min(rootBounds?.height ?? Infinity, view?.innerHeight ?? Infinity)
  // What shows whole is enough by itself.
  const clips = root ? [root] : entry.intersectionRatio < 1 ? clippingAncestors(target) : []
  for (const { clientWidth, clientHeight } of clips) {
    viewportWidth = Math.min(viewportWidth, clientWidth)
    viewportHeight = Math.min(viewportHeight, clientHeight)
  }
  return { width: whole.width, height: whole.height, visibleWidth: seen.width, visibleHeight: seen.height, viewportWidth, viewportHeight }
}

/**
 * Steps at which a change is told, from 1 down to 0.001 by tenths of themselves: a message of two hundred screens still crosses one
 * every tenth of its visible part. They also tell of every resize that matters.
 */
export function thresholdsFor(fraction: number): number[] {
  const steps = [0, fraction, Math.max(0, fraction - 0.005)]
  for (let step = 1; step > 0.001; step *= 0.9) steps.push(step)
  return steps.sort((a, b) => a - b)
}

/**
 * Whether something lies over more than half of the element's visible part (a modal, a menu, another panel of the app), or it is not
 * painted in a size that anybody could read. Asks the page what is on top at five points. Layers with `pointer-events: none`, filters,
 * masks and a nearly transparent page go unnoticed.
 * @public
 */
export function isElementCovered(element: Element): boolean {
  if (element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return true
  const tree = element.getRootNode() as Document | ShadowRoot
  const view = element.ownerDocument.defaultView
  if (typeof tree.elementFromPoint !== 'function' || !view) return false
  let { left, top, right, bottom } = element.getBoundingClientRect()
  if (right - left < MIN_PAINTED_PX || bottom - top < MIN_PAINTED_PX) return true
  const clips = [{ left: 0, top: 0, right: view.innerWidth, bottom: view.innerHeight }, ...clippingAncestors(element).map((clip) => clip.getBoundingClientRect())]
  for (const clip of clips) {
    left = Math.max(left, clip.left)
    top = Math.max(top, clip.top)
    right = Math.min(right, clip.right)
    bottom = Math.min(bottom, clip.bottom)
  }
  const covered = PROBES.filter(([x, y]) => {
    const hit = tree.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y)
    return hit !== null && !element.contains(hit) && !hit.contains(element)
  })
  return covered.length > PROBES.length / 2
}

/** Below this width or height nothing can be read: half a line of small print, in CSS pixels as painted. A chat scaled away is one. */
const MIN_PAINTED_PX = 8

const PROBES = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]] as const

function clippingAncestors(element: Element): Element[] {
  const found: Element[] = []
  const view = element.ownerDocument.defaultView
  for (let parent = parentOf(element); parent && view; parent = parentOf(parent)) {
    // The page's own overflow is the window's, whose size is known.
    if (parent !== element.ownerDocument.body && parent !== element.ownerDocument.documentElement && view.getComputedStyle(parent).overflowY !== 'visible') found.push(parent)
  }
  return found
}

/** The parent as it is laid out: through slots and out of shadow trees. */
function parentOf(element: Element): Element | null {
  return element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host ?? null
}
