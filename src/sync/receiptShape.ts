/** Pure: what a wire says in a receipt, as a fresh object of known fields, or nothing. Wires are written by others, and their servers by others again. */
import { comparePoints, isPoint, type Point, type PointRange, type ReceiptKind } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import type { IncomingReceipt } from '../transport/index.js'

const KINDS: ReadonlySet<unknown> = new Set(RECEIPT_KINDS)
const VISIBILITIES: ReadonlySet<unknown> = new Set<IncomingReceipt['visibility']>(['published', 'ownDevices'])
/** Messages or stretches that one receipt may name: what names more is none, and must not cost a row each. */
const MOST_NAMED = 10_000
/** The last moment that a Date can hold. */
export const LAST_TIME = 8.64e15

/**
 * The receipt with what is wrong in it left out, or null when it cannot be trusted to say anything.
 * A time that cannot be is left out alone: that it was read is true all the same.
 */
export function cleanReceipt(value: unknown, most = MOST_NAMED): IncomingReceipt | null {
  try {
    return clean(value as Readonly<Record<string, unknown>>, most)
  } catch {
    // A getter or a proxy of the host's own.
    return null
  }
}

function clean({ conversationId, by, kind, visibility, upTo, ranges, ids, count, time, content }: Readonly<Record<string, unknown>>, most: number): IncomingReceipt | null {
  if (!isId(by) || !KINDS.has(kind) || !VISIBILITIES.has(visibility)) return null
  if (conversationId !== undefined && !isId(conversationId)) return null
  if (upTo !== undefined && upTo !== null && !isPoint(upTo)) return null
  const stretches = ranges === undefined ? [] : cleanRanges(ranges, most)
  if (stretches === null) return null
  if (ids !== undefined && !(Array.isArray(ids) && ids.length <= most && Array.from(ids).every(isId))) return null
  // Field by field: a flood makes one of these for each receipt, and as many spread objects cost several times more.
  const receipt: { -readonly [Field in keyof IncomingReceipt]: IncomingReceipt[Field] } = { by, kind: kind as ReceiptKind, visibility: visibility as IncomingReceipt['visibility'] }
  if (conversationId !== undefined) receipt.conversationId = conversationId
  if (isPoint(upTo)) receipt.upTo = cleanPoint(upTo)
  if (stretches.length > 0) receipt.ranges = stretches
  if (ids !== undefined) receipt.ids = [...(ids as readonly string[])]
  if (isCount(count)) receipt.count = { id: count.id, n: count.n }
  if (isMoment(time)) receipt.time = time
  if (typeof content === 'string') receipt.content = content
  return receipt
}

function cleanRanges(value: unknown, most: number): readonly PointRange[] | null {
  if (!Array.isArray(value) || value.length > most) return null
  const ranges: PointRange[] = []
  for (const range of value as readonly (Partial<PointRange> | null | undefined)[]) {
    const from = range?.from
    const to = range?.to
    if (!isPoint(from) || !isPoint(to) || comparePoints(from, to) > 0) return null
    ranges.push({ from: cleanPoint(from), to: cleanPoint(to) })
  }
  return ranges
}

/** Nothing of the wire's own object stays, and −0 is 0. */
function cleanPoint({ epoch, order, id }: Point): Point {
  return { epoch: epoch + 0, order: order + 0, id }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isCount(value: unknown): value is { readonly id: string; readonly n: number } {
  const count = value as { readonly id?: unknown; readonly n?: unknown } | null | undefined
  return isId(count?.id) && Number.isSafeInteger(count?.n) && (count?.n as number) > 0
}

/** Whether a Date can hold it. */
export function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_TIME
}
