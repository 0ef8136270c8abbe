/** Loads who read a message, page by page, and reads again what it has when receipts come in. Knows no React. */
import { STRONGEST_FIRST } from '../model/receiptKinds.js'
import type { Clock, Message, Stop, UserId } from '../model/index.js'
import type { Reader } from '../transport/index.js'
import type { ReaderSource } from './readerSource.js'

/** Members in the first page. Later pages are as large as all before them together, so that ten thousand take a handful. */
export const READER_PAGE = 200
/** While receipts stream in, the list is read again no more often than this, milliseconds. */
const RELOAD_MS = 500

export interface ReadersView {
  readonly status: 'loading' | 'ready' | 'failed'
  /** Each member once. */
  readonly readers: readonly Reader[]
  /** Whom it is for and who is still there. */
  readonly audience: readonly UserId[]
  /** Whether all of them are loaded. */
  readonly complete: boolean
  /** No receipt has come since they were read: the badge says nothing newer. */
  readonly current: boolean
}

export interface ReaderPager {
  getView(): ReadersView
  /** Loads the next page, or tries again what failed. Nothing while it loads or when all are there. */
  loadMore(): void
  stop(): void
}

export const NO_READERS: ReadersView = Object.freeze({ status: 'loading', readers: [], audience: [], complete: false, current: false })

/** @param message - as it is now: where else it is stored may turn out later */
export function createReaderPager(source: ReaderSource, message: () => Message, clock: Clock, onChange: (view: ReadersView) => void): ReaderPager {
  let view = NO_READERS
  let cursor: string | undefined
  let busy = false
  let stale = false
  let stopped = false
  let stopTimer: Stop | null = null

  const show = (next: ReadersView) => {
    if (stopped) return
    view = next
    onChange(view)
  }

  async function load(again: boolean): Promise<void> {
    if (stopped || busy) return
    busy = true
    // Who has read meanwhile comes on top of those that are here: one page more than that, and nothing that was complete turns incomplete for a moment.
    const limit = again ? view.readers.length + READER_PAGE : Math.max(READER_PAGE, view.readers.length)
    try {
      const audience = again ? await source.audience(message()) : view.audience
      const page = await source.load(message(), again || cursor === undefined ? { limit } : { cursor, limit })
      cursor = page.next
      show({ status: 'ready', readers: joined(again ? [] : view.readers, page.items), audience, complete: cursor === undefined, current: again ? !stale : view.current })
    } catch {
      show({ ...view, status: 'failed' })
    }
    busy = false
    if (stale) reload()
  }

  function reload(): void {
    stale = true
    if (view.current) show({ ...view, current: false })
    if (busy || stopTimer !== null || stopped) return
    stopTimer = clock.setTimer(() => {
      stopTimer = null
      stale = false
      void load(true)
    }, RELOAD_MS)
  }

  const stopListening = source.subscribe(reload)
  void load(true)
  return {
    getView: () => view,
    loadMore() {
      if (view.status === 'failed') void load(true)
      else if (view.status === 'ready' && !view.complete) void load(false)
    },
    stop() {
      stopped = true
      stopListening()
      stopTimer?.()
    },
  }
}

/** Pages may overlap when somebody read in between, and a back end may name somebody for each step: the furthest holds, and of two the later. */
function joined(before: readonly Reader[], more: readonly Reader[]): readonly Reader[] {
  const known = new Map(before.map((reader) => [reader.userId, reader]))
  for (const reader of more) {
    const other = known.get(reader.userId)
    if (other === undefined || rank(reader) >= rank(other)) known.set(reader.userId, reader)
  }
  return [...known.values()]
}

const rank = ({ kind }: Reader) => -STRONGEST_FIRST.indexOf(kind)
