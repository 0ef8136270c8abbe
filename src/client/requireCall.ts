import { ChatError, isPoint, type Message, type SourceAnchor } from '../model/index.js'
import { isRow } from '../storage/rows/fields.js'

/**
 * What an app without types hands over in place of what a verb takes: it hears so by name, and nothing is done.
 * @throws ChatError `client/invalidCall`
 */
export function requireCall(isTaken: boolean, verb: string, wanted: string): void {
  if (!isTaken) throw new ChatError('client/invalidCall', `${verb}() was called without ${wanted}, so nothing was done. Check what is handed over.`)
}

export function areMessages(value: unknown): boolean {
  return Array.isArray(value) && value.every((each: Partial<Message> | null | undefined) => typeof each?.conversationId === 'string' && typeof each.from === 'string' && Array.isArray(each.ids))
}

export function isAnchor(value: unknown): boolean {
  if (value === 'newest' || value === 'firstUnread') return true
  const { id, at, time } = (isRow(value) ? value : {}) as Partial<Record<KeyOf<SourceAnchor>, unknown>>
  return typeof id === 'string' || isPoint(at) || (typeof time === 'number' && !Number.isNaN(time))
}

type KeyOf<T> = T extends object ? keyof T : never

/** A text, or pieces of one. What each piece is shows when it comes. */
export function isFile(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value))
}
