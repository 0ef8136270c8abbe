import { useEffect, useState } from 'react'
import type { Clock } from '../model/index.js'

/** Timers stand still while a machine sleeps: after this many milliseconds the day is looked at again in any case. */
const LOOK_AGAIN_MS = 15 * 60_000

/** The beginning of the current day, epoch milliseconds, on the device's calendar. Renders again at midnight. */
export function useToday(clock: Clock): number {
  const [today, setToday] = useState(() => dayStart(clock.now()))
  useEffect(() => {
    const now = clock.now()
    setToday(dayStart(now))
    let stop = clock.setTimer(look, nextLookMs(now))
    return () => stop()

    function look(): void {
      const later = clock.now()
      setToday(dayStart(later))
      stop = clock.setTimer(look, nextLookMs(later))
    }
  }, [clock])
  return today
}

function dayStart(time: number, days = 0): number {
  const date = new Date(time)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}

function nextLookMs(now: number): number {
  return Math.max(1, Math.min(LOOK_AGAIN_MS, dayStart(now, 1) - now))
}
