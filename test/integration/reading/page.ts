/** The page under test: the reporter as an app would use it, on the browser's own clock, focus and visibility. Nothing here decides what was read. */
import { createReadReporter } from 'readback/core'

interface Options {
  readonly heights: readonly number[]
  readonly panelPx: number
  readonly dwellMs: number
}

const reports: { readonly ids: readonly string[]; readonly visible: boolean; readonly focused: boolean }[] = []
let reporter: ReturnType<typeof createReadReporter> | null = null
let list: HTMLElement | null = null
let count = 0

function start({ heights, panelPx, dwellMs }: Options): void {
  reporter?.dispose()
  document.body.replaceChildren()
  reports.length = count = 0
  list = document.createElement('div')
  Object.assign(list.style, { height: `${panelPx}px`, width: '320px', overflowY: 'auto', overflowAnchor: 'none' })
  document.body.append(list)
  reporter = createReadReporter({
    root: list,
    policy: { dwellMs, flushMs: 50, maxFlushMs: 200 },
    report: async ({ messages }) => {
      reports.push({ ids: messages.map(({ id }) => id), visible: document.visibilityState === 'visible', focused: document.hasFocus() })
    },
  })
  add(heights)
}

function add(heights: readonly number[]): void {
  for (const height of heights) {
    const row = document.createElement('div')
    Object.assign(row.style, { height: `${height}px`, boxSizing: 'border-box', border: '1px solid gray' })
    const id = `m${count}`
    row.textContent = id
    count += 1
    list!.append(row)
    reporter!.observe(row, id)
  }
}

Object.assign(globalThis, {
  reading: {
    start,
    add,
    scrollTo: (px: number) => void (list!.scrollTop = px),
    resize: (px: number) => void (list!.style.height = `${px}px`),
    scrollToEnd: () => void (list!.scrollTop = list!.scrollHeight),
    reported: () => reports.flatMap(({ ids }) => ids),
    reports: () => reports,
    state: () => ({ visible: document.visibilityState === 'visible', focused: document.hasFocus() }),
    /** Why a message does not count as read yet. */
    reasons: (id: string) => reporter!.getView(id).reasons,
  },
})
