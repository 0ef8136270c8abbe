import type { Message, UserId } from '../model/index.js'
import { audienceOf, emptyMemberState, hasReached, timeOf } from '../receipts/index.js'
import type { SyncContext } from '../sync/context.js'
import type { Page, Paged, Reader } from '../transport/index.js'

/** Who delivered, read and viewed a message, as far as this device knows, each with the furthest they got. Readers first, then as in the roster. */
export async function listReaders(ctx: SyncContext, message: Message, { cursor, limit }: Page): Promise<Paged<Reader>> {
  const { at, conversationId } = message
  if (at === null) return { items: [] }
  const { members, states } = await ctx.storage.read(async (tx) => ({
    members: await tx.members.list(conversationId),
    states: new Map((await tx.readStates.list(conversationId)).map((state) => [state.memberId, state])),
  }))
  const now = ctx.ports.clock.now()
  const furthest = (userId: UserId): Reader[] => {
    const state = states.get(userId) ?? emptyMemberState(userId)
    const kind = KINDS.find((each) => hasReached(state, each, at))
    const time = kind ? timeOf(state, kind, at) : null
    // A server ahead of this device's clock: nobody has read in the future.
    return kind ? [{ userId, kind, time: time === null ? null : Math.min(time, now) }] : []
  }
  const readers = audienceOf(message, members).flatMap(furthest).sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
  const start = cursor === undefined ? 0 : Number(cursor)
  const items = readers.slice(start, start + limit)
  return start + limit < readers.length ? { items, next: String(start + limit) } : { items }
}

const KINDS = ['viewed', 'read', 'delivered'] as const
