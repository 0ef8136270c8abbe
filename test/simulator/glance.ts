/**
 * What was really before somebody's eyes, written down by another rule than the product's: in stretches of true time, told by everything that happens to
 * the page and not by samples. Says of each row that was read whether it may have been, and of each that was not whether it should.
 */
import { Violation } from './stored.js'
import { VIEW, type Row, type Screen } from './screen.js'

/** Dwell, and the most that one sample may add, milliseconds. */
export const DWELL_MS = 800
const SAMPLE_MS = 200
/** A frame, a sample, and the timer behind it; with timers that come but once a second, those. */
const SLACK_MS = 300
const SLOW_SLACK_MS = 1_400
/** What is lost at the ends of a stretch: a frame, a sample, and that two of them keep apart. */
const LOST_MS = 150

interface Glance {
  /** Ended stretches. */
  seenMs: number
  since: number | null
  /** When the last stretch ended by something of which the page sends no event at once. */
  endedAt: number | null
  /** What samples could not tell from seeing: interruptions between two of them. */
  unnoticedMs: number
  /** Well in sight, without any interruption, and with good timers, since. */
  plainSince: number | null
  /** Of such stretches that ended: what samples must have made of them. */
  plainMs: number
  /** By the looks at the page that found it in sight, none adding more than two intervals. */
  sampledMs: number
  lookedAt: number | null
}

export interface Glances {
  /** Something changed, or may have. */
  update(): void
  /** The page was hidden, or lost the focus: it says so itself. */
  shut(): void
  watch(key: string): void
  /** The observer looked at the page. */
  looked(key: string, isSeen: boolean): void
  /** It was told as read. */
  requireSeen(name: string, key: string): void
  /** Nothing that was long enough in sight is still unread. */
  requireRead(name: string, isUnread: (row: Row) => boolean, wasSlow: boolean): void
}

/**
 * @param isOpen - somebody looks, and the list stands still
 * @param isSlow - timers come late, so that reading takes longer than looking
 */
export function createGlances(screen: Screen, now: () => number, isOpen: () => boolean, isSlow: () => boolean): Glances {
  const glances = new Map<string, Glance>()
  const read = new Set<string>()

  const isInSight = (row: Row, fraction: number) => {
    const clear = screen.clearOf(row)
    return screen.isPainted(row) && clear > 0 && (clear >= fraction * row.height || clear >= fraction * VIEW)
  }

  /** A thousandth may be in sight for one rule and out of it for another. */
  function update(): void {
    const open = isOpen()
    for (const [key, glance] of glances) {
      const row = screen.rowOf(key)
      if (row && open && isInSight(row, 0.49)) begin(glance)
      else end(glance)
      if (row && open && !isSlow() && isInSight(row, 0.51)) glance.plainSince ??= now()
      else {
        glance.plainMs = plainMsOf(glance)
        glance.plainSince = null
      }
    }
  }

  function plainMsOf({ plainMs, plainSince }: Glance): number {
    return plainMs + (plainSince === null ? 0 : Math.max(0, now() - plainSince - LOST_MS))
  }

  function begin(glance: Glance): void {
    if (glance.since !== null) return
    glance.since = now()
    if (glance.endedAt !== null) glance.unnoticedMs += Math.min(SAMPLE_MS, now() - glance.endedAt)
  }

  function end(glance: Glance): void {
    if (glance.since === null) return
    glance.seenMs += now() - glance.since
    glance.since = null
    glance.endedAt = now()
  }

  return {
    update,
    shut() {
      update()
      for (const glance of glances.values()) glance.endedAt = glance.lookedAt = null
    },
    watch(key) {
      glances.set(key, glances.get(key) ?? { seenMs: 0, since: null, endedAt: null, unnoticedMs: 0, plainSince: null, plainMs: 0, sampledMs: 0, lookedAt: null })
      update()
    },
    looked(key, isSeen) {
      const glance = glances.get(key)!
      if (isSeen && glance.lookedAt !== null) glance.sampledMs += Math.min(SAMPLE_MS, now() - glance.lookedAt)
      glance.lookedAt = isSeen ? now() : null
    },
    requireSeen(name, key) {
      const glance = glances.get(key)
      if (!glance || glance.since === null) throw new Violation('I14', `${name}: ${key} was read, and it is not to be seen`)
      if (glance.sampledMs < DWELL_MS) throw new Violation('I13', `${name}: ${key} was read, and its samples add up to ${glance.sampledMs} ms where none may add more than ${SAMPLE_MS} ms`)
      const seenMs = glance.seenMs + now() - glance.since
      if (seenMs + glance.unnoticedMs < DWELL_MS) throw new Violation('I12', `${name}: ${key} was read after ${seenMs} ms in sight, of which ${glance.unnoticedMs} ms more might have gone unnoticed`)
      read.add(key)
    },
    requireRead(name, isUnread, wasSlow) {
      for (const [key, glance] of glances) {
        const row = screen.rowOf(key)
        if (!row || read.has(key) || glance.plainSince === null || now() - glance.plainSince < LOST_MS) continue
        if (plainMsOf(glance) > DWELL_MS + (wasSlow ? SLOW_SLACK_MS : SLACK_MS) && isUnread(row)) throw new Violation('I12', `${name}: ${key} is in sight, and has been for ${plainMsOf(glance)} ms, and is unread`)
      }
    },
  }
}
