/** Who has one place of a message has it, and tells of all of them: its author may know of another one alone. */
import { isCountable, type ConversationId, type Message, type Point, type ReceiptKind, type ReceiptVisibility, type UserId } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { joinProgress, NO_OWN_STATE, progressOfPoints, readMine, type OwnState } from '../receipts/index.js'
import { coversMessage } from '../receipts/coversMessage.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveOwn } from './conversationRows.js'
import { visibilityNow } from './groupSize.js'
import { otherPlacesOf } from './holes.js'
import { isPublished, queueReport } from './queueReport.js'
import { readHere } from './readHere.js'

const KINDS: readonly ReceiptKind[] = ['delivered', 'read', 'viewed']

/** To my own devices at least: one that came later has it at one place. What was only cleared, or read elsewhere in private, was read at none. @param setting - who is told by now: what was told before is told of no further place where it is not public any more. @param reached - how far they were reached just now, for all to know: of a place that came since it is told, though it first stood where nothing is. @returns the same object when nothing moved */
export function claimPlaces(own: OwnState, rows: readonly Message[], me: UserId, setting: ReceiptVisibility, reached: readonly ReceiptKind[] = []): OwnState {
  let next = own
  for (const row of rows) {
    if (!row.otherPlaces || !isCountable(row, me)) continue
    for (const kind of KINDS) {
      const publish = isPublished(kind, setting) && (reached.includes(kind) || coversMessage(next.wanted[kind], row))
      if (publish || coversMessage(readHere(next)[kind], row)) next = readMine(next, { points: placesOf(row) }, { kind, publish, readMode: 'perMessage' })
      else if (coversMessage(next.synced[kind], row)) next = withSynced(next, kind, placesOf(row))
    }
  }
  return next
}

function withSynced(own: OwnState, kind: ReceiptKind, points: readonly Point[]): OwnState {
  const progress = joinProgress(own.synced[kind], progressOfPoints(points))
  return progress === own.synced[kind] ? own : { ...own, synced: { ...own.synced, [kind]: progress } }
}

/** All that stand at several places. */
export async function standingTwice(tx: StorageTx, id: ConversationId): Promise<readonly Message[]> {
  const ids = [...new Set((await otherPlacesOf(tx, id)).map((other) => other.id))]
  return ids.length === 0 ? [] : (await tx.messages.byIds(id, ids)).flatMap((row) => row ?? [])
}

/** The copy may come when the message was read long ago. */
export async function followPlaces(tx: StorageTx, ctx: SyncContext, changes: Changes): Promise<void> {
  const rows = [...changes.rows.values()].filter(({ otherPlaces }) => otherPlaces)
  for (const id of new Set<ConversationId>(rows.map(({ conversationId }) => conversationId))) {
    const before = (await loadOwn(tx, id, changes)) ?? NO_OWN_STATE
    const conversation = await loadConversation(tx, id, changes)
    const own = claimPlaces(before, rows.filter(({ conversationId }) => conversationId === id), ctx.me, await visibilityNow(tx, ctx, conversation, changes))
    if (own === before) continue
    await saveOwn(tx, id, own, changes)
    for (const kind of KINDS) if (own.synced[kind] !== before.synced[kind] || own.wanted[kind] !== before.wanted[kind]) await queueReport(tx, ctx, conversation, own, kind, changes)
  }
}
