/** What leaves together: as many as a batch may have, and as a page that is hidden or left can still send. */

/** JSON of the ids under way at once, bytes. The browser carries up to 64 KiB for such a page, and nothing at all beyond; the rest is room for what a host puts around them. */
const MOST_BYTES = 56 * 1_024

export function canLeaveTogether(ids: readonly string[]): boolean {
  return new Blob([JSON.stringify(ids.map((id) => ({ id })))]).size <= MOST_BYTES
}

/** The first of them, one at least, however long it is: nothing would ever leave. */
export function nextBatch(queued: readonly string[], most: number): readonly string[] {
  const batch = queued.slice(0, most)
  return batch.length < 2 || canLeaveTogether(batch) ? batch : nextBatch(batch, batch.length >> 1)
}
