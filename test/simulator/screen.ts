/** What one tab paints of a list: rows of many heights in a box that scrolls, what lies over it, and intersections that are told a frame late, and not at all while nobody could see them. */
import { isEnoughVisible, type Clock, type Message, type UnseenReason } from 'readback/core'

/** Height of the list, CSS pixels; all rows are as wide as it. */
export const VIEW = 500
const WIDTH = 300
/** Rows this far outside are on the page as well. */
const OVERSCAN = 400
/** `display: none`, one line, a few, a picture, and more than the whole list. */
const HEIGHTS = [0, 22, 40, 64, 64, 120, 300, 1_400] as const
/** Nothing lower can be read. */
const LEAST_PX = 8
const FRAME_MS = 16

export interface Row {
  readonly key: string
  readonly message: Message
  readonly top: number
  readonly height: number
}

export interface Screen {
  readonly Observer: typeof IntersectionObserver
  /** Lays the list out anew; it stays where it is. */
  layOut(messages: readonly Message[]): void
  /** @param share - of the way down; 1: stays at the end */
  scroll(share: number): void
  /** Something lies over the list from here down to its lower edge; null: nothing does. */
  cover(from: number | null): void
  /** Pictures come late: every other row is a grey box. */
  load(isLoading: boolean): void
  /** Asks for a frame, in which intersections are told. */
  paint(): void
  /** On the page now, also outside the box. */
  mounted(): readonly Row[]
  rowOf(key: string): Row | undefined
  elementOf(key: string): Element
  /** Pixels of a row that nothing hides. */
  clearOf(row: Row): number
  isPainted(row: Row): boolean
  /** As `whyUnseen` finds it in a real page. */
  look(element: Element, fraction: number): UnseenReason | null
}

/** @param heights - of rows, of which the name of each says one */
export function createScreen(clock: Clock, isShown: () => boolean, heights: readonly number[] = HEIGHTS): Screen {
  let rows: readonly Row[] = []
  const byKey = new Map<string, Row>()
  const elements = new Map<string, Element>()
  const keys = new WeakMap<Element, string>()
  const observers = new Set<Fake>()
  /** The row at the upper edge, and how far down in it that is; null: the end of the list. */
  let anchor: { readonly key: string; readonly offset: number } | null = null
  let coveredFrom = VIEW
  let isLoading = false
  let isFrameDue = false

  class Fake {
    readonly told = new Map<Element, string>()
    constructor(readonly callback: IntersectionObserverCallback) {
      observers.add(this)
    }
    observe(element: Element): void {
      this.told.set(element, '')
      paint()
    }
    unobserve(element: Element): void {
      this.told.delete(element)
    }
    disconnect(): void {
      observers.delete(this)
    }
  }

  const total = () => (rows.at(-1)?.top ?? 0) + (rows.at(-1)?.height ?? 0)
  function scrollTop(): number {
    const held = anchor && byKey.get(anchor.key)
    const most = Math.max(0, total() - VIEW)
    return held ? Math.min(most, held.top + anchor!.offset) : most
  }

  const shownOf = ({ top, height }: Row, until = VIEW) => {
    const from = top - scrollTop()
    return Math.max(0, Math.min(until, from + height) - Math.max(0, from))
  }

  function paint(): void {
    if (isFrameDue) return
    isFrameDue = true
    clock.setTimer(() => {
      isFrameDue = false
      if (isShown()) tell()
    }, FRAME_MS)
  }

  function tell(): void {
    for (const observer of [...observers]) {
      const entries: IntersectionObserverEntry[] = []
      for (const [target, before] of observer.told) {
        const row = byKey.get(keys.get(target)!)
        const shown = row ? shownOf(row) : 0
        const now = `${row?.height} ${shown}`
        if (now === before) continue
        observer.told.set(target, now)
        entries.push({ target, isIntersecting: shown > 0, boundingClientRect: rect(row?.height ?? 0), intersectionRect: rect(shown), rootBounds: rect(VIEW) } as IntersectionObserverEntry)
      }
      if (entries.length > 0) observer.callback(entries, observer as unknown as IntersectionObserver)
    }
  }

  const screen: Screen = {
    Observer: Fake as unknown as typeof IntersectionObserver,
    layOut(messages) {
      let top = 0
      rows = messages.map((message) => {
        const key = `${message.from} ${message.localId}`
        const row = { key, message, top, height: heights[hashOf(key) % heights.length]! }
        top += row.height
        return row
      })
      byKey.clear()
      for (const row of rows) byKey.set(row.key, row)
      paint()
    },
    scroll(share) {
      const top = share * Math.max(0, total() - VIEW)
      const row = share === 1 ? undefined : rows.findLast((each) => each.top <= top)
      anchor = row ? { key: row.key, offset: top - row.top } : null
      paint()
    },
    cover: (from) => void (coveredFrom = from ?? VIEW),
    load: (is) => void (isLoading = is),
    paint,
    mounted() {
      const top = scrollTop()
      return rows.filter((row) => row.top + row.height >= top - OVERSCAN && row.top <= top + VIEW + OVERSCAN)
    },
    rowOf: (key) => byKey.get(key),
    elementOf(key) {
      const element = elements.get(key) ?? ({ parentElement: null } as unknown as Element)
      elements.set(key, element)
      keys.set(element, key)
      return element
    },
    clearOf: (row) => shownOf(row, coveredFrom),
    isPainted: ({ key, height }) => height >= LEAST_PX && !(isLoading && hashOf(key) % 2 === 1),
    look(element, fraction) {
      const row = byKey.get(keys.get(element)!)
      if (!row || !screen.isPainted(row)) return 'notPainted'
      const isEnough = (height: number) => isEnoughVisible(rect(row.height), rect(height), rect(VIEW), fraction)
      if (!isEnough(shownOf(row))) return 'notEnoughVisible'
      return isEnough(screen.clearOf(row)) ? null : 'covered'
    },
  }
  return screen
}

const rect = (height: number) => ({ width: WIDTH, height }) as DOMRectReadOnly

function hashOf(key: string): number {
  let hash = 7
  for (const char of key) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0
  return hash >>> 3
}
