/** The page under test: the reporter as an app would use it, on the browser's own clock, focus and visibility. Nothing here decides what was read. */
import { createReadReporter } from 'readback/core'

interface Options {
  readonly heights: readonly number[]
  readonly panelPx: number
  readonly dwellMs: number
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
/** What was in sight from when on, by the same clock; `paintedAt`: the first frame of it, from which on somebody can read it. */
const changes: { readonly at: number; paintedAt: number; readonly attentive: boolean; readonly scrollPx: number; readonly panelPx: number }[] = []
/** Times without a frame, in which a busy machine let the page stand still. */
const stalls: { readonly from: number; readonly to: number }[] = []
/** No frame for longer than two samples, milliseconds. */
const STALL_MS = 200
let framedAt = performance.now()
/** Not read yet. */
const open = new Set<string>()
let isFrozen = false
let isHiding = false
let ticks = 0
let listening = new AbortController()
let reporter: ReturnType<typeof createReadReporter> | null = null
let list: HTMLElement | null = null
let count = 0

function start({ heights, panelPx, dwellMs }: Options): void {
  reporter?.dispose()
  document.body.replaceChildren()
  reports.length = readings.length = changes.length = stalls.length = count = 0
  open.clear()
  listening.abort()
  listening = new AbortController()
  const { signal } = listening
  // Before the reporter hears of it, and after.
  addEventListener('visibilitychange', () => void (isHiding = document.visibilityState === 'hidden'), { capture: true, signal })
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
  addEventListener('visibilitychange', () => void (isHiding = false), { signal })
  reporter.subscribe(noteRead)
  add(heights)
  noteChange()
  for (const type of ['visibilitychange', 'focus', 'blur']) addEventListener(type, noteChange, { signal })
}

const attention = (): Attention => ({ visible: document.visibilityState === 'visible', focused: document.hasFocus(), frozen: isFrozen })

function noteRead(): void {
  for (const id of open) {
    if (reporter!.getView(id).state !== 'read') continue
    open.delete(id)
    readings.push({ id, at: performance.now(), ...attention() })
  }
}

function noteChange(): void {
  const { visible, focused } = attention()
  changes.push({ at: performance.now(), paintedAt: Infinity, attentive: visible && focused, scrollPx: list!.scrollTop, panelPx: list!.clientHeight })
}

function noteFrame(): void {
  const now = performance.now()
  if (now - framedAt > STALL_MS) stalls.push({ from: framedAt, to: now })
  framedAt = now
  for (const change of changes) change.paintedAt = Math.min(change.paintedAt, now)
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
setInterval(() => void (ticks += 1), 20)
requestAnimationFrame(noteFrame)

Object.assign(globalThis, {
  reading: {
    start,
    add,
    scrollTo: (px: number) => changing(() => void (list!.scrollTop = px)),
    resize: (px: number) => changing(() => void (list!.style.height = `${px}px`)),
    scrollToEnd: () => void (list!.scrollTop = list!.scrollHeight),
    reported: () => reports.flatMap(({ ids }) => ids),
    noted: () => ({ reports, readings, stalls, changes: changes.map(({ paintedAt, ...change }) => ({ ...change, paintedAt: Math.min(paintedAt, performance.now()) })), endedAt: performance.now() }),
    /** Stands still while the page is frozen. */
    ticks: () => ticks,
    state: () => ({ visible: document.visibilityState === 'visible', focused: document.hasFocus() }),
    /** Why a message does not count as read yet. */
    reasons: (id: string) => reporter!.getView(id).reasons,
  },
})
