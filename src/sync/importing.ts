/** Reads the file of one conversation. */
import { comparePoints, maxPoint, type Conversation, type ConversationId, type Message, type Point } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import { applyHeld, applyReceipts, receiptRules } from './applyReceipts.js'
import { findSame, notePlaces } from './broughtRows.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { beginConversation, loadOwn, saveConversation } from './conversationRows.js'
import { beginsFile, invalidImport, isHeader, mayBeMessage, parse, splitLines, TRANSFER_ROWS, understand, type Header, type Parsed } from './fileLines.js'
import { followJoined } from './followJoined.js'
import { recordGaps } from './gapRows.js'
import { noteGuess } from './guessedKind.js'
import { addHoles } from './holes.js'
import { stillDeleted } from './keptDeletions.js'
import { lastOf } from './lastShown.js'
import { noteLateRows } from './lateRows.js'
import { createLeftOut } from './leftOut.js'
import { withPlacesOf } from './messageRows.js'
import { applyPlaced } from './namelessReceipts.js'
import { isForGood, noteBrought, type Brought } from './neverCame.js'
import type { Missing } from './notedMissing.js'
import { FIRST_PLACE } from './places.js'
import { receiptsOf } from './receiptsOf.js'
import { noteUntimed } from './serverTime.js'
import { addContents } from './storedContents.js'
import { knownUpTo } from './surePlace.js'
import { countUnreadRows } from './unread.js'

/** What an import did. @public */
export interface ImportResult {
  readonly conversationId: ConversationId
  /** Messages that were not here. */
  readonly added: number
  /** Messages that were here already; they stay as they are. */
  readonly known: number
  /** Lines that say nothing this version understands. */
  readonly skipped: number
}

/**
 * Reads what `exportLines` wrote. A message that is here stays as it is; nothing is sent or reported.
 * @throws ChatError `client/invalidImport` when it does not begin with a header
 */
export async function importLines(ctx: SyncContext, lines: AsyncIterable<string> | Iterable<string>, onStored: (changes: Changes) => void): Promise<ImportResult> {
  let header: Header | null = null
  let totals = { added: 0, known: 0, skipped: 0 }
  let batch: Parsed[] = []
  /** Says nothing before the messages are here. */
  const states: Parsed[] = []
  let hasMessages = false
  let ends: Whole | null = null
  const gaps: Pick<Gap, 'after' | 'before'>[] = []
  const others = createLeftOut((gap) => gaps.push(gap))
  /** An earlier version did not say whose file it is. Who wrote it is not among those whose read states are in it. */
  let isMine = true
  /** What comes now is of another conversation. */
  let isOther = false
  let before: Ends | null = null
  /** Up to which it is stored. */
  let reached: Point | null = null
  const flush = async (isLast: boolean) => {
    if (!header) throw invalidImport()
    const { conversation } = header
    for (const { message } of batch) if (message) ends = { first: ends?.first ?? message, last: message.at, isMine }
    before ??= await ctx.storage.read((tx) => endsOf(tx, ctx, conversation.id))
    // From the first part on, for what follows may never come; but not an open end, nor where missing numbers tell of themselves: with what follows less may be missing.
    const isSaid = (gap: Missing) => isLast || (gap.before !== null && !ctx.transport.capabilities.dense)
    const missing = [...gaps.filter((gap) => !reachesOver(before!, gap)), ...beginning(ctx, ends, before)].filter(isSaid)
    const stored = await ctx.storage.write((tx) => storeBatch(tx, ctx, conversation, batch, isLast && gaps.length === 0 ? ends : null, missing, ends && { ...ends, newest: before!.last, reached }))
    batch = []
    reached = ends?.last ?? null
    totals = { ...totals, added: totals.added + stored.added, known: totals.known + stored.known }
    onStored(stored.changes)
  }
  for await (const text of splitLines(lines)) {
    const value = parse(text)
    if (!header) {
      if (!isHeader(value)) throw invalidImport()
      header = value
      gaps.push(...value.gaps)
      isMine = value.by === undefined || value.by === ctx.me
      continue
    }
    if (beginsFile(value)) {
      // One file behind another: what lies between the two is in neither.
      others.skip()
      const next: Header | null = isHeader(value) && value.conversation.id === header.conversation.id ? value : null
      isOther = next === null
      if (next) {
        header = next
        gaps.push(...next.gaps)
        isMine &&= next.by === undefined || next.by === ctx.me
        continue
      }
    }
    // Who is in it, and how far they got, is said without a name of the conversation.
    if (isOther) {
      totals.skipped += 1
      continue
    }
    const parsed = understand(value, header.conversation.id)
    if (parsed?.readState?.memberId === ctx.me && !hasMessages) isMine = false
    if (parsed?.member && parsed.member.userId === header.by && !isMine) others.wroteIt(parsed.member)
    if (parsed?.message && others.leavesOut(parsed.message, isMine)) continue
    if (parsed?.hole) others.hasHole(parsed.hole)
    hasMessages ||= parsed?.message !== undefined
    if (parsed?.gap) gaps.push(parsed.gap)
    else if (parsed) (parsed.readState && !hasMessages ? states : batch).push(parsed)
    else {
      totals.skipped += 1
      if (mayBeMessage(value)) others.skip()
    }
    if (batch.length >= TRANSFER_ROWS) await flush(false)
  }
  others.end()
  for (const each of states) {
    batch.push(each)
    if (batch.length >= TRANSFER_ROWS) await flush(false)
  }
  await flush(true)
  return { conversationId: header!.conversation.id, ...totals }
}

