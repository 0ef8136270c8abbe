/** Numbers, times, lists and plurals of one language, by Intl. Each is made when it is first needed. */

/** The forms a language tells apart; `other` serves for every form that is left out. @public */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

/** @public */
export interface Formatters {
  /** 1234 → "1,234". */
  number(value: number): string
  /** Epoch milliseconds → "9:41 AM". */
  time(atMs: number): string
  /** Epoch milliseconds → "Today", "Yesterday", a weekday within the last week, else a date; `nowMs` decides which. */
  day(atMs: number, nowMs: number): string
  /** Short for a list of conversations: a time today, "Yesterday", a weekday, else a short date, with its year where that is another one. */
  dayOrTime(atMs: number, nowMs: number): string
  /** Epoch milliseconds → the whole date and time, for tooltips. */
  full(atMs: number): string
  /** ["Ada", "Bo"] → "Ada and Bo". */
  list(values: readonly string[]): string
  /** Picks the form for `count`; "#" in it becomes the formatted number. */
  plural(count: number, forms: PluralForms): string
  /** 71204 → "71 kB". */
  bytes(size: number): string
  /** 61,000 ms → "1:01". */
  duration(ms: number): string
  /** 800 ms → "0.8 sec". */
  seconds(ms: number): string
}

/** @public */
export interface FormatterOptions {
  /** IANA name; default: the device's own. */
  readonly timeZone?: string
}

const DAY_MS = 86_400_000
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/**
 * @param tag - BCP 47 language tag
 * @throws RangeError when the tag or the time zone is malformed
 * @public
 */
export function createFormatters(tag: string, options: FormatterOptions = {}): Formatters {
  const zone = options.timeZone === undefined ? {} : { timeZone: options.timeZone }
  const date = (format: Intl.DateTimeFormatOptions) => lazy(() => new Intl.DateTimeFormat(tag, { ...zone, ...format }))
  const time = date({ timeStyle: 'short' })
  const weekday = date({ weekday: 'long' })
  const shortWeekday = date({ weekday: 'short' })
  const monthDay = date({ month: 'long', day: 'numeric' })
  const yearMonthDay = date({ year: 'numeric', month: 'long', day: 'numeric' })
  const shortMonthDay = date({ month: 'short', day: 'numeric' })
  const shortDate = date({ year: '2-digit', month: 'numeric', day: 'numeric' })
  const full = date({ dateStyle: 'full', timeStyle: 'short' })
  const parts = lazy(() => new Intl.DateTimeFormat('en-US', { ...zone, year: 'numeric', month: 'numeric', day: 'numeric' }))
  const relative = lazy(() => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }))
  const number = lazy(() => new Intl.NumberFormat(tag))
  const list = lazy(() => new Intl.ListFormat(tag, { type: 'conjunction' }))
  const plurals = lazy(() => new Intl.PluralRules(tag))

  /** By its parts: no language writes dates the same way in every browser. */
  const dateOf = (atMs: number) => Object.fromEntries(parts().formatToParts(atMs).map(({ type, value }) => [type, Number(value)])) as Record<'year' | 'month' | 'day', number>
  const midnight = (atMs: number) => {
    const { year, month, day } = dateOf(atMs)
    return Date.UTC(year, month - 1, day)
  }
  /** Whole calendar days from `atMs` to `nowMs` in the zone; summer time moves no boundary because only dates are subtracted. */
  const daysAgo = (atMs: number, nowMs: number) => Math.round((midnight(nowMs) - midnight(atMs)) / DAY_MS)
  const relativeDay = (ago: number) => capitalise(relative().format(-ago, 'day'), tag)
  const sameYear = (atMs: number, nowMs: number) => dateOf(atMs).year === dateOf(nowMs).year

  return {
    number: (value) => number().format(value),
    time: (atMs) => (isShowable(atMs) ? time().format(atMs) : ''),
    full: (atMs) => (isShowable(atMs) ? full().format(atMs) : ''),
    day(atMs, nowMs) {
      if (!isShowable(atMs)) return ''
      const ago = daysAgo(atMs, nowMs)
      if (ago === 0 || ago === 1) return relativeDay(ago)
      if (ago > 1 && ago < 7) return weekday().format(atMs)
      return (sameYear(atMs, nowMs) ? monthDay() : yearMonthDay()).format(atMs)
    },
    dayOrTime(atMs, nowMs) {
      if (!isShowable(atMs)) return ''
      const ago = daysAgo(atMs, nowMs)
      if (ago === 0) return time().format(atMs)
      if (ago === 1) return relativeDay(1)
      if (ago > 1 && ago < 7) return shortWeekday().format(atMs)
      return (sameYear(atMs, nowMs) ? shortMonthDay() : shortDate()).format(atMs)
    },
    list: (values) => list().format(values),
    plural(count, forms) {
      return (forms[plurals().select(count)] ?? forms.other).replace('#', number().format(count))
    },
    bytes(size) {
      const power = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, size)) / 3)))
      return new Intl.NumberFormat(tag, { style: 'unit', unit: BYTE_UNITS[power] ?? 'byte', unitDisplay: power === 0 ? 'long' : 'short', maximumFractionDigits: 1 }).format(size / 1000 ** power)
    },
    seconds: (ms) => new Intl.NumberFormat(tag, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 1 }).format(ms / 1000),
    duration(ms) {
      if (!Number.isFinite(ms) || ms < 0) return ''
      const seconds = Math.round(ms / 1000)
      const clock = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'))
      const hours = Math.floor(seconds / 3600)
      return hours > 0 ? `${hours}:${clock.join(':')}` : clock.join(':').replace(/^0/, '')
    },
  }
}

/** Times from a wire may be anything; Intl throws on those it cannot show. */
function isShowable(atMs: number): boolean {
  return Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15
}

function capitalise(text: string, tag: string): string {
  const [first = ''] = text
  return first.toLocaleUpperCase(tag) + text.slice(first.length)
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
