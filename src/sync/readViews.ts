import type { Member, UserId } from '../model/index.js'
import type { OwnState, ReceiptIndex } from '../receipts/index.js'
import type { ReadView } from '../store/chatStore.js'

/** What the screen knows of reading in one conversation. */
export function createReadView(parts: { index: ReceiptIndex; members: readonly Member[]; own: OwnState; version: number; me: UserId }): ReadView {
  const { index, members, own, version, me } = parts
  return { index, members, own, version, myRole: members.find((member) => member.userId === me)?.role ?? 'member' }
}
