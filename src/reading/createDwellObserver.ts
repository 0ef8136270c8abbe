import { systemClock, systemVisibility, type PageVisibility, type Stop } from '../model/index.js'
import { outermostWindow } from '../model/outermostWindow.js'
import { visibilityOf } from '../model/pageVisibility.js'
import { telling } from '../model/telling.js'
import { systemActivity } from '../model/systemActivity.js'
import { NO_DWELL, sampleDwell, type Dwell } from './dwellClock.js'
import { stepDwell } from './dwellStep.js'
import type { DwellObserver, DwellObserverOptions, DwellView } from './dwellTypes.js'
import { viewportOf, whyUnseen } from './measure.js'
import { usablePolicy } from './usablePolicy.js'
import { gateReasons, isEnoughVisible, SLACK, type UnreadReason } from './visibilityRule.js'

interface Subject {
  readonly id: string
  /** Several where one message stands in a list and in a panel beside it, say: whoever sees it in any of them sees it. */
  readonly places: Set<Place>
  dwell: Dwell
  view: DwellView
}

/** An element in which it stands. */
interface Place {
  readonly subject: Subject
  readonly element: Element
  /** Whether enough of it shows; undefined while nothing does. */
  isEnough?: (() => boolean) | undefined
}

/** Those of its places that are on screen. */
const shownOf = ({ places }: Subject): Place[] => [...places].filter(({ isEnough }) => isEnough)

/** What is known of an id that nobody watches. */
const OFF_SCREEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }

/**
 * Watches elements until they have been read: visible for `dwellMs`, accumulated, on a page that is visible and has the focus.
 *
 * One IntersectionObserver says what is on screen; one sampler adds the time and runs only while something is gathering it.
 * A hidden page sends no intersection events and a frozen one no timers, so the page's own visibility stops the clock,
 * and each sample is capped. Nothing runs while nothing is observed; where the policy asks for somebody's presence, it only listens for signs of them.
 * @public
 */
