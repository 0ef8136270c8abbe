import type { JournalRow } from './hubRecords.js'

/** Where rows are kept. One `append` at a time in the whole origin: that is what makes the sequence single. */
export interface Journal {
  /**
   * Shows `decide` all rows after those known and writes what it returns, with nobody else between; resolves when they are stored.
   * When it rejects, nothing was written. Known rows that are gone (somebody cleared the site's data) are written again.
   */
  append(known: readonly JournalRow[], decide: (unseen: readonly JournalRow[]) => readonly JournalRow[]): Promise<void>
  /** Removes rows that say nothing any more. */
  drop(seqs: ReadonlySet<number>): Promise<void>
  close(): void
}

/** Rows live in the hub's state alone. */
export function memoryJournal(): Journal {
  return {
    async append(_known, decide) {
      decide([])
    },
    async drop() {},
    close() {},
  }
}
