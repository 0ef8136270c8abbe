/** Makes room: takes old messages that are read off this device. The back end keeps them; scrolling up fetches them again. */
import { comparePoints, isCountable, maxPoint, messageKey, type Conversation, type ConversationId, type Message, type Point, type PointRange } from '../model/index.js'
import { clearMine, coversPoint, NO_OWN_STATE, type OwnState } from '../receipts/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, saveConversation, saveOwn } from './conversationRows.js'
import { holesOf, placesWithoutRow } from './holes.js'
import { keepDeletions } from './keptDeletions.js'
import { knownHistory } from './knownHistory.js'
import { LATE_MS } from './late.js'
import { isForGood, noteGone, uncounted } from './neverCame.js'
import { FIRST_PLACE } from './places.js'
import { notePruned } from './prunedStretches.js'
import { lastBefore } from './reportedPosition.js'
import { newestTime, withServerTimes } from './serverTime.js'
import { isHole, mayMiss, stopsOfPosition, unbrokenStretches, type KnownHistory } from './stretches.js'
import { countUnreadRows } from './unread.js'

/** Rows taken in one transaction. */
const PRUNED_ROWS = 500

/**
 * Takes away one batch of the oldest messages; that they were deleted is remembered, and how many were counted to have read them. What is unread, newer than `before`, or not accepted yet stays, and so does everything after it, and everything while a number before it may still come (ten minutes); so does what was
 * read and waits to be told to a wire that is told of single messages or of a position, which is counted from the rows, and of which something waits to be said,
 * and to which something waits to be done: on it the user is told how that ends.
 * @param before - epoch milliseconds
 * @returns how many were taken; 0 = there are no more
 */
export async function pruneBatch(ctx: SyncContext, conversationId: ConversationId, before: number): Promise<{ pruned: number; changes: Changes }> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const own = (await tx.readStates.getOwn(conversationId)) ?? NO_OWN_STATE
    const rows = await tx.messages.page({ conversationId, after: FIRST_PLACE, limit: PRUNED_ROWS + 1 })
    const [newest] = await tx.messages.page({ conversationId, limit: 1 })
    const isUntold = await untold(tx, ctx, conversationId, own)
    const mayGo = deletionsMayGo(ctx)
    const isOld = (row: Message) => row.time < before && (mayGo || !(row.hidden || row.readCount)) && isDone(row, ctx.me, own) && row.localId !== newest?.localId && !isUntold(row)
    const end = rows.findIndex((row) => !isOld(row))
    const old = withSecondPlaces(rows.slice(0, end === -1 ? rows.length : end))
    // The last of them stays: it is read, so that what is missing lies wholly within what is read and the count stays exact.
    const kept = old.at(-1)
    const gone = old.slice(0, -1)
    if (!kept?.at || gone.length === 0) return { pruned: 0, changes }
    const conversation = await loadConversation(tx, conversationId, changes)
    const mayCome = await mayComeBefore(tx, ctx, conversation, old, own)
    // Nobody could say any more that nothing is missing before what stays.
    if (mayCome && conversation.unread?.exact) return { pruned: 0, changes }
    // Everything up to the last of them was read: said as a prefix, as the rows that would show it are no more.
    const known = await knownHistory(tx, ctx, conversation, changes)
    const history = { ...known, gaps: [...known.gaps, ...(await uncounted(tx, ctx, conversationId))] }
    const isWhole = isWholeUpTo(old, own, history, await holesOf(tx, conversationId)) && !mayCome
    const next = isWhole ? clearMine(own, kept.at) : own
    await keepDeletions(tx, conversationId, gone)
    await notePruned(tx, conversationId, unbrokenStretches(old, history))
    await tx.messages.delete(gone)
    for (const row of gone) changes.removed.set(messageKey(row), row)
    await noteMissing(tx, ctx, conversationId, kept.at, changes)
    if (next !== own) await saveOwn(tx, conversationId, next, changes)
    if (!isWhole) await saveConversation(tx, { ...conversation, unread: await countUnreadRows(tx, ctx, conversation, own) }, changes)
    return { pruned: gone.length, changes }
  })
}

/** Up to the first that stands at another place behind all of them: with its row that place would be gone too, and nobody would ask for it again. */
function withSecondPlaces(rows: readonly Message[]): readonly Message[] {
  const end = rows.findIndex(({ otherPlaces }) => otherPlaces?.some((place) => comparePoints(place, rows.at(-1)!.at!) > 0))
  return end === -1 ? rows : withSecondPlaces(rows.slice(0, end))
}

/** What is kept of a deletion, or a count, is found by the id of its message alone: it would not come along from a memory that ends once the database can be opened. */
function deletionsMayGo({ storage }: SyncContext): boolean {
  const state = storage.getState()
  return state.status !== 'memory' || state.reason === 'chosen'
}

