'use client'
/** The messages of one conversation: virtual, over any message source. Arrow keys, Home and End move the focus; Page Up and Page Down scroll. */
import { forwardRef, memo, useCallback, useImperativeHandle, useMemo, useRef, type Ref } from 'react'
import { messageKey, systemClock, type Clock, type Message, type MessageId, type MessageSnapshot, type MessageSource, type PageVisibility, type SourceAnchor, type UserId } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { ListContext, type ListReading } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts, type ChatComponents, type MessageRowProps, type PartProps } from '../react/parts.js'
import { ReadStatesContext } from '../react/readStatesContext.js'
import { useClientStyle } from '../react/useClientStyle.js'
import { useMessages } from '../react/useMessages.js'
import type { DwellPolicy } from '../reading/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { classNames } from './classNames.js'
import { DateSeparator } from './DateSeparator.js'
import { EmptyState } from './EmptyState.js'
import { JumpToNewest } from './JumpToNewest.js'
import { LazyFloatingDate } from './lazyParts.js'
import { ListItem, type ListItemShared } from './ListItem.js'
import type { ListRow } from './listRows.js'
import { ListedMessageRow } from './ListedMessageRow.js'
import { UnreadSeparator } from './UnreadSeparator.js'
import { useHighlight } from './useHighlight.js'
import { useKept, useLatest } from './useKept.js'
import { useListDwell } from './useListDwell.js'
import { useListRows, type IsOwn } from './useListRows.js'
import { useListScroll } from './useListScroll.js'
import { useRowFocus } from './useRowFocus.js'
import { useRowPins } from './useRowPins.js'
import { useToday } from './useToday.js'

/** @public */
export interface MessageListProps extends PartProps, Pick<MessageRowProps, 'conversationKind' | 'onRetry' | 'onView' | 'onLinkClick' | 'onOpenAttachment' | 'actions'> {
  /** Another source is another list: it opens anew. */
  readonly source: MessageSource
  /** Whose messages are own. Default: the user of the client around it; without one, messages that have a status are own. */
  readonly userId?: UserId
  /** Statuses, badges and what is read already; default none. */
  readonly readStates?: ReadStateSource | null
  /**
   * Told which messages of others were just read: they dwelt, or were opened or played. Each once, unless the promise that it returns
   * is rejected: those that still show are then watched again, after a wait that grows. Without it nothing is watched.
   */
  readonly onRead?: ((messages: readonly Message[]) => void) | ((messages: readonly Message[]) => Promise<void>)
  /** Where it opens; default `firstUnread`: at the separator, or at the newest message when nothing is unread. */
  readonly initialPosition?: SourceAnchor
  /** A page that could not be loaded. It is tried again when the reader scrolls on. */
  readonly onError?: (error: unknown) => void
  /** Parts to replace here. */
  readonly components?: ChatComponents
  /** Name of the list for screen readers; default from the catalogue. */
  readonly label?: string
  /** When a message counts as read; defaults: 800 ms, half of it or of the viewport, focus required. What it says decides, not which object it is. */
  readonly policy?: Partial<DwellPolicy>
  /** For tests, and for embedding where the page's own clock does not tell. Keep it stable between renders. */
  readonly clock?: Clock
  /** For tests, and for embedding where the page's own visibility does not tell. Keep it stable between renders. */
  readonly visibility?: PageVisibility
}

/** @public */
export interface MessageListHandle {
  /** Brings a message into view and marks it for two seconds; loads around it when needed. Resolves to whether there is one. */
  scrollTo(id: MessageId): Promise<boolean>
  /**
   * Brings the first message at or after `time` (epoch milliseconds) to the top, below its date; loads around it when needed.
   * For a day, give its beginning. After the newest message it goes to the end. Resolves to false where nothing could be loaded.
   */
  scrollToDate(time: number): Promise<boolean>
  scrollToNewest(): Promise<boolean>
  /** For {@link useWhyUnread} outside of the list; within its rows the hook finds it by itself. */
  readonly reading: ListReading
}

export interface SourceListProps extends MessageListProps {
  /** Whether a message is own, where nobody said who looks. */
  readonly isOwn?: IsOwn | undefined
}

/** The list behind `<MessageList>`. A window draws attachments with what comes later. */
export const SourceList = forwardRef<MessageListHandle, SourceListProps>(function SourceList(props, ref) {
  return <OneSourceList key={numberOf(props.source)} {...props} handle={ref} />
})

interface OneSourceListProps extends SourceListProps {
  readonly handle: Ref<MessageListHandle>
}

