/** Conversations that the app makes itself, before or without the back end. */
import type { Conversation, Member } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { ConnectOptions } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { newConversation, saveConversation } from './conversationRows.js'
import { followJoined } from './followJoined.js'
import { withChoice } from './keptChoices.js'

/** A conversation as the app makes it known. */
export type EnsuredConversation = ConnectOptions['conversations'][number]

/** Name of the meta row that lists them; they are told to the wire at every connect. */
const ENSURED_KEY = 'ensured'

/** Stores the conversation and its members as far as they are not there. Idempotent. */
export async function storeEnsured(ctx: SyncContext, ensured: EnsuredConversation): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const stored = await tx.conversations.get(ensured.id)
    const known = await tx.members.list(ensured.id)
    const missing = ensured.members.filter((userId) => !known.some((member) => member.userId === userId))
    if (missing.length > 0) {
      await tx.members.put(ensured.id, missing.map(memberFromStart))
      changes.members.set(ensured.id, await tx.members.list(ensured.id))
    }
    const next = withEnsured(stored ?? (await withChoice(tx, newConversation(ensured.id, ensured.kind), changes)), ensured)
    if (!stored || next.title !== stored.title || !stored.rosterComplete) await saveConversation(tx, next, changes)
    if (!stored) await followJoined(tx, ctx, ensured.id, known, changes)
    await putEnsured(tx, ensured)
    return changes
  })
}

export async function putEnsured(tx: StorageTx, ensured: EnsuredConversation): Promise<void> {
  const all = await loadEnsured(tx)
  // As at every start: most are there already, and the row holds all of them.
  if (all.some((each) => each.id === ensured.id && isSame(each, ensured))) return
  const others = all.filter(({ id }) => id !== ensured.id)
  await tx.meta.put(ENSURED_KEY, [...others, { ...ensured, members: [...ensured.members] }])
}

/** What is torn of it is made known again by the app, as at every start. */
export async function loadEnsured(tx: StorageTx): Promise<readonly EnsuredConversation[]> {
  const rows = await tx.meta.get<unknown>(ENSURED_KEY)
  return Array.isArray(rows) ? rows.filter(isEnsured) : []
}

function isSame(a: EnsuredConversation, b: EnsuredConversation): boolean {
  return a.kind === b.kind && a.title === b.title && a.members.length === b.members.length && a.members.every((member, i) => member === b.members[i])
}

function isEnsured(row: unknown): row is EnsuredConversation {
  const { id, kind, members, title } = (row ?? {}) as Partial<Record<keyof EnsuredConversation, unknown>>
  const isText = (value: unknown) => typeof value === 'string'
  return isText(id) && (kind === 'direct' || kind === 'group') && Array.isArray(members) && members.every(isText) && (title === undefined || isText(title))
}

function withEnsured(conversation: Conversation, { title }: EnsuredConversation): Conversation {
  return { ...conversation, ...(title === undefined ? {} : { title }), rosterComplete: true }
}

function memberFromStart(userId: string): Member {
  return { userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }
}
