/** Members by number, in roster order. A table of numbers over the members themselves: a Map of their ids would weigh more than all that is known of their reading. */
import type { Member, UserId } from '../model/index.js'

export interface MemberRows {
  /** Row of a member; -1 when there is none. */
  find(userId: UserId): number
  /** Puts a member in, or in the place of the same one before. Returns the row. */
  put(member: Member): number
  readonly members: readonly Member[]
}

export function createMemberRows(expected = 0): MemberRows {
  const members: Member[] = []
  /** Row + 1, at the place that the id's hash names or the next free one; 0 = free. */
  let slots = new Int32Array(16)
  fit(expected)

  function fit(count: number): void {
    let length = slots.length
    while (length * 3 < count * 4) length *= 2
    if (length === slots.length) return
    slots = new Int32Array(length)
    members.forEach(({ userId }, row) => (slots[slotOf(userId)] = row + 1))
  }

  /** Where the id is, or where it would go. */
  function slotOf(userId: UserId): number {
    const mask = slots.length - 1
    let slot = hashOf(userId) & mask
    for (;;) {
      const row = slots[slot]! - 1
      if (row < 0 || members[row]!.userId === userId) return slot
      slot = (slot + 1) & mask
    }
  }

  return {
    members,
    find: (userId) => slots[slotOf(userId)]! - 1,
    put(member) {
      const row = slots[slotOf(member.userId)]! - 1
      if (row >= 0) {
        members[row] = member
        return row
      }
      fit(members.length + 1)
      slots[slotOf(member.userId)] = members.push(member)
      return members.length - 1
    },
  }
}

function hashOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995)
  return hash ^ (hash >>> 15)
}
