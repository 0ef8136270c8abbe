/** What is asked of the wire after every connect: the whole list of conversations, the newest history of those that moved on, and receipts the wire does not replay. State is pulled, never trusted from the cache alone. */
import { askedMs } from '../model/backoff.js'
import { ChatError, comparePoints, type Conversation, type ConversationId, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { HistoryPage, Page } from '../transport/index.js'
import { answered } from './answered.js'
import { askHistory } from './askHistory.js'
import { atOnce } from './atOnce.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { recordAbsence, recordGap } from './gapRows.js'
import type { Inbound } from './inbound.js'
import { allAreBack } from './keptChoices.js'
import { newestHeard } from './neverCame.js'
import { storedMissing } from './notedMissing.js'
import { settleMissing } from './overtaking.js'
import { pageEnds } from './pageEnds.js'
import { pagesOf } from './pagesOf.js'
import { pullRoster, withNews } from './rosters.js'
import { asTransportError } from './sending.js'
import { noteHeardUpTo } from './sentPlaces.js'
import { noteAsked, surePlace } from './surePlace.js'
import type { Connection, Unasked } from './unasked.js'
import { noteHeard, unheardOf } from './unheard.js'

/** Newest messages fetched for a conversation that moved on. */
const BACK_FILL_ROWS = 50
/** Conversations whose newest history is asked for though nobody said that they moved on, besides those on screen. */
const MOST_ASKED = 100
/** Conversations asked about at once: with a thousand, one after the other would take as many times as long as an answer does. */
const ASKED_AT_ONCE = 4

/** What is left to be asked for again, when the wire could not say it now. Null: everything. */
export type LeftOver = Wait & Pick<Listed, 'headless' | 'named'> & { readonly only: ReadonlySet<ConversationId> | null }

/** What the wire's list said of conversations, by their ids. */
interface Listed {
  readonly withMembers: Set<ConversationId>
  /** Without the point of their newest message, so that only their history tells whether something was missed. */
  readonly headless: Set<ConversationId>
  /** All of them; null: there is no list, or it is refused. */
  named: Set<ConversationId> | null
}

interface Wait {
  readonly waitMs: number
  /** The wire limits its rate: until then it is asked nothing at all. */
  readonly isLimited: boolean
}

export interface CatchUpOptions {
  /** There was no cursor: the wire has replayed nothing, or what is newest. */
  readonly first: boolean
  /** Of an earlier pass; null: there was none. */
  readonly left: LeftOver | null
  readonly unasked: Unasked
  /** That asks: the answers tell nothing of what is missed before a later one. */
  readonly connection: Connection
  /** False once a later one asks: who is in a group was said before its absence. */
  isCurrent(): boolean
}

/**
 * One conversation that the wire refuses, or cannot tell now, keeps none of the others waiting.
 * @returns what has to be asked for again; null when nothing has
 */
export async function catchUp(ctx: SyncContext, inbound: Inbound, options: CatchUpOptions): Promise<LeftOver | null> {
  const only = options.left?.only ?? null
  const listed: Listed = { withMembers: new Set(), headless: new Set(options.left?.headless), named: ctx.transport.conversations && options.left?.named !== null ? new Set(options.left?.named) : null }
  const { headless } = listed
  try {
    if (only === null) await pullConversations(ctx, inbound, listed, options.isCurrent)
    await inbound.idle()
    if (!options.isCurrent()) return null
    if (only === null && ctx.transport.conversations) await allAreBack(ctx)
  } catch (cause) {
    const wait = waitAfter(ctx, cause)
    if (wait !== null) return { only: null, headless, named: new Set(), ...wait }
    listed.named = null
  }
  const { named } = listed
  const unheard = await ctx.storage.read(unheardOf)
  const heard = new Set<ConversationId>()
  const left = new Set<ConversationId>()
  const refused = new Set<ConversationId>()
  let longest: Wait = { waitMs: 0, isLimited: false }
  let asked = 0
  const { unasked, connection } = options
  const ask = async (conversation: Conversation) => {
    const { id } = conversation
    const isSaid = named !== null && !headless.has(id)
    const knows: Knows = isSaid ? 'head' : ctx.store.getState().windows.has(id) || ++asked <= MOST_ASKED ? 'nothing' : 'less'
    try {
      if (longest.isLimited) return void left.add(id)
      await catchUpOne(ctx, inbound, conversation, options, { hasMembers: listed.withMembers.has(id), isUnheard: unheard.has(id), knows })
      heard.add(id)
      // Who was put out is told nothing of it, and may be let in again.
      if (named === null || named.has(id)) unasked.end(connection, id)
    } catch (cause) {
      const wait = waitAfter(ctx, cause, id)
      if (wait === null) return void refused.add(id)
      left.add(id)
      longest = { ...wait, waitMs: Math.max(longest.waitMs, wait.waitMs) }
    }
  }
  const [first, ...others] = await inOrder(ctx, only)
  // On screen, mostly. A wire that limits its rate says so of it, and is asked nothing else.
  if (first) await ask(first)
  await atOnce(others, ASKED_AT_ONCE, ask)
  unasked.endOthers(connection, new Set([...left, ...refused]), named !== null)
  await inbound.idle()
  await atOnce(await overtaken(ctx, unasked.came().filter((id) => !left.has(id) && !refused.has(id))), ASKED_AT_ONCE, ask)
  const told = [...unheard].filter((id) => heard.has(id) || refused.has(id))
  // Where it cannot be noted they are asked for once more.
  if (told.length > 0) await ctx.storage.write((tx) => noteHeard(tx, told)).catch(() => {})
  return left.size > 0 ? { only: left, headless, named, ...longest } : null
}

/** How long the wire asked to be left alone; null when it refused for good. Rethrows when there is no connection any more: the next one begins anew. */
function waitAfter(ctx: SyncContext, cause: unknown, conversationId?: ConversationId): Wait | null {
  if (ctx.store.getState().connection.status !== 'online') throw cause
  ctx.onDropped(`catchUp/${cause instanceof ChatError ? cause.code : 'failed'}`, conversationId)
  if (cause instanceof ChatError && !cause.retryable) return null
  const { code, retry } = asTransportError(cause)
  return { waitMs: askedMs(retry), isLimited: code === 'transport/rateLimited' }
}

/** What is on screen first, then where something happened last. */
async function inOrder({ storage, store }: SyncContext, only: ReadonlySet<ConversationId> | null): Promise<readonly Conversation[]> {
  const all = (await storage.read((tx) => tx.conversations.list())).filter(({ id }) => only?.has(id) ?? true)
  const { windows } = store.getState()
  return all.sort((a, b) => Number(windows.has(b.id)) - Number(windows.has(a.id)) || b.lastActivityAt - a.lastActivityAt)
}

/** Something came in them after they were looked at, or they are new since. */
async function overtaken({ storage }: SyncContext, ids: readonly ConversationId[]): Promise<readonly Conversation[]> {
  return storage.read(async (tx) => {
    const found: Conversation[] = []
    for (const id of ids) {
      const conversation = (await storedMissing(tx, id)).length > 0 && (await tx.conversations.get(id))
      if (conversation) found.push(conversation)
    }
    return found
  })
}

async function catchUpOne(ctx: SyncContext, inbound: Inbound, conversation: Conversation, options: CatchUpOptions, { hasMembers, isUnheard, knows }: KnownOf): Promise<void> {
  const { first, isCurrent } = options
  const { catchUp: how, receiptsCatchUp } = ctx.transport.capabilities
  // Who came meanwhile, or is not in the app's own list, is told to nobody where nothing is replayed, and no receipt of theirs would count.
  if (!conversation.rosterComplete || conversation.rosterUpTo !== undefined || ((first || how !== 'cursor') && !hasMembers)) await pullRoster(ctx, inbound, conversation, isCurrent)
  // Receipts first: what I read elsewhere must not be counted as unread for a moment.
  if (first || isUnheard || receiptsCatchUp === 'fetch') await pullReceipts(ctx, inbound, conversation.id)
  await inbound.idle()
  if (first || how !== 'cursor') await backFill(ctx, inbound, conversation, knows, options)
}

async function pullConversations(ctx: SyncContext, inbound: Inbound, { withMembers, headless, named }: Listed, isCurrent: () => boolean): Promise<void> {
  const { transport, store } = ctx
  if (!transport.conversations) return
  let rosters = store.getState().rosters
  const ask = (page: Page) => {
    rosters = store.getState().rosters
    return answered(ctx, transport.conversations!(page))
  }
  for await (const items of pagesOf(ask)) {
    // What came meanwhile.
    await inbound.idle()
    if (!isCurrent()) return
    for (const conversation of items) {
      inbound.handle({ type: 'conversation', conversation: await withNews(ctx, conversation, rosters) })
      named?.add(conversation?.id)
      if (conversation?.members) withMembers.add(conversation.id)
      if (conversation?.head === undefined) headless.add(conversation?.id)
    }
  }
}

interface KnownOf {
  /** Its members came with the list. */
  readonly hasMembers: boolean
  readonly isUnheard: boolean
  readonly knows: Knows
}

/** What there is to tell whether something was missed: the newest point; nothing, so that history is asked; or nothing, with too many to ask. */
type Knows = 'head' | 'nothing' | 'less'

/** Fetches the newest page where the head is, or may be, ahead of what is known to be here, and records what lies between. */
async function backFill(ctx: SyncContext, inbound: Inbound, { id, head }: Conversation, knows: Knows, { unasked, connection }: CatchUpOptions): Promise<void> {
  if (!ctx.transport.history || (knows === 'head' && head === null)) return
  const { newest, sure, last, isOvertaken } = await ctx.storage.read(async (tx) => ({
    newest: await newestHeard(tx, id),
    sure: await surePlace(tx, ctx, id),
    last: (await tx.messages.page({ conversationId: id, limit: 1 }))[0]?.at,
    isOvertaken: (await storedMissing(tx, id)).length > 0,
  }))
  // Also over a queue: it hands nothing over again that a page was given, and died with before it was stored.
  if (knows === 'head' && !isOvertaken && sure !== null && comparePoints(sure, head!) >= 0) return
  // Fetched when somebody scrolls there.
  if (knows === 'less') return inbound.store([], async (tx, changes) => {
    await settleMissing(tx, ctx, id, undefined, changes)
    if (!unasked.hasCome(id)) await recordAbsence(tx, ctx, { conversationId: id, after: sure, before: null }, [], changes)
  })
  const page = await askHistory(ctx, id, { limit: BACK_FILL_ROWS })
  await inbound.store(page.messages, async (tx, changes) => {
    await recordGapBelow(tx, ctx, id, sure, page, changes)
    await noteAsked(tx, id, newest, page)
    if (unasked.isCurrent(connection)) await settleMissing(tx, ctx, id, pageEnds(page)?.oldest ?? null, changes)
    // What was answered since then may have overtaken the answer to this, too.
    if (last) await noteHeardUpTo(tx, id, last)
  })
}

/** What lies between the last row behind which nothing was missing and a page that was fetched from above. */
async function recordGapBelow(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, sure: Point | null, page: HistoryPage, changes: Changes): Promise<void> {
  const ends = pageEnds(page)
  if (ends === null) return
  if (sure !== null && comparePoints(ends.oldest, sure) <= 0) return
  await recordGap(tx, ctx, { conversationId, after: sure, before: ends.oldest }, changes)
}

/**
 * Of conversations that became known over this connection. What the wire cannot say now, or refuses, the next connect asks for.
 * @param among - default: all
 */
export async function pullUnheard(ctx: SyncContext, inbound: Inbound, isCurrent: () => boolean, among?: readonly ConversationId[]): Promise<void> {
  const heard: ConversationId[] = []
  for (const id of await ctx.storage.read((tx) => unheardOf(tx, among))) {
    if (!isCurrent()) return
    await pullReceipts(ctx, inbound, id).then(() => heard.push(id), (cause: unknown) => waitAfter(ctx, cause, id))
  }
  await inbound.idle()
  if (heard.length > 0) await ctx.storage.write((tx) => noteHeard(tx, heard))
}

async function pullReceipts(ctx: SyncContext, inbound: Inbound, id: ConversationId): Promise<void> {
  const receipts = ctx.transport.readStates ? await answered(ctx, ctx.transport.readStates(id)) : []
  // What names another is of that one.
  for (const receipt of receipts) inbound.handle({ type: 'receipt', ...receipt, conversationId: receipt?.conversationId ?? id })
}
