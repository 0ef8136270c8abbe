/** What waits in the `receipt` lane, in the order in which it leaves, read in one transaction with what the first of it has to tell. */
import type { ConversationId } from '../model/index.js'
import { STRONGEST_FIRST } from '../model/receiptKinds.js'
import type { OutboxEntry, OutboxReport, StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { prepareReport, type PreparedReport } from './reporting.js'

export interface ReportLanes {
  /** By conversation, the strongest first; of a kind, those that say something, for they name their message: what is told otherwise need not name it again. */
  readonly lanes: ReadonlyMap<ConversationId, readonly OutboxReport[]>
  /** Of the first of some lanes, what there is to tell; null: nothing. Of the others it is read when their turn comes. */
  readonly prepared: ReadonlyMap<OutboxReport, PreparedReport | null>
  /** Those whose time has not come. */
  readonly held: readonly OutboxReport[]
}

/** Of so many conversations what they have to tell is read at once; of more, one by one, so that no transaction is long. */
const MOST_PREPARED = 4

export async function readReports(tx: StorageTx, ctx: SyncContext, isFree: (entry: OutboxEntry) => entry is OutboxReport, isHeld: (entry: OutboxReport) => boolean): Promise<ReportLanes> {
  const lanes = new Map<ConversationId, OutboxReport[]>()
  const free = (await tx.outbox.list({ lane: 'receipt' })).filter(isFree)
  const held = free.filter(isHeld)
  for (const entry of free.filter((each) => !held.includes(each)).toSorted((a, b) => rank(a) - rank(b))) {
    const lane = lanes.get(entry.conversationId)
    if (lane) lane.push(entry)
    else lanes.set(entry.conversationId, [entry])
  }
  const prepared = new Map<OutboxReport, PreparedReport | null>()
  for (const [first] of [...lanes.values()].slice(0, MOST_PREPARED)) prepared.set(first!, await prepareReport(tx, ctx, first!))
  return { lanes, prepared, held }
}

function rank({ kind, said }: OutboxReport): number {
  return 2 * STRONGEST_FIRST.indexOf(kind) + (said ? 0 : 1)
}
