import type { Conversation, ConversationId, Member, ReceiptVisibility } from '../model/index.js'
import { groupLimit, isMemberNow } from '../receipts/groupLimit.js'
import type { StorageTx } from '../storage/index.js'
import type { ChatStore } from '../store/chatStore.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { receiptVisibility } from './queueReport.js'

interface Counted {
  /** Of which roster: {@link ClientState.rosters}. */
  readonly roster: number | undefined
  readonly size: number
}

/** A roster of ten thousand is not read again for every message. */
const counted = new WeakMap<ChatStore, Map<ConversationId, Counted>>()

/** Whether a group is too large for receipts: then nobody in it is told what I read. */
export async function isTooLarge(tx: StorageTx, { store, policy, transport }: SyncContext, { id, kind }: Conversation, changes: Changes): Promise<boolean> {
  if (kind === 'direct') return false
  const limit = groupLimit(policy, transport.capabilities.limits.groupSize)
  const fresh = changes.members.get(id)
  return (fresh ? sizeOf(fresh) : await storedSize(tx, store, id)) > limit
}

/** Who is told by now: nobody in a group that is too large. */
export async function visibilityNow(tx: StorageTx, ctx: SyncContext, conversation: Conversation, changes: Changes): Promise<ReceiptVisibility> {
  return (await isTooLarge(tx, ctx, conversation, changes)) ? 'off' : receiptVisibility(tx, ctx, conversation)
}

async function storedSize(tx: StorageTx, store: ChatStore, id: ConversationId): Promise<number> {
  const { readViews, rosters } = store.getState()
  const view = readViews.get(id)
  if (view) return view.index.size
  const sizes = counted.get(store) ?? new Map<ConversationId, Counted>()
  counted.set(store, sizes)
  const roster = rosters.get(id)
  let known = sizes.get(id)
  if (known === undefined || known.roster !== roster) sizes.set(id, (known = { roster, size: sizeOf(await tx.members.list(id)) }))
  return known.size
}

function sizeOf(members: readonly Member[]): number {
  return members.filter(isMemberNow).length
}
