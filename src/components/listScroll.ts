/**
 * What the list does by itself: opening, jumping, staying, following the end, loading at the edges.
 *
 * A list loses its place in four ways, each met between a commit and its paint:
 * - Rows come or go above, or are measured for the first time. Before rendering, the messages in the viewport are noted with their
 *   place; after it, the first that is still there is put back (`listAnchor.ts`, `listPosition.ts`).
 * - A row above changes its height later (an image, a font). The virtualizer hears of it before the paint and moves with it (`staysBelow`).
 * - Opening and jumping: the place is written, the rows there are rendered and measured, and the place is computed again until it
 *   holds still. Only then is the list shown (at first) or settled (two frames later), and only then may anything count as read.
 * - Growth at the end. `stick` is what the reader wants, not where the viewport is: growth never clears it, so a burst cannot
 *   outrun it; only moving up does.
 *
 * Known gap: under the momentum of a finger on iOS only the virtualizer's own corrections wait for the scrolling to end.
 */
import { isCountable, type MessageSnapshot, type MessageSource, type SourceAnchor, type Stop } from '../model/index.js'
import { createListEdges } from './listEdges.js'
import { findPlace, type ListPlace } from './listPlace.js'
import { createListPosition, type ListVirtualizer } from './listPosition.js'
import { appendedRows, NO_ROWS, type ListRows, type MessageListRow } from './listRows.js'

/** How near to the end a reader who comes down counts as being there, CSS pixels. Less misses the end on fractional scales; more takes hold of those who stop short of it. */
const AT_END_PX = 15
/** Passes of writing and measuring before one paint. Two are usual; more means that rows change as they are measured. */
const MAX_PASSES = 8
/** Frames in which the place must hold still before it is settled: the first delivers late measurements. */
const STILL_FRAMES = 2
/** A date this near to the top edge stands for itself, CSS pixels: the floating one would cover it. */
const DATE_ROOM_PX = 44

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

/** What is at the top edge of the viewport, and the day that it belongs to. */
export interface DateAtTop {
  readonly key: string
  readonly topPx: number
  /** Epoch milliseconds. */
  readonly time: number
  /** A date is in view just there, or the list stands at its end or moves by itself: none is to float. */
  readonly covered: boolean
}

export interface ListCommit {
  readonly source: MessageSource
  readonly snapshot: MessageSnapshot
  readonly list: ListRows
  readonly initialPosition: SourceAnchor
  /** Messages sent here begin as local echoes: an own one that comes with a place was sent elsewhere. */
  readonly echoes: boolean
}

export interface ListScroll {
  attach(scroller: HTMLElement, virtualizer: ListVirtualizer): Stop
  /** While rendering, before the virtualizer is given the new rows. */
  hold(): void
  /** While rendering, when it has them. */
  foresee(next: ListCommit): void
  /** In a layout effect after every commit. */
  commit(next: ListCommit): void
  /** Told whenever the virtualizer changed. */
  changed(): void
  /** Whether the viewport moves with a row that changes its height, besides those that the virtualizer's own look at it says. */
  movesWith(index: number): boolean
  isMeasuring(): boolean
  /** The virtualizer is about to move the element, and has: what the reader scrolled before is the reader's. */
  moving(move: () => void): void
  /** Resolves to whether there is such a place. */
  goTo(anchor: SourceAnchor): Promise<boolean>
  /** Null while there are no messages. */
  dateAtTop(): DateAtTop | null
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
  const position = createListPosition()
  // A short page leaves the edge in sight; its snapshot may not be rendered yet, so the next commit asks.
  const edges = createListEdges(() => position.scroller !== null && host.render(false), host.onError)
  let current: ListCommit | null = null
  let list: ListRows = NO_ROWS
  let view = FIRST_VIEW
  let target: Target | null = null
  let wish: Wish | null = null
  let opened = false
  let stick = false
  let lastTop = 0
  let lastTotalPx = 0
  let committing = false
  let followPasses = 0
  /** The reader looks at the end, also where they have just begun to leave it. */
  let isNearEnd = false
  let frame = 0
  /** Where the list stood when its panel was closed: an element without a box forgets how far it was scrolled. */
  let closedAt: number | null = null

