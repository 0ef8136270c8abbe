/** Runs the measured actions in the page, the same for every contestant. Time is taken outside, from the browser's own counters. */
import { commits } from './commits'
import type { Contestant, Scene } from './contract'
import { OWN_TAIL, rowAt, token } from './rows'

/** Rows of one page of older messages. */
const PAGE_ROWS = 60

export function runContestant(list: Contestant): void {
  const root = document.getElementById('root')!
  let scene: Scene
  let next = 0
  let flips = 0
  let older = -1
  let longTasks = 0
  new PerformanceObserver((entries) => (longTasks += entries.getEntries().length)).observe({ type: 'longtask' })

  const find = (text: string): Element | undefined => list.rows().findLast((row) => row.textContent?.includes(text))
  const newest = () => find(token(next - 1))
  const isInView = (row: Element | undefined): boolean => {
    if (row === undefined) return false
    const box = row.getBoundingClientRect()
    const view = list.scroller().getBoundingClientRect()
    return box.height > 0 && box.bottom <= view.bottom + 4 && box.bottom > view.top && getComputedStyle(row).visibility === 'visible'
  }
  const begin = (given: Scene) => {
    scene = given
    next = given.size
    flips = 0
    older = -1
  }
  const newestShown = () => until(root, () => isInView(newest()))

  const bench = {
    async seed(given: Scene) {
      await list.seed?.(given)
    },
    async reset(given: Scene) {
      await list.reset?.(given)
    },
    async open(given: Scene) {
      begin(given)
      await list.open(given)
    },
    /** Until the newest message is painted. Returns milliseconds of wall time. */
    async mount() {
      const started = performance.now()
      await list.mount(root)
      await newestShown()
      await painted()
      return performance.now() - started
    },
    async openCold(given: Scene) {
      begin(given)
      const started = performance.now()
      await list.openCold!(given, root)
      await newestShown()
      await painted()
      return performance.now() - started
    },
    unmount: () => list.unmount(),
    /** One after the other, each painted before the next comes. */
    async append(count: number) {
      for (let i = 0; i < count; i++) {
        list.append(rowAt(next++, scene))
        await newestShown()
        await painted()
      }
    },
    async flip(count: number) {
      for (let i = 0; i < count; i++) {
        const index = scene.size - OWN_TAIL + flips++
        // Each is in sight: the newest own messages are short.
        list.flip(index)
        await until(root, () => {
          const row = find(token(index))
          return row !== undefined && list.isRead(row)
        })
        await painted()
      }
    },
    /** How many rows render for one receipt, and in how many commits. */
    async flipCounted() {
      await painted()
      Object.assign(commits, { rowSelector: list.rowSelector, rowRenders: 0, count: 0 })
      await bench.flip(1)
      await wait(300)
      commits.rowSelector = null
      return { rows: commits.rowRenders, commits: commits.count }
    },
    /** Receipts of as many members, each an event and a task of its own. `chain`: the next comes as soon as the page is free; `stream`: some 4 ms apart, whatever the page does. */
    async flood(first: number, count: number, how: 'chain' | 'stream') {
      Object.assign(commits, { count: 0, mostInFrame: 0 })
      longTasks = 0
      const row = newest()
      const before = row === undefined ? 0 : list.readers(row)
      const started = performance.now()
      await (how === 'chain' ? chained : streamed)(count, (i) => list.receipt(first + i))
      await until(root, () => {
        const now = newest()
        return now !== undefined && list.readers(now) >= before + count
      })
      await painted()
      return { wallMs: performance.now() - started, commits: commits.count, mostInFrame: commits.mostInFrame, longTasks }
    },
    /** A burst that the list should follow. Returns how far from the end it is then, in pixels, and in how many frames the newest row was out of sight. */
    async burst(count: number) {
      let strayed = 0
      const stop = everyFrame(() => {
        if (fromEnd() > 1) strayed += 1
      })
      await chained(count, () => list.append(rowAt(next++, scene)))
      // A list that lost the end does not find it later.
      await Promise.race([newestShown().catch(() => {}), wait(5_000)])
      await wait(300)
      stop()
      return { fromEndPx: fromEnd(), strayed }
    },
    /** Pages of older messages above a list at rest: by how much a row in view was painted out of place, at most. */
    async prepend(pages: number) {
      const scroller = list.scroller()
      let worst = 0
      for (let page = 0; page < pages; page++) {
        scroller.scrollTop = Math.max(0, Math.min(scroller.scrollTop, 300))
        await wait(150)
        const anchor = firstInView()
        const top = () => (anchor.row.isConnected ? anchor.row : find(anchor.text))?.getBoundingClientRect().top
        const start = top()
        const stop = everyFrame(() => {
          const now = top()
          worst = Math.max(worst, now === undefined || start === undefined ? 9_999 : Math.abs(now - start))
        })
        const rows = Array.from({ length: PAGE_ROWS }, (_, i) => rowAt(older - PAGE_ROWS + 1 + i, scene))
        older -= PAGE_ROWS
        await list.prepend(rows)
        await wait(150)
        stop()
      }
      return { worstPx: worst }
    },
    /** Begins to watch a scroll that is made from outside: frames that took longer than one, and how much of the viewport had no row. */
    watchScroll() {
      const scroller = list.scroller()
      const frames: number[] = []
      let blankFrames = 0
      let mostBlankPx = 0
      const onScroll = () => {
        const rows = list.rows()
        const view = scroller.getBoundingClientRect()
        const first = rows[0]?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY
        const last = rows.at(-1)?.getBoundingClientRect().bottom ?? Number.NEGATIVE_INFINITY
        // Padding and notices at the very ends are no blank.
        const above = scroller.scrollTop < 60 ? 0 : first - view.top
        const below = fromEnd() < 60 ? 0 : view.bottom - last
        const blank = Math.min(view.height, Math.max(0, above, below))
        if (blank > 1) blankFrames += 1
        mostBlankPx = Math.max(mostBlankPx, blank)
      }
      // First to hear: what is mounted now is what was on screen when the browser had scrolled already.
      window.addEventListener('scroll', onScroll, { capture: true, passive: true })
      const stop = everyFrame((time) => frames.push(time))
      const from = scroller.scrollTop
      scrollWatch = () => {
        stop()
        window.removeEventListener('scroll', onScroll, { capture: true })
        const gaps = frames.slice(1).map((time, i) => time - frames[i]!)
        return { movedPx: Math.abs(scroller.scrollTop - from), frames: frames.length, dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME_MS) - 1), 0), blankFrames, mostBlankPx }
      }
    },
    endScroll: () => scrollWatch(),
    toNewest: async () => {
      const scroller = list.scroller()
      for (let i = 0; i < 20 && fromEnd() > 1; i++) {
        scroller.scrollTop = scroller.scrollHeight
        await wait(100)
      }
    },
    place() {
      const { left, top, width, height } = list.scroller().getBoundingClientRect()
      return { x: left + width / 2, y: top + height / 2 }
    },
    domNodes: () => root.querySelectorAll('*').length,
    rowCount: () => list.rows().length,
    wait,
  }
  let scrollWatch: () => unknown = () => null

  const fromEnd = () => {
    const scroller = list.scroller()
    return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
  }
  const firstInView = () => {
    const view = list.scroller().getBoundingClientRect()
    const row = list.rows().find((each) => each.getBoundingClientRect().top >= view.top + 40)!
    return { row, text: /#-?\d+;/.exec(row.textContent ?? '')?.[0] ?? '' }
  }

  Object.assign(globalThis, { bench })
}

