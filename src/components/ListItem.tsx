'use client'
/** One row of the list: the element that the virtualizer places and measures, around the part that draws it. */
import { memo, useCallback, useEffect, useRef, type ComponentType } from 'react'
import type { Stop } from '../model/index.js'
import type { DateSeparatorProps, MessageRowProps, UnreadSeparatorProps } from '../react/parts.js'
import { mayBeUnread, type ListRow, type MessageListRow } from './listRows.js'
import { wordsOf } from './wordsOf.js'

/** What all rows share; the same object until something in it changed, so that one changed message renders one row. */
export interface ListItemShared {
  readonly MessageRow: ComponentType<MessageRowProps>
  readonly DateSeparator: ComponentType<DateSeparatorProps>
  readonly UnreadSeparator: ComponentType<UnreadSeparatorProps>
  /** Handed to every message row as they are. */
  readonly rowProps: Omit<MessageRowProps, 'message' | 'own' | 'runStart' | 'runEnd' | 'highlighted'>
  readonly nowMs: number
  readonly measure: (element: HTMLElement | null) => void
  readonly watch: (element: Element, row: MessageListRow) => Stop
}

export interface ListItemProps {
  readonly row: ListRow
  readonly index: number
  readonly highlighted: boolean
  readonly shared: ListItemShared
}

export const ListItem = memo(function ListItem({ row, index, highlighted, shared }: ListItemProps) {
  const element = useRef<HTMLDivElement | null>(null)
  const { measure, watch } = shared
  const attach = useCallback((node: HTMLDivElement | null) => {
    element.current = node
    measure(node)
  }, [measure])
  /** Whose it is, and whether it counts, may turn out later. */
  const isWatched = mayBeUnread(row)
  const words = isWatched && wordsOf(row.message)
  // oxlint-disable-next-line react/exhaustive-deps -- other words are a reason to look anew, nothing else of it is
  useEffect(() => (isWatched && element.current !== null ? watch(element.current, row) : undefined), [watch, row.key, isWatched, words])
  return (
    <div ref={attach} className="rb-list-row" style={ROW_STYLE} data-index={index} data-key={row.key} data-highlighted={highlighted || undefined}>
      <RowContent row={row} highlighted={highlighted} shared={shared} />
    </div>
  )
})

/** Apart, and without the index: a page loaded above moves every row and draws none again. */
const RowContent = memo(function RowContent({ row, highlighted, shared }: Omit<ListItemProps, 'index'>) {
  const { MessageRow, DateSeparator, UnreadSeparator, nowMs, rowProps } = shared
  if (row.kind === 'date') return <DateSeparator timeMs={row.time} nowMs={nowMs} />
  if (row.kind === 'unread') return <UnreadSeparator />
  return <MessageRow {...rowProps} message={row.message} own={row.own} runStart={row.runStart} runEnd={row.runEnd} {...(highlighted && { highlighted })} />
})

/** The virtualizer owns `top`. */
const ROW_STYLE = { position: 'absolute', insetInline: 0 } as const
