import { useEffect, useState } from 'react'
import type { Clock, Stop } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'

/** Timers stand still while a machine sleeps, and a locale may have another time zone: after this many milliseconds the day is looked at again in any case. */
const LOOK_AGAIN_MS = 15 * 60_000

/** A moment of the current day, epoch milliseconds, in whatever time zone its words are written. Renders again at midnight. */
export function useToday(clock: Clock): number {
  const { formatters } = useLocale()
  const [today, setToday] = useState(() => clock.now())
  useEffect(() => {
    let stop: Stop
    const look = () => {
      const now = clock.now()
      setToday((before) => (formatters.day(before, now) === formatters.day(now, now) ? before : now))
      stop = clock.setTimer(look, Math.min(LOOK_AGAIN_MS, new Date(now).setHours(24, 0, 0, 0) - now))
    }
    look()
    return () => stop()
  }, [clock, formatters])
  return today
}
