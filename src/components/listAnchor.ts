/** Which row stays where it is when others come and go. Pure. */
import type { VirtualItem } from '@tanstack/react-virtual'
import type { ListRows, MessageListRow } from './listRows.js'

/** A message on screen and where: `topPx` from the top edge of the viewport, negative when it begins above. */
export interface HeldRow {
  readonly row: MessageListRow
  readonly topPx: number
}

/** The messages among `items` that are in the viewport, from the top. Separators hold nothing: they come and go with pages. */
export function rowsInView(items: readonly VirtualItem[], list: ListRows, scrollTopPx: number, heightPx: number): readonly HeldRow[] {
  const held: HeldRow[] = []
  for (const { index, start, end } of items) {
    const row = list.rows[index]
    if (row?.kind === 'message' && end > scrollTopPx && start < scrollTopPx + heightPx) held.push({ row, topPx: start - scrollTopPx })
  }
  return held
}

/**
 * The row to keep in place: the first that begins in the viewport and neither gains nor loses a name above its text,
 * else the first that begins there, else one that begins above. Null when none of them is left.
 * `keptKey`: what was kept before stays what is kept while it is there and as it was.
 */
export function holdAnchor(held: readonly HeldRow[], list: ListRows, keptKey: string | null = null): HeldRow | null {
  const left = held.filter(({ row }) => list.has(row.key))
  const isWhole = ({ topPx }: HeldRow) => topPx >= -0.5
  const isSteady = ({ row }: HeldRow) => {
    const now = list.rows[list.indexOf(row.key) as number]
    return now?.kind === 'message' && now.runStart === row.runStart
  }
  const kept = left.find((each) => each.row.key === keptKey && isSteady(each))
  return kept ?? left.find((each) => isWhole(each) && isSteady(each)) ?? left.find(isWhole) ?? left.find(isSteady) ?? left[0] ?? null
}
