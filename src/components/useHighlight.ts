import { useCallback, useEffect, useRef, useState } from 'react'
import type { Clock, Stop } from '../model/index.js'

/** How long a message that was jumped to stays marked, milliseconds. */
const HIGHLIGHT_MS = 2000

/** The id that is marked, and how to mark one; a later one takes its place. */
export function useHighlight(clock: Clock): readonly [string | null, (id: string) => void] {
  const [marked, setMarked] = useState<string | null>(null)
  const stop = useRef<Stop | null>(null)
  useEffect(() => () => stop.current?.(), [])
  const mark = useCallback((id: string) => {
    stop.current?.()
    setMarked(id)
    stop.current = clock.setTimer(() => setMarked(null), HIGHLIGHT_MS)
  }, [clock])
  return [marked, mark]
}
