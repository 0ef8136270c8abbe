import { systemClock, systemVisibility, type Clock, type PageVisibility, type Stop } from '../model/index.js'
import { DEFAULT_RECEIPT_POLICY, type ReceiptPolicy } from '../receipts/policy.js'
import { NO_DWELL, SAMPLE_INTERVAL_MS, nextSampleIn, sampleDwell, type Dwell } from './dwellClock.js'
import { boxOf, isElementCovered, thresholdsFor } from './measure.js'
import { boxReasons, gateReasons, type UnreadReason, type VisibleBox } from './visibilityRule.js'

/** How far the reading of one message got. @public */
export type DwellState = 'unseen' | 'dwelling' | 'read'

/** State and reasons of one message; the same object until one of them changes. @public */
export interface DwellView {
  readonly state: DwellState
  /** Why it is not read yet; empty once it is. */
  readonly reasons: readonly UnreadReason[]
}

/** @public */
export type DwellPolicy = Pick<ReceiptPolicy, 'dwellMs' | 'visibleFraction' | 'requireFocus'>

/** @public */
export interface DwellObserverOptions {
  /** Told once for each id, when it was read; several that completed together come in one call. */
  readonly onRead: (ids: readonly string[]) => void
  /** The list's scrolling element: what counts as the viewport. Default: found from each element. What is outside the window is never seen, whatever this is. */
  readonly root?: Element | null
  /** Defaults: 800 ms, half, focus required. */
  readonly policy?: Partial<DwellPolicy>
  readonly clock?: Clock
  readonly visibility?: PageVisibility
  /** False while the list jumps or restores; time does not count then. Default: always settled. */
  readonly isSettled?: () => boolean
  /** Whether something lies over an element. Asked when it comes into view and before it counts as read. Default: {@link isElementCovered}. */
  readonly isCovered?: (element: Element) => boolean
  /** For tests and old browsers; default the page's own. */
  readonly IntersectionObserver?: typeof IntersectionObserver
}

/** @public */
export interface DwellObserver {
  /** Watches an element under an id. A new element under the same id takes its place and keeps the time gathered. */
  observe(element: Element, id: string): Stop
  /** Reads at once: opened, played, replied to, reacted to. */
  markNow(id: string): void
  getState(id: string): DwellState
  getReasons(id: string): readonly UnreadReason[]
  getView(id: string): DwellView
  /** Told after the view of any id changed. */
  subscribe(listener: () => void): Stop
  /** Forgets an id that will not come back, with its time. */
  forget(id: string): void
  dispose(): void
}

interface Subject {
  readonly id: string
  element: Element | null
  box: VisibleBox | null
  dwell: Dwell
  view: DwellView
}

const READ: DwellView = { state: 'read', reasons: [] }
const OFF_SCREEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }

/**
 * Watches elements until they have been read: visible for `dwellMs`, accumulated, on a page that is visible and has the focus.
 *
 * One IntersectionObserver says what is on screen; one sampler adds the time and runs only while something is gathering it.
 * A hidden page sends no intersection events and a frozen one no timers, so the page's own visibility stops the clock,
 * and each sample is capped. Nothing runs while nothing is observed.
 * @public
 */
