import { comparePoints, type Member, type MembershipInterval, type Message, type Point, type UserId } from '../model/index.js'

/**
 * Whom a message is for: the members whose interval [joinedAt, leftAt) contains it, without its author. Fixed with the message.
 * A message without a point yet is for those who are members now.
 * @public
 */
export function audienceOf(message: Pick<Message, 'from' | 'at'>, members: readonly Member[]): readonly UserId[] {
  return members.filter((member) => member.userId !== message.from && intervalAt(member, message.at) !== undefined).map((member) => member.userId)
}

/** The interval in which somebody was a member at `point`; null = now. Undefined: was no member then. @public */
export function intervalAt(member: Pick<Member, 'intervals'>, point: Point | null): MembershipInterval | undefined {
  return member.intervals.find((interval) => containsPoint(interval, point))
}

function containsPoint({ joinedAt, leftAt }: MembershipInterval, point: Point | null): boolean {
  if (point === null) return leftAt === null
  if (joinedAt !== null && comparePoints(point, joinedAt) < 0) return false
  return leftAt === null || comparePoints(point, leftAt) < 0
}
