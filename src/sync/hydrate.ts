import type { SyncContext } from './context.js'
import { userVisibility } from './queueReport.js'

/** Reads the list of conversations onto the screen. What says the same as before keeps its identity, so that nothing is drawn again for it. */
export async function hydrate(ctx: SyncContext): Promise<void> {
  const { store, storage } = ctx
  const before = store.getState().conversations
  const { stored, receipts } = await storage.read(async (tx) => ({ stored: await tx.conversations.list(), receipts: await userVisibility(tx) }))
  // What was committed meanwhile is newer than what was read.
  if (store.getState().conversations !== before) return hydrate(ctx)
  const known = stored.map((each) => [each.id, sameOr(before.get(each.id), each)] as const)
  const isSame = known.length === before.size && known.every(([id, each]) => before.get(id) === each)
  store.setState(isSame ? { hydrated: true, receipts } : { conversations: new Map(known), hydrated: true, receipts })
}

function sameOr<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after
}
