/** What one receipt of a wire can say: a whole prefix, stretches, single messages, or nothing. @public */
export type ReceiptScope = 'point' | 'ranges' | 'message' | 'none'

/** A receipt scope for each kind of conversation. @public */
export interface ScopeByKind {
  readonly direct: ReceiptScope
  readonly group: ReceiptScope
}

/**
 * What a wire can do. The UI hides what it cannot; nothing is emulated silently.
 * @public
 */
export interface TransportCapabilities {
  /** `time`: points are server times, receipts name ids only. */
  readonly order: 'sequence' | 'time'
  /** Whether orders are consecutive; only dense orders may be subtracted. They begin with 1 in each epoch: a message at 0 would be missed by nobody, and be told as read. */
  readonly dense: boolean
  /** Messages of a conversation never overtake each other here, nor does what happens to them. Absent = they may; then what happens to a message waits for it, and, unless orders are dense, what lies between two read messages is claimed only once nothing can come late. */
  readonly inOrder?: boolean
  /** Who recognises a repeated localId; `windowMs: null` = for ever. */
  readonly dedupe: { readonly by: 'server'; readonly windowMs: number | null } | { readonly by: 'receiver' }
  /** What a receipt of each kind can say; `none`: there is none, and nothing is reported. */
  readonly delivered: ScopeByKind
  readonly read: ScopeByKind
  readonly viewed: ScopeByKind
  /** `wire`: the wire's own client tells `delivered`, the core does not. */
  readonly deliveredBy: 'core' | 'wire'
  /** Whether group receipts exist for every message or only where the sender asked. */
  readonly groupReceipts: 'always' | 'onRequest' | 'none'
  /** Who learns of a group receipt. */
  readonly groupReceiptsTo: 'sender' | 'members'
  /** `capped`: only the first so many readers of a message. */
  readonly readerLists: 'full' | 'capped' | 'none'
  /** Whether a report can carry content (`ackContent`), told with the message that it is of, and again to who was away. Absent = it cannot, and `markRead` refuses it. */
  readonly receiptContent?: boolean
  /** Whether a report can reach my own devices and nobody else. */
  readonly ownDeviceReports: boolean
  /**
   * What was missed: all after a cursor; what a queue held; or nothing, so that the core pages history. A page may die between being handed something and storing it,
   * and no queue hears of that: one without history has to hand over again, with the next connection, what it handed over with the last, or it is lost and nobody knows. Repeats do no harm.
   */
  readonly catchUp: 'cursor' | 'queue' | 'none'
  /** Receipts that were missed: told like messages; asked for by `readStates`; or lost. */
  readonly receiptsCatchUp: 'replay' | 'fetch' | 'none'
  /** Whether receipts and messages travel on lanes of their own. */
  readonly lanes: boolean
  /** From here on: whether the method of that name is there. `membership`: `join`, `leave` and `ensureConversation`. */
  readonly conversations: boolean
  readonly members: boolean
  readonly history: boolean
  readonly edit: boolean
  readonly recall: boolean
  readonly delete: boolean
  readonly react: boolean
  readonly typing: boolean
  readonly presence: boolean
  readonly upload: boolean
  readonly membership: boolean
  /** Whether owners and admins of a group may delete what others wrote, for all. Absent = only authors may. */
  readonly moderation?: boolean
  /** What the back end refuses above; the screen is told so beforehand. */
  readonly limits: TransportLimits
}

/** Absent = no limit known. @public */
export interface TransportLimits {
  /** Of a body as JSON, bytes. */
  readonly bodyBytes?: number
  /** How long after sending a published receipt is still taken, milliseconds; a later one is refused with `transport/receiptExpired`. */
  readonly receiptWindowMs?: number
  /** Most members of a group. */
  readonly groupSize?: number
  /** How long after sending a message can be recalled, milliseconds. */
  readonly recallWindowMs?: number
  /** Most messages in one report. */
  readonly reportBatch?: number
}
