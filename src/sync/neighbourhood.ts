import { comparePoints, maxPoint, type ConversationId, type Message, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

/** Rows looked at on either side of some messages, to join single ones into stretches. */
const NEIGHBOUR_ROWS = 60

/** Placed rows from some way before the oldest of `points` to some way after the newest, in order. */
export async function neighbourhood(tx: StorageTx, conversationId: ConversationId, points: readonly Point[]): Promise<readonly Message[]> {
  const newest = points.reduce((a, b) => maxPoint(a, b)!)
  const oldest = points.reduce((a, b) => (comparePoints(a, b) <= 0 ? a : b))
  const before = await tx.messages.page({ conversationId, before: oldest, limit: NEIGHBOUR_ROWS })
  const rows: Message[] = [...before]
  let after: Point = before.at(-1)?.at ?? { ...oldest, id: '' }
  for (;;) {
    const page = await tx.messages.page({ conversationId, after, limit: NEIGHBOUR_ROWS })
    rows.push(...page)
    const last = page.at(-1)?.at
    if (!last || page.length < NEIGHBOUR_ROWS || comparePoints(last, newest) > 0) return rows
    after = last
  }
}