function OneSourceList(props: OneSourceListProps) {
  const {
    source, userId, readStates = null, onRead, initialPosition = 'firstUnread', onError = ignore, components, label, policy: givenPolicy, isOwn, clock = systemClock, visibility, handle, className,
    conversationKind, onRetry, onView, onLinkClick, onOpenAttachment, actions, ...rest
  } = props
  const scroller = useRef<HTMLDivElement>(null)
  const { messages: words } = useLocale()
  const given = useKept(components)
  const policy = useKept(givenPolicy)
  const parts = useParts(given)
  const client = useOptionalClient()
  const viewer = userId ?? client?.userId
  const snapshot = useMessages(source)
  const list = useListRows(snapshot, viewer, isOwn)
  const { rangeExtractor, handlers } = useRowPins(scroller, list)
  const { scroll, virtualizer, setContainer, measure, view } = useListScroll({ scroller, source, snapshot, list, initialPosition, echoes: client !== null, rangeExtractor, onError })
  const dwell = useListDwell({ scroller, list, userId: viewer, readStates, onRead, isSettled: () => scroll.view().settled, policy, clock, visibility })
  const { onKeyDown, onFocus } = useRowFocus({ scroller, list, goTo: scroll.goTo, readStates })
  const [highlightedId, highlight] = useHighlight(clock)
  const scrollTo = useCallback(async (id: MessageId) => {
    const found = await scroll.goTo({ id })
    if (found) highlight(id)
    return found
  }, [scroll, highlight])
  const goToDate = useCallback((time: number) => void scroll.goTo({ time }), [scroll])
  const around = useMemo(() => ({ source, userId: viewer, scrollTo, dwell, readStates }), [source, viewer, scrollTo, dwell, readStates])
  useImperativeHandle(handle, () => ({ scrollTo, scrollToDate: (time) => scroll.goTo({ time }), scrollToNewest: () => scroll.goTo('newest'), reading: around }), [scroll, scrollTo, around])

  const calls = useLatest({
    onRetry, onLinkClick, onOpenAttachment,
    onView(message: Message) {
      dwell.markNow(messageKey(message))
      onView?.(message)
    },
  })
  const rowProps = useKept<ListItemShared['rowProps']>({ ...calls, ...(conversationKind && { conversationKind }), ...(actions && { actions }), ...(given && { components: given }) })
  const jump = () => {
    // The button goes once the newest message is in view.
    if (document.activeElement?.tagName === 'BUTTON') scroller.current?.focus({ preventScroll: true })
    void scroll.goTo('newest')
  }
  const today = useToday(clock)
  // oxlint-disable-next-line react/exhaustive-deps -- what these call read, others may not: the rows are looked at again
  const watch = useCallback<ListItemShared['watch']>((element, row) => dwell.watch(element, row), [dwell, readStates])
  const shared = useKept<ListItemShared>({
    MessageRow: parts.MessageRow ?? ListedMessageRow,
    DateSeparator: parts.DateSeparator ?? DateSeparator,
    UnreadSeparator: parts.UnreadSeparator ?? UnreadSeparator,
    rowProps,
    nowMs: today,
    measure,
    watch,
  })

  const listStyle = useClientStyle(LIST)
  const scrollerStyle = useClientStyle(SCROLLER)
  const rowsStyle = useClientStyle(view.anchored ? ROWS : HIDDEN_ROWS)
  const isEmpty = list.rows.length === 0
  const loading = snapshot.loading === 'none' ? undefined : snapshot.loading
  const Jump = parts.JumpToNewest ?? JumpToNewest
  return (
    <ReadStatesContext.Provider value={readStates}>
      <ListContext.Provider value={around}>
      <div {...rest} className={classNames('rb-list', className)} style={listStyle} data-at-bottom={view.atNewest} data-loading={loading}>
        {/* Not live: somebody who pages back through history would have all of it read aloud. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- listens for the rows within */}
        <div
          ref={scroller} className="rb-list-scroller" style={scrollerStyle} data-settled={false} data-at-bottom={view.atNewest}
          role="log" aria-live="off" aria-label={label ?? words.messageListLabel} aria-busy={loading !== undefined} tabIndex={0} onKeyDown={onKeyDown} {...handlers}
          onFocus={(event) => {
            handlers.onFocus(event)
            onFocus(event)
          }}
        >
          <div ref={setContainer} className="rb-list-rows" style={rowsStyle}>
            {virtualizer.getVirtualItems().map(({ index, key }) => {
              const row = list.rows[index] as ListRow
              return <ListItem key={key as string} row={row} index={index} highlighted={isMarked(row, highlightedId)} shared={shared} />
            })}
          </div>
        </div>
        {isEmpty && <Empty snapshot={snapshot} Part={parts.EmptyState ?? EmptyState} />}
        {!isEmpty && <DateOverTop scroller={scroller} dateAt={scroll.dateAtTop} nowMs={today} clock={clock} onPick={goToDate} />}
        {loading !== undefined && <div className="rb-list-loading" data-side={loading} aria-hidden="true" />}
        {!isEmpty && view.anchored && !view.atNewest && <Jump count={view.newCount} onJump={jump} />}
      </div>
      </ListContext.Provider>
    </ReadStatesContext.Provider>
  )
}

function Empty({ snapshot: { status }, Part }: { snapshot: MessageSnapshot; Part: NonNullable<ChatComponents['EmptyState']> }) {
  const { messages: words } = useLocale()
  if (status === 'loading') return null
  if (status === 'failed') return <Part title={words.loadFailedTitle} hint={words.loadFailedHint} />
  return <Part title={status === 'unknown' ? words.unknownConversationTitle : words.noMessagesTitle} {...(status === 'ready' && { hint: words.noMessagesHint })} />
}

/** Moves with the scrolling, not with what the list renders. */
const DateOverTop = memo(LazyFloatingDate)

/** Without these it would not scroll; all else is in the stylesheet. */
const LIST = { position: 'relative', blockSize: '100%', minBlockSize: 0 } as const
const SCROLLER = { position: 'absolute', inset: 0, overflowY: 'auto', overflowAnchor: 'none' } as const
const ROWS = { position: 'relative' } as const
/** Measured but not seen: estimates must not flash, and nobody can have read them. */
const HIDDEN_ROWS = { ...ROWS, visibility: 'hidden' } as const

const ignore = () => {}

function isMarked(row: ListRow, id: string | null): boolean {
  return id !== null && row.kind === 'message' && (row.message.ids.includes(id) || row.message.localId === id)
}

/** A number for each source, as a React key. */
function numberOf(source: MessageSource): number {
  const number = numbers.get(source) ?? (count += 1)
  numbers.set(source, number)
  return number
}

let count = 0
const numbers = new WeakMap<MessageSource, number>()
