'use client'
import { useEffect, useSyncExternalStore } from 'react'
import { systemClock } from '../model/index.js'
import type { LazyModule } from './lazyModule.js'

/**
 * Code that comes later, for a part that is shown before: null until it is here, whoever asked for it, when the part renders again. What failed to come
 * (offline) is asked for again at the next mount.
 *
 * @param wanted - false fetches nothing
 * @param restMs - how long after the mount it is fetched: what shows nothing at first leaves the first paint alone. Default 0
 */
export function useLazyModule<T>(module: LazyModule<T>, wanted: boolean, restMs = 0): T | null {
  const here = useSyncExternalStore(module.subscribe, module.now, module.now)
  const isMissing = wanted && here === null
  useEffect(() => {
    if (!isMissing) return
    if (restMs !== 0) return systemClock.setTimer(() => void module.preload(), restMs)
    void module.preload()
  }, [module, isMissing, restMs])
  return here
}
