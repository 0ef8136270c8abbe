import { telling } from '../model/telling.js'
import type { DwellObserver, DwellPolicy, DwellView } from '../reading/dwellTypes.js'
import { DEFAULT_DWELL_POLICY } from '../receipts/dwellPolicy.js'

/** What a hook needs of an observer. */
export type SharedDwell = Pick<DwellObserver, 'observe' | 'getView' | 'subscribe' | 'forget'>

/** Nothing is known of it yet. */
export const OFF_SCREEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }

const shared = new Map<string, SharedDwell>()

/** One observer a page for each dwell time and each patience with nobody being there. What is no dwell time is the default: NaN would read nothing, and less than nothing everything. */
export function sharedDwell(asked: number, idleAfterMs: number | null): SharedDwell {
  const dwellMs = asked >= 0 ? asked : DEFAULT_DWELL_POLICY.dwellMs
  const key = `${dwellMs} ${idleAfterMs}`
  let dwell = shared.get(key)
  if (!dwell) shared.set(key, (dwell = loadedDwell({ dwellMs, idleAfterMs })))
  return dwell
}

/** An observer whose code comes with the first element: until then nothing is read. Code that does not come (offline) is asked for again with the next element. */
function loadedDwell(policy: Partial<DwellPolicy>): SharedDwell {
  let made: DwellObserver | undefined
  const listeners = new Set<() => void>()
  const load = async (): Promise<DwellObserver> => {
    const [{ createDwellObserver }, { whyMessageUnseen }] = await Promise.all([import('../reading/createDwellObserver.js'), import('../reading/whyMessageUnseen.js')])
    if (!made) {
      made = createDwellObserver({ policy, whyUnseen: whyMessageUnseen, onRead() {} })
      made.subscribe(() => [...listeners].forEach((listener) => telling(listener)()))
    }
    return made
  }
  return {
    observe(element, id) {
      if (made) return made.observe(element, id)
      let stop: (() => void) | null = () => {}
      load().then((observer) => stop && (stop = observer.observe(element, id)), () => {})
      return () => {
        stop?.()
        stop = null
      }
    },
    getView: (id) => made?.getView(id) ?? OFF_SCREEN,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget: (id) => made?.forget(id),
  }
}