/** What failed of it and waits for the user would be gone with it. */
function isDone(row: Message, me: string, own: OwnState): boolean {
  if (row.failure !== undefined) return false
  return row.hidden === true || !isCountable(row, me) || coversPoint(own.synced.read, row.at!)
}

async function untold(tx: StorageTx, { transport }: SyncContext, conversationId: ConversationId, { wanted, synced, acked }: OwnState): Promise<(row: Message) => boolean> {
  const conversation = await tx.conversations.get(conversationId)
  const reports = (await tx.outbox.list({ conversationId, lane: 'receipt' })).filter((entry) => entry.action === 'report')
  const waiting = reports.flatMap((entry) => {
    const scope = conversation ? transport.capabilities[entry.kind][conversation.kind] : 'none'
    if (scope !== 'message' && scope !== 'point') return []
    return { due: (entry.visibility === 'published' ? wanted : synced)[entry.kind], taken: acked[entry.visibility][entry.kind] }
  })
  const isSaid = ({ ids }: Message) => reports.some(({ said }) => said !== undefined && ids.includes(said.id))
  const intents = await tx.outbox.list({ conversationId, lane: 'intent' })
  const acted = new Set(intents.flatMap((entry) => ('messageId' in entry ? [entry.messageId] : [])))
  // It came from the wire before its answer, for which the entry waits.
  const sending = new Set(intents.flatMap((entry) => (entry.action === 'send' ? [entry.localId] : [])))
  return (row) => isSaid(row) || sending.has(row.localId) || row.ids.some((id) => acted.has(id)) || waiting.some(({ due, taken }) => coversPoint(due, row.at!) && !coversPoint(taken, row.at!))
}

/** Tabs that show the rows from the first on can scroll up from now on; where nobody can be asked, no window waits for what has gone. */
async function noteMissing(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, kept: Point, changes: Changes): Promise<void> {
  if (isForGood(ctx)) return noteGone(tx, ctx, conversationId, kept)
  const gaps = [...(await tx.gaps.list(conversationId)).filter((gap) => !isBelow(gap, kept)), { conversationId, after: null, before: kept }]
  await tx.gaps.replace(conversationId, gaps)
  changes.gaps.set(conversationId, gaps)
}

/** Whether nothing may be missing up to the last of these rows, or only what is read already: history that was never here was read by nobody because what stands above it was. */
function isWholeUpTo(rows: readonly Message[], { synced }: OwnState, known: KnownHistory, holes: readonly PointRange[]): boolean {
  const last = rows.at(-1)!.at!
  // Another place of a message that was read: nothing is missing there.
  const history = { ...known, holes: known.holes?.filter(({ from, to }) => comparePoints(from, to) !== 0 || !coversPoint(synced.read, from)) ?? [] }
  const isRead = (reach: Point | null, place: Point) => reach !== null && comparePoints(place, reach) <= 0
  // Also one that reaches further: rows may stand in it.
  if (history.gaps.some(({ after, before }) => !isRead(reachFrom(after, synced.read), before && comparePoints(before, last) < 0 ? before : last))) return false
  return rows.every(({ at }, i) => {
    // What was read as far as there is not missing, also where the last of it is not here.
    const before = reachFrom(rows[i - 1]?.at ?? null, synced.read)
    if (isRead(before, at!)) return true
    if (isHole(before ?? FIRST_PLACE, at!, holes)) return false
    // What a server lost at the end of an epoch is nobody's to read; what it wrote at the beginning of the next is.
    if (before && before.epoch !== at!.epoch) return !history.dense || at!.order <= 1
    return !before || !mayMiss(before, at!, history)
  })
}

/** Where numbers are consecutive: whether one before the first of these rows was overtaken, and is on its way. */
async function mayComeBefore(tx: StorageTx, { me, transport }: SyncContext, { id, joined }: Conversation, rows: readonly Message[], { synced }: OwnState): Promise<boolean> {
  const begin = maxPoint(reachFrom(null, synced.read), joined?.[0]?.joinedAt ?? null) ?? FIRST_PLACE
  if (comparePoints(begin, rows[0]!.at!) >= 0) return false
  const [first] = await withServerTimes(tx, me, id, rows)
  const known = await placesWithoutRow(tx, id)
  return stopsOfPosition([first!], [], transport.capabilities, (await newestTime(tx, me, id)) - LATE_MS, lastBefore(begin), known).length > 0
}

/** How far everything is read from a place on, also by another device of mine, whether it came here or not. @param place - null = the beginning */
function reachFrom(place: Point | null, { upTo, ranges }: OwnState['synced']['read']): Point | null {
  const start = maxPoint(upTo, place)
  return (start && ranges.find(({ from, to }) => comparePoints(from, start) <= 0 && comparePoints(start, to) <= 0)?.to) ?? start
}

function isBelow({ before }: Pick<Gap, 'before'>, place: Point): boolean {
  return before !== null && comparePoints(before, place) <= 0
}
