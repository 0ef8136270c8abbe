import { outermostWindow } from './outermostWindow.js'
import type { PageVisibility } from './ports.js'

/** Whether a window is looked at: that of the page, or one that it opened and shows something in. Without one nothing is visible. */
export function visibilityOf(viewOf: () => Window | null): PageVisibility {
  return {
    isVisible: () => viewOf()?.document.visibilityState === 'visible',
    hasFocus() {
      const view = viewOf()
      return view !== null && outermostWindow(view).document.hasFocus()
    },
    subscribe(listener) {
      const own = viewOf()
      if (!own) return () => {}
      const end = new AbortController()
      for (const view of new Set([own, outermostWindow(own)])) for (const type of VISIBILITY_EVENTS) view.addEventListener(type, listener, end)
      return () => end.abort()
    },
  }
}

/** The first comes up from the document. */
const VISIBILITY_EVENTS = ['visibilitychange', 'focus', 'blur', 'pagehide', 'pageshow', 'freeze', 'resume']
