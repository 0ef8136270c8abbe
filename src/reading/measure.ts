import { DEFAULT_DWELL_POLICY } from '../receipts/dwellPolicy.js'
import { clipsOf, least, overlap, placeOf, sizeOf } from './edges.js'
import { clearShare } from './hitTest.js'
import { frameOf } from './layoutTree.js'
import { isEnoughVisible, type Size, type UnreadReason } from './visibilityRule.js'

/** What the page says against an element's being seen. @public */
export type UnseenReason = Extract<UnreadReason, 'notPainted' | 'cannotBeShown' | 'shortened' | 'notEnoughVisible' | 'covered'>

/**
 * What a person can see of the list around an element.
 *
 * An embedded chat fills a panel, not the window, and a message taller than that panel could never fill half of the window. So the list's own
 * scrolling element, and all that clips it, narrows it; and so does the window around a frame, which tells its bounds to frames of its own origin.
 */
export function viewportOf({ rootBounds, target }: IntersectionObserverEntry, root: Element | null): Size {
  const { list } = clipsOf(target, root)
  return rootBounds ? least(list, rootBounds) : list
}

/**
 * Why a person cannot see an element that is on screen, or null when they can: it, or a frame of the same origin around it, is not painted in a size that anybody
 * could read; or it is mostly pictures that have not come, or failed (a part with `aria-busy="true"` counts as one); or what shows of it, less what lies over that
 * (a dialog, a menu, a header that sticks), is less than `fraction` of it and of its list. Asks the page at five points what is on top, and at more where something is.
 * Layers with `pointer-events: none`, filters, masks and a nearly transparent page go unnoticed.
 * @param root - the list's scrolling element; default the nearest around
 * @public
 */
export function whyUnseen(element: Element, fraction: number = DEFAULT_DWELL_POLICY.visibleFraction, root: Element | null = null): UnseenReason | null {
  // Where nothing is laid out nothing can be asked.
  if (!element.ownerDocument.elementFromPoint) return null
  const message = element.getBoundingClientRect()
  if (!isPainted(element, message) || isMissing(element, message)) return 'notPainted'
  const { shown: letThrough, list } = clipsOf(element, root)
  const shown = overlap(letThrough, message)
  const { width, height } = sizeOf(shown)
  const isEnough = (clear: number) => isEnoughVisible(message, { width, height: height * clear }, list, fraction)
  return !isEnough(1) ? 'notEnoughVisible' : isEnough(clearShare(element, shown)) ? null : 'covered'
}

/**
 * Below this width or height nothing can be read: half a line of small print, in CSS pixels as painted. Nor where a line, which takes twice the size of its letters, is painted lower than that,
 * however many there are: in a chat on a canvas that is zoomed out, say.
 */
const MIN_PAINTED_PX = 8

/** Whether anybody could see and read it: frames around it are transparent, or scaled, with all that is in them. A page of another origin does not tell. */
function isPainted(element: Element, { width, height }: Size, line = lineOf(element)): boolean {
  if (!(Math.min(width, height, line) >= MIN_PAINTED_PX) || element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return false
  const frame = frameOf(element)
  if (!frame) return true
  const { scaleX, scaleY } = placeOf(frame)
  return isPainted(frame, { width: width * scaleX, height: height * scaleY }, line * Math.max(scaleX, scaleY))
}

/** How high a line of it is painted in its own page; no letters count as smaller than usual, since a row may have set that for what is not written. */
function lineOf(element: Element): number {
  const { scaleX, scaleY } = placeOf(element)
  return Math.max(32, 2 * parseFloat(getComputedStyle(element).fontSize) || 0) * (Math.max(scaleX, scaleY) || 1)
}

/** Whether most of it is still to come, or pictures that failed: nobody has seen those either. Of a row of pictures what is beside the message counts for nothing. */
function isMissing(element: Element, message: DOMRect): boolean {
  let left = message.width * message.height
  let last: Element | undefined
  for (const part of element.matches(PARTS_THAT_COME) ? [element] : element.querySelectorAll(PARTS_THAT_COME)) {
    // A picture within a part that waits for it is not missing twice.
    if (isHere(part as HTMLImageElement) || last?.contains(part)) continue
    last = part
    const { width, height } = sizeOf(overlap(part.getBoundingClientRect(), message))
    left -= width * height * 2
  }
  return left <= 0
}

/** Drawings that name no size of their own, by the address of what is here. */
const drawn = new WeakMap<HTMLImageElement, string>()

/** A picture that failed is complete as well, and has no width of its own. Nor has, in some browsers, a drawing that names none: only that can be decoded, which is known by the next look. */
function isHere(picture: HTMLImageElement): boolean {
  const { complete, naturalWidth, currentSrc } = picture
  if (!complete) return false
  if (naturalWidth > 0 || drawn.get(picture) === currentSrc) return true
  picture.decode?.().then(() => drawn.set(picture, currentSrc), () => {})
  return false
}

const PARTS_THAT_COME = 'img, [aria-busy="true"]'
