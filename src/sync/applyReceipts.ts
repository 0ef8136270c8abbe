/** Receipts from the wire into read states, inside one transaction. What names something that is not there yet is held, never applied to what comes later. */
import { comparePoints, type Conversation, type ConversationId, type Member, type Message, type MessageId, type Point, type PointRange, type Progress, type ReceiptKind, type UserId } from '../model/index.js'
import { applyReceipt, containsProgress, emptyMemberState, joinOwn, joinProgress, NO_OWN_STATE, toProgress, type ContentFact, type MemberState } from '../receipts/index.js'
import { withContents } from '../receipts/contents.js'
import { withKeptTimes } from '../receipts/keptTimes.js'
import type { HeldEvent, StorageTx } from '../storage/index.js'
import type { IncomingReceipt } from '../transport/index.js'
import { crossesEpochs, sureParts } from './acrossEpochs.js'
import { noteMemberState, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, loadConversation, loadOwn, saveConversation, saveOwn } from './conversationRows.js'
import { isErased } from './erased.js'
import { HELD_FOR_MS, isOnlyUnsure } from './expireHeld.js'
import { firstSaid, subjectOf, withPlacedContent } from './incomingContent.js'
import { putEdited } from './putEdited.js'
import { cleanReceipt } from './receiptShape.js'
import { loadReach, WHOLE_REACH, type Reach } from './resets.js'
import { countUnreadRows } from './unread.js'

export interface ReceiptRules {
  readonly me: UserId
  readonly transport: SyncContext['transport']
  /** Wall clock, epoch milliseconds: only says how long something has been held. */
  readonly now: number
  onDropped(reason: string, conversationId?: ConversationId): void
  /** Members that are on screen: whoever is among them needs no look into the database. */
  isKnownMember(conversationId: ConversationId, userId: UserId): boolean
}

export function receiptRules({ me, transport, onDropped, ports, store }: SyncContext): ReceiptRules {
  return { me, transport, now: ports.clock.now(), onDropped, isKnownMember: (id, userId) => store.getState().readViews.get(id)?.index.has(userId) ?? false }
}

/** One receipt reduced to points that exist here. */
interface Located {
  readonly by: UserId
  readonly kind: ReceiptKind
  readonly visibility: 'published' | 'ownDevices'
  readonly upTo: Point | null
  readonly ranges: readonly PointRange[]
  readonly points: readonly Point[]
  readonly time?: number
  /** What they said of these points. */
  readonly contents: readonly ContentFact[]
}

/** Joins the receipts of one conversation into what is stored. */
export async function applyReceipts(tx: StorageTx, rules: ReceiptRules, conversationId: ConversationId, given: readonly IncomingReceipt[], changes: Changes): Promise<void> {
  const receipts = given.map((receipt) => withPlacedContent(receipt, rules.me, () => rules.onDropped('receipt/content', conversationId)))
  const conversation = await loadConversation(tx, conversationId, changes)
  const members = await membersFor(tx, rules, conversationId, receipts, changes)
  const states = await loadStates(tx, conversationId, receipts, changes)
  const places = await placesOf(tx, rules.me, conversationId, receipts)
  const reach = await reachOf(tx, rules, conversationId, receipts, states, changes)
  const held: HeldEvent[] = []
  const own: Located[] = []
  for (const receipt of receipts) {
    // Of my own account it says no less where the roster does not name me.
    const refusal = receipt.by === rules.me ? null : whyRefused(receipt, members, conversation)
    if (refusal === 'hold') held.push(...holdOfStranger(receipt, conversationId, rules.now))
    else if (refusal !== null) rules.onDropped(refusal, conversationId)
    else {
      const { located, rest } = locate(receipt, conversation, places, rules, reach)
      held.push(...rest)
      const counted = receipt.count && (await joinCount(tx, rules.me, conversationId, receipt.kind, receipt.count, changes))
      if (counted === 'missing') held.push(...heldCount(receipt, conversationId, rules.now))
      if (counted === 'gone' || receipt.ids?.some((id) => places.get(id) === null)) rules.onDropped('receipt/messageGone', conversationId)
      if (located.by === rules.me) own.push(located)
      else join(states, located, changes, conversationId)
    }
  }
  const changed = [...(changes.memberStates.get(conversationId)?.values() ?? [])]
  if (changed.length > 0) await tx.readStates.put(conversationId, changed)
  if (held.length > 0) await hold(tx, held)
  if (own.length > 0) await joinOwnReceipts(tx, rules, await loadConversation(tx, conversationId, changes), own, changes)
}

