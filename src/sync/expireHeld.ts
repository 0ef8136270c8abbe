import type { SyncContext } from './context.js'

/** How long a receipt waits for its message or its sender, milliseconds. Beyond, after a catch-up that brought neither, it is dropped and counted. */
export const HELD_FOR_MS = 7 * 24 * 3_600_000

/** Called after a catch-up. A clock that jumps can only make a receipt wait longer or go early; who read what is asked for again with the next connect. */
export async function expireHeld(ctx: SyncContext): Promise<void> {
  const before = ctx.ports.clock.now() - HELD_FOR_MS
  const held = await ctx.storage.read((tx) => tx.held.list())
  const old = held.filter(({ heldAt }) => heldAt < before)
  if (old.length === 0) return
  await ctx.storage.write((tx) => tx.held.delete(old.map(({ key }) => key)))
  for (const { conversationId } of old) ctx.onDropped('receipt/unresolved', conversationId)
}
