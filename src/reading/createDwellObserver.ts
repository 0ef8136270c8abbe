import { systemClock, systemVisibility, type Stop } from '../model/index.js'
import { DEFAULT_DWELL_POLICY } from '../receipts/policy.js'
import { NO_DWELL, sampleDwell, type Dwell } from './dwellClock.js'
import { stepDwell } from './dwellStep.js'
import type { DwellObserver, DwellObserverOptions, DwellState, DwellView } from './dwellTypes.js'
import { boxOf, isElementCovered, thresholdsFor } from './measure.js'
import { gateReasons, type UnreadReason, type VisibleBox } from './visibilityRule.js'

interface Subject {
  readonly id: string
  element: Element | null
  box: VisibleBox | null
  dwell: Dwell
  view: DwellView
}

const READ: DwellView = { state: 'read', reasons: [] }
const OFF_SCREEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }
const OFF_SCREEN_ONLY = OFF_SCREEN.reasons
const UNSUPPORTED: readonly UnreadReason[] = ['unsupported']

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
  const policy = { ...DEFAULT_DWELL_POLICY, ...options.policy }
  const Intersections = options.IntersectionObserver ?? globalThis.IntersectionObserver
  const subjects = new Map<string, Subject>()
  const byElement = new Map<Element, Subject>()
  const onScreen = new Set<Subject>()
  const listeners = new Set<() => void>()
  let intersections: IntersectionObserver | null = null
  let stopVisibility: Stop | null = null
  let stopTimer: Stop | null = null
  let changed = false

  const subjectOf = (id: string): Subject => {
    let subject = subjects.get(id)
    if (!subject) subjects.set(id, (subject = { id, element: null, box: null, dwell: NO_DWELL, view: OFF_SCREEN }))
    return subject
  }
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

  const sample = (): void => {
    stopTimer?.()
    stopTimer = null
    const gates = gateReasons({ isVisible: visibility.isVisible(), hasFocus: visibility.hasFocus(), isSettled: isSettled() }, policy.requireFocus)
    const now = clock.monotonic()
    const read: string[] = []
    let waitMs = Infinity
    for (const subject of [...onScreen]) {
      const { element, dwell, box } = subject
      const step = stepDwell(dwell, box, now, gates, policy, () => isCovered(element as Element))
      subject.dwell = step.dwell
      show(subject, step.state, step.reasons)
      waitMs = Math.min(waitMs, step.nextInMs)
      if (step.state !== 'read') continue
      read.push(subject.id)
      release(subject)
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

  const wake = (): IntersectionObserver => {
    stopVisibility ??= visibility.subscribe(sample)
    // Without a root of its own, so that a list which is itself scrolled out of the window is not seen.
    return (intersections ??= new Intersections(onIntersect, { threshold: thresholdsFor(policy.visibleFraction) }))
  }
  const rest = (): void => {
    intersections?.disconnect()
    stopVisibility?.()
    stopTimer?.()
    intersections = stopVisibility = stopTimer = null
  }
  const leave = (subject: Subject): void => {
    onScreen.delete(subject)
    subject.dwell = sampleDwell(subject.dwell, 0, false)
    show(subject, 'unseen', OFF_SCREEN_ONLY)
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

  return {
    observe(element, id) {
      const subject = subjectOf(id)
      if (subject.view.state === 'read') return () => {}
      if (typeof Intersections !== 'function') {
        show(subject, 'unseen', UNSUPPORTED)
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
      const subject = subjectOf(id)
      if (subject.view.state === 'read') return
      show(subject, 'read', [])
      release(subject)
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
      for (const collection of [subjects, byElement, onScreen, listeners]) collection.clear()
    },
  }
}
