/** The database can be opened after all: what was kept in memory meanwhile is joined into it, row by row, and overwrites nothing. */
import { comparePoints, maxPoint, messageKey, type Conversation, type ConversationId, type Member, type Message, type Point, type ReceiptKind } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { sameData } from '../model/sameData.js'
import { emptyMemberState, joinMemberStates, NO_OWN_STATE, NO_PROGRESS_BY_KIND, readMine, stopPublishing, type MemberState, type OwnState } from '../receipts/index.js'
import { withKeptTimes } from '../receipts/keptTimes.js'
import { joinManualUnread } from '../receipts/manualUnread.js'
import { joinKinds } from '../receipts/memberState.js'
import type { ChatStorage, Gap, OutboxAction, OutboxEntry, StorageTx } from '../storage/index.js'
import { sureOwn, sureState } from './acrossEpochs.js'
import { forgetAbout } from './applyEdits.js'
import { forgetFailed } from './applyMessages.js'
import { applyHeld, applyReceipts, hold, receiptRules } from './applyReceipts.js'
import { findSame, notePlaces } from './broughtRows.js'
import { createChanges } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation } from './conversationRows.js'
import { loadEnsured, putEnsured } from './ensure.js'
import { erased, isErased } from './erased.js'
import { followJoined } from './followJoined.js'
import { claimPlaces, standingTwice } from './followPlaces.js'
import { visibilityNow } from './groupSize.js'
import { endGuess, isGuess, noteGuess } from './guessedKind.js'
import { joinNoted, notedOf } from './holes.js'
import { stillDeleted } from './keptDeletions.js'
import { isAtHead } from './keptFloors.js'
import { lastOf } from './lastShown.js'
import { noteLateRows } from './lateRows.js'
import { mayBecome, withId, withPlacesOf } from './messageRows.js'
import { applyPlaced } from './namelessReceipts.js'
import { joinMissing, newestHeard } from './neverCame.js'
import { storedMissing } from './notedMissing.js'
import { shown, type ActionPayload } from './optimistic.js'
import { FIRST_PLACE } from './places.js'
import { notePruned, prunedStretches } from './prunedStretches.js'
import { isPublished, queueReport, receiptVisibility } from './queueReport.js'
import { receiptsAcross, toldAcross } from './receiptsOf.js'
import { loadReach, noteReset } from './resets.js'
import { sameGap } from './sameGap.js'
import { answeredPlace, joinAnswered } from './sentPlaces.js'
import { lastUntimed, noteUntimed } from './serverTime.js'
import { knownUpTo } from './surePlace.js'
import { chosenVisibility, keepChoices, takenOverOf } from './keptChoices.js'
import { switchReceipts } from './receiptSettings.js'
import { countUnreadRows } from './unread.js'

/** Rows carried over in one transaction. */
const CARRIED_ROWS = 500

/** May break off anywhere and begin again: what is joined already is not joined twice. */
export async function mergeRemembered(ctx: SyncContext, memory: ChatStorage): Promise<void> {
  const { conversations, ensured, chosen, taken } = await memory.read(async (tx) => ({ conversations: await tx.conversations.list(), ensured: await loadEnsured(tx), chosen: await chosenVisibility(tx), taken: await takenOverOf(tx) }))
  // Before anything that was read: what was chosen last decides who is told of it. What was only taken over from the time before is in these rows, or will be.
  if (chosen !== null && chosen !== taken.own) await switchReceipts(ctx, chosen)
  const known = await ctx.storage.read((tx) => tx.conversations.list())
  for (const { id, receipts = null } of conversations) {
    if (receipts !== taken.of(id) && known.some((each) => each.id === id && (each.receipts ?? null) !== receipts)) await switchReceipts(ctx, receipts, id)
  }
  for (const conversation of conversations) await mergeConversation(ctx, memory, conversation.receipts === taken.of(conversation.id) ? withoutChoice(conversation) : conversation)
  await ctx.storage.write(async (tx) => {
    for (const each of ensured) await putEnsured(tx, each)
  })
  await mergeHeld(ctx, memory)
  await keepChoices(ctx)
}

/** What waits in either may be for what only the other had: a message, a conversation, a member. */
async function mergeHeld(ctx: SyncContext, memory: ChatStorage): Promise<void> {
  const held = await memory.read((tx) => tx.held.list())
  await ctx.storage.write(async (tx) => {
    const [rules, changes] = [receiptRules(ctx), createChanges()]
    await hold(tx, held)
    await applyPlaced(tx, rules, null, changes)
    const ids = new Set((await tx.held.list()).map(({ conversationId }) => conversationId))
    for (const id of ids) if (await tx.conversations.get(id)) await applyHeld(tx, rules, id, changes)
  })
}

