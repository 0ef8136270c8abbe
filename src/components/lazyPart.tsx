'use client'
import { useEffect, useState, type ComponentType } from 'react'
import { systemClock } from '../model/index.js'

/** A part whose code comes when it is first shown, or when somebody foresees that. */
export type LazyPart<Props> = ComponentType<Props> & {
  /** Fetches the code now; resolves when that is over. A failure is no error: it is tried again when the part is shown. */
  readonly preload: () => Promise<void>
}

/**
 * Shows nothing until the code is here; what failed to come (offline) is asked for again at the next mount. No Suspense: a row must not blink.
 *
 * @param restMs - how long after it was mounted the code is fetched: a part that shows nothing at first leaves the first paint alone. Default 0
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>, restMs = 0): LazyPart<Props> {
  let loaded: ComponentType<Props> | null = null
  const fetch = async () => {
    loaded ??= await load()
  }
  function Lazy(props: Props) {
    const [, arrived] = useState(loaded !== null)
    useEffect(() => {
      let wanted = true
      const begin = () => void fetch().then(() => wanted && arrived(true), () => {})
      const stop = loaded === null ? (restMs === 0 ? begin() : systemClock.setTimer(begin, restMs)) : undefined
      return () => {
        wanted = false
        stop?.()
      }
    }, [])
    const Part = loaded
    return Part === null ? null : <Part {...props} />
  }
  return Object.assign(Lazy, { preload: () => fetch().catch(() => {}) })
}