const FRAME_MS = 1000 / 60

/** Resolves after the next frame was painted. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => afterThisTask(resolve))
  })
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Tries now and after every change of the document below `root`. */
function until(root: Element, test: () => boolean, timeoutMs = 20_000): Promise<void> {
  if (test()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const end = () => {
      observer.disconnect()
      clearTimeout(timer)
      clearInterval(again)
      root.removeEventListener('scroll', look, { capture: true })
    }
    const look = () => {
      if (!test()) return
      end()
      resolve()
    }
    const observer = new MutationObserver(look)
    observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true })
    // Scrolling alone changes nothing that can be observed. Looked for seldom besides: what a list waits for is not what it costs.
    root.addEventListener('scroll', look, { capture: true, passive: true })
    const again = setInterval(look, 500)
    const timer = setTimeout(() => {
      end()
      reject(new Error('What was waited for did not come onto the screen.'))
    }, timeoutMs)
  })
}

/** Calls after every painted frame until stopped. */
function everyFrame(see: (time: number) => void): () => void {
  let on = true
  const loop = () =>
    requestAnimationFrame((time) => {
      if (!on) return
      afterThisTask(() => on && see(time))
      loop()
    })
  loop()
  return () => {
    on = false
  }
}

function afterThisTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(0)
}

/** One task each, the next asked for when the last one is done. */
function chained(count: number, act: (i: number) => void): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    let i = 0
    port1.onmessage = () => {
      act(i++)
      if (i < count) port2.postMessage(0)
      else {
        port1.close()
        resolve()
      }
    }
    port2.postMessage(0)
  })
}

/** From a worker, as from a network: they come at their own pace, however busy the page is. */
function streamed(count: number, act: (i: number) => void): Promise<void> {
  const code = `let i = 0; const timer = setInterval(() => { postMessage(i++); if (i === ${count}) clearInterval(timer) }, 4)`
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => {
      act(data)
      if (data < count - 1) return
      worker.terminate()
      resolve()
    }
  })
}
