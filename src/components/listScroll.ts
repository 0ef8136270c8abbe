/**
 * Where the list stands: opening, jumping, following the end, loading at the edges.
 *
 * The virtualizer keeps the row at the top of the viewport in place by its key when rows come or go, and writes a correction
 * whenever a row above it changes its height. This decides everything else, in one pass after each commit, before the paint:
 * - Opening and jumping: the place is written, the rows there are rendered and measured, and the place is computed again until it
 *   holds still; only then is the list shown (first opening) or settled (two frames later), and only then may anything count as read.
 * - Following: `stick` is what the reader wants, not where the viewport is. Growth never clears it, so a burst cannot outrun it;
 *   only moving up does.
 * - Loading: near an edge, one page at a time; a page that failed or brought nothing waits for the reader to scroll again.
 */
import type { Virtualizer } from '@tanstack/react-virtual'
import { isCountable, type MessageSnapshot, type MessageSource, type SourceAnchor, type Stop } from '../model/index.js'
import { findPlace, type ListPlace } from './listPlace.js'
import { appendedRows, NO_ROWS, type ListRows } from './listRows.js'

/** How far from the end still counts as being there, CSS pixels. Less misses the end on fractional scales; more pulls back readers who scroll up slowly. */
export const AT_END_PX = 15
/** The list loads the next page when less than this many viewports are left. */
const LOAD_AHEAD_VIEWPORTS = 1.5
/** Passes of writing and measuring before one paint. Two are usual; more means that rows change as they are measured. */
const MAX_PASSES = 8
/** Frames in which the place must hold still before it is settled: the first delivers late measurements. */
const STILL_FRAMES = 2

export interface ListView {
  /** Rows may be shown: the first place was reached. */
  readonly anchored: boolean
  /** Nothing moves by itself any more; what is visible may count as read. */
  readonly settled: boolean
  readonly atNewest: boolean
  /** Messages of others that came while the reader was elsewhere. */
  readonly newCount: number
}

export const FIRST_VIEW: ListView = { anchored: false, settled: false, atNewest: false, newCount: 0 }

export interface ListScrollHost {
  /** Renders the list again. `now`: before this returns. */
  render(now: boolean): void
  show(view: ListView): void
  onError(error: unknown): void
}

export interface ListCommit {
  readonly source: MessageSource
  readonly snapshot: MessageSnapshot
  readonly list: ListRows
  readonly initialPosition: SourceAnchor
}

export interface ListScroll {
  attach(scroller: HTMLElement, virtualizer: Virtualizer<HTMLDivElement, HTMLElement>): Stop
  /** Told in a layout effect after every commit. */
  commit(next: ListCommit): void
  /** Resolves to whether there is such a place. */
  goTo(anchor: SourceAnchor): Promise<boolean>
  view(): ListView
}

interface Target {
  readonly place: ListPlace
  passes: number
  stillFrames: number
}

/** A place that is being loaded. */
interface Wish {
  readonly anchor: SourceAnchor
  readonly done: (found: boolean) => void
  loaded: boolean
}