/** Tries again what was held for a conversation, after it grew or its roster did. */
export async function applyHeld(tx: StorageTx, rules: ReceiptRules, conversationId: ConversationId, changes: Changes): Promise<void> {
  const held = await tx.held.list(conversationId)
  if (held.length === 0) return
  await tx.held.delete(held.map(({ key }) => key))
  const receipts: IncomingReceipt[] = []
  for (const each of held) {
    const receipt = cleanReceipt(each.event, Infinity)
    if (receipt) receipts.push(receipt)
    else rules.onDropped('receipt/unresolved', conversationId)
  }
  await applyReceipts(tx, rules, conversationId, receipts, changes)
  await keepWaiting(tx, rules, conversationId, held, (await findConversation(tx, conversationId, changes))?.head ?? null)
}

/** What still waits has waited since it was first held, and is let go when that is too long ago: not before, for what it waits for may have come just now. */
async function keepWaiting(tx: StorageTx, rules: ReceiptRules, conversationId: ConversationId, before: readonly HeldEvent[], head: Point | null): Promise<void> {
  const since = new Map(before.map(({ key, heldAt }) => [key, heldAt]))
  const again = (await tx.held.list(conversationId)).flatMap((event) => (since.has(event.key) ? { ...event, heldAt: Math.min(event.heldAt, since.get(event.key)!) } : []))
  const isOld = (event: HeldEvent) => rules.now - event.heldAt > HELD_FOR_MS && !isOnlyUnsure(event, head)
  const old = again.filter(isOld)
  if (old.length > 0) await tx.held.delete(old.map(({ key }) => key))
  for (const _each of old) rules.onDropped('receipt/unresolved', conversationId)
  if (again.length > old.length) await tx.held.put(again.filter((event) => !isOld(event)))
}

/** A roster may have thousands of members, and is read only if somebody is unknown. Returns who of the senders is in it. */
async function membersFor(tx: StorageTx, rules: ReceiptRules, conversationId: ConversationId, receipts: readonly IncomingReceipt[], changes: Changes): Promise<ReadonlySet<UserId>> {
  const idsOf = (members: readonly Member[]) => new Set(members.map(({ userId }) => userId))
  const changed = changes.members.get(conversationId)
  if (changed) return idsOf(changed)
  const senders = new Set(receipts.map(({ by }) => by))
  for (const by of senders) if (!rules.isKnownMember(conversationId, by)) return idsOf(await tx.members.list(conversationId))
  return senders
}

function whyRefused(receipt: IncomingReceipt, members: ReadonlySet<UserId>, conversation: Conversation): string | 'hold' | null {
  if (members.has(receipt.by)) return null
  return conversation.rosterComplete && conversation.rosterUpTo === undefined ? 'receipt/notMember' : 'hold'
}

async function loadStates(tx: StorageTx, conversationId: ConversationId, receipts: readonly IncomingReceipt[], changes: Changes): Promise<Map<UserId, MemberState>> {
  const states = new Map(changes.memberStates.get(conversationId) ?? [])
  const wanted = new Set(receipts.map(({ by }) => by).filter((by) => !states.has(by)))
  for (const state of await tx.readStates.getMany(conversationId, [...wanted])) if (state) states.set(state.memberId, state)
  return states
}

function join(states: Map<UserId, MemberState>, located: Located, changes: Changes, conversationId: ConversationId): void {
  const before = states.get(located.by) ?? emptyMemberState(located.by)
  const next = withKeptTimes(before, withContents(applyReceipt(before, located), located.contents))
  if (next === before) return
  states.set(located.by, next)
  noteMemberState(changes, conversationId, next)
}

/** At least so many have read it: only ever more. The list of conversations may show it as the last. */
async function joinCount(tx: StorageTx, me: UserId, conversationId: ConversationId, kind: ReceiptKind, { id, n }: NonNullable<IncomingReceipt['count']>, changes: Changes): Promise<'joined' | 'missing' | 'gone'> {
  const row = await tx.messages.byId(conversationId, id)
  if (!row) return 'missing'
  if (isErased(row)) return 'gone'
  if (kind !== 'read' || n <= (row.readCount ?? 0)) return 'joined'
  await putEdited(tx, me, row, { ...row, readCount: n }, changes)
  return 'joined'
}

