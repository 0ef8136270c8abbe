import type { ConversationId, Member, Message, UserId } from '../model/index.js'
import type { MemberState, OwnState, ReceiptIndex, ReceiptPolicy } from '../receipts/index.js'
import { coversMessage } from '../receipts/coversMessage.js'
import { createReceiptIndex } from '../receipts/receiptIndex.js'
import type { StorageTx } from '../storage/index.js'
import type { ReadView } from '../store/chatStore.js'
import { archivedStates } from './archiving.js'
import type { SyncContext } from './context.js'

/** What is known of others' reading in one conversation, but for the archive. */
export interface ReadByAll {
  readonly members: readonly Member[]
  readonly states: readonly MemberState[]
}

/** When members were heard of; null where the policy has no silence. */
function signsOfLife(policy: ReceiptPolicy, states: Iterable<MemberState>): ReadView['signs'] {
  return policy.silentAfterMs === null ? null : new Map([...states].map(({ memberId, times }) => [memberId, times]))
}

export async function readByAll(tx: StorageTx, id: ConversationId): Promise<ReadByAll> {
  return { members: await tx.members.list(id), states: await tx.readStates.list(id) }
}

/** What the database says of others' reading in one conversation, and the archive of these rows: only own messages show who read them. */
export async function loadReading(tx: StorageTx, me: UserId, id: ConversationId, rows: readonly Message[]) {
  return { ...(await readByAll(tx, id)), archived: await archivedStates(tx, id, rows.filter(({ from }) => from === me)) }
}

export function createIndexOf({ members, states }: ReadByAll): ReceiptIndex {
  const index = createReceiptIndex()
  index.setRoster(members)
  index.setStates(states)
  return index
}

/** The view that takes the place of the one that is there. */
export function readViewOf({ me, policy, store }: SyncContext, id: ConversationId, own: OwnState, { archived, ...all }: Awaited<ReturnType<typeof loadReading>>): ReadView {
  const index = createIndexOf(all)
  index.setStates(archived)
  return createReadView({ index, members: all.members, own, version: (store.getState().readViews.get(id)?.version ?? 0) + 1, me, signs: signsOfLife(policy, all.states) })
}

/** What the screen knows of reading in one conversation. */
export function createReadView(parts: { index: ReceiptIndex; members: readonly Member[]; own: OwnState; version: number; me: UserId; signs?: ReadView['signs'] }): ReadView {
  const { index, members, own, version, me, signs = null } = parts
  const { synced, wanted, unpublished } = own
  return {
    index, members, own, version, signs,
    isRead: (message) => coversMessage(synced.read, message),
    // What my own devices alone were told may only have been cleared there.
    isSeen: (message) => coversMessage(wanted.read, message) || (unpublished !== undefined && coversMessage(unpublished.read, message)),
    myRole: members.find((member) => member.userId === me)?.role ?? 'member',
  }
}
