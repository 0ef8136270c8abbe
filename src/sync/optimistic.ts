/**
 * Pure: how a message looks while what was done to it is not confirmed, and what it falls back to.
 * The times of what is not confirmed yet give way to every real one, so that the wire's own event always wins.
 */
import { isCountable, type Message, type MessageBody, type Reaction, type UserId } from '../model/index.js'
import { sameData } from '../model/sameData.js'

/** One thing done to a message. */
export type Action =
  | { readonly action: 'recall' | 'delete' }
  | { readonly action: 'edit'; readonly body: MessageBody }
  | { readonly action: 'react'; readonly emoji: string; readonly on: boolean }

/** A recall or deletion that is not confirmed: later than any real one, of which the earliest counts. */
export const UNCONFIRMED_AT = Number.MAX_SAFE_INTEGER
/** An edit that is not confirmed: earlier than any real one, of which the latest counts. */
export const UNCONFIRMED_EDIT_AT = 0

/** Whether a message is in nobody's way: not counted, and nothing that could come back. What is only being deleted does, when the back end refuses. */
export function isNeutral(row: Message, me: UserId): boolean {
  return !isCountable(row, me) && (row.from === me || (row.deletedAt !== UNCONFIRMED_AT && row.recalledAt !== UNCONFIRMED_AT))
}

/** What the back end has of the message, as far as the action changes it. */
export interface Undo {
  readonly body?: MessageBody
  readonly editedAt?: number
  /** The reaction is there, or is not. */
  readonly had?: boolean
}

/** What an outbox entry of an action holds. Of several that wait for the same, only the first has an `undo` that counts: it hands it on when it leaves. */
export interface ActionPayload {
  readonly done: Action
  readonly undo: Undo
  /** The wire's own event of it has come, before its answer. */
  readonly echoed?: boolean
}

/** What the back end says of the same thing while the action waits. */
export type Confirmed = { readonly body: MessageBody; readonly editedAt: number } | { readonly had: boolean }

/** Whether two actions on one message change the same of it, so that the later one counts. */
export function isSameKind(a: Action, b: Action): boolean {
  return a.action === b.action && (a.action !== 'react' || b.action !== 'react' || a.emoji === b.emoji)
}

export function undoOf(row: Message, done: Action, me: string): Undo {
  if (done.action === 'edit') return { body: row.body, ...(row.editedAt === undefined ? {} : { editedAt: row.editedAt }) }
  return done.action === 'react' ? { had: hasReaction(row, done.emoji, me) } : {}
}

export function shown(row: Message, done: Action, me: string): Message {
  switch (done.action) {
    case 'recall':
      return row.recalledAt === undefined ? { ...row, recalledAt: UNCONFIRMED_AT } : row
    case 'delete':
      return row.deletedAt === undefined ? { ...row, deletedAt: UNCONFIRMED_AT } : row
    case 'edit':
      return { ...row, body: done.body, editedAt: row.editedAt ?? UNCONFIRMED_EDIT_AT }
    case 'react':
      return withMine(row, done.emoji, me, done.on)
  }
}

/** The payload after the back end has said something of what it changes; what is older than what it knows changes nothing. */
export function learned(payload: ActionPayload, confirmed: Confirmed): ActionPayload {
  const { done, undo } = payload
  if ('had' in confirmed) return { ...payload, undo: confirmed, ...(done.action === 'react' && done.on === confirmed.had ? { echoed: true } : {}) }
  const isEcho = done.action === 'edit' && sameData(done.body, confirmed.body)
  return { ...payload, undo: confirmed.editedAt > (undo.editedAt ?? -1) ? confirmed : undo, ...(isEcho ? { echoed: true } : {}) }
}

/** The message as the back end has it, unless something else has replaced what the action showed. */
export function fallenBack(row: Message, { done, undo }: ActionPayload, me: string): Message {
  switch (done.action) {
    case 'recall':
      return row.recalledAt === UNCONFIRMED_AT ? without(row, 'recalledAt') : row
    case 'delete':
      return row.deletedAt === UNCONFIRMED_AT ? without(row, 'deletedAt') : row
    case 'edit': {
      const isAsPut = sameData(row.body, done.body) && row.editedAt === (undo.editedAt ?? UNCONFIRMED_EDIT_AT)
      if (!isAsPut || undo.body === undefined || sameData(undo.body, row.body)) return row
      const before = { ...row, body: undo.body }
      return undo.editedAt === undefined ? without(before, 'editedAt') : before
    }
    case 'react':
      return undo.had === undefined ? row : withMine(row, done.emoji, me, undo.had)
  }
}

/** Whether the message says what an edit has made of it. */
export function isShown(row: Message, done: Action): boolean {
  return done.action === 'edit' && sameData(row.body, done.body)
}

export function withReaction(row: Message, reaction: Reaction, on: boolean): readonly Reaction[] {
  const others = (row.reactions ?? []).filter(({ emoji, by }) => emoji !== reaction.emoji || by !== reaction.by)
  return on ? [...others, reaction] : others
}

function withMine(row: Message, emoji: string, me: string, on: boolean): Message {
  return hasReaction(row, emoji, me) === on ? row : { ...row, reactions: withReaction(row, { emoji, by: me }, on) }
}

function hasReaction(row: Message, wanted: string, me: string): boolean {
  return (row.reactions ?? []).some(({ emoji, by }) => emoji === wanted && by === me)
}

function without(row: Message, field: 'recalledAt' | 'deletedAt' | 'editedAt'): Message {
  const { [field]: _gone, ...rest } = row
  return rest
}
