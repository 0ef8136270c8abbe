/** Where in a list somebody wants to be, and whether it is loaded. Pure. */
import { comparePoints, type MessageSnapshot, type SourceAnchor } from '../model/index.js'
import type { ListRow, ListRows, MessageListRow } from './listRows.js'

/** A row and where it stands in the viewport, or the end of everything. */
export type ListPlace = 'newest' | { readonly key: string; readonly align: 'start' | 'center' }

/** The place of `anchor` in what is loaded, or null while it is not. `lenient`: there is nothing more to load, so the nearest row serves. */
export function findPlace(anchor: SourceAnchor, list: ListRows, snapshot: MessageSnapshot, lenient: boolean): ListPlace | null {
  if (anchor === 'newest') return snapshot.hasNewer && !lenient ? null : 'newest'
  if (anchor === 'firstUnread') return findFirstUnread(list, snapshot, lenient)
  if ('id' in anchor) {
    const row = list.rows.find((each) => each.kind === 'message' && (each.message.ids.includes(anchor.id) || each.message.localId === (anchor.id as string)))
    return row === undefined ? null : { key: row.key, align: 'center' }
  }
  return findNext(list, snapshot, lenient, isFrom(anchor))
}

function findFirstUnread(list: ListRows, snapshot: MessageSnapshot, lenient: boolean): ListPlace | null {
  const { firstUnreadKey } = snapshot
  if (firstUnreadKey === null) return findPlace('newest', list, snapshot, lenient)
  const key = `unread:${firstUnreadKey}`
  if (list.has(key)) return { key, align: 'start' }
  return lenient ? 'newest' : null
}

/** The first message that `isFrom` a place, unless the page before or after may hold an earlier one. */
function findNext(list: ListRows, snapshot: MessageSnapshot, lenient: boolean, from: (row: MessageListRow) => boolean): ListPlace | null {
  const { rows } = list
  const index = rows.findIndex((row) => row.kind === 'message' && from(row))
  if (index === -1) return snapshot.hasNewer && !lenient ? null : 'newest'
  const isFirst = !rows.slice(0, index).some(({ kind }) => kind === 'message')
  if (isFirst && snapshot.hasOlder && !lenient) return null
  // With the separators that belong to it: a day begins with its date.
  let first = index
  while (first > 0 && rows[first - 1]?.kind !== 'message') first--
  return { key: (rows[first] as ListRow).key, align: 'start' }
}

function isFrom(anchor: Exclude<SourceAnchor, string | { id: string }>): (row: MessageListRow) => boolean {
  if ('time' in anchor) return ({ message }) => message.time >= anchor.time
  return ({ message }) => message.at !== null && comparePoints(message.at, anchor.at) >= 0
}