function withoutChoice({ receipts: _receipts, ...conversation }: Conversation): Conversation {
  return conversation
}

async function mergeConversation(ctx: SyncContext, memory: ChatStorage, conversation: Conversation): Promise<void> {
  const { id } = conversation
  await joinUnknown(ctx, memory, id)
  let after = FIRST_PLACE
  for (;;) {
    const rows = await memory.read((tx) => tx.messages.page({ conversationId: id, after, limit: CARRIED_ROWS }))
    if (rows.length > 0) await ctx.storage.write((tx) => joinRows(tx, ctx, rows))
    if (rows.length < CARRIED_ROWS) break
    after = rows.at(-1)!.at!
  }
  const rest = await memory.read(async (tx) => ({
    members: await tx.members.list(id),
    states: await tx.readStates.list(id),
    own: (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE,
    isGuess: await isGuess(tx, id),
    // Taken by the back end, which has not said where they stand.
    unplaced: (await tx.messages.echoes(id)).filter(({ outgoing }) => outgoing === undefined),
    queued: await Promise.all((await tx.outbox.list({ conversationId: id })).map(async (entry) => ({
      entry,
      row: entry.action === 'send' ? await tx.messages.get(entry) : undefined,
      file: entry.action === 'send' ? await tx.blobs.get(entry.localId) : undefined,
    }))),
  }))
  // User intent: it was promised, and is kept as strictly as if it had been written here.
  await ctx.storage.write(async (tx) => {
    await joinRows(tx, ctx, rest.unplaced)
    const before = [...(await tx.outbox.list({ conversationId: id }))]
    // Nobody in memory may have known that the user tells nobody.
    const known = await tx.conversations.get(id)
    const isLearnt = !rest.isGuess && (await endGuess(tx, id)) && known !== undefined
    if (rest.isGuess && !known) await noteGuess(tx, id)
    const here: Conversation = { ...(known ?? conversation), ...(isLearnt ? { kind: conversation.kind } : {}) }
    const setting = await receiptVisibility(tx, ctx, here)
    const untold = RECEIPT_KINDS.filter((kind) => !isPublished(kind, setting))
    for (const each of rest.queued) if (!isToldBy(each.entry, untold)) await queueAgain(tx, ctx, before, each)
    const members = new Set((await tx.members.list(id)).map(({ userId }) => userId))
    await tx.members.put(id, rest.members.filter((member) => !members.has(member.userId) || !isFromStart(member)))
    await noteJoined(tx, ctx, conversation)
    const reach = await loadReach(tx, id)
    const states = await tx.readStates.getMany(id, rest.states.map(({ memberId }) => memberId))
    await tx.readStates.put(id, rest.states.map((state, i) => joinStored(states[i] ?? emptyMemberState(state.memberId), sureState(state, reach))))
    const stored = (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE
    const mine = withKnownHead(sureOwn(rest.own, reach), maxPoint(here.head, conversation.head))
    const joined = joinOwnStates(stored, stopPublishing(withFloor(mine, stored.publishFloor), untold))
    // Each may know of one place alone.
    const own = claimPlaces(joined, await standingTwice(tx, id), ctx.me, await visibilityNow(tx, ctx, here, createChanges()))
    await tx.readStates.putOwn(id, own)
    for (const kind of own === joined && !isLearnt ? untold : RECEIPT_KINDS) await queueReport(tx, ctx, here, own, kind, createChanges())
    await joinConversation(tx, ctx, { ...conversation, kind: here.kind }, own)
    // What is not sure waits, as it does when a wire tells it.
    const head = (await tx.conversations.get(id))?.head ?? null
    const unsure = [...rest.states.flatMap((state) => receiptsAcross(state, head)), ...toldAcross(ctx.me, rest.own, head)]
    if (unsure.length > 0) await applyReceipts(tx, receiptRules(ctx), id, unsure, createChanges())
    await followJoined(tx, ctx, id, await tx.members.list(id), createChanges())
  }, { durability: 'strict' })
  // Should what follows break off: another tab may have sent them when this begins again.
  await memory.write(async (tx) => {
    for (const { entry } of rest.queued) await tx.outbox.delete(entry.seq)
  })
}

/** What may be missing between its rows, before they are here: the page may be gone before all are, and what is joined again would take them for what was heard. */
async function joinUnknown(ctx: SyncContext, memory: ChatStorage, id: ConversationId): Promise<void> {
  const found = await memory.read(async (tx) => ({ answered: await answeredPlace(tx, id), gaps: await tx.gaps.list(id), noted: await notedOf(tx, id), untimed: await lastUntimed(tx, id), missing: await storedMissing(tx, id), pruned: await prunedStretches(tx, id) }))
  await ctx.storage.write(async (tx) => {
    const heard = await newestHeard(tx, id)
    if (found.answered) await joinAnswered(tx, id, found.answered, heard)
    await joinNoted(tx, id, found.noted)
    await notePruned(tx, id, found.pruned)
    await noteUntimed(tx, id, found.untimed)
    // Behind that the time in memory has what the wire brought.
    const known = await knownUpTo(tx, ctx, id)
    await joinMissing(tx, ctx, id, found.missing, known)
    const gaps = await tx.gaps.list(id)
    await tx.gaps.replace(id, [...gaps, ...found.gaps.flatMap((gap) => beyond(gap, known)).filter((gap) => !gaps.some((other) => sameGap(other, gap)))])
  })
}

/** What is left of a gap from the beginning on: of what was here before, the database knows better. */
function beyond(gap: Gap, known: Point | null): readonly Gap[] {
  if (gap.after !== null || known === null) return [gap]
  return gap.before !== null && comparePoints(gap.before, known) <= 0 ? [] : [{ ...gap, after: known }]
}

function joinStored(known: MemberState, state: MemberState): MemberState {
  return withKeptTimes(known, joinMemberStates(known, state))
}

/** As the app alone makes a member known: of somebody who is known it says nothing. */
function isFromStart({ intervals: [first, ...others] }: Member): boolean {
  return others.length === 0 && first?.joinedAt === null && first.leftAt === null
}

async function joinRows(tx: StorageTx, ctx: SyncContext, rows: readonly Message[]): Promise<void> {
  if (rows.length === 0) return
  const changes = createChanges()
  const head = (await findConversation(tx, rows[0]!.conversationId, changes))?.head ?? null
  const known = await findSame(tx, ctx, head, rows)
  const deleted = await stillDeleted(tx, rows[0]!.conversationId, rows.filter((_, i) => !known[i]))
  const fresh = new Map(deleted.map((row) => [messageKey(row), row]))
  const joined = rows.map((row, i) => joinRow(known[i], fresh.get(messageKey(row)) ?? row))
  await noteLateRows(tx, ctx, rows.filter((_, i) => !known[i]), changes)
  await notePlaces(tx, ctx.me, rows, joined)
  await tx.messages.put(joined)
  for (const [i, row] of joined.entries()) {
    if (known[i]?.outgoing === 'failed' && row.outgoing !== 'failed') await forgetFailed(tx, row, changes)
    if (known[i] && isErased(row) && !isErased(known[i])) await forgetAbout(tx, row, changes)
  }
}

/** The database's own row, with what only the other one knows, and the later of two edits. */
function joinRow(known: Message | undefined, row: Message): Message {
  if (!known) return row
  if (known.at === null && (row.at !== null || known.ids.length === 0)) return deletedLike(known, { ...row, localId: known.localId, ids: known.ids.reduce(withId, row.ids) })
  const edited = (row.editedAt ?? -1) > (known.editedAt ?? -1) && mayBecome(known.body, row.body) ? { body: row.body, editedAt: row.editedAt! } : {}
  const { otherPlaces: _others, editedAt: _editedAt, untimed: _untimed, ...more } = row
  const counted = Math.max(known.readCount ?? 0, row.readCount ?? 0)
  const whole = withPlacesOf({ ...more, ...known, ...edited, ...(counted > 0 ? { readCount: counted } : {}) }, row)
  return isErased(known) || isErased(row) ? erased(whole, whole.deletedAt!) : whole
}

function deletedLike(known: Message, row: Message): Message {
  if (isErased(known)) return erased(row, known.deletedAt!)
  return known.hidden ? { ...row, hidden: true } : row
}

/** Whether others would be told something of these kinds. */
function isToldBy(entry: OutboxEntry, kinds: readonly ReceiptKind[]): boolean {
  return entry.action === 'report' && entry.visibility === 'published' && kinds.includes(entry.kind)
}

interface Queued {
  readonly entry: OutboxEntry
  readonly row: Message | undefined
  readonly file: Blob | undefined
}

/** @param before - what this conversation had queued; each of them is the same as one of those that come, at most: it came with an earlier try that broke off */
async function queueAgain(tx: StorageTx, ctx: SyncContext, before: OutboxEntry[], { entry, row, file }: Queued): Promise<void> {
  const { seq: _seq, ...fresh } = entry
  if (entry.action === 'report' && before.some((other) => other.action === 'report' && other.kind === entry.kind && other.visibility === entry.visibility && sameData(other.said, entry.said))) return
  const known = row && (await tx.messages.get(row))
  if (known && (known.at !== null || known.ids.length > 0)) return
  const acted = entry.lane === 'intent' && entry.action !== 'send' ? await tx.messages.byId(entry.conversationId, entry.messageId) : undefined
  // Deleted for good, which memory had not heard: there is nothing to do it to.
  if (acted && isErased(acted)) return
  const same = before.findIndex((other) => isSame(entry, other))
  if (same >= 0) return void before.splice(same, 1)
  const seq = await tx.outbox.add(fresh)
  if (row) await tx.messages.put([{ ...row, echoOrder: seq }])
  if (file && entry.action === 'send') await tx.blobs.put(entry.localId, entry.conversationId, file)
  // The row may be the database's own, on which nothing was done.
  if (acted && !entry.failed) await tx.messages.put([shown(acted, ((entry as OutboxAction).payload as ActionPayload).done, ctx.me)])
}

function isSame(a: OutboxEntry, b: OutboxEntry): boolean {
  if (a.action === 'send' || b.action === 'send') return a.action === 'send' && b.action === 'send' && a.localId === b.localId
  return a.lane === 'intent' && b.lane === 'intent' && a.action === b.action && a.messageId === b.messageId && sameData(a.payload, b.payload)
}

function joinOwnStates(a: OwnState, b: OwnState): OwnState {
  return {
    ...a,
    synced: joinKinds(a.synced, b.synced),
    wanted: joinKinds(a.wanted, b.wanted),
    acked: { published: joinKinds(a.acked.published, b.acked.published), ownDevices: joinKinds(a.acked.ownDevices, b.acked.ownDevices) },
    publishFloor: maxPoint(a.publishFloor, b.publishFloor),
    unpublished: joinKinds(a.unpublished ?? NO_PROGRESS_BY_KIND, b.unpublished ?? NO_PROGRESS_BY_KIND),
  }
}

/** Receipts were switched on at a head that nobody in memory knew: beyond that nothing would be told any more. */
function withKnownHead(own: OwnState, head: Point | null): OwnState {
  return isAtHead(own.publishFloor) ? { ...own, publishFloor: head } : own
}

/** Nobody in memory may have known that receipts were switched on again, and after what: of what was not told yet nothing from before is to be told. */
function withFloor(own: OwnState, floor: Point | null): OwnState {
  if (floor === null || (own.publishFloor && comparePoints(own.publishFloor, floor) >= 0)) return own
  const untold: OwnState = { ...stopPublishing(own, RECEIPT_KINDS), publishFloor: floor }
  return RECEIPT_KINDS.reduce((next, kind) => readMine(next, own.wanted[kind], { kind, publish: true, readMode: 'perMessage' }), untold)
}

/** Looked for with the next connect. */
async function noteJoined(tx: StorageTx, ctx: SyncContext, { id, head }: Conversation): Promise<void> {
  const known = (await tx.conversations.get(id))?.head
  if (known && head && head.epoch > known.epoch) await noteReset(tx, ctx, id, head.epoch, createChanges())
}

async function joinConversation(tx: StorageTx, ctx: SyncContext, from: Conversation, own: OwnState): Promise<void> {
  const id: ConversationId = from.id
  const known = await tx.conversations.get(id)
  const joined: Conversation = {
    ...from, ...known, kind: from.kind,
    head: maxPoint(known?.head ?? null, from.head),
    lastMessage: await lastOf(tx, id, known?.lastMessage ?? from.lastMessage),
    lastActivityAt: Math.max(known?.lastActivityAt ?? 0, from.lastActivityAt),
    rosterComplete: from.rosterComplete || (known?.rosterComplete ?? false),
    manualUnread: joinManualUnread(known?.manualUnread ?? from.manualUnread, from.manualUnread),
    ...joinDrafts(known?.draft ?? '', from.draft ?? ''),
  }
  await tx.conversations.put([{ ...joined, unread: await countUnreadRows(tx, ctx, joined, own) }])
}

/** What was begun without knowing of the other stands below it. */
function joinDrafts(known: string, from: string): Pick<Conversation, 'draft'> {
  const draft = known.includes(from) ? known : from.includes(known) ? from : `${known}\n${from}`
  return draft === '' ? {} : { draft }
}
