/** Conversations that the app makes itself, before or without the back end. */
import type { Conversation, Member } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { ConnectOptions } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { newConversation, saveConversation } from './conversationRows.js'

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
    const next = withEnsured(stored ?? newConversation(ensured.id, ensured.kind), ensured)
    if (!stored || next.title !== stored.title || !stored.rosterComplete) await saveConversation(tx, next, changes)
    await putEnsured(tx, ensured)
    return changes
  })
}

export async function putEnsured(tx: StorageTx, ensured: EnsuredConversation): Promise<void> {
  const others = (await loadEnsured(tx)).filter(({ id }) => id !== ensured.id)
  await tx.meta.put(ENSURED_KEY, [...others, { ...ensured, members: [...ensured.members] }])
}

export async function loadEnsured(tx: StorageTx): Promise<readonly EnsuredConversation[]> {
  return (await tx.meta.get<readonly EnsuredConversation[]>(ENSURED_KEY)) ?? []
}

function withEnsured(conversation: Conversation, { title }: EnsuredConversation): Conversation {
  return { ...conversation, ...(title === undefined ? {} : { title }), rosterComplete: true }
}

function memberFromStart(userId: string): Member {
  return { userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }
}
