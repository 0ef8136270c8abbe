import type { MessageId } from '../model/index.js'

/** At least so many read each message, from wires that count without naming. Joined by max: a late count takes nothing back. @public */
export type CountsAtLeast = ReadonlyMap<MessageId, number>

/**
 * The counts with one more; the same map when it says nothing new. What is no count (negative, fractional, not finite) says nothing.
 * @public
 */
export function joinCount(counts: CountsAtLeast, { id, n }: { readonly id: MessageId; readonly n: number }): CountsAtLeast {
  if (!Number.isSafeInteger(n) || n <= (counts.get(id) ?? 0)) return counts
  return new Map(counts).set(id, n)
}
