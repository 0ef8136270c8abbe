/**
 * Notices that a transaction waits for its tables in vain: a tab that was frozen in the middle of one holds them for all others, and no event tells.
 * Whether that is over is found out by a transaction of its own, which waits for as long as it takes, so that nobody has to ask.
 */
import type { Stop } from '../../model/index.js'

/** A transaction that was begun. */
export interface Waiting {
  /** It has its tables. */
  got(): void
  /** It has ended, one way or another. */
  end(): void
}

export interface TableWatch {
  begin(mode: 'read' | 'write'): Waiting
  /** The handle was replaced: what waited for it is over. */
  forget(): void
}

export interface TableWatchOptions {
  /** After waiting this long it is said, milliseconds. */
  readonly limitMs: number
  timer(fn: () => void, ms: number): Stop
  /** Settles when a transaction could be had, or there will be none. */
  untilFree(mode: 'read' | 'write'): Promise<void>
  onBlocked(): void
  onFree(): void
}

/** How soon it is looked again while a transaction of this tab has its tables: others wait for that one. Milliseconds. */
const AGAIN_MS = 250

export function createTableWatch({ limitMs, timer, untilFree, onBlocked, onFree }: TableWatchOptions): TableWatch {
  /** Of this tab, with their tables. */
  let running = 0
  let blocked: { readonly mode: 'read' | 'write' } | null = null

  function begin(mode: 'read' | 'write'): Waiting {
    let isRunning = false
    let isOver = false
    let cancel = timer(look, limitMs)

    function look(): void {
      if (running > 0) cancel = timer(look, AGAIN_MS)
      else block(mode)
    }

    return {
      got() {
        if (isRunning || isOver) return
        isRunning = true
        running++
        cancel()
      },
      end() {
        if (isRunning && !isOver) running--
        isOver = true
        cancel()
      },
    }
  }

  /** What another tab only reads can be read here, too: only who waits as this one did learns that it is over. */
  function block(mode: 'read' | 'write'): void {
    if (blocked?.mode === 'write' || blocked?.mode === mode) return
    const own = { mode }
    blocked = own
    onBlocked()
    const free = () => {
      if (blocked !== own) return
      blocked = null
      onFree()
    }
    untilFree(mode).then(free, free)
  }

  return {
    begin,
    forget() {
      blocked = null
    },
  }
}