  const show = (change: Partial<ListView> = {}) => {
    const atNewest = (stick || isNearEnd) && current?.snapshot.hasNewer !== true
    const next = { ...view, ...change, atNewest, ...(atNewest && { newCount: 0 }) }
    const isShown = next.anchored === view.anchored && next.atNewest === view.atNewest && next.newCount === view.newCount
    if (isShown && next.settled === view.settled) return
    view = next
    // At once: whoever waits for the list to settle must not find it settled before it has begun to move. Nothing is rendered for it.
    if (position.scroller !== null) position.scroller.dataset['settled'] = String(view.settled)
    if (!isShown) host.show(view)
  }

  const loadNear = () => {
    if (current === null || target !== null || !view.anchored) return
    edges.near(current.source, current.snapshot, position.fromTop(), position.fromEnd(), position.scroller?.clientHeight ?? 0)
  }

  // Going somewhere.

  const aim = (place: ListPlace) => {
    opened = true
    target = { place, passes: 0, stillFrames: 0 }
    stick = place === 'newest'
    show({ settled: false })
    if (!committing) pursue(false)
    nextFrame()
  }

  const pursue = (now = !committing): boolean => {
    // In a closed panel it is nowhere yet.
    if (target === null || isClosed()) return false
    const offset = position.offsetOf(target.place, list)
    if (offset === null) return settle()
    const isThere = position.isAt(offset)
    if (!isThere && target.passes < MAX_PASSES) {
      target.passes++
      position.jump(target.place, offset, list)
      host.render(now)
      return false
    }
    show({ anchored: true })
    return isThere
  }

  const settle = (): false => {
    target = null
    lastTop = position.fromTop()
    show({ anchored: true, settled: true })
    loadNear()
    return false
  }

