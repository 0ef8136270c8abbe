'use client'
import { forwardRef, useCallback, useEffect, useId, useRef, useState, type HTMLAttributes } from 'react'
import type { ReaderGroup } from '../locales/catalogue.js'
import { messageKey, systemClock, type Message, type UserId } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import type { ReaderSource } from '../react/readerSource.js'
import { useReceiptPresentation } from '../react/receiptContext.js'
import { useLiveMessage } from '../react/useLiveMessage.js'
import { useReaders, type Readers } from '../react/useReaders.js'
import type { TransportCapabilities } from '../transport/index.js'
import { classNames } from './classNames.js'
import { countGroups, groupReaders, READER_GROUPS, type ReaderEntry } from './readerGroups.js'
import { ReaderRow } from './ReaderRow.js'
import { RemindButton } from './RemindButton.js'
import { RowsList } from './RowsList.js'
import { Tabs } from './Tabs.js'
import { useToday } from './useToday.js'

/** @public */
export interface ReaderListProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children'> {
  readonly message: Message
  /** Where the readers come from. Default: the client. Keep it stable between renders. */
  readonly source?: ReaderSource
  /** Offers to remind those of whom it is not known that they read it; given all of them. Default: not offered. */
  readonly onRemind?: (userIds: readonly UserId[]) => void
}

const ROW_PX = 48
const MINUTE_MS = 60_000

/**
 * Who read a message, whom it only reached, and whom it did not: with names, pictures and times. Live; its counts are those of the badge.
 * Loads by pages and renders what is in sight, so that ten thousand members are as quick as ten.
 * Of whom some were counted and not named, the number stands over those of whom nobody knows.
 * For one reader alone there is one row and no tabs; where there is nobody to read it, a line that says so.
 *
 * Data attributes: `data-status` (loading, ready, failed, untracked).
 * @public
 */
export const ReaderList = forwardRef<HTMLDivElement, ReaderListProps>(function ReaderList({ message: given, source, onRemind, className, ...rest }, ref) {
  const { messages } = useLocale()
  const message = useLiveMessage(given)
  const readers = useReaders(message, source)
  const { tally, status } = readers
  const shown = tally.tracked ? status : 'untracked'
  return (
    <div ref={ref} {...rest} className={classNames('rb-readers', className)} data-status={shown}>
      {tally.tracked ? <Groups key={messageKey(message)} readers={readers} onRemind={onRemind} /> : <p className="rb-readers-note">{messages.readersUntracked[tally.reason]}</p>}
    </div>
  )
})

interface GroupsProps {
  readonly readers: Readers
  readonly onRemind: ReaderListProps['onRemind']
}

function Groups({ readers, onRemind }: GroupsProps) {
  const { messages, formatters } = useLocale()
  const { tally, complete, current } = readers
  const client = useOptionalClient()
  const baseId = useId()
  const [asked, choose] = useState<ReaderGroup>('read')
  const few = tally.tracked && tally.of <= 1
  // Until the list is as new as the badge, the one row says what it said.
  const groups = groupReaders(readers.readers, readers.audience, complete, tally.tracked && tally.read === tally.of && (!few || current))
  const counts = countGroups(groups, tally, complete)
  // Where the wire tells of no deliveries there is nothing to tell apart.
  const told = READER_GROUPS.filter((group) => group !== 'delivered' || counts.delivered > 0 || deliveries(client?.capabilities))
  const chosen = told.includes(asked) ? asked : 'read'
  const clock = client?.ports.clock ?? systemClock
  // A time alone is one of today: at midnight it is not.
  useToday(clock)
  const nowMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS
  // Who was only counted has no row.
  const plain = few && !(complete && current && groups.read.length < tally.read)
  const entries = plain ? READER_GROUPS.flatMap((group) => groups[group]) : groups[chosen]
  const unread = counts.delivered + counts.waiting
  const unreadIds = complete ? [...groups.delivered, ...groups.waiting].map(({ userId }) => userId) : null
  return (
    <>
      {!plain && <Tabs tabs={told.map((id) => ({ id, label: messages.readerGroups[id], count: formatters.number(counts[id]) }))} selected={chosen} onSelect={choose} baseId={baseId} label={messages.messageInfo} />}
      <Panel entries={entries} expected={plain ? tally.of : counts[chosen]} group={plain ? null : chosen} readers={readers} nowMs={nowMs} baseId={baseId} />
      {onRemind !== undefined && unread > 0 && <RemindButton count={unreadIds?.length ?? unread} userIds={unreadIds} loadMore={readers.loadMore} progress={readers.readers.length} onRemind={onRemind} />}
    </>
  )
}

interface PanelProps {
  readonly entries: readonly ReaderEntry[]
  readonly expected: number
  readonly group: ReaderGroup | null
  readonly readers: Readers
  readonly nowMs: number
  readonly baseId: string
}

function Panel({ entries, expected, group, readers, nowMs, baseId }: PanelProps) {
  const { messages } = useLocale()
  const { badge } = useReceiptPresentation()
  const scroller = useRef<HTMLDivElement>(null)
  const { status, complete, current, loadMore, tally } = readers
  const loaded = readers.readers.length
  const onEnd = useCallback(() => {
    // Every page may be asked for anew: it may have brought nothing to this group.
    if (entries.length < expected && loaded >= 0) loadMore()
  }, [entries.length, expected, loaded, loadMore])
  const names = group === null ? {} : { role: 'tabpanel', id: `${baseId}-panel`, 'aria-labelledby': `${baseId}-${group}` }
  const unnamed = complete && group === 'read' ? expected - entries.length : 0
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, and must by keyboard
    <div ref={scroller} className="rb-readers-panel" tabIndex={0} {...names} aria-busy={!complete && entries.length < expected}>
      {complete && current && tally.tracked && entries.length > expected && <p className="rb-readers-note">{badge.long(tally.read, tally.of)}</p>}
      {entries.length > 0 && <RowsList key={group} className="rb-readers-rows" count={entries.length} keyOf={(index) => (entries[index] as ReaderEntry).userId} row={(index) => <ReaderRow entry={entries[index] as ReaderEntry} nowMs={nowMs} />} scroller={scroller} rowPx={ROW_PX} onEnd={onEnd} />}
      {entries.length === 0 && <LoadAll onEnd={onEnd} />}
      {status === 'failed' ? (
        <p className="rb-readers-note">
          {messages.readersFailed} <button type="button" className="rb-text-button" onClick={loadMore}>{messages.retry}</button>
        </p>
      ) : expected === 0 ? (
        // Nor has it reached everybody, where there is nobody.
        <p className="rb-readers-note">{messages.readerGroupsEmpty[group ?? 'read']}</p>
      ) : unnamed > 0 ? (
        <p className="rb-readers-note">{messages.readersUnnamed(unnamed)}</p>
      ) : (
        !complete && entries.length < expected && <p className="rb-readers-note">{messages.readersLoading}</p>
      )}
    </div>
  )
}

/** Nothing of a group is there yet: pages are loaded until something is. */
function LoadAll({ onEnd }: { onEnd: () => void }) {
  useEffect(onEnd, [onEnd])
  return null
}

/** Without a client nobody says, and the group is shown. */
function deliveries(capabilities: TransportCapabilities | undefined): boolean {
  return (capabilities?.delivered?.group ?? 'point') !== 'none'
}
