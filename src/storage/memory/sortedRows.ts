/** Sorted arrays: found by halving, and merged rather than sorted again when many rows come at once. */
import { firstIndex } from '../../model/firstIndex.js'

export type Compare<T> = (a: T, b: T) => number

/** Adds `added` (in any order) in place. */
export function insertSorted<T>(rows: T[], added: T[], compare: Compare<T>): void {
  if (added.length === 0) return
  added.sort(compare)
  const last = rows.at(-1)
  if (last === undefined || compare(last, added[0] as T) <= 0) append(rows, added)
  else if (added.length <= FEW) for (const row of added) rows.splice(firstIndex(rows, (other) => compare(other, row) > 0), 0, row)
  else merge(rows, added, compare)
}

/** Removes the row equal to `row` by `compare`, if it is there. */
export function removeSorted<T>(rows: T[], row: T, compare: Compare<T>): void {
  const index = firstIndex(rows, (other) => compare(other, row) >= 0)
  const found = rows[index]
  if (found !== undefined && compare(found, row) === 0) rows.splice(index, 1)
}

/** Up to this many rows, moving the tail for each is cheaper than one merge. */
const FEW = 8

function append<T>(rows: T[], added: readonly T[]): void {
  for (const row of added) rows.push(row)
}

/** From the end, so that no second array is needed. */
function merge<T>(rows: T[], added: readonly T[], compare: Compare<T>): void {
  let from = rows.length - 1
  let next = added.length - 1
  rows.length += added.length
  for (let to = rows.length - 1; next >= 0; to--) {
    const old = rows[from]
    const fresh = added[next] as T
    if (from >= 0 && compare(old as T, fresh) > 0) {
      rows[to] = old as T
      from--
    } else {
      rows[to] = fresh
      next--
    }
  }
}
