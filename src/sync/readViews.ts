import type { Member, UserId } from '../model/index.js'
import type { MemberState, OwnState, ReceiptIndex, ReceiptPolicy } from '../receipts/index.js'
import type { ReadView } from '../store/chatStore.js'

/** When members were heard of; null where the policy has no silence. */
export function signsOfLife(policy: ReceiptPolicy, states: Iterable<MemberState>): ReadView['signs'] {
  return policy.silentAfterMs === null ? null : new Map([...states].map(({ memberId, times }) => [memberId, times]))
}

/** What the screen knows of reading in one conversation. */
export function createReadView(parts: { index: ReceiptIndex; members: readonly Member[]; own: OwnState; version: number; me: UserId; signs?: ReadView['signs'] }): ReadView {
  const { index, members, own, version, me, signs = null } = parts
  return { index, members, own, version, myRole: members.find((member) => member.userId === me)?.role ?? 'member', signs }
}