/** What a file without gaps reaches over. */
interface Whole {
  readonly first: Message & { readonly at: Point }
  readonly last: Point
  /** Without a gap of its own, a file of mine begins where history does, and somebody else's where they joined. */
  readonly isMine: boolean
}

interface Ends {
  readonly first: Point | null
  readonly last: Point | null
  /** Up to which nothing is missing that is not known to be. */
  readonly known: Point | null
}

async function storeBatch(tx: StorageTx, ctx: SyncContext, about: Header['conversation'], batch: readonly Parsed[], whole: Whole | null, missing: Header['gaps'], all: (Whole & Pick<Brought, 'newest' | 'reached'>) | null): Promise<{ added: number; known: number; changes: Changes }> {
  const changes = createChanges()
  const { id } = about
  const known = await tx.conversations.get(id)
  if (!known && about.isGuess) await noteGuess(tx, id)
  const before: Conversation = known ?? { ...(await beginConversation(tx, id, about.kind, changes)), ...(about.title === undefined ? {} : { title: about.title }) }
  const messages = batch.flatMap(({ message }) => message ?? [])
  const stored = await findSame(tx, ctx, before.head, messages)
  const fresh = await stillDeleted(tx, id, messages.filter((_, i) => !stored[i]))
  await notePlaces(tx, ctx.me, messages, messages.map((row, i) => stored[i] ?? row))
  await addHoles(tx, id, batch.flatMap(({ hole }) => hole ?? []))
  // What stands before the newest epoch may have been lost by the server, and be in no history.
  await noteLateRows(tx, ctx, fresh, changes, 'all')
  await tx.messages.put(fresh)
  // Theirs may be the time of the device that wrote the file.
  await noteUntimed(tx, id, fresh.filter(({ from }) => from === ctx.me).flatMap(placesOf).reduce(maxPoint, null))
  for (const row of fresh) noteRow(changes, row)
  await addPlaces(tx, messages, stored, changes)
  await addMembers(tx, id, batch, changes)
  // Pruned meanwhile, which begins with the oldest: then not all of it is here.
  const isWhole = whole !== null && (await tx.messages.get(whole.first)) !== undefined
  const rest = <T extends Missing>(gap: T): readonly T[] => (isWhole ? without(gap, whole) : [gap])
  if (isWhole) await tx.gaps.replace(id, (await tx.gaps.list(id)).flatMap(rest))
  if (all && isForGood(ctx)) await noteBrought(tx, ctx, id, { ...all, first: all.first.at, missing, without: rest })
  const head = fresh.flatMap(placesOf).reduce(maxPoint, before.head)
  const lastMessage = await lastOf(tx, id, before.lastMessage)
  const own = (await loadOwn(tx, id, changes)) ?? NO_OWN_STATE
  const unread = await countUnreadRows(tx, ctx, { ...before, head }, own)
  await saveConversation(tx, { ...(changes.conversations.get(id) ?? before), head, lastMessage, lastActivityAt: Math.max(before.lastActivityAt, lastMessage?.time ?? 0), unread }, changes)
  await followJoined(tx, ctx, id, changes.members.get(id) ?? (await tx.members.list(id)), changes)
  await applyReceipts(tx, receiptRules(ctx), id, batch.flatMap(({ readState }) => (readState && readState.memberId !== ctx.me ? receiptsOf(readState, head) : [])), changes)
  await addContents(tx, id, batch.flatMap(({ readState }) => readState ?? []), changes)
  await applyPlaced(tx, receiptRules(ctx), changes.rows.values(), changes)
  if (changes.rows.size > 0 || changes.members.has(id)) await applyHeld(tx, receiptRules(ctx), id, changes)
  // Where nobody can be asked, no window waits for it.
  if (!isForGood(ctx)) await recordGaps(tx, ctx, id, missing, changes)
  return { added: fresh.length, known: messages.length - fresh.length, changes }
}