/** Where the messages are that receipts name, all in one query; null: it was deleted for good, and what is said of it is dropped. */
async function placesOf(tx: StorageTx, me: UserId, conversationId: ConversationId, receipts: readonly IncomingReceipt[]): Promise<ReadonlyMap<MessageId, Point | null>> {
  const ids = [...new Set(receipts.flatMap((receipt) => receipt.ids ?? []))]
  const rows = ids.length > 0 ? await tx.messages.byIds(conversationId, ids) : []
  return new Map(rows.flatMap((row, i): [MessageId, Point | null][] => (row?.at ? [[ids[i]!, isErased(row) ? null : placeNamed(row, ids[i]!, me)]] : [])))
}

/** A message of mine that the wire stored twice was read at the place that bears the id: the server may lose the other one. */
function placeNamed({ from, at, otherPlaces }: Message, id: MessageId, me: UserId): Point | null {
  return (from === me && otherPlaces?.find((place) => place.id === id)) || at
}

/** Most receipts cross no epoch, and ask for nothing. */
async function reachOf(tx: StorageTx, { me }: ReceiptRules, id: ConversationId, receipts: readonly IncomingReceipt[], states: ReadonlyMap<UserId, MemberState>, changes: Changes): Promise<Reach> {
  const own = receipts.some(({ by }) => by === me) ? await loadOwn(tx, id, changes) : undefined
  const known = ({ by, kind }: IncomingReceipt) => (by === me ? own?.wanted[kind] : states.get(by)?.[kind])
  return receipts.some((receipt) => crossesEpochs(receipt, () => known(receipt))) ? loadReach(tx, id) : WHOLE_REACH
}

/**
 * Splits a receipt into what counts now and what has to wait. What reaches beyond the head waits as a whole, and counts at once as far as the head: what it ends at may never come.
 * That of a later epoch does not, nor what is not sure yet: the server may have lost what is here.
 */
function locate(receipt: IncomingReceipt, conversation: Conversation, places: ReadonlyMap<MessageId, Point | null>, { now, transport }: ReceiptRules, reach: Reach): { located: Located; rest: readonly HeldEvent[] } {
  const { head, id: conversationId } = conversation
  const { by, kind, visibility, time, upTo = null, ranges = [], ids = [], content } = receipt
  const base = { by, kind, visibility, ...(time === undefined ? {} : { time }) }
  const missing = ids.filter((id) => !places.has(id))
  const points = ids.flatMap((id) => places.get(id) ?? [])
  const isHere = (point: Point) => head !== null && comparePoints(point, head) <= 0
  /** Where it ends of what is here. */
  const endOf = (to: Point) => (isHere(to) ? to : head?.epoch === to.epoch ? head : null)
  const end = upTo && endOf(upTo)
  const prefix = end && sureParts(null, end, reach)
  const located: Located = {
    ...base,
    upTo: prefix?.upTo ?? null,
    ranges: [...(prefix?.ranges ?? []), ...ranges.flatMap(({ from, to }) => (isHere(from) ? partsOf(from, endOf(to), reach) : []))],
    points,
    contents: content === undefined ? [] : points.map((at) => ({ at, content, ...(time === undefined ? {} : { time }) })),
  }
  // Where nobody can be asked nothing will be known.
  const mayBeSure = (from: Point | null, to: Point) => transport.history !== undefined && to.epoch > reach.openFrom && (from === null || from.epoch < to.epoch)
  const waits = (from: Point | null, to: Point) => !isHere(to) || mayBeSure(from, to)
  const rest: HeldEvent[] = missing.map((id) => heldId(receipt, id, conversationId, now))
  // One of a later epoch is not instead of one of this.
  if (upTo && waits(null, upTo)) rest.push(heldEvent(conversationId, now, `upTo ${upTo.epoch}`, { ...base, upTo }))
  const waiting = ranges.filter(({ from, to }) => waits(from, to))
  if (waiting.length > 0) rest.push(heldEvent(conversationId, now, 'ranges', { ...base, ranges: waiting }))
  return { located, rest }
}

function partsOf(from: Point, end: Point | null, reach: Reach): readonly PointRange[] {
  return end ? sureParts(from, end, reach).ranges : [{ from, to: from }]
}

export function heldEvent(conversationId: ConversationId, heldAt: number, subject: string, receipt: IncomingReceipt): HeldEvent {
  const key = JSON.stringify([conversationId, receipt.by, receipt.kind, receipt.visibility, subject])
  return { key, conversationId, heldAt, event: { ...receipt, conversationId } }
}