export function createDwellObserver(options: DwellObserverOptions): DwellObserver {
  const { onRead, root = null, clock = systemClock, visibility = systemVisibility, isSettled = () => true, isCovered = isElementCovered } = options
  const { dwellMs, visibleFraction, requireFocus } = { ...DEFAULT_RECEIPT_POLICY, ...options.policy }
  const Intersections = options.IntersectionObserver ?? globalThis.IntersectionObserver
  const subjects = new Map<string, Subject>()
  const byElement = new Map<Element, Subject>()
  const onScreen = new Set<Subject>()
  const listeners = new Set<() => void>()
  let intersections: IntersectionObserver | null = null
  let stopVisibility: Stop | null = null
  let stopTimer: Stop | null = null
  let changed = false

  const show = (subject: Subject, state: DwellState, reasons: readonly UnreadReason[]): void => {
    const { view } = subject
    if (view.state === state && view.reasons.join() === reasons.join()) return
    subject.view = state === 'read' ? READ : { state, reasons }
    changed = true
  }
  const tell = (read: readonly string[]): void => {
    if (changed) for (const listener of [...listeners]) listener()
    changed = false
    if (read.length > 0) onRead(read)
  }
  const release = (subject: Subject): void => {
    onScreen.delete(subject)
    if (subject.element === null) return
    intersections?.unobserve(subject.element)
    byElement.delete(subject.element)
    subject.element = null
    subject.box = null
    if (byElement.size === 0) rest()
  }
  const rest = (): void => {
    intersections?.disconnect()
    stopVisibility?.()
    stopTimer?.()
    intersections = stopVisibility = stopTimer = null
  }
  const finish = (subject: Subject): void => {
    show(subject, 'read', [])
    release(subject)
  }

  /** Adds a sample to one subject. @returns milliseconds until it wants the next, Infinity when only an event can change it, 0 when it is read */
  const sampleOne = (subject: Subject, now: number, gates: readonly UnreadReason[]): number => {
    const { dwell } = subject
    const reasons = [...gates, ...boxReasons(subject.box, visibleFraction)]
    subject.dwell = sampleDwell(dwell, now, reasons.length === 0)
    if (reasons.length > 0) {
      show(subject, 'unseen', reasons)
      // Settling sends no event, so it is asked for as long as it alone closes the page's gates.
      return gates.length === 1 && gates[0] === 'notSettled' ? SAMPLE_INTERVAL_MS : Infinity
    }
    const isDone = subject.dwell.visibleMs >= dwellMs
    if ((isDone || dwell.sampledAt === null) && isCovered(subject.element as Element)) {
      // Found at the end, nobody knows since when: then nothing of this stretch counts.
      subject.dwell = dwell.sampledAt === null ? dwell : NO_DWELL
      show(subject, 'unseen', ['covered'])
      return SAMPLE_INTERVAL_MS
    }
    if (isDone) return 0
    show(subject, 'dwelling', ['dwelling'])
    return nextSampleIn(subject.dwell, dwellMs)
  }
  const sample = (): void => {
    stopTimer?.()
    stopTimer = null
    const gates = gateReasons({ isVisible: visibility.isVisible(), hasFocus: visibility.hasFocus(), isSettled: isSettled() }, requireFocus)
    const now = clock.monotonic()
    const read: string[] = []
    let waitMs = Infinity
    for (const subject of [...onScreen]) {
      const wantsInMs = sampleOne(subject, now, gates)
      if (wantsInMs > 0) waitMs = Math.min(waitMs, wantsInMs)
      else {
        read.push(subject.id)
        finish(subject)
      }
    }
    if (waitMs < Infinity) stopTimer = clock.setTimer(sample, waitMs)
    tell(read)
  }
  const onIntersect = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const entry of entries) {
      const subject = byElement.get(entry.target)
      if (subject === undefined) continue
      subject.box = boxOf(entry, root)
      if (subject.box !== null) onScreen.add(subject)
      else leave(subject)
    }
    sample()
  }
  const leave = (subject: Subject): void => {
    onScreen.delete(subject)
    subject.dwell = sampleDwell(subject.dwell, 0, false)
    show(subject, 'unseen', ['offScreen'])
  }
  // Without a root of its own, so that a list which is itself scrolled out of the window is not seen.
  const wake = (): IntersectionObserver => {
    stopVisibility ??= visibility.subscribe(sample)
    return (intersections ??= new Intersections(onIntersect, { threshold: thresholdsFor(visibleFraction) }))
  }
  return {
    observe(element, id) {
      const subject = subjects.get(id) ?? { id, element: null, box: null, dwell: NO_DWELL, view: OFF_SCREEN }
      subjects.set(id, subject)
      if (subject.view.state === 'read') return () => {}
      if (typeof Intersections !== 'function') {
        show(subject, 'unseen', ['unsupported'])
        tell([])
        return () => {}
      }
      leave(subject)
      release(subject)
      subject.element = element
      byElement.set(element, subject)
      wake().observe(element)
      return () => {
        if (subject.element !== element) return
        leave(subject)
        release(subject)
        if (subject.dwell.visibleMs === 0) subjects.delete(id)
        tell([])
      }
    },
    markNow(id) {
      const subject = subjects.get(id) ?? { id, element: null, box: null, dwell: NO_DWELL, view: OFF_SCREEN }
      if (subject.view.state === 'read') return
      subjects.set(id, subject)
      finish(subject)
      tell([id])
    },
    getState: (id) => (subjects.get(id)?.view ?? OFF_SCREEN).state,
    getReasons: (id) => (subjects.get(id)?.view ?? OFF_SCREEN).reasons,
    getView: (id) => subjects.get(id)?.view ?? OFF_SCREEN,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget(id) {
      const subject = subjects.get(id)
      if (subject !== undefined) release(subject)
      subjects.delete(id)
    },
    dispose() {
      rest()
      for (const subject of subjects.values()) subject.element = null
      subjects.clear()
      byElement.clear()
      onScreen.clear()
      listeners.clear()
    },
  }
}
