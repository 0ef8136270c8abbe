/** Beside the other ports of the system, which every client loads: this one comes with what asks for it. */
import { outermostWindow } from './outermostWindow.js'
import type { UserActivity } from './ports.js'

/** What only a person does to a page, and their coming back to it. */
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'focus', 'visibilitychange']

/** Signs at this page, and at the one around it where it may be asked. @public */
export const systemActivity: UserActivity = {
  subscribe(listener) {
    if (typeof window === 'undefined') return () => {}
    const end = new AbortController()
    const hasMoved = movements()
    const note = (event: Event) => (event.type !== 'pointermove' || hasMoved(event as PointerEvent)) && listener()
    for (const view of new Set([window, outermostWindow()])) for (const type of SIGNS) view.addEventListener(type, note, { signal: end.signal, capture: true, passive: true })
    return () => end.abort()
  },
}

/** A browser also tells of a pointer that lies still when the page moves below it. */
function movements(): (event: PointerEvent) => boolean {
  let place: string | null = null
  return ({ screenX, screenY }) => {
    const before = place
    place = `${screenX} ${screenY}`
    return before !== null && before !== place
  }
}
