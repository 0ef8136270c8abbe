/** Who was silent for long before a message was sent is not waited for. Fixed with the message: who comes back counts for what is sent from then on. */
import type { Member, Message, UserId } from '../model/index.js'
import { intervalAt } from './audience.js'
import { hasReachedMessage } from './memberState.js'
import type { ReceiptIndex } from './receiptIndex.js'
import type { MemberState, ProgressByKind, TimeFact } from './readState.js'

/** How many of a message's audience are not waited for. @public */
export interface Silent {
  /** Silent, and has not read it. */
  readonly unread: number
  /** Silent, and has not received it. */
  readonly undelivered: number
}

export const NOBODY_SILENT: Silent = Object.freeze({ unread: 0, undelivered: 0 })

type Sent = Pick<Message, 'from' | 'at' | 'otherPlaces' | 'time' | 'untimed'>

/** How long who is not waited for was silent before this message; null: everybody is waited for. Signs bear the server's time, and the clock of this device may be weeks away from it. */
export function silenceBefore({ untimed }: Pick<Message, 'untimed'>, silentAfterMs: number | null): number | null {
  return untimed ? null : silentAfterMs
}

/** When somebody was heard of: each report is a sign of life. @public */
export type SignsOfLife = MemberState['times']

/**
 * Whether somebody is not waited for: the last sign of life before the message was sent is older than `silentAfterMs`. Whoever was never heard of is waited for.
 * @public
 */
export function isSilent(signs: SignsOfLife | undefined, sentAt: number, silentAfterMs: number | null): boolean {
  if (silentAfterMs === null || signs === undefined) return false
  let last = -Infinity
  for (const facts of [signs.delivered, signs.read, signs.viewed]) for (const { time } of facts) if (time <= sentAt && time > last) last = time
  return last > -Infinity && sentAt - last > silentAfterMs
}

/** The times that have to stay, however old: without the others the same are silent at any moment. Of three that follow one another within `silentAfterMs` the middle one says nothing. */
export function lastingSigns(signs: SignsOfLife, silentAfterMs: number): ReadonlySet<TimeFact> {
  const kept: TimeFact[] = []
  for (const sign of [...signs.delivered, ...signs.read, ...signs.viewed].sort((a, b) => a.time - b.time)) {
    const reaching = kept.at(-2)
    if (reaching && sign.time - reaching.time <= silentAfterMs) kept.pop()
    kept.push(sign)
  }
  return new Set(kept)
}

/** Counts who is not waited for. Linear in members where the policy has silence, else nothing. @public */
export function silentIn(index: Pick<ReceiptIndex, 'getProgress'>, message: Sent, members: readonly Member[], signsOf: (userId: UserId) => SignsOfLife | undefined, silentAfterMs: number | null): Silent {
  const limitMs = silenceBefore(message, silentAfterMs)
  if (limitMs === null) return NOBODY_SILENT
  const count = { unread: 0, undelivered: 0 }
  for (const member of members) {
    // Who left without reading is not in N in any case.
    if (member.userId === message.from || intervalAt(member, message.at)?.leftAt !== null || !isSilent(signsOf(member.userId), message.time, limitMs)) continue
    const progress = index.getProgress(member.userId)
    if (!has(progress, 'read', message)) count.unread += 1
    if (!has(progress, 'delivered', message)) count.undelivered += 1
  }
  return count
}

/** The audience without those who are silent and have not read. @public */
export function withoutSilent(audience: readonly UserId[], message: Sent, silentAfterMs: number | null, stateOf: (userId: UserId) => MemberState | undefined): readonly UserId[] {
  const limitMs = silenceBefore(message, silentAfterMs)
  if (limitMs === null) return audience
  return audience.filter((userId) => has(stateOf(userId), 'read', message) || !isSilent(stateOf(userId)?.times, message.time, limitMs))
}

function has(progress: ProgressByKind | undefined, kind: 'read' | 'delivered', message: Sent): boolean {
  return progress !== undefined && hasReachedMessage(progress, kind, message)
}
