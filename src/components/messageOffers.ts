/** What the menu of one message offers, by what it is and what may be done here. Pure. */
import type { Message, MessageStatus } from '../model/index.js'
import type { MessageMenuEntry } from '../react/parts.js'
import type { MessageActions } from '../react/messageActions.js'

export type OfferId = MessageMenuEntry['id']

export interface OfferedMessage {
  readonly message: Message
  readonly own: boolean
  readonly status: MessageStatus | null
  readonly actions: MessageActions
  readonly canRetry: boolean
  /** Epoch milliseconds: what the age of the message is counted to. */
  readonly nowMs: number
}

/** In the order in which they are shown; those that take something away come last. */
export function offersFor({ message, own, status, actions, canRetry, nowMs }: OfferedMessage): readonly OfferId[] {
  const accepted = message.ids.length > 0
  const failed = status === 'failed'
  const undone = accepted && message.failure !== undefined
  const offers: Readonly<Record<OfferId, boolean>> = {
    retry: ((own && failed) || undone) && canRetry,
    reply: accepted && actions.onReply !== undefined,
    copy: message.body.kind === 'text' && message.body.text !== '',
    edit: own && accepted && message.body.kind === 'text' && actions.onEdit !== undefined,
    info: own && accepted && actions.onInfo !== undefined,
    recall: own && accepted && actions.onRecall !== undefined && isWithin(nowMs - message.time, actions.recallWindowMs),
    discard: ((own && !accepted) || undone) && actions.onDiscard !== undefined,
    deleteForMe: accepted && actions.onDeleteForMe !== undefined,
    deleteForAll: (own || actions.moderates === true) && accepted && actions.onDeleteForAll !== undefined,
  }
  return (Object.keys(offers) as OfferId[]).filter((id) => offers[id])
}

export const isDangerous = (id: OfferId): boolean => id === 'recall' || id === 'discard' || id === 'deleteForMe' || id === 'deleteForAll'

function isWithin(ageMs: number, windowMs: number | undefined): boolean {
  return windowMs === undefined || ageMs <= windowMs
}
