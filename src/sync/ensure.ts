/** Conversations that the app makes itself, before or without the back end. */
import { ChatError, type Conversation, type ConversationId, type Member } from '../model/index.js'
import { sameItems } from '../model/sameItems.js'
import type { StorageTx } from '../storage/index.js'
import { isCount, isText, listOf } from '../storage/rows/fields.js'
import type { ConnectOptions } from '../transport/index.js'
import { applyHeld, receiptRules } from './applyReceipts.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { beginConversation, saveConversation } from './conversationRows.js'
import { followJoined } from './followJoined.js'
import { endGuess } from './guessedKind.js'
import { queueAll } from './ripeReports.js'

/** A conversation as the app makes it known. */
export type EnsuredConversation = ConnectOptions['conversations'][number]

/** Name of the meta row in which earlier versions listed them all, and of which each new one made another as large. It is read, and no longer written. */
const LIST_KEY = 'ensured'
/** How many have a row of their own. */
const COUNT_KEY = 'ensuredCount'
/** Rows looked at in one go where the count is torn. */
const STEP = 100
const rowKey = (number: number) => `ensuredRow ${number}`
/** Of the meta row that says which number one has. */
const numberKey = (id: ConversationId) => `ensuredNumber ${id}`

/** The storage would put aside what is none, and nobody would hear of it. @throws ChatError `client/invalidConversation` */
export function refuseNoConversation(ensured: EnsuredConversation): void {
  if (isEnsured(ensured)) return
  throw new ChatError('client/invalidConversation', 'ensureConversation() was given what is no conversation, so nothing was stored. It needs an `id`, the kind `direct` or `group`, `members` as a list of user ids, and perhaps a `title`.')
}

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
    const wasGuess = stored?.kind !== 'direct' && (await endGuess(tx, ensured.id))
    const told = stored && wasGuess ? { ...stored, kind: ensured.kind } : stored
    const next = withEnsured(told ?? (await beginConversation(tx, ensured.id, ensured.kind, changes)), ensured, stored?.rosterComplete || !stored || !ctx.transport.members)
    if (!stored || next.kind !== stored.kind || next.title !== stored.title || next.rosterComplete !== stored.rosterComplete) await saveConversation(tx, next, changes)
    if (!stored) await followJoined(tx, ctx, ensured.id, known, changes)
    if (stored && next.kind !== stored.kind) await queueAll(tx, ctx, next, changes)
    // Who read it may have been a stranger until now.
    if (missing.length > 0) await applyHeld(tx, receiptRules(ctx), ensured.id, changes)
    await putEnsured(tx, ensured)
    return changes
  })
}

export async function putEnsured(tx: StorageTx, ensured: EnsuredConversation): Promise<void> {
  const own = await findOwn(tx, ensured.id)
  const known = own?.row ?? (await findListed(tx, ensured.id))
  // As at every start.
  if (known && isSame(known, ensured)) return
  const number = own?.number ?? (await countOf(tx))
  await tx.meta.put(rowKey(number), { ...ensured, members: [...ensured.members] })
  if (own) return
  await tx.meta.put(numberKey(ensured.id), number)
  await tx.meta.put(COUNT_KEY, number + 1)
}

/** What is torn of it is made known again by the app, as at every start. */
export async function findEnsured(tx: StorageTx, id: ConversationId): Promise<EnsuredConversation | undefined> {
  return (await findOwn(tx, id))?.row ?? findListed(tx, id)
}

/** All of them are told to the wire at every connect. */
export async function loadEnsured(tx: StorageTx): Promise<readonly EnsuredConversation[]> {
  const keys = Array.from({ length: await countOf(tx) }, (_, number) => rowKey(number))
  const rows = (await Promise.all(keys.map((key) => tx.meta.get<unknown>(key)))).filter(isEnsured)
  const ids = new Set(rows.map(({ id }) => id))
  return [...(await listed(tx)).filter(({ id }) => !ids.has(id)), ...rows]
}

async function findOwn(tx: StorageTx, id: ConversationId): Promise<{ readonly number: number; readonly row: EnsuredConversation } | undefined> {
  const number = await tx.meta.get<number>(numberKey(id))
  const row = number === undefined ? undefined : await tx.meta.get<unknown>(rowKey(number))
  // Another one's, or out of reach, where the count was torn.
  return number !== undefined && isEnsured(row) && row.id === id && number < (await countOf(tx)) ? { number, row } : undefined
}

async function findListed(tx: StorageTx, id: ConversationId): Promise<EnsuredConversation | undefined> {
  return (await listed(tx)).find((each) => each.id === id)
}

async function listed(tx: StorageTx): Promise<readonly EnsuredConversation[]> {
  const rows = await tx.meta.get<unknown>(LIST_KEY)
  return Array.isArray(rows) ? rows.filter(isEnsured) : []
}

/** A count that says too much is torn: who believed it would look for a million rows at every start. */
async function countOf(tx: StorageTx): Promise<number> {
  const count = await tx.meta.get<unknown>(COUNT_KEY)
  if (!isCount(count) || count === 0) return 0
  return (await tx.meta.get<unknown>(rowKey((count as number) - 1))) === undefined ? countRows(tx) : (count as number)
}

/** Behind some that are not there are none. */
async function countRows(tx: StorageTx): Promise<number> {
  for (let from = 0, count = 0; ; from += STEP) {
    const rows = await Promise.all(Array.from({ length: STEP }, (_, i) => tx.meta.get<unknown>(rowKey(from + i))))
    const found = rows.findLastIndex((row) => row !== undefined) + 1
    if (found === 0) return count
    count = from + found
  }
}

function isSame(a: EnsuredConversation, b: EnsuredConversation): boolean {
  return a.kind === b.kind && a.title === b.title && sameItems(a.members, b.members)
}

function isEnsured(row: unknown): row is EnsuredConversation {
  const { id, kind, members, title } = (row ?? {}) as Partial<Record<keyof EnsuredConversation, unknown>>
  return isText(id) && (kind === 'direct' || kind === 'group') && listOf(isText)(members) && (title === undefined || isText(title))
}

/** @param rosterComplete - of what somebody else told the app may know a part, and the wire can be asked */
function withEnsured(conversation: Conversation, { title }: EnsuredConversation, rosterComplete: boolean): Conversation {
  return { ...conversation, ...(title === undefined ? {} : { title }), rosterComplete }
}

function memberFromStart(userId: string): Member {
  return { userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }
}
