import { useCallback, useState, useSyncExternalStore } from 'react'
import { ChatProvider, ChatWindow, createChatClient, useConversation, type ChatClient, type Locale, type Theme, type Transport } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { createDirectory } from './directory'
import { groupHistory, memberName } from './groupHistory'
import { Figure, Phone } from './Phone'
import { useScene } from './useScene'

const ID = 'festival'
const MEMBERS = ['ada', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6']
const READ_BEFORE = 40

export interface ReadingABacklogProps {
  /** How many messages are unread. */
  readonly unread?: number
  readonly theme?: Theme
  readonly locale?: Locale
  readonly dir?: 'ltr' | 'rtl'
}

interface Scene {
  readonly hub: ReturnType<typeof memoryHub>
  readonly client: ChatClient
  readonly reports: ReportLog
}

/** How many reports of something read left the phone. */
interface ReportLog {
  readonly count: number
  add(): void
  subscribe(listener: () => void): () => void
}

function createReportLog(): ReportLog {
  const listeners = new Set<() => void>()
  let count = 0
  return {
    get count() {
      return count
    },
    add() {
      count += 1
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The same wire, with its reports counted. */
function counted(transport: Transport, log: ReportLog): Transport {
  return {
    ...transport,
    async report(report) {
      await transport.report(report)
      if (report.kind === 'read') log.add()
    },
  }
}

function createScene(unread: number): Scene {
  const hub = memoryHub({ name: ID, latencyMs: 60 })
  const messages = groupHistory(MEMBERS.slice(1), 'm1', READ_BEFORE + unread)
  const reports = createReportLog()
  const client = createChatClient({ userId: 'ada', transport: counted(hub.transport(), reports), storage: memoryStorage(), directory: createDirectory(memberName) })
  void begin()
  return { hub, client, reports }

  async function begin() {
    await hub.seed({ conversation: { id: ID, kind: 'group', members: MEMBERS, title: 'Harbour festival crew' }, messages })
    const upTo = hub.log(ID)[READ_BEFORE - 1]?.at
    if (upTo) await hub.receipt({ by: 'ada', conversationId: ID, upTo })
  }
}

function disposeScene({ hub }: Scene): void {
  void hub.dispose()
}

/** A phone after a night without it: opens at the first unread message; what stays in view is read, what is scrolled past is not. */
export function ReadingABacklog({ unread = 60, ...appearance }: ReadingABacklogProps) {
  const scene = useScene(useCallback(() => createScene(unread), [unread]), disposeScene)
  return (
    scene && (
      <ChatProvider client={scene.client} {...appearance}>
        <Stage reports={scene.reports} total={unread} />
      </ChatProvider>
    )
  )
}

function Stage({ reports, total }: { reports: ReportLog; total: number }) {
  const unread = useConversation(ID)?.unread?.count ?? null
  const sent = useSyncExternalStore(
    useCallback((listener) => reports.subscribe(listener), [reports]),
    () => reports.count,
  )
  // The phone is picked up when everything is there.
  const [picked, setPicked] = useState(false)
  if (!picked && unread === total) setPicked(true)
  return (
    <main className="scene">
      <Phone owner="Ada Okafor">{picked && <ChatWindow conversationId={ID} />}</Phone>
      <div className="figures">
        <Figure name="unread" value={unread ?? '…'} label="unread" />
        <Figure name="read" value={picked && unread !== null ? total - unread : 0} label="read so far" />
        <Figure name="reports" value={sent} label={sent === 1 ? 'report sent' : 'reports sent'} />
      </div>
    </main>
  )
}
