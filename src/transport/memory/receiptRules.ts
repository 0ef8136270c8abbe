/** Which receipts the hub believes: from members, about what exists, and only forward. Pure. */
import { comparePoints, isPoint, NO_PROGRESS, type MessageId, type Point, type Progress, type UserId } from '../../model/index.js'
import { RECEIPT_KINDS } from '../../model/receiptKinds.js'
import type { TransportLimits } from '../capabilities.js'
import type { Report } from '../transport.js'
import { requireMember } from './conversationRules.js'
import { coversPoint } from '../../receipts/coversPoint.js'
import { joinProgress, progressOfPoints, toProgress } from '../../receipts/progress.js'
import type { HubRecord } from './hubRecords.js'
import { findIndex, headOf, trailKey, type ConversationState, type HubState } from './hubState.js'
import { requireMessage } from './messageRules.js'
import { refusal } from '../refusal.js'

export interface Reporting {
  readonly by: UserId
  readonly report: Report
  /** Epoch milliseconds by the hub's clock. */
  readonly now: number
  readonly limits: TransportLimits
  readonly origin?: string
}

/** Joins a report into its member's state. A report that moves nothing and says nothing new is taken and told to nobody. */
export function acceptReport(state: HubState, { by, report, now, limits, origin }: Reporting): readonly HubRecord[] {
  const conversation = requireMember(state, report.conversation.id, by)
  requireBatch(report, limits)
  const said = contentOf(conversation, report)
  const told = joinProgress(requirePoints(conversation, by, report), progressOfPoints(said.points))
  const trail = conversation.trails.get(trailKey(by, report.kind, report.visibility))
  const before = trail?.progress ?? NO_PROGRESS
  const progress = joinProgress(before, told)
  // What was said first of a message stays.
  const ids = said.ids.filter((id) => !trail?.contents.has(id))
  if (progress === before && ids.length === 0) return []
  if (report.visibility === 'published') requireInTime(conversation, before, progress, { by, now, limits })
  const event = {
    type: 'receipt' as const, conversationId: conversation.id, by, kind: report.kind, visibility: report.visibility,
    upTo: progress.upTo, ranges: progress.ranges, time: timeOf(conversation, progress, now, report.ageMs),
    ...(report.content === undefined || ids.length === 0 ? {} : { ids, content: report.content }),
  }
  return [{ event, ...(origin === undefined ? {} : { origin }) }]
}

function requireBatch(report: Report, limits: TransportLimits): void {
  if (!RECEIPT_KINDS.includes(report.kind) || !VISIBILITIES.includes(report.visibility)) {
    throw refusal('transport/invalid', `A report of kind "${String(report.kind)}" for "${String(report.visibility)}" means nothing to this hub. It was not stored.`)
  }
  if (limits.reportBatch !== undefined && report.messages.length > limits.reportBatch) {
    throw refusal('transport/tooLarge', `The report names ${report.messages.length} messages and this hub takes ${limits.reportBatch} at a time. It was not stored. Send it in parts.`)
  }
}

const VISIBILITIES: readonly string[] = ['published', 'ownDevices']

/** The messages that a content is of, and where they stand; none without content. */
function contentOf(conversation: ConversationState, { content, messages }: Report): { readonly ids: readonly MessageId[]; readonly points: readonly Point[] } {
  if (content === undefined) return { ids: [], points: [] }
  if (typeof content !== 'string' || content === '' || content.length > CONTENT_CHARS || messages.length === 0) {
    throw refusal('transport/invalid', `A report in conversation "${conversation.id}" has content that is no text of 1 to ${CONTENT_CHARS} characters, or is of no message. It was not stored.`)
  }
  const found = messages.map(({ id }) => requireMessage(conversation, id))
  return { ids: found.map(({ id }) => id), points: found.map(({ at }) => at) }
}

/** Longest content that this hub takes, as the core makes them. */
const CONTENT_CHARS = 256

function requirePoints(conversation: ConversationState, by: UserId, report: Report): Progress {
  const { upTo, ranges } = report
  if (upTo !== null) requirePoint(conversation, by, upTo)
  for (const range of ranges) {
    requirePoint(conversation, by, range.from)
    requirePoint(conversation, by, range.to)
    if (comparePoints(range.from, range.to) > 0) throw refusal('transport/invalid', `A report of "${by}" in conversation "${conversation.id}" has a stretch that ends before it begins. It was not stored.`)
  }
  return toProgress(upTo, ranges)
}

/** A point of an earlier epoch may name what the hub has lost since; it can do no harm there. */
function requirePoint(conversation: ConversationState, by: UserId, point: Point): void {
  if (!isPoint(point)) throw refusal('transport/invalid', `A report of "${by}" in conversation "${conversation.id}" has no valid point. It was not stored.`)
  const head = headOf(conversation)
  if (point.epoch < conversation.epoch || (head && comparePoints(point, head) <= 0)) return
  throw refusal('transport/receiptBeyondHead', `"${by}" reports message ${point.order} of epoch ${point.epoch} in conversation "${conversation.id}", which has not been sent yet. It was not stored, for nobody can have read it.`)
}

/** What was read too late is nobody's news any more; own devices learn of it all the same. The newest message that is new in it decides: positions cover what is before them. */
function requireInTime(conversation: ConversationState, before: Progress, after: Progress, { by, now, limits: { receiptWindowMs } }: Pick<Reporting, 'by' | 'now' | 'limits'>): void {
  if (receiptWindowMs === undefined) return
  const newest = conversation.entries.findLast(({ at }) => coversPoint(after, at) && !coversPoint(before, at))
  if (!newest || now - newest.time <= receiptWindowMs) return
  throw refusal('transport/receiptExpired', `"${by}" reports message "${newest.id}" of conversation "${conversation.id}", which was sent ${now - newest.time} ms ago; receipts are taken for ${receiptWindowMs} ms. It was not stored and nobody is told. Report it to your own devices.`)
}

/** Of all that the receipt says, also what another device has told before: not before the last of it was sent, not in the future, and otherwise as old as the report says. */
function timeOf(conversation: ConversationState, said: Progress, now: number, ageMs: number): number {
  const last = said.ranges.at(-1)?.to ?? said.upTo
  const index = last ? findIndex(conversation, last, true) - 1 : -1
  const sentAt = conversation.entries[index]?.time ?? 0
  const age = Number.isFinite(ageMs) && ageMs > 0 ? ageMs : 0
  return Math.max(Math.min(sentAt, now), now - age)
}
