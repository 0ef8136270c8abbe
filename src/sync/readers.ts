import type { Message, UserId } from '../model/index.js'
import { STRONGEST_FIRST } from '../model/receiptKinds.js'
import { audienceOf, emptyMemberState, intervalAt, newestDetails, withoutSilent } from '../receipts/index.js'
import { contentOfMessage } from '../receipts/contents.js'
import { hasReachedMessage, timeOfMessage } from '../receipts/memberState.js'
import type { Page, Paged, Reader } from '../transport/index.js'
import { readStatesOf } from './archiving.js'
import type { SyncContext } from './context.js'
import { hidesOthers, hidesReaders } from './hiddenReaders.js'

/** Who delivered, read and viewed a message, as far as this device knows, each with the furthest they got. Readers first, then as in the roster. Nobody where it is hidden, or where the message was taken back. */
export async function listReaders(ctx: SyncContext, message: Message, { cursor, limit }: Page): Promise<Paged<Reader>> {
  const { conversationId } = message
  if (message.at === null) return { items: [] }
  const { members, states } = await ctx.storage.read(async (tx) => ({
    members: (await hidesReaders(tx, ctx, message)) ? [] : await tx.members.list(conversationId),
    states: await readStatesOf(tx, conversationId, [message]),
  }))
  const now = ctx.ports.clock.now()
  const furthest = (userId: UserId): Reader[] => {
    const state = states.get(userId) ?? emptyMemberState(userId)
    const kind = STRONGEST_FIRST.find((each) => hasReachedMessage(state, each, message))
    const time = kind ? timeOfMessage(state, kind, message) : null
    // A server ahead of this device's clock: nobody has read in the future.
    const content = contentOfMessage(state, message)
    return kind ? [{ userId, kind, time: time === null ? null : Math.min(time, now), ...(content !== undefined && { content }) }] : []
  }
  const known = audienceOf(message, members).flatMap(furthest).sort((a, b) => STRONGEST_FIRST.indexOf(a.kind) - STRONGEST_FIRST.indexOf(b.kind))
  const detailed = new Set(newestDetails(known, ctx.policy.maxDetails))
  const readers = known.map((reader) => (detailed.has(reader) ? reader : { userId: reader.userId, kind: reader.kind, time: null }))
  const start = cursor === undefined ? 0 : Number(cursor)
  const items = readers.slice(start, start + limit)
  return start + limit < readers.length ? { items, next: String(start + limit) } : { items }
}

/** Whom a message still waits for or has reached: who was a member then and is one still, and was not silent too long. */
export async function listAudience(ctx: SyncContext, message: Message): Promise<readonly UserId[]> {
  return ctx.storage.read(async (tx) => {
    const members = await tx.members.list(message.conversationId)
    const audience = audienceOf(message, members.filter((member) => intervalAt(member, message.at)?.leftAt === null))
    const { silentAfterMs } = ctx.policy
    // Silence is of groups, as in the badge. Of who is silent only a reader is listed: where readers are hidden that would tell.
    if (silentAfterMs === null || (await tx.conversations.get(message.conversationId))?.kind === 'direct' || (await hidesOthers(tx, ctx, message.conversationId))) return audience
    const states = await readStatesOf(tx, message.conversationId, [message])
    return withoutSilent(audience, message, silentAfterMs, (userId) => states.get(userId))
  })
}