/** A message that is here stays as it is, but for where else the wire stored it, and under which id: who reached it there has reached it, and what is told of that id is told of it. */
async function addPlaces(tx: StorageTx, messages: readonly Message[], stored: readonly (Message | undefined)[], changes: Changes): Promise<void> {
  for (const [i, known] of stored.entries()) {
    if (!known || known.at === null) continue
    const row = withPlacesOf(known, messages[i]!)
    if (row.ids.length === known.ids.length && row.otherPlaces?.length === known.otherPlaces?.length) continue
    await tx.messages.put([row])
    noteRow(changes, row)
  }
}

/** Members that are here stay as they are. */
async function addMembers(tx: StorageTx, id: ConversationId, batch: readonly Parsed[], changes: Changes): Promise<void> {
  const known = new Set((await tx.members.list(id)).map(({ userId }) => userId))
  const members = batch.flatMap(({ member }) => (member && !known.has(member.userId) ? member : []))
  if (members.length === 0) return
  await tx.members.put(id, members)
  changes.members.set(id, await tx.members.list(id))
}

/** The oldest and the newest that are here. */
async function endsOf(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId): Promise<Ends> {
  const [oldest] = await tx.messages.page({ conversationId, after: FIRST_PLACE, limit: 1 })
  const [newest] = await tx.messages.page({ conversationId, limit: 1 })
  return { first: oldest?.at ?? null, last: newest?.at ?? null, known: await knownUpTo(tx, ctx, conversationId) }
}

/** Whether what is missing from a file lies within what was here before: then these rows know better what of it is missing. */
function reachesOver({ first, known }: Ends, { after, before }: Pick<Gap, 'after' | 'before'>): boolean {
  const end = before ?? after
  return first !== null && known !== null && end !== null && comparePoints(first, after ?? end) <= 0 && comparePoints(known, end) >= 0
}

/** What may be missing before a file of somebody else: what lies behind all that was here; where nothing was, all that there is. That a wire with a cursor brings, or tells of. */
function beginning(ctx: SyncContext, file: Whole | null, { known }: Ends): readonly Missing[] {
  const isKnown = file === null || file.isMine || (known ? comparePoints(file.first.at, known) <= 0 : ctx.transport.capabilities.catchUp === 'cursor')
  return isKnown ? [] : [{ after: known, before: file.first.at }]
}

/** What is left of a gap once everything from the first to the last of a file is here. */
function without<T extends Missing>(gap: T, { first: { at: first }, last, isMine }: Whole): readonly T[] {
  const { after, before } = gap
  const isOutside = (before !== null && comparePoints(before, first) <= 0) || (after !== null && comparePoints(after, last) >= 0)
  if (isOutside) return [gap]
  const above = before === null || comparePoints(before, last) > 0 ? [{ ...gap, after: last }] : []
  const isBelow = after === null ? !isMine : comparePoints(after, first) < 0
  return isBelow ? [{ ...gap, before: first }, ...above] : above
}
