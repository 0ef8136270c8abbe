import type { VisibleBox } from './visibilityRule.js'

/**
 * What an intersection says about an element; null while it is outside the viewport.
 *
 * The viewport is what a person can see of the list: an embedded chat with `root: null` fills a panel, not the window, and a message
 * taller than that panel could never fill half of the window. So every clipping ancestor narrows it.
 */
export function boxOf(entry: IntersectionObserverEntry): VisibleBox | null {
  if (!entry.isIntersecting) return null
  const { boundingClientRect: whole, intersectionRect: seen, rootBounds } = entry
  const view = entry.target.ownerDocument?.defaultView
  // A frame of another origin is not told the bounds of the page around it.
  let viewportWidth = rootBounds?.width ?? view?.innerWidth ?? Infinity
  let viewportHeight = rootBounds?.height ?? view?.innerHeight ?? Infinity
  for (let parent = entry.target.parentElement; parent && view; parent = parent.parentElement) {
    if (view.getComputedStyle(parent).overflowY === 'visible') continue
    viewportWidth = Math.min(viewportWidth, parent.clientWidth)
    viewportHeight = Math.min(viewportHeight, parent.clientHeight)
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
 * Whether something lies over all of the element's visible part (a modal, a menu, another window of the app), or it is not painted.
 * Asks the page what is on top at five points; one free point is enough. Layers with `pointer-events: none` go unnoticed.
 * @public
 */
export function isElementCovered(element: Element): boolean {
  if (element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return true
  const root = element.getRootNode() as Document | ShadowRoot
  const view = element.ownerDocument.defaultView
  if (typeof root.elementFromPoint !== 'function' || !view) return false
  const rect = element.getBoundingClientRect()
  const left = Math.max(0, rect.left)
  const top = Math.max(0, rect.top)
  const width = Math.min(view.innerWidth, rect.right) - left
  const height = Math.min(view.innerHeight, rect.bottom) - top
  return PROBES.every(([x, y]) => {
    const hit = root.elementFromPoint(left + width * x, top + height * y)
    return hit !== null && !element.contains(hit) && !hit.contains(element)
  })
}

const PROBES = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]] as const
