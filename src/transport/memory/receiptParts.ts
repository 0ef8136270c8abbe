/** How far somebody got may be more stretches than one receipt may name: it is told in parts, which are joined where they come. */
import type { IncomingReceipt } from '../transport.js'

/** Of one receipt; a device takes ten times as many. */
const MOST_RANGES = 1_000

export function inParts<T extends IncomingReceipt>(receipt: T): readonly T[] {
  const { ranges = [] } = receipt
  if (ranges.length <= MOST_RANGES) return [receipt]
  const { ids: _ids, content: _content, count: _count, ...rest } = receipt
  const parts = Array.from({ length: Math.ceil(ranges.length / MOST_RANGES) }, (_, n) => ranges.slice(n * MOST_RANGES, (n + 1) * MOST_RANGES))
  return parts.map((part, n) => ({ ...(n === 0 ? receipt : (rest as T)), ranges: part }))
}
