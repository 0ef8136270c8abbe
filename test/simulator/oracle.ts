/** Who saw what, as a list; nothing else decides what may be said to be read. Knows no product code. */
export interface Place {
  readonly epoch: number
  readonly order: number
  readonly id: string
}

export interface Reached {
  readonly upTo: Place | null
  readonly ranges: readonly { readonly from: Place; readonly to: Place }[]
}

/** One message that one device showed to its user as read. */
export interface Seen {
  readonly user: string
  readonly device: number
  readonly conversation: string
  readonly at: Place
  /** Whether others might be told, when it happened. */
  readonly isPublic: boolean
  /** Receipts had been off up to here: nothing at or before it may be told because of this. */
  readonly floor: Place | null
  /** The device did not know yet what kind of conversation it is: then a message is read by itself. */
  readonly isByItself: boolean
  /** Everything before it was reached with it, whatever is read by reading one message. */
  readonly isPrefix?: boolean
  /** The device has stored it. */
  stored: boolean
  /** The device may tell it: receipts stayed on, and the device was not replaced before the wire had it. */
  owed: boolean
}

export interface Cleared {
  readonly user: string
  readonly device: number
  readonly conversation: string
  readonly upTo: Place
}

export function isBefore(a: Place, b: Place): boolean {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch
  if (a.order !== b.order) return a.order < b.order
  return a.id < b.id
}

export function covers({ upTo, ranges }: Reached, place: Place): boolean {
  if (upTo !== null && !isBefore(upTo, place)) return true
  return ranges.some(({ from, to }) => !isBefore(place, from) && !isBefore(to, place))
}

/** Whether somebody was a member there; of whom nothing is known, they always were. */
export function wasMember(intervals: readonly { readonly joinedAt: Place | null; readonly leftAt: Place | null }[], place: Place): boolean {
  return intervals.length === 0 || intervals.some(({ joinedAt, leftAt }) => (joinedAt === null || !isBefore(place, joinedAt)) && (leftAt === null || isBefore(place, leftAt)))
}

export function createOracle() {
  const seen: Seen[] = []
  const cleared: Cleared[] = []
  /** Who has confirmed, and where, that all they read may be told. */
  const confirmed = new Set<string>()
  return {
    confirmed,
    seen,
    cleared,
    /** Whether others may be told that the user read this. @param told - another place of the same message, of which they are told: it may have come since receipts were on again */
    mayBePublished(user: string, conversation: string, place: Place, isPrefixRead: boolean, told = place): boolean {
      if (confirmed.has(`${user} ${conversation}`) && this.mayBeMine(user, conversation, place, isPrefixRead)) return true
      return seen.some((one) => one.user === user && one.conversation === conversation && one.isPublic && reaches(one, place, isPrefixRead) && (one.floor === null || isBefore(one.floor, told)))
    },
    /** Whether the user's own devices may take it as read. */
    mayBeMine(user: string, conversation: string, place: Place, isPrefixRead: boolean): boolean {
      return (
        seen.some((one) => one.user === user && one.conversation === conversation && reaches(one, place, isPrefixRead)) ||
        cleared.some((one) => one.user === user && one.conversation === conversation && !isBefore(one.upTo, place))
      )
    },
  }
}

export type Oracle = ReturnType<typeof createOracle>

function reaches(one: Seen, place: Place, isPrefixRead: boolean): boolean {
  const isSame = one.at.epoch === place.epoch && one.at.order === place.order && one.at.id === place.id
  return isSame || ((isPrefixRead || one.isPrefix === true) && !isBefore(one.at, place))
}