/**
 * A row for each epoch of a stranger's position, one for everything else that they say of their own reading, and one for each message that they say something of:
 * whoever they are, they cost no more than a member. What they count is of one message each.
 */
function holdOfStranger(receipt: IncomingReceipt, conversationId: ConversationId, now: number): readonly HeldEvent[] {
  const { count: _count, content, upTo, ranges, ids, ...base } = receipt
  const position = upTo ? [heldEvent(conversationId, now, `upTo ${upTo.epoch}`, { ...base, upTo })] : []
  const rest = ranges || ids ? [heldEvent(conversationId, now, 'whole', { ...base, ...(ranges ? { ranges } : {}), ...(ids ? { ids } : {}) })] : []
  const said = content === undefined ? [] : (ids ?? []).map((id) => heldId(receipt, id, conversationId, now))
  return [...position, ...rest, ...said, ...heldCount(receipt, conversationId, now)]
}

function heldId({ by, kind, visibility, time, content }: IncomingReceipt, id: MessageId, conversationId: ConversationId, now: number): HeldEvent {
  const receipt = { by, kind, visibility, ...(time === undefined ? {} : { time }), ids: [id], ...(content === undefined ? {} : { content }) }
  return heldEvent(conversationId, now, subjectOf(receipt, id), receipt)
}

export function heldCount({ by, kind, visibility, count }: IncomingReceipt, conversationId: ConversationId, now: number): readonly HeldEvent[] {
  return count ? [heldEvent(conversationId, now, `count ${count.id}`, { by, kind, visibility, count })] : []
}

/** One row a subject: a later one joins the earlier. */
export async function hold(tx: StorageTx, events: readonly HeldEvent[]): Promise<void> {
  const joined = new Map<string, HeldEvent>()
  for (const event of events) {
    const before = joined.get(event.key) ?? (await tx.held.get(event.key))
    joined.set(event.key, before ? joinHeld(before, event) : event)
  }
  await tx.held.put([...joined.values()])
}

function joinHeld(a: HeldEvent, b: HeldEvent): HeldEvent {
  const first = a.event as IncomingReceipt
  const second = b.event as IncomingReceipt
  const spoken = firstSaid(first, second)
  if (spoken) return { ...a, event: spoken }
  const { upTo, ranges } = joinProgress(asProgress(first), asProgress(second))
  const ids = [...new Set([...(first.ids ?? []), ...(second.ids ?? [])])]
  const { time: _time, ...rest } = first
  const count = [first.count, second.count].reduce((a, b) => (a === undefined || (b !== undefined && b.n > a.n) ? b : a))
  const shape = { ...(count ? { count } : {}), ...(upTo ? { upTo } : {}), ...(ranges.length > 0 ? { ranges } : {}), ...(ids.length > 0 ? { ids } : {}) }
  // Two receipts have two times, and the joined one says nothing of which is whose; of what both say the earlier is known.
  const times = [first, second].flatMap((each) => (each.time !== undefined && saysAll(each, ids, { upTo, ranges }) ? each.time : []))
  return { ...a, event: { ...(first.time === second.time ? first : rest), ...shape, ...(times.length > 0 ? { time: Math.min(...times) } : {}) } }
}

/** Whether it says by itself all that it says joined to another. */
function saysAll(receipt: IncomingReceipt, ids: readonly MessageId[], progress: Progress): boolean {
  return ids.every((id) => receipt.ids?.includes(id)) && containsProgress(asProgress(receipt), progress)
}

function asProgress(receipt: IncomingReceipt): Progress {
  return toProgress(receipt.upTo ?? null, receipt.ranges ?? [])
}

/** What my other devices read: it clears the count here, and need not be reported again. */
async function joinOwnReceipts(tx: StorageTx, rules: ReceiptRules, conversation: Conversation, receipts: readonly Located[], changes: Changes): Promise<void> {
  const before = (await loadOwn(tx, conversation.id, changes)) ?? NO_OWN_STATE
  let own = before
  for (const receipt of receipts) own = joinOwn(own, receipt)
  if (own === before) return
  await saveOwn(tx, conversation.id, own, changes)
  if (own.synced.read === before.synced.read) return
  const unread = await countUnreadRows(tx, rules, conversation, own)
  await saveConversation(tx, { ...conversation, unread }, changes)
}
