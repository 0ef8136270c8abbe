import { comparePoints, type Point } from '../model/index.js'
import type { HeldEvent } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { cleanReceipt } from './receiptShape.js'

/** How long a receipt waits for its message or its sender, milliseconds. Beyond, after a catch-up that brought neither, it is dropped and counted. */
export const HELD_FOR_MS = 7 * 24 * 3_600_000

/** What it ends at is here: it waits only for what the server has to tell of a loss before that, which has no time. */
export function isOnlyUnsure({ event }: HeldEvent, head: Point | null): boolean {
  const receipt = cleanReceipt(event, Infinity)
  if (!receipt || head === null || receipt.ids || receipt.count) return false
  return [...(receipt.upTo ? [receipt.upTo] : []), ...(receipt.ranges ?? []).map(({ to }) => to)].every((end) => comparePoints(end, head) <= 0)
}

/** Called after a catch-up. A clock that jumps can only make a receipt wait longer or go early; who read what is asked for again with the next connect. */
export async function expireHeld(ctx: SyncContext): Promise<void> {
  const before = ctx.ports.clock.now() - HELD_FOR_MS
  const held = await ctx.storage.read((tx) => tx.held.list())
  const { conversations } = ctx.store.getState()
  const old = held.filter((event) => event.heldAt < before && !isOnlyUnsure(event, conversations.get(event.conversationId)?.head ?? null))
  if (old.length === 0) return
  await ctx.storage.write((tx) => tx.held.delete(old.map(({ key }) => key)))
  // One that named no conversation is of none.
  for (const { conversationId } of old) ctx.onDropped('receipt/unresolved', conversationId || undefined)
}
