/** Why a message does not count as read yet. `unsupported`: no IntersectionObserver here. @public */
export type UnreadReason = 'disabled' | 'unsupported' | 'hidden' | 'blurred' | 'offScreen' | 'notEnoughVisible' | 'notSettled' | 'covered' | 'dwelling'

/** How much of an element is on screen, in CSS pixels. @public */
export interface VisibleBox {
  readonly width: number
  readonly height: number
  readonly visibleWidth: number
  readonly visibleHeight: number
  readonly viewportWidth: number
  readonly viewportHeight: number
}

/** The page as the rule sees it. @public */
export interface PageGates {
  readonly isVisible: boolean
  readonly hasFocus: boolean
  /** False while the list jumps, restores or measures. */
  readonly isSettled: boolean
}

/** Layout rounds to fractions of a pixel; a message that is exactly half visible must not fail by a thousandth. */
const SLACK = 0.005

/**
 * Whether enough is visible to be read: at least `fraction` of the message, or at least `fraction` of the viewport filled by it.
 * The second half is for messages taller than the screen, which never show half of themselves.
 * Zero-sized and `display: none` elements never count.
 * @public
 */
export function isEnoughVisible(box: VisibleBox, fraction: number): boolean {
  if (box.width <= 0 || box.height <= 0 || box.visibleWidth <= 0 || box.visibleHeight <= 0) return false
  const least = fraction - SLACK
  const ofMessage = (box.visibleWidth * box.visibleHeight) / (box.width * box.height)
  if (ofMessage >= least) return true
  const acrossEnough = box.visibleWidth >= least * Math.min(box.width, box.viewportWidth)
  return acrossEnough && box.visibleHeight >= least * box.viewportHeight
}

/** The page's reasons against any reading, in the order in which a person would fix them. @public */
export function gateReasons(gates: PageGates, requireFocus: boolean): readonly UnreadReason[] {
  const reasons: UnreadReason[] = []
  if (!gates.isVisible) reasons.push('hidden')
  else if (requireFocus && !gates.hasFocus) reasons.push('blurred')
  if (!gates.isSettled) reasons.push('notSettled')
  return reasons
}

/** The message's own reasons: null box = outside the viewport. @public */
export function boxReasons(box: VisibleBox | null, fraction: number): readonly UnreadReason[] {
  if (box === null) return ['offScreen']
  return isEnoughVisible(box, fraction) ? [] : ['notEnoughVisible']
}