export function createDwellObserver(options: DwellObserverOptions): DwellObserver {
  const { onRead, root = null, clock = systemClock, visibility = systemVisibility, activity = systemActivity, isSettled, whyUnseen: look = whyUnseen } = options
  const { dwellMs, visibleFraction, requireFocus, idleAfterMs } = usablePolicy(options.policy)
  const Intersections = options.IntersectionObserver ?? globalThis.IntersectionObserver
  const subjects = new Map<string, Subject>()
  const watched = new Map<Element, Place>()
  const listeners = new Set<() => void>()
  let intersections: IntersectionObserver | null = null
  /** Told of by each window in which something is watched. */
  const stopVisibility = new Map<PageVisibility, Stop>()
  const otherWindows = new WeakMap<Window, PageVisibility>()
  let stopTimer: Stop = nothing
  let changed = false
  /** Monotonic time of the last sign of somebody; whoever made this observer was there. */
  let usedAt = clock.monotonic()

  const getView = (id: string): DwellView => subjects.get(id)?.view ?? OFF_SCREEN
  const subjectOf = (id: string): Subject => {
    let subject = subjects.get(id)
    if (!subject) subjects.set(id, (subject = { id, places: new Set(), dwell: NO_DWELL, view: OFF_SCREEN }))
    return subject
  }
  const show = (subject: Subject, reasons: readonly UnreadReason[]): void => {
    if (subject.view.reasons.join() === reasons.join()) return
    subject.view = { state: reasons[0] ? (reasons[0] === 'dwelling' ? 'dwelling' : 'unseen') : 'read', reasons }
    changed = true
  }
  const tell = (read: readonly string[]): void => {
    // First: whoever listens may dispose of all of this.
    if (read.length) telling(onRead)(read)
    if (changed) for (const listener of [...listeners]) telling(listener)()
    changed = false
  }

  const sample = (): void => {
    stopTimer()
    const now = clock.monotonic()
    const read: string[] = []
    let waitMs = Infinity
    const againstIn = ({ element, isEnough }: Place): readonly UnreadReason[] => {
      const page = pageOf(element)
      const gates = gateReasons(page.isVisible(), !requireFocus || page.hasFocus(), isSettled?.() ?? true, isIdle(now))
      return isEnough?.() ? gates : [...gates, 'notEnoughVisible']
    }
    for (const subject of new Set([...watched.values()].map((place) => place.subject))) {
      const places = shownOf(subject)
      const against = places.map(againstIn)
      if (!against[0]) continue
      /** Null as soon as it is seen in one of its places. */
      const whyUnseenAnywhere = () => places.reduce<UnreadReason | null>((why, { element }, index) => why && (against[index]?.[0] ?? look(element, visibleFraction, root)), 'offScreen')
      const [dwell, reasons, nextInMs] = stepDwell(subject.dwell, now, against.find(([first]) => !first) ?? against[0], dwellMs, whyUnseenAnywhere)
      subject.dwell = dwell
      waitMs = Math.min(waitMs, nextInMs)
      if (!reasons[0]) {
        read.push(subject.id)
        subject.places.forEach(release)
      }
      show(subject, reasons)
    }
    if (waitMs < Infinity) stopTimer = clock.setTimer(sample, waitMs)
    tell(read)
  }
  const onIntersect = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const entry of entries) {
      const place = watched.get(entry.target)
      if (!place) continue
      let isEnough = false
      // The list may become smaller, and the same of it show: nothing tells of that but what happens to others.
      if (entry.isIntersecting) place.isEnough = () => (isEnough ||= isEnoughVisible(entry.boundingClientRect, entry.intersectionRect, viewportOf(entry, root), visibleFraction))
      else leave(place)
    }
    sample()
  }

  const isIdle = (now: number): boolean => idleAfterMs !== null && now - usedAt > idleAfterMs
  // Also while nothing is watched: else nobody would know how long ago it was when something comes.
  const stopActivity = idleAfterMs === null ? nothing : activity.subscribe(() => {
    const now = clock.monotonic()
    const wasIdle = isIdle(now)
    usedAt = now
    if (wasIdle) sample()
  })

  const listenTo = (page: PageVisibility): PageVisibility => {
    if (!stopVisibility.has(page)) stopVisibility.set(page, page.subscribe(sample))
    return page
  }
  /** A window that this page opened, and may move elements into, is looked at when it is, and not when this one is. */
  const pageOf = ({ ownerDocument }: Element): PageVisibility => {
    const view = ownerDocument?.defaultView
    if (visibility !== systemVisibility || !view || outermostWindow(view) === outermostWindow()) return visibility
    const page = otherWindows.get(view) ?? visibilityOf(() => view)
    otherWindows.set(view, page)
    return listenTo(page)
  }
  const wake = (): IntersectionObserver => {
    if (intersections) return intersections
    listenTo(visibility)
    // Without a root of its own, so that a list which is itself scrolled out of the window is not seen.
    return (intersections = new Intersections(onIntersect, { threshold: thresholdsFor(visibleFraction) }))
  }
  const rest = (): void => {
    intersections?.disconnect()
    stopVisibility.forEach((stop) => stop())
    stopVisibility.clear()
    stopTimer()
    intersections = null
  }
  const leave = (place: Place): void => {
    const { subject } = place
    place.isEnough = undefined
    if (shownOf(subject)[0]) return
    subject.dwell = sampleDwell(subject.dwell, 0, false)
    show(subject, OFF_SCREEN.reasons)
  }
  const release = (place: Place): void => {
    leave(place)
    intersections?.unobserve(place.element)
    watched.delete(place.element)
    place.subject.places.delete(place)
    if (!watched.size) rest()
  }

  return {
    observe(element, id) {
      // A list that recycles its elements: what was in this one is not any more.
      const replaced = watched.get(element)
      if (replaced) release(replaced)
      const subject = subjectOf(id)
      if (!Intersections && subject.view.reasons[0]) show(subject, ['unsupported'])
      if (!Intersections || !subject.view.reasons[0]) {
        tell([])
        return nothing
      }
      // What somebody took off the page, and said nothing.
      for (const other of subject.places) if (other.element.isConnected === false) release(other)
      const place: Place = { subject, element }
      subject.places.add(place)
      watched.set(element, place)
      wake().observe(element)
      return () => {
        if (watched.get(element) !== place) return
        release(place)
        if (!subject.places.size && !subject.dwell.visibleMs) subjects.delete(id)
        tell([])
      }
    },
    markNow(id) {
      const subject = subjectOf(id)
      if (!subject.view.reasons[0]) return
      subject.places.forEach(release)
      show(subject, [])
      tell([id])
    },
    getView,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget(id) {
      subjects.get(id)?.places.forEach(release)
      subjects.delete(id)
    },
    dispose() {
      rest()
      stopActivity()
      for (const collection of [subjects, watched, listeners]) collection.clear()
    },
  }
}

/**
 * Steps at which a change is told, from 1 down to 0.001 by tenths of themselves: a message of two hundred screens still crosses one
 * every tenth of its visible part. They also tell of every resize that matters.
 */
function thresholdsFor(fraction: number): number[] {
  return [0, Math.max(0, fraction - SLACK), ...Array.from({ length: 66 }, (_, step) => 0.9 ** step)]
}

const nothing: Stop = () => {}
