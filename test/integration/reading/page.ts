/** The page under test: the reporter on bare elements, the list of the package, or the whole window, as an app would use them, on the browser's own clock, focus and visibility. Nothing here decides what was read. */
import { createElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { createArraySource, MessageList, type Message, type MessageRowProps } from 'readback'
import { createReadReporter } from 'readback/core'
import { besideEngine } from '../../../src/components/lazyBesideEngine.js'
import { BESIDE_PX, startWindow } from './window.js'

interface Options {
  readonly heights: readonly number[]
  readonly panelPx: number
  readonly dwellMs: number
  /** Where the messages are; on bare elements unless it is said. */
  readonly within?: 'list' | 'window'
}

interface Attention {
  readonly visible: boolean
  readonly focused: boolean
  readonly frozen: boolean
}

/** `isHiding`: made in the very moment in which the page became hidden, when what was read before leaves at once. */
const reports: (Attention & { readonly ids: readonly string[]; readonly isHiding: boolean })[] = []
/** The moment in which each message became read, by the page's own clock. */
const readings: (Attention & { readonly id: string; readonly at: number })[] = []
interface Change {
  readonly at: number
  /** When the page knew of it; what was before may have been there until then. */
  readonly notedAt: number
  /** The first frame of it, from which on somebody can read it; of the list the one from which on it stands still. */
  paintedAt: number
  frames: number
  readonly attentive: boolean
  readonly scrollPx: number
  readonly panelPx: number
  readonly tops?: readonly (number | null)[]
}

/** What was in sight from when on, by the same clock. */
const changes: Change[] = []
/** Times without a frame, in which a busy machine let the page stand still. */
const stalls: { readonly from: number; readonly to: number }[] = []
/** Times in which the page could not do what was due, by its frames and by its timers. */
const gaps: { readonly from: number; readonly to: number }[] = []
/** Longer than between two frames or two ticks, milliseconds. */
const GAP_MS = 27
/** The list counts nothing before it has stood still for some frames. */
const STILL_FRAMES = 4
/** No frame for longer than two samples, milliseconds. */
const STALL_MS = 200
let framedAt = performance.now()
/** Not read yet. */
const open = new Set<string>()
let isFrozen = false
let isHiding = false
let ticks = 0
let tickedAt = performance.now()
let unmount = () => {}
let listening = new AbortController()
let reporter: ReturnType<typeof createReadReporter> | null = null
let list: HTMLElement | null = null
let count = 0
/** Of a window, what is not its messages. */
let besidePx = 0

async function start(options: Options): Promise<void> {
  reporter?.dispose()
  reporter = null
  unmount()
  unmount = () => {}
  document.body.replaceChildren()
  reports.length = readings.length = changes.length = stalls.length = gaps.length = count = besidePx = 0
  open.clear()
  listening.abort()
  listening = new AbortController()
  const { signal } = listening
  // Before the reporter hears of it, and after.
  addEventListener('visibilitychange', () => void (isHiding = document.visibilityState === 'hidden'), { capture: true, signal })
  // What watches the rows comes later than the list; how much later is not what is asked here.
  if (options.within) await besideEngine.preload()
  if (options.within === 'window') await startInWindow(options)
  else if (options.within === 'list') startList(options)
  else startRows(options)
  addEventListener('visibilitychange', () => void (isHiding = false), { signal })
  noteChange()
  for (const type of ['visibilitychange', 'focus', 'blur']) addEventListener(type, () => noteChange(), { signal })
}

function startRows({ heights, panelPx, dwellMs }: Options): void {
  list = document.createElement('div')
  Object.assign(list.style, { height: `${panelPx}px`, width: '320px', overflowY: 'auto', overflowAnchor: 'none' })
  document.body.append(list)
  reporter = createReadReporter({
    root: list,
    policy: { dwellMs, flushMs: 50, maxFlushMs: 200 },
    report: async ({ messages }) => {
      reports.push({ ids: messages.map(({ id }) => id), isHiding, ...attention() })
    },
  })
  reporter.subscribe(noteRead)
  add(heights)
}

/** Everybody's messages, in rows as high as they are said to be. */
function startList({ heights, panelPx, dwellMs }: Options): void {
  const box = document.createElement('div')
  Object.assign(box.style, { height: `${panelPx}px`, width: '320px' })
  document.body.append(box)
  const messages = heights.map((_height, n): Message => ({
    conversationId: 'c', from: 'ann', localId: `m${n}`, ids: [`m${n}`], at: { epoch: 0, order: n, id: `m${n}` }, time: 1_767_225_600_000 + n, body: { kind: 'text', text: `m${n}` },
  }))
  count = messages.length
  const MessageRow = ({ message: { localId } }: MessageRowProps) => createElement('div', { 'data-message': localId, style: { height: heights[Number(localId.slice(1))], boxSizing: 'border-box', border: '1px solid gray' } }, localId)
  const Nothing = () => null
  const components = { MessageRow, DateSeparator: Nothing, UnreadSeparator: Nothing, JumpToNewest: Nothing }
  const root = createRoot(box)
  flushSync(() => root.render(createElement(MessageList, { source: createArraySource(messages), userId: 'me', components, policy: { dwellMs }, onRead: noteListed, initialPosition: { id: 'm0' } })))
  unmount = () => root.unmount()
  list = box.querySelector<HTMLElement>('.rb-list-scroller')
}

function noteListed(read: readonly Message[]): void {
  const ids = read.map(({ localId }) => localId)
  noteReadings(ids)
  reports.push({ ids, isHiding, ...attention() })
}

function noteReadings(ids: readonly string[]): void {
  for (const id of ids) readings.push({ id, at: performance.now(), ...attention() })
}

/** Resolves once its messages are on the page. */
async function startInWindow({ heights, panelPx, dwellMs }: Options): Promise<void> {
  const { box, stop } = await startWindow({
    heights, panelPx, dwellMs,
    onRead: noteReadings,
    // What was read is stored first, and leaves a page that is hidden when that is done.
    onReported: (ids) => void reports.push({ ids, ...attention(), isHiding: true }),
  })
  unmount = stop
  besidePx = BESIDE_PX
  count = heights.length
  while (box.querySelector('[data-message]') === null) await new Promise((resolve) => requestAnimationFrame(resolve))
  list = box.querySelector<HTMLElement>('.rb-list-scroller')
}

/** Where each row of the list stands. */
function topsInList(): (number | null)[] {
  const tops = Array.from({ length: count }, (): number | null => null)
  const from = list!.getBoundingClientRect().top
  for (const row of list!.querySelectorAll<HTMLElement>('[data-message]')) {
    if (row.checkVisibility({ visibilityProperty: true })) tops[Number(row.dataset['message']!.slice(1))] = Math.round(row.getBoundingClientRect().top - from)
  }
  return tops
}

/** Moves by itself: rows are measured when they come, and those that are gone leave their room. */
function noteMoves(): void {
  const last = changes.at(-1)
  if (!last?.tops) return
  const tops = topsInList()
  if (JSON.stringify(tops) !== JSON.stringify(last.tops)) noteChange(framedAt, tops)
}

const attention = (): Attention => ({ visible: document.visibilityState === 'visible', focused: document.hasFocus(), frozen: isFrozen })

function noteRead(): void {
  for (const id of open) {
    if (reporter!.getView(id).state !== 'read') continue
    open.delete(id)
    readings.push({ id, at: performance.now(), ...attention() })
  }
}

function noteChange(at = performance.now(), tops = reporter === null ? topsInList() : null): void {
  const { visible, focused } = attention()
  changes.push({ at, notedAt: performance.now(), paintedAt: Infinity, frames: 0, attentive: visible && focused, scrollPx: list!.scrollTop, panelPx: list!.clientHeight, ...(tops && { tops }) })
}

function noteFrame(): void {
  const now = performance.now()
  if (now - framedAt > STALL_MS) stalls.push({ from: framedAt, to: now })
  if (now - framedAt > GAP_MS) gaps.push({ from: framedAt, to: now })
  noteMoves()
  framedAt = now
  for (const change of changes) {
    change.frames += 1
    if (change.frames === (reporter === null ? STILL_FRAMES : 1)) change.paintedAt = now
  }
  requestAnimationFrame(noteFrame)
}

function changing(change: () => void): void {
  change()
  noteChange()
}

function add(heights: readonly number[]): void {
  for (const height of heights) {
    const row = document.createElement('div')
    Object.assign(row.style, { height: `${height}px`, boxSizing: 'border-box', border: '1px solid gray' })
    const id = `m${count}`
    row.textContent = id
    count += 1
    list!.append(row)
    open.add(id)
    reporter!.observe(row, id)
  }
}

addEventListener('freeze', () => void (isFrozen = true))
addEventListener('resume', () => void (isFrozen = false))
function tick(): void {
  const now = performance.now()
  ticks += 1
  if (now - tickedAt > GAP_MS) gaps.push({ from: tickedAt, to: now })
  tickedAt = now
}

setInterval(tick, 20)
requestAnimationFrame(noteFrame)

Object.assign(globalThis, {
  reading: {
    start,
    add,
    scrollTo: (px: number) => changing(() => void (list!.scrollTop = px)),
    resize: (px: number) => changing(() => void ((reporter === null ? list!.closest<HTMLElement>('body > div')! : list!).style.height = `${px + besidePx}px`)),
    scrollToEnd: () => void (list!.scrollTop = list!.scrollHeight),
    reported: () => reports.flatMap(({ ids }) => ids),
    noted: () => ({ reports, readings, stalls, gaps, changes: changes.map(({ paintedAt, ...change }) => ({ ...change, paintedAt: Math.min(paintedAt, performance.now()) })), endedAt: performance.now() }),
    /** Stands still while the page is frozen. */
    ticks: () => ticks,
    state: () => ({ visible: document.visibilityState === 'visible', focused: document.hasFocus() }),
    /** Why a message does not count as read yet. */
    reasons: (id: string) => reporter!.getView(id).reasons,
  },
})
