import type { MessageId } from './ids.js'

/**
 * A place in a conversation, given by the back end; compared by epoch, then order, then id.
 * Device clocks order nothing.
 * @public
 */
export interface Point {
  /** Raised by a server that lost its tail or recreated the conversation, so that nothing new is born read. Starts at 0. */
  readonly epoch: number
  /** Server sequence, or server time in epoch milliseconds where the wire has nothing better. A safe integer ≥ 0. */
  readonly order: number
  /** Id of the message at this place; breaks ties between equal orders. */
  readonly id: MessageId
}

/** Negative when `a` is before `b`, zero when they are the same place, positive when after. @public */
export function comparePoints(a: Point, b: Point): number {
  return a.epoch - b.epoch || a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** The later of two points, where null is before everything; returns the object it was given. @public */
export function maxPoint(a: Point | null, b: Point | null): Point | null {
  if (a === null) return b
  if (b === null) return a
  return comparePoints(a, b) >= 0 ? a : b
}

/** Whether `value` has the shape of a point with finite, safe, non-negative numbers. Anything from a wire or a database passes here first. @public */
export function isPoint(value: unknown): value is Point {
  const { epoch, order, id } = (value ?? {}) as Record<string, unknown>
  return isOrdinal(epoch) && isOrdinal(order) && typeof id === 'string'
}

function isOrdinal(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
