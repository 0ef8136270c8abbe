'use client'
import { useContext, useEffect, useMemo, useRef, type ReactNode } from 'react'
import { systemClock, type Stop } from '../model/index.js'
import { AnnouncerContext, type Announce } from './announcerContext.js'
import { useOptionalClient } from './clientContext.js'

/** What was said is taken away after this long, milliseconds: nobody is to find a transcript by moving through the page. */
const KEPT_MS = 10_000

/** One polite live region for everything within the outermost provider. */
export function Announcer({ children }: { children: ReactNode }) {
  const outer = useContext(AnnouncerContext)
  return outer === null ? <Voice>{children}</Voice> : children
}

/** Written to directly: what is said renders nothing. */
function Voice({ children }: { children: ReactNode }) {
  const client = useOptionalClient()
  const region = useRef<HTMLDivElement>(null)
  const stops = useRef(new Set<Stop>())
  const announce = useMemo<Announce>(() => (text) => {
    const { current } = region
    if (current === null || text === '') return
    const line = document.createElement('p')
    line.dir = 'auto'
    line.textContent = text
    current.append(line)
    const stop = systemClock.setTimer(() => {
      line.remove()
      stops.current.delete(stop)
    }, KEPT_MS)
    stops.current.add(stop)
  }, [])
  useEffect(() => {
    const { current } = stops
    const said = region.current
    return () => {
      current.forEach((stop) => stop())
      current.clear()
      said?.replaceChildren()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- what one account was told, another is not to find
  }, [client])
  return (
    <AnnouncerContext.Provider value={announce}>
      {children}
      <div ref={region} className="rb-sr rb-announcer" aria-live="polite" aria-relevant="additions" />
    </AnnouncerContext.Provider>
  )
}