export function createListScroll(host: ListScrollHost): ListScroll {
  let scroller: HTMLElement | null = null
  let virtualizer: Virtualizer<HTMLDivElement, HTMLElement> | null = null
  let current: ListCommit | null = null
  let list: ListRows = NO_ROWS
  let view = FIRST_VIEW
  let target: Target | null = null
  let wish: Wish | null = null
  let opened = false
  let stick = false
  let lastTop = 0
  let committing = false
  let loading = false
  /** Sides whose last page failed or brought nothing. */
  let tired = { older: false, newer: false }
  let frame = 0

  const show = (change: Partial<ListView> = {}) => {
    const next = { ...view, ...change, atNewest: stick && current?.snapshot.hasNewer !== true }
    if (next.atNewest) Object.assign(next, { newCount: 0 })
    if (next.anchored === view.anchored && next.settled === view.settled && next.atNewest === view.atNewest && next.newCount === view.newCount) return
    view = next
    // At once: whoever waits for the list to settle must not find it settled before it has begun to move.
    if (scroller !== null) scroller.dataset['settled'] = String(view.settled)
    host.show(view)
  }

  // -- being somewhere

  const offsetOf = (place: ListPlace): number | null => {
    if (scroller === null || virtualizer === null) return null
    if (place === 'newest') return Math.max(0, scroller.scrollHeight - scroller.clientHeight)
    const index = list.indexByKey.get(place.key)
    return index === undefined ? null : (virtualizer.getOffsetForIndex(index, place.align)?.[0] ?? null)
  }

  /** Writes a place; tells the virtualizer at once, since the scroll event would come a frame later and the wrong rows with it. */
  const write = (place: ListPlace, offset: number) => {
    if (scroller === null || virtualizer === null) return
    if (place === 'newest') virtualizer.scrollToEnd()
    else virtualizer.scrollToIndex(list.indexByKey.get(place.key) as number, { align: place.align })
    virtualizer.scrollOffset = Math.abs(scroller.scrollTop - offset) < 1.5 ? offset : scroller.scrollTop
    lastTop = scroller.scrollTop
  }

  const isThere = (offset: number) =>
    virtualizer !== null && scroller !== null && Math.abs((virtualizer.scrollOffset ?? 0) - offset) <= 0.5 && Math.abs(scroller.scrollTop - offset) <= 1

  const pursue = (): boolean => {
    // A list without a height (a closed panel) is nowhere yet.
    if (target === null || scroller === null || scroller.clientHeight === 0) return false
    const offset = offsetOf(target.place)
    if (offset === null) {
      settle()
      return false
    }
    if (!isThere(offset) && target.passes < MAX_PASSES) {
      target.passes++
      write(target.place, offset)
      host.render(!committing)
      return false
    }
    show({ anchored: true })
    return isThere(offset)
  }

  const tick = () => {
    frame = 0
    if (target === null) return
    target.passes = 0
    target.stillFrames = pursue() ? target.stillFrames + 1 : 0
    if (target !== null && target.stillFrames >= STILL_FRAMES) settle()
    else nextFrame()
  }
  const nextFrame = () => {
    if (frame === 0 && scroller !== null) frame = requestAnimationFrame(tick)
  }

  const settle = () => {
    target = null
    show({ anchored: true, settled: true })
    loadNear()
  }

  const aim = (place: ListPlace) => {
    opened = true
    target = { place, passes: 0, stillFrames: 0 }
    stick = place === 'newest'
    show({ settled: false })
    if (!committing) {
      const offset = offsetOf(place)
      if (offset !== null) write(place, offset)
      host.render(false)
    }
    nextFrame()
  }

  const goTo = (anchor: SourceAnchor): Promise<boolean> => {
    if (current === null) return Promise.resolve(false)
    const { source, snapshot } = current
    const place = findPlace(anchor, list, snapshot, source.loadAround === undefined)
    wish?.done(false)
    wish = null
    if (place !== null) {
      aim(place)
      return Promise.resolve(true)
    }
    if (source.loadAround === undefined) return Promise.resolve(false)
    return new Promise((done) => {
      const asked: Wish = { anchor, loaded: false, done }
      wish = asked
      void source.loadAround?.(anchor).catch(host.onError).then(() => {
        asked.loaded = true
        if (wish === asked) host.render(false)
      })
    })
  }

  const grant = () => {
    if (wish === null || current === null) return
    const { anchor, loaded, done } = wish
    const place = findPlace(anchor, list, current.snapshot, loaded)
    if (place === null && !loaded) return
    wish = null
    if (place !== null) aim(place)
    else if (!opened) aim('newest')
    done(place !== null)
  }

  // -- what changed

  const open = () => {
    if (current === null || wish !== null || current.snapshot.status === 'loading') return
    if (list.rows.length > 0) void goTo(opened ? 'firstUnread' : current.initialPosition)
    else {
      // Nothing to stand on: it follows whatever comes first.
      stick = true
      show({ anchored: true, settled: true })
    }
  }

  const rowsChanged = (before: ListRows, hadNewer: boolean) => {
    // Nothing left of what was shown: another stretch of the conversation, to be opened like the first.
    if (!before.rows.some((row) => list.indexByKey.has(row.key))) return open()
    if (hadNewer) return
    const appended = appendedRows(before, list)
    if (appended.some(({ own, message }) => own && (message.outgoing !== undefined || message.at === null))) void goTo('newest')
    else if (!stick) show({ newCount: view.newCount + appended.filter(({ own, message }) => !own && isCountable(message, '')).length })
  }

  const follow = () => {
    if (target !== null || !stick || virtualizer === null) return
    const offset = offsetOf('newest')
    if (offset === null || isThere(offset)) return
    write('newest', offset)
    if (virtualizer.getVirtualItems().at(-1)?.index !== list.rows.length - 1) host.render(!committing)
  }

  // -- what the reader does

  const onScroll = () => {
    if (scroller === null) return
    const top = scroller.scrollTop
    if (target === null) {
      if (scroller.scrollHeight - scroller.clientHeight - top <= AT_END_PX) stick = current?.snapshot.hasNewer !== true
      else if (top < lastTop - 1) stick = false
    }
    lastTop = top
    show()
    loadNear()
  }

  const onInput = () => {
    tired = { older: false, newer: false }
    if (target === null || !view.anchored) return
    virtualizer?.cancelScroll()
    settle()
  }

  const onResize = () => {
    if (target === null) follow()
    else pursue()
  }

  // -- the edges

  const loadNear = () => {
    if (current === null || virtualizer === null || loading || target !== null || !view.anchored || list.rows.length === 0) return
    const { source, snapshot } = current
    if (snapshot.loading !== 'none' || snapshot.status !== 'ready') return
    const height = virtualizer.scrollRect?.height ?? 0
    const above = virtualizer.scrollOffset ?? 0
    const below = virtualizer.getTotalSize() - height - above
    const ahead = height * LOAD_AHEAD_VIEWPORTS
    if (height === 0) return
    if (snapshot.hasOlder && above < ahead && !tired.older && source.loadOlder) void load('older', source)
    else if (snapshot.hasNewer && below < ahead && !tired.newer && source.loadNewer) void load('newer', source)
  }

  const load = async (side: 'older' | 'newer', source: MessageSource) => {
    loading = true
    const before = source.getSnapshot().messages
    try {
      await (side === 'older' ? source.loadOlder?.() : source.loadNewer?.())
      tired[side] = source.getSnapshot().messages === before
    } catch (error) {
      tired[side] = true
      host.onError(error)
    } finally {
      loading = false
      // A short page leaves the edge in sight; the snapshot may not be rendered yet, so the next commit asks.
      if (scroller !== null) host.render(false)
    }
  }

  return {
    attach(element, instance) {
      scroller = element
      virtualizer = instance
      const resize = new ResizeObserver(onResize)
      resize.observe(element)
      element.addEventListener('scroll', onScroll, { passive: true })
      for (const type of INPUTS) element.addEventListener(type, onInput, { passive: true })
      if (target !== null) nextFrame()
      return () => {
        cancelAnimationFrame(frame)
        frame = 0
        resize.disconnect()
        element.removeEventListener('scroll', onScroll)
        for (const type of INPUTS) element.removeEventListener(type, onInput)
        scroller = null
      }
    },
    commit(next) {
      committing = true
      const before = list
      const hadNewer = current?.snapshot.hasNewer === true
      current = next
      list = next.list
      if (!opened) open()
      else if (before !== list) rowsChanged(before, hadNewer)
      if (next.snapshot.hasNewer) stick &&= target?.place === 'newest'
      grant()
      if (target !== null) pursue()
      else follow()
      show()
      loadNear()
      committing = false
    },
    goTo,
    view: () => view,
  }
}

/** What only a person does; programmatic scrolling makes none of these. */
const INPUTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

