/** Receipts of wires that name messages and no conversation: it is found by the messages. One that is faster than its message waits for it, as any receipt does. */
import type { ConversationId, Message, MessageId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingReceipt } from '../transport/index.js'
import { applyReceipts, heldCount, heldEvent, hold, type ReceiptRules } from './applyReceipts.js'
import type { Changes } from './changes.js'
import { subjectOf } from './incomingContent.js'
import { cleanReceipt } from './receiptShape.js'

/** Those that wait are of no conversation yet. */
const NOWHERE: ConversationId = ''

export type Placed = readonly [ConversationId, IncomingReceipt]

/** Its parts by conversation; what names a message that is not here is held. @param now - epoch milliseconds: since when it waits */
export async function placeReceipt(tx: StorageTx, receipt: IncomingReceipt, now: number): Promise<readonly Placed[]> {
  const { ids = [], count, upTo, ranges, content, ...base } = receipt
  const spoken = { ...base, ...(content === undefined ? {} : { content }) }
  // A prefix or a stretch is of the conversation of its messages, where that is one.
  const told = { ...(upTo ? { upTo } : {}), ...(ranges ? { ranges } : {}) }
  const found = new Map<ConversationId, MessageId[]>()
  const placed: Placed[] = []
  const missing: IncomingReceipt[] = []
  for (const id of new Set(ids)) {
    const conversationId = await conversationOf(tx, id)
    if (conversationId === undefined) missing.push({ ...spoken, ...(ids.length === 1 ? told : {}), ids: [id] })
    else found.set(conversationId, [...(found.get(conversationId) ?? []), id])
  }
  const isOne = found.size === 1 && missing.length === 0
  for (const [conversationId, here] of found) placed.push([conversationId, { ...spoken, ...(isOne ? told : {}), ids: here }])
  const counted = count && (await conversationOf(tx, count.id))
  if (count && counted === undefined) missing.push({ ...base, count })
  else if (count && counted !== undefined) placed.push([counted, { ...base, count }])
  await hold(tx, missing.flatMap((each) => each.count ? heldCount(each, NOWHERE, now) : [heldEvent(NOWHERE, now, subjectOf(each, each.ids![0]!), each)]))
  return placed
}

/** What waited for these. @param rows - null: any that are here */
export async function placeHeld(tx: StorageTx, rows: Iterable<Message> | null): Promise<readonly Placed[]> {
  const held = await tx.held.list(NOWHERE)
  if (held.length === 0) return []
  const here = new Set<MessageId>()
  for (const { ids } of rows ?? []) for (const id of ids) here.add(id)
  const ripe: { readonly key: string; readonly placed: Placed }[] = []
  for (const { key, event } of held) {
    const { conversationId: _nowhere, ...rest } = event as IncomingReceipt
    const receipt = cleanReceipt(rest)
    const id = receipt?.count?.id ?? receipt?.ids?.[0] ?? ''
    const conversationId = rows === null || here.has(id) ? await conversationOf(tx, id) : undefined
    if (receipt && conversationId !== undefined) ripe.push({ key, placed: [conversationId, receipt] })
  }
  await tx.held.delete(ripe.map(({ key }) => key))
  return ripe.map(({ placed }) => placed)
}

/** Joins what waited for these. @param rows - null: any that are here */
export async function applyPlaced(tx: StorageTx, rules: ReceiptRules, rows: Iterable<Message> | null, changes: Changes): Promise<void> {
  for (const [id, receipt] of await placeHeld(tx, rows)) await applyReceipts(tx, rules, id, [receipt], changes)
}

/** Where an id is of messages in several conversations, it names none of them. */
async function conversationOf(tx: StorageTx, id: MessageId): Promise<ConversationId | undefined> {
  const [first, ...others] = await tx.messages.findById(id)
  return others.some(({ conversationId }) => conversationId !== first!.conversationId) ? undefined : first?.conversationId
}
