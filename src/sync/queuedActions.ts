/**
 * Actions on one message that wait in line. The screen shows the last of them; the first knows what the back end has, learns what it says meanwhile,
 * and hands that on when it leaves. So whichever of them is refused, and in whatever order answers and events come, the message ends as the back end has it.
 */
import type { Message } from '../model/index.js'
import { sameData } from '../model/sameData.js'
import type { OutboxAction, OutboxEntry, StorageTx } from '../storage/index.js'
import type { TransportEvent } from '../transport/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { fallenBack, isSameKind, isShown, learned, shown, type Action, type ActionPayload, type Confirmed } from './optimistic.js'
import { putEdited } from './putEdited.js'

/** Entries for the same of this message, by age. @param isFailed - those given up instead */
export async function actionsLike(tx: StorageTx, row: Message, done: Action, isFailed = false): Promise<readonly OutboxAction[]> {
  return (await actionsOn(tx, row)).filter((entry) => (entry.failed !== undefined) === isFailed && isSameKind(payloadOf(entry).done, done))
}

export async function actionsOn(tx: StorageTx, { conversationId, ids }: Message): Promise<readonly OutboxAction[]> {
  const entries = await tx.outbox.list({ conversationId, lane: 'intent' })
  return entries.filter((entry: OutboxEntry): entry is OutboxAction => entry.lane === 'intent' && entry.action !== 'send' && ids.includes(entry.messageId))
}

/** A message as it is shown while reactions of mine to it wait. */
export async function withWaitingReactions(tx: StorageTx, me: string, row: Message): Promise<Message> {
  const waiting = (await actionsOn(tx, row)).filter(({ action, failed }) => action === 'react' && !failed)
  return waiting.reduce((next, entry) => shown(next, payloadOf(entry).done, me), row)
}

export const payloadOf = (entry: OutboxAction) => entry.payload as ActionPayload

/** A message says one failure at a time: what failed besides, and waits for the user too, is seen by it. */
export async function withFailureLeft(tx: StorageTx, { failure: _overtaken, ...row }: Message): Promise<Message> {
  const left = (await actionsOn(tx, row)).findLast(({ failed }) => failed)
  return left?.failed ? { ...row, failure: { ...left.failed, action: left.action } } : row
}

/** What failed of a message is no failure once the back end says that it has it: its answers were lost, or another device of mine has done it. */
export async function withoutConfirmed(tx: StorageTx, me: string, row: Message, event: TransportEvent, changes: Changes): Promise<Message> {
  if (row.failure?.action === undefined) return row
  const confirmed = (await actionsOn(tx, row)).filter((entry) => entry.failed && isDoneBy(payloadOf(entry).done, event, me))
  if (confirmed.length === 0) return row
  for (const { seq } of confirmed) await tx.outbox.delete(seq)
  changes.outbox = true
  return withFailureLeft(tx, row)
}

function isDoneBy(done: Action, event: TransportEvent, me: string): boolean {
  if (event.type === 'edited') return done.action === 'edit' && sameData(done.body, event.body)
  if (event.type === 'reacted') return done.action === 'react' && event.reaction.by === me && event.reaction.emoji === done.emoji && event.on === done.on
  return (event.type === 'recalled' && done.action === 'recall') || (event.type === 'deleted' && done.action === 'delete')
}

/** What an event says of a message while something of mine waits for the same, and is shown. Null: nothing waits, or something else has replaced it, and the event is to be applied. */
export async function learnFrom(tx: StorageTx, me: string, row: Message, event: TransportEvent): Promise<Message | null> {
  const said = saidBy(me, row, event)
  if (!said) return null
  const waiting = await actionsLike(tx, row, said.about)
  const [first, last] = [waiting[0], waiting.at(-1)]
  if (!first || !last) return null
  await tx.outbox.put({ ...first, payload: learned(payloadOf(first), said.confirmed) })
  if ('had' in said.confirmed) return row
  if (!isShown(row, payloadOf(last).done)) return null
  return { ...row, editedAt: Math.max(row.editedAt ?? 0, said.confirmed.editedAt) }
}

/** An entry leaves the queue: the back end has taken or refused it. Returns its message as it is shown from now on. */
export async function settleAction(tx: StorageTx, ctx: SyncContext, { seq }: OutboxAction, isTaken: boolean, changes: Changes): Promise<Message | null> {
  const entry = await tx.outbox.get(seq)
  if (entry?.lane !== 'intent' || entry.action === 'send') return null
  await tx.outbox.delete(seq)
  const row = await tx.messages.byId(entry.conversationId, entry.messageId)
  if (!row) return null
  const payload = payloadOf(entry)
  const [next] = await actionsLike(tx, row, payload.done)
  if (next) await tx.outbox.put({ ...next, payload: { ...payloadOf(next), undo: payload.undo } })
  // Taken, and its own event is still to come: that one says what it came to.
  const isDecided = !next && (!isTaken || payload.echoed === true)
  const settled = isDecided ? fallenBack(row, payload, ctx.me) : row
  await putEdited(tx, ctx.me, row, settled, changes)
  return settled
}

/** Only I edit mine, and only my own reactions are done here. */
function saidBy(me: string, row: Message, event: TransportEvent): { readonly about: Action; readonly confirmed: Confirmed } | null {
  if (event.type === 'edited' && row.from === me) return { about: { action: 'edit', body: event.body }, confirmed: { body: event.body, editedAt: event.time } }
  if (event.type === 'reacted' && event.reaction.by === me) return { about: { action: 'react', emoji: event.reaction.emoji, on: event.on }, confirmed: { had: event.on } }
  return null
}
