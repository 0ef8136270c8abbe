/** Pure: what was said before I joined, or while I was away, is history to me and not unread. */
import { comparePoints, type Conversation, type Member, type MembershipInterval, type Point, type UserId } from '../model/index.js'
import { intervalAt } from '../receipts/index.js'
import type { Gap } from '../storage/index.js'

type Joined = Conversation['joined']

export function isForMe(at: Point, joined: Joined): boolean {
  return joined === undefined || intervalAt({ intervals: joined }, at) !== undefined
}

/** After it all comes that was said from then on. */
export function joinedFrom(interval: MembershipInterval | undefined): Point | null {
  return interval?.joinedAt ? { ...interval.joinedAt, id: '' } : null
}

/** Whether nothing that is missing there can be for me. Consecutive numbers say where the first and the last of it stand. */
export function isNotForMe({ after, before }: Pick<Gap, 'after' | 'before'>, joined: Joined, dense: boolean): boolean {
  const first = after && dense ? { ...after, order: after.order + 1, id: '' } : after
  const end = before && dense ? { ...before, id: '' } : before
  const isApart = ({ joinedAt, leftAt }: MembershipInterval) => (joinedAt && end && comparePoints(end, joinedAt) <= 0) || (leftAt && first && comparePoints(leftAt, first) <= 0)
  return joined?.every(isApart) ?? false
}

/** When I was a member, as the roster has it; undefined where that leaves nothing out. */
export function joinedOf(members: readonly Member[], me: UserId): Joined {
  const intervals = members.find(({ userId }) => userId === me)?.intervals ?? []
  const [first] = intervals
  return first === undefined || (first.joinedAt === null && first.leftAt === null) ? undefined : intervals
}
