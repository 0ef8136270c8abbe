/** What waits in the `receipt` lane, in the order in which it leaves, read in one transaction with what the first of it has to tell. */
import type { ConversationId } from '../model/index.js'
import { STRONGEST_FIRST } from '../model/receiptKinds.js'
import type { OutboxEntry, OutboxReport, StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { prepareReport, type PreparedReport } from './reporting.js'

export interface ReportLanes {
  /** By conversation, the strongest first. */
  readonly lanes: ReadonlyMap<ConversationId, readonly OutboxReport[]>
  /** Of the first of some lanes, what there is to tell; null: nothing. Of the others it is read when their turn comes. */
  readonly prepared: ReadonlyMap<OutboxReport, PreparedReport | null>
}

/** Of so many conversations what they have to tell is read at once; of more, one by one, so that no transaction is long. */
const MOST_PREPARED = 4

export async function readReports(tx: StorageTx, ctx: SyncContext, isDue: (entry: OutboxEntry) => entry is OutboxReport): Promise<ReportLanes> {
  const lanes = new Map<ConversationId, OutboxReport[]>()
  const entries = (await tx.outbox.list({ lane: 'receipt' })).filter(isDue)
  for (const entry of entries.toSorted((a, b) => STRONGEST_FIRST.indexOf(a.kind) - STRONGEST_FIRST.indexOf(b.kind))) {
    const lane = lanes.get(entry.conversationId)
    if (lane) lane.push(entry)
    else lanes.set(entry.conversationId, [entry])
  }
  const prepared = new Map<OutboxReport, PreparedReport | null>()
  for (const [first] of [...lanes.values()].slice(0, MOST_PREPARED)) prepared.set(first!, await prepareReport(tx, ctx, first!))
  return { lanes, prepared }
}
