import type { Stop } from '../model/index.js'
import { telling } from '../model/telling.js'
import type { DwellObserver, DwellPolicy, DwellView } from '../reading/dwellTypes.js'

/** What a hook needs of an observer. */
export type SharedDwell = Pick<DwellObserver, 'observe' | 'getView' | 'subscribe' | 'forget'>

/** Nothing is known of it yet. */
export const OFF_SCREEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }

const shared = new Map<string, SharedDwell>()

/** One observer a page for each policy. What is no such setting is the default, and no other's: a text may look like a number. */
export function sharedDwell(policy: DwellPolicy): SharedDwell {
  const key = Object.values(policy).map((value) => `${typeof value} ${value}`).join()
  let dwell = shared.get(key)
  if (!dwell) shared.set(key, (dwell = loadedDwell(policy)))
  return dwell
}

/** An observer whose code comes with the first element: until then nothing is read. Code that does not come (offline) is asked for again with the next element, and watches all of them then. */
function loadedDwell(policy: DwellPolicy): SharedDwell {
  let made: DwellObserver | undefined
  const listeners = new Set<() => void>()
  /** Begins to watch each that came before the code did. */
  const waiting = new Set<(observer: DwellObserver) => void>()
  const load = async (): Promise<void> => {
    const [{ createDwellObserver }, { whyMessageUnseen }] = await Promise.all([import('../reading/createDwellObserver.js'), import('../reading/whyMessageUnseen.js')])
    if (made) return
    made = createDwellObserver({ policy, whyUnseen: whyMessageUnseen, onRead() {} })
    made.subscribe(() => [...listeners].forEach((listener) => telling(listener)()))
    for (const begin of waiting) begin(made)
    waiting.clear()
  }
  return {
    observe(element, id) {
      if (made) return made.observe(element, id)
      let stop: Stop | undefined
      const begin = (observer: DwellObserver) => {
        stop = observer.observe(element, id)
      }
      waiting.add(begin)
      load().catch(() => {})
      return () => {
        waiting.delete(begin)
        stop?.()
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