  const tick = () => {
    frame = 0
    if (target === null) return
    target.passes = 0
    const isThere = pursue()
    if (target === null) return
    target.stillFrames = isThere ? target.stillFrames + 1 : 0
    if (target.stillFrames >= STILL_FRAMES) settle()
    else nextFrame()
  }
  const nextFrame = () => {
    if (frame === 0 && position.scroller !== null) frame = requestAnimationFrame(tick)
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

  // What changed.

  const open = () => {
    if (current === null || wish !== null || current.snapshot.status === 'loading') return
    if (list.rows.length > 0) return void goTo(opened ? 'firstUnread' : current.initialPosition)
    // Nothing to stand on: it follows whatever comes first.
    stick = true
    show({ anchored: true, settled: true })
  }

  const rowsChanged = (before: ListRows, hadNewer: boolean) => {
    // Nothing left of what was shown: another stretch of the conversation, to be opened like the first.
    if (!before.rows.some((row) => list.has(row.key))) return open()
    if (hadNewer) return
    const appended = appendedRows(before, list)
    if (isSentHere(appended)) void goTo('newest')
    else if (!stick) show({ newCount: view.newCount + appended.filter(({ own, message }) => !own && isCountable(message, '')).length })
  }

  const isSentHere = (appended: readonly MessageListRow[]) =>
    appended.some(({ own, message }) => own && (message.outgoing !== undefined || message.at === null)) ||
    // Without echoes a send shows itself by coming alone; what came while the reader was away seldom is all their own.
    (current?.echoes === false && appended.length > 0 && appended.every(({ own }) => own))

  const follow = () => {
    const offset = position.offsetOf('newest', list)
    if (offset === null || position.isAt(offset)) return
    const missing = position.move(offset)
    lastTop = position.fromTop()
    // Renderings follow each other before one paint until nothing is missing; what moves on even then waits for the next frame.
    if (!missing || followPasses >= MAX_PASSES) return
    followPasses++
    if (followPasses === 1) requestAnimationFrame(() => (followPasses = 0))
    host.render(!committing)
  }

  // What the reader does.

  const isClosed = () => position.scroller === null || position.scroller.clientHeight === 0

  const readScroll = () => {
    if (isClosed() || closedAt !== null) return
    const top = position.fromTop()
    if (target === null) {
      const fromEnd = position.fromEnd()
      isNearEnd = fromEnd <= AT_END_PX
      // Whoever draws the list up slowly is let go at once, not only beyond the last pixels: any rendering would take it back.
      if (fromEnd > 1 && top < lastTop - 0.5) stick = false
      else if (fromEnd <= 1 || (isNearEnd && top > lastTop + 0.5)) stick = current?.snapshot.hasNewer !== true
      if (Math.abs(top - lastTop) > 1) position.release()
    }
    lastTop = top
  }

  const onScroll = () => {
    readScroll()
    show()
    loadNear()
  }

  const onInput = () => {
    edges.rest()
    if (target === null || !view.anchored) return
    position.virtualizer?.cancelScroll()
    settle()
  }

  /** Only moves: rows mounted while sizes are being delivered would have theirs delivered never. The virtualizer renders a frame later. */
  const onResize = () => {
    if (isClosed()) {
      closedAt ??= position.virtualizer?.scrollOffset ?? null
      return
    }
    if (closedAt !== null) position.move(closedAt)
    closedAt = null
    const offset = position.offsetOf('newest', list)
    if (target === null && stick && offset !== null) position.move(offset)
  }

  /** After a commit, before its paint. */
  const arrange = () => {
    position.measure(list)
    if (target !== null) pursue()
    else if (stick) follow()
    else if (position.restore(list)) host.render(false)
    lastTop = position.fromTop()
    lastTotalPx = position.virtualizer?.getTotalSize() ?? 0
    isNearEnd &&= position.fromEnd() <= AT_END_PX
    show()
    loadNear()
  }

  return {
    attach(scroller, virtualizer) {
      position.scroller = scroller
      position.virtualizer = virtualizer
      scroller.dataset['settled'] = String(view.settled)
      const resize = new ResizeObserver(onResize)
      resize.observe(scroller)
      // Before the virtualizer hears of it and renders: that render must know what the reader wants.
      scroller.addEventListener('scroll', onScroll, { passive: true, capture: true })
      for (const type of INPUTS) scroller.addEventListener(type, onInput, { passive: true })
      if (target !== null) nextFrame()
      return () => {
        cancelAnimationFrame(frame)
        frame = 0
        resize.disconnect()
        scroller.removeEventListener('scroll', onScroll, { capture: true })
        for (const type of INPUTS) scroller.removeEventListener(type, onInput)
        position.scroller = null
      }
    },
    hold() {
      if (target !== null || isClosed() || closedAt !== null) return
      // Nothing was rendered since, so whatever moved was moved by the reader.
      readScroll()
      position.hold(list)
    },
    foresee(next) {
      if (target === null && opened) position.foresee(next.list, stick && !next.snapshot.hasNewer)
    },
    commit(next) {
      committing = true
      const before = list
      const hadNewer = current?.snapshot.hasNewer === true
      current = next
      list = next.list
      if (!opened) open()
      else if (before !== list) rowsChanged(before, hadNewer)
      if (next.snapshot.hasNewer && target === null) stick = false
      grant()
      if (!isClosed()) arrange()
      committing = false
    },
    changed() {
      if (committing || position.isMeasuring || isClosed()) return
      const totalPx = position.virtualizer?.getTotalSize() ?? 0
      const grew = totalPx !== lastTotalPx
      lastTotalPx = totalPx
      if (grew && stick && target === null) follow()
    },
    movesWith: (index) => position.isAboveKept(index, list),
    isMeasuring: () => position.isMeasuring,
    moving(move) {
      readScroll()
      move()
      lastTop = position.fromTop()
    },
    goTo,
    dateAtTop() {
      const top = position.atTop(list)
      if (top === null) return null
      const covered = !view.settled || view.atNewest || position.hasDateWithin(list, DATE_ROOM_PX)
      return { ...top, covered }
    },
    view: () => view,
  }
}

/** What only a person does; programmatic scrolling makes none of these. */
const INPUTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const
