import type { Conversation } from '../model/index.js'
import { sameData } from '../model/sameData.js'
import type { SyncContext } from './context.js'
import { mendUnread } from './mendUnread.js'
import { userVisibility } from './queueReport.js'

/** Reads the list of conversations onto the screen. What says the same as before keeps its identity, so that nothing is drawn again for it. */
export async function hydrate(ctx: SyncContext): Promise<void> {
  const { store, storage } = ctx
  const before = store.getState().conversations
  const { stored, receipts } = await storage.read(async (tx) => ({ stored: await tx.conversations.list(), receipts: await userVisibility(tx, ctx) }))
  const shown = store.getState().conversations
  const known = new Map(stored.map((each) => [each.id, sameOr(before.get(each.id), each)] as const))
  // What was committed meanwhile is newer than what was read.
  for (const [id, each] of shown) if (each !== before.get(id)) known.set(id, each)
  const isSame = known.size === shown.size && [...known].every(([id, each]) => shown.get(id) === each)
  store.setState(isSame ? { hydrated: true, receipts } : { conversations: known, hydrated: true, receipts })
  if (await countLost(ctx, stored)) await hydrate(ctx)
}

/** Counts where a count could not be read, and looks at no row where it could. Whether there is more to show since. */
async function countLost(ctx: SyncContext, stored: readonly Conversation[]): Promise<boolean> {
  let isMore = false
  try {
    for (const { id, unread } of stored) if (unread === null && (await mendUnread(ctx, id))) isMore = true
  } catch {
    // Not known until the next look: a list that shows the rest is better than none.
  }
  return isMore
}

function sameOr<T>(before: T | undefined, after: T): T {
  return before !== undefined && sameData(before, after) ? before : after
}
