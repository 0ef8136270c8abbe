import { samePoint } from '../model/samePoint.js'
import type { Gap } from '../storage/index.js'

/** Whether two stretches that are missing are one. */
export function sameGap(a: Pick<Gap, 'after' | 'before'>, b: Pick<Gap, 'after' | 'before'>): boolean {
  return samePoint(a.after, b.after) && samePoint(a.before, b.before)
}
