'use client'
import type { ComponentType, ReactNode } from 'react'
import type { LazyModule } from './lazyModule.js'
import { useLazyModule } from './useLazyModule.js'

/** A part whose code comes when it is first shown, or when somebody foresees that. */
export type LazyPart<Props> = ComponentType<Props> & {
  /** Fetches the code now; resolves when that is over. A failure is no error: it is tried again when the part is shown. */
  readonly preload: () => Promise<void>
}

/**
 * Shows nothing until the code is here; what failed to come (offline) is asked for again at the next mount. No Suspense: a row must not blink.
 *
 * @param restMs - how long after it was mounted the code is fetched: a part that shows nothing at first leaves the first paint alone. Default 0
 * @param meanwhile - what is shown until then. Default nothing
 */
export function lazyPart<M, Props extends object>(module: LazyModule<M>, pick: (module: M) => ComponentType<Props>, restMs = 0, meanwhile?: (props: Props) => ReactNode): LazyPart<Props> {
  function Lazy(props: Props) {
    const here = useLazyModule(module, true, restMs)
    if (here === null) return meanwhile?.(props) ?? null
    const Part = pick(here)
    // oxlint-disable-next-line react/static-components -- the same one at every rendering
    return <Part {...props} />
  }
  return Object.assign(Lazy, { preload: module.preload })
}
