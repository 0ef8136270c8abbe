import { comparePoints, maxPoint, type Progress } from '../model/index.js'
import { partsOf, progressOfParts, type Part } from './parts.js'
import { containsProgress } from './progress.js'

/** What both cover; one of them where the other covers all of it. */
export function commonProgress(a: Progress, b: Progress): Progress {
  if (containsProgress(a, b)) return b
  if (containsProgress(b, a)) return a
  const [left, right] = [partsOf(a), partsOf(b)]
  const common: Part[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [one, other] = [left[i]!, right[j]!]
    const from = maxPoint(one.from, other.from)
    const isFirst = comparePoints(one.to, other.to) <= 0
    const { to } = isFirst ? one : other
    if (from === null || comparePoints(from, to) <= 0) common.push({ from, to })
    if (isFirst) i += 1
    else j += 1
  }
  return progressOfParts(common)
}
