/** Index of the first row for which `isAfter` holds; rows for which it holds are all at the end. */
export function firstIndex<T>(rows: readonly T[], isAfter: (row: T) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAfter(rows[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
