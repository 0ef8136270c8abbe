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
import type { SourceAnchor } from '../model/index.js'
import { createListEdges } from './listEdges.js'
import { createListJourney, MAX_PASSES } from './listJourney.js'
import { findPlace, type ListPlace } from './listPlace.js'
import { createListPosition } from './listPosition.js'
import { appendedRows, mayBeUnread, NO_ROWS, type ListRows, type MessageListRow } from './listRows.js'
import { FIRST_VIEW, type ListCommit, type ListScroll, type ListScrollHost, type ListView } from './listView.js'
import { createListWish } from './listWish.js'

/** How near to the end a reader who comes down counts as being there, CSS pixels. Less misses the end on fractional scales; more takes hold of those who stop short of it. */
const AT_END_PX = 15
/** A date this near to the top edge stands for itself, CSS pixels: the floating one would cover it. */
const DATE_ROOM_PX = 44

export function createListScroll(host: ListScrollHost): ListScroll {
  const position = createListPosition()
  // A short page leaves the edge in sight; its snapshot may not be rendered yet, so the next commit asks.
  const edges = createListEdges(() => position.scroller !== null && host.render(false), host.onError)
  let current: ListCommit | null = null
  let list: ListRows = NO_ROWS
  let view = FIRST_VIEW
  let opened = false
  let stick = false
  let lastTop = 0
  let lastTotalPx = 0
  let committing = false
  let followPasses = 0
  /** The reader looks at the end, also where they have just begun to leave it. */
  let isNearEnd = false
  /** Where the list stood when its panel was closed: an element without a box forgets how far it was scrolled. */
  let closedAt: number | null = null
  /** Messages of others that came while the reader was elsewhere. */
  const fresh = new Set<string>()
  /** Those of them that are still there to be read. */
  const isFresh = (key: string) => mayBeUnread(list.rows[list.indexOf(key) ?? -1])

  const show = (change: Partial<ListView> = {}) => {
    const atNewest = (stick || isNearEnd) && current?.snapshot.hasNewer !== true
    // Where the newest is not here nobody knows how much came.
    if (atNewest || current?.snapshot.hasNewer) fresh.clear()
    const next = { ...view, ...change, atNewest, newCount: [...fresh].filter(isFresh).length }
    const isShown = next.anchored === view.anchored && next.atNewest === view.atNewest && next.newCount === view.newCount
    if (isShown && next.settled === view.settled) return
    view = next
    // At once: whoever waits for the list to settle must not find it settled before it has begun to move. Nothing is rendered for it.
    if (position.scroller !== null) position.scroller.dataset['settled'] = String(view.settled)
    if (!isShown) host.show(view)
  }

  const loadNear = () => {
    if (current === null || journey.isGoing() || !view.anchored) return
    edges.near(current.source, current.snapshot, position.fromTop(), position.fromEnd(), position.scroller?.clientHeight ?? 0)
  }

  // Going somewhere.

  const journey = createListJourney({
    position,
    rows: () => list,
    render: host.render,
    isCommitting: () => committing,
    isClosed: () => isClosed(),
    begun: () => show({ settled: false }),
    arrived: () => show({ anchored: true }),
    settled() {
      lastTop = position.fromTop()
      show({ anchored: true, settled: true })
      loadNear()
    },
  })
  const wish = createListWish(() => host.render(false), host.onError)

  const aim = (place: ListPlace) => {
    opened = true
    stick = place === 'newest'
    journey.aim(place)
  }

  const goTo = (anchor: SourceAnchor): Promise<boolean> => {
    if (current === null) return Promise.resolve(false)
    const { source, snapshot } = current
    const place = findPlace(anchor, list, snapshot, source.loadAround === undefined)
    if (place === null && source.loadAround !== undefined) return wish.ask(anchor, (at) => source.loadAround?.(at) ?? Promise.resolve())
    wish.drop()
    if (place !== null) aim(place)
    return Promise.resolve(place !== null)
  }

  const grant = ({ snapshot }: ListCommit) =>
    wish.grant((anchor, loaded) => findPlace(anchor, list, snapshot, loaded), (place) => {
      if (place !== null) aim(place)
      else if (!opened) aim('newest')
    })

  // What changed.

  const open = () => {
    if (current === null || wish.isOpen() || current.snapshot.status === 'loading') return
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
    else if (!stick) for (const { key } of appended) fresh.add(key)
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
    if (!journey.isGoing()) {
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
    if (!journey.isGoing() || !view.anchored) return
    position.virtualizer?.cancelScroll()
    journey.settle()
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
    if (!journey.isGoing() && stick && offset !== null) position.move(offset)
  }

  /** After a commit, before its paint. */
  const arrange = () => {
    position.measure(list)
    if (journey.isGoing()) journey.pursue()
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
      journey.resume()
      return () => {
        journey.pause()
        resize.disconnect()
        scroller.removeEventListener('scroll', onScroll, { capture: true })
        for (const type of INPUTS) scroller.removeEventListener(type, onInput)
        position.scroller = null
      }
    },
    hold() {
      if (journey.isGoing() || isClosed() || closedAt !== null) return
      // Nothing was rendered since, so whatever moved was moved by the reader.
      readScroll()
      position.hold(list)
    },
    foresee(next) {
      if (!journey.isGoing() && opened) position.foresee(next.list, stick && !next.snapshot.hasNewer)
    },
    commit(next) {
      committing = true
      const before = list
      const hadNewer = current?.snapshot.hasNewer === true
      current = next
      list = next.list
      if (!opened) open()
      else if (before !== list) rowsChanged(before, hadNewer)
      if (next.snapshot.hasNewer && !journey.isGoing()) stick = false
      grant(next)
      if (isClosed()) show()
      else arrange()
      committing = false
    },
    changed() {
      if (committing || position.isMeasuring || isClosed()) return
      const totalPx = position.virtualizer?.getTotalSize() ?? 0
      const grew = totalPx !== lastTotalPx
      lastTotalPx = totalPx
      if (grew && stick && !journey.isGoing()) follow()
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
