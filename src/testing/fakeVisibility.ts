import type { PageVisibility } from '../model/index.js'

/** A page whose visibility and focus are set by the test. @public */
export interface FakeVisibility extends PageVisibility {
  /** Tab in front or behind; a hidden page has no focus either. */
  setVisible(isVisible: boolean): void
  setFocus(hasFocus: boolean): void
  /** The last word before the page may be frozen or discarded. */
  pagehide(): void
}

/** Visible and focused until told otherwise. @public */
export function createFakeVisibility(): FakeVisibility {
  const listeners = new Set<() => void>()
  let visible = true
  let focus = true
  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }
  return {
    isVisible: () => visible,
    hasFocus: () => visible && focus,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setVisible(isVisible) {
      visible = isVisible
      tell()
    },
    setFocus(hasFocus) {
      focus = hasFocus
      tell()
    },
    pagehide() {
      visible = false
      tell()
    },
  }
}
