/** Local calendar days, as HTML writes them. Pure. */

/** The day of a time (epoch milliseconds), as `2026-03-09`; undefined where there is none. Years beyond four digits have no such form. */
export function isoDay(timeMs: number): string | undefined {
  const date = new Date(timeMs)
  const year = date.getFullYear()
  if (!(year >= 0 && year <= 9999)) return undefined
  return [String(year).padStart(4, '0'), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** When such a day begins here, epoch milliseconds; NaN where it is none. */
export function dayOf(iso: string): number {
  const [year, month, day] = iso.split('-').map(Number)
  if (year === undefined || month === undefined || day === undefined) return Number.NaN
  const date = new Date(2000, month - 1, day)
  // Two-digit years would be taken for those of the last century.
  date.setFullYear(year, month - 1, day)
  return date.getTime()
}
