/** Somebody before one tab: a list on its screen, read by the product's own observer; what they do to the page, and what happens to it. */
import { createDwellObserver, type Clock, type Message, type PageVisibility } from 'readback/core'
import { isCountableFor } from './device.js'
import { createGlances, DWELL_MS } from './glance.js'
import type { PageAct } from './schedule.js'
import { createScreen, VIEW } from './screen.js'
import type { Violation } from './stored.js'
import type { Shown, Tab } from './tab.js'

export interface Reader {
  /** @param at - where, 0 to 1 @param ms - for how long */
  act(what: PageAct, at: number, ms: number): void
  /** What is wrong with what was read here, and with what was not. */
  check(): void
  close(): void
}

export interface ReaderOptions {
  readonly tab: Tab
  readonly user: string
  readonly shown: Shown
  /** For what happens to the page by itself. */
  readonly world: Clock
  readonly name: string
  /** Of rows. Default: many. */
  readonly heights?: readonly number[]
  onRead(messages: readonly Message[]): void
}

export function openReader({ tab, user, shown, world, name, heights, onRead }: ReaderOptions): Reader {
  const page = createPage(tab.client.ports.clock, tab.visibility, () => tab.isFrozen())
  const { clock, visibility } = page
  let unsettledUntil = 0
  let wasSlow = false
  let isClosed = false
  let violation: Violation | null = null
  const isSettled = () => clock.monotonic() >= unsettledUntil
  const screen = createScreen(clock, () => visibility.isVisible() && !page.isAsleep(), heights)
  const glances = createGlances(screen, clock.monotonic, () => visibility.hasFocus() && isSettled() && !page.isAsleep(), page.isSlow)
  const watched = new Map<string, () => void>()
  const keyOf = new Map<Element, string>()
  const told = new Set<string>()

  // Before the observer's own: it is to be found right by what is true.
  const stopVisibility = visibility.subscribe(() => {
    if (visibility.hasFocus()) glances.update()
    else glances.shut()
    if (visibility.isVisible()) screen.paint()
  })
  const observer = createDwellObserver({
    clock, visibility, isSettled, policy: { dwellMs: DWELL_MS }, IntersectionObserver: screen.Observer,
    whyUnseen(element, fraction) {
      const unseen = screen.look(element, fraction)
      glances.looked(keyOf.get(element)!, unseen === null)
      return unseen
    },
    onRead(keys) {
      try {
        for (const key of keys) glances.requireSeen(name, key)
      } catch (error) {
        violation ??= error as Violation
      }
      const read = keys.flatMap((key) => screen.rowOf(key) ?? []).filter(({ message }) => isUnseen(message))
      for (const key of keys) told.add(key)
      if (read.length > 0) onRead(read.map(({ message }) => message))
    },
  })

  /** As the list has it: what was only cleared is looked at still. */
  const isUnseen = (message: Message) => message.at !== null && isCountableFor(message, user) && !shown.readStates.isSeen!(message)

  function mount(): void {
    const rows = new Map(screen.mounted().map((row) => [row.key, row]))
    for (const [key, stop] of [...watched]) {
      if (rows.has(key)) continue
      watched.delete(key)
      stop()
    }
    for (const [key, { message }] of rows) {
      if (watched.has(key) || told.has(key) || !isUnseen(message)) continue
      const element = screen.elementOf(key)
      keyOf.set(element, key)
      glances.watch(key)
      watched.set(key, observer.observe(element, key))
    }
    glances.update()
  }

  function layOut(): void {
    const { messages, status } = shown.source.getSnapshot()
    if (status === 'ready') screen.layOut(messages)
    mount()
  }

  /** Whatever it was ends, and whatever ends is looked at. */
  function forAWhile(ms: number, end: () => void): void {
    world.setTimer(() => {
      if (isClosed) return
      end()
      glances.update()
    }, ms)
  }

  const acts: Readonly<Record<PageAct, (at: number, ms: number) => void>> = {
    open: (at) => screen.scroll(at),
    scroll: (at) => screen.scroll(at),
    jump(at, ms) {
      unsettledUntil = clock.monotonic() + ms
      screen.scroll(at)
      forAWhile(ms, () => {})
    },
    cover(at, ms) {
      screen.cover(at < 0.4 ? 0 : Math.floor(at * VIEW))
      forAWhile(ms, () => screen.cover(null))
    },
    load(_, ms) {
      screen.load(true)
      forAWhile(ms, () => screen.load(false))
    },
    hide: () => tab.visibility.setVisible(false),
    blur: () => tab.visibility.setFocus(false),
    front() {
      tab.visibility.setFocus(true)
      tab.visibility.setVisible(!tab.isFrozen())
    },
    sleep(_, ms) {
      page.sleep()
      wasSlow = true
      forAWhile(ms, () => {
        page.wake()
        screen.paint()
      })
    },
    slow(_, ms) {
      page.throttle(true)
      wasSlow = true
      forAWhile(ms, () => page.throttle(false))
    },
    close() {},
  }

  const stopRows = shown.source.subscribe(layOut)
  layOut()

  return {
    act(what, at, ms) {
      acts[what](at, ms)
      mount()
    },
    check() {
      if (violation) throw violation
      glances.requireRead(name, ({ key, message }) => watched.has(key) && isUnseen(message), wasSlow)
    },
    close() {
      isClosed = true
      stopRows()
      observer.dispose()
      stopVisibility()
    },
  }
}

/**
 * What a page is told: while the machine sleeps nothing at all, neither timers nor that it came to the front, but all of it on waking;
 * and where the browser is short of time, timers once a second. Time passes all the same.
 */
function createPage(tab: Clock, seen: PageVisibility, isFrozen: () => boolean) {
  const late = new Set<() => void>()
  let asleep = false
  let isThrottled = false

  /** @param start - has it called; returns what ends that */
  function onceAwake(fn: () => void, start: (run: () => void) => () => void): () => void {
    let isStopped = false
    const run = () => {
      if (isStopped) return
      if (asleep) late.add(run)
      else fn()
    }
    const stop = start(run)
    return () => {
      isStopped = true
      stop()
    }
  }

  const clock: Clock = {
    ...tab,
    setTimer(fn, delayMs) {
      const at = tab.monotonic() + delayMs
      return onceAwake(fn, (run) => tab.setTimer(run, isThrottled ? Math.ceil(at / 1_000) * 1_000 - tab.monotonic() : delayMs))
    },
  }
  const visibility: PageVisibility = { ...seen, subscribe: (listener) => onceAwake(listener, (run) => seen.subscribe(run)) }
  return {
    clock,
    visibility,
    isAsleep: () => asleep || isFrozen(),
    sleep: () => void (asleep = true),
    wake() {
      asleep = false
      for (const run of [...late]) tab.setTimer(run, 0)
      late.clear()
    },
    isSlow: () => isThrottled,
    throttle: (on: boolean) => void (isThrottled = on),
  }
}
