'use client'
import { useEffect, useState } from 'react'
import { systemClock } from '../model/index.js'
import type { LazyModule } from './lazyModule.js'

/**
 * Code that comes later, for a part that is shown before: null until it is here, when the part renders again. What failed to come (offline)
 * is asked for again at the next mount.
 *
 * @param wanted - false fetches nothing
 * @param restMs - how long after the mount it is fetched: what shows nothing at first leaves the first paint alone. Default 0
 */
export function useLazyModule<T>(module: LazyModule<T>, wanted: boolean, restMs = 0): T | null {
  const here = module.now()
  const [isHere, arrived] = useState(here !== null)
  useEffect(() => {
    if (isHere || !wanted) return
    let mounted = true
    const fetch = () => void module.load().then(() => mounted && arrived(true), () => {})
    const stop = restMs === 0 ? fetch() : systemClock.setTimer(fetch, restMs)
    return () => {
      mounted = false
      stop?.()
    }
  }, [module, isHere, wanted, restMs])
  return here
}
