/**
 * Why a message does not count as read yet. `unsupported`: no IntersectionObserver here. `idle`: nobody has touched anything for longer than the policy allows.
 * `notPainted`: hidden, transparent, tiny, mostly a picture that has not come, or failed, or a voice message whose player has not come. `cannotBeShown`: something
 * else stands in its place, since its kind is not known here, a part of it threw, or its picture failed. `shortened`: only the beginning of its text is drawn.
 * @public
 */
export type UnreadReason = 'disabled' | 'unsupported' | 'hidden' | 'blurred' | 'idle' | 'offScreen' | 'notEnoughVisible' | 'notSettled' | 'notPainted' | 'cannotBeShown' | 'shortened' | 'covered' | 'dwelling'

/** CSS pixels. @public */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Layout rounds to fractions of a pixel; a message that is exactly half visible must not fail by a thousandth. */
export const SLACK = 0.005

/** A line of small print, CSS pixels. Of a list that a keyboard or a splitter leaves no more of, nothing can be read. */
const LINE_PX = 16

/**
 * Whether enough is visible to be read: at least `fraction` of the message, or at least `fraction` of the viewport filled by it, and a line of it.
 * The second half is for messages taller than the screen, which never show half of themselves.
 * What has no size never counts.
 *
 * @param seen - the part of the message that shows
 * @public
 */
export function isEnoughVisible(message: Size, seen: Size, viewport: Size, fraction: number): boolean {
  const least = fraction - SLACK
  const area = seen.width * seen.height
  if (!(area > 0)) return false
  if (area >= least * message.width * message.height) return true
  return seen.width >= least * Math.min(message.width, viewport.width) && seen.height >= Math.max(LINE_PX, least * viewport.height)
}

/** The page's reasons against any reading, in the order in which a person would fix them. `isIdle`: nobody is there; `isSettled`: false while the list jumps, restores or measures. @public */
export function gateReasons(isVisible: boolean, hasFocus: boolean, isSettled: boolean, isIdle: boolean = false): readonly UnreadReason[] {
  const reasons: UnreadReason[] = isVisible ? (hasFocus ? [] : ['blurred']) : ['hidden']
  if (isIdle) reasons.push('idle')
  return isSettled ? reasons : [...reasons, 'notSettled']
}
