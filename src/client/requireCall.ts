import { ChatError, type Message } from '../model/index.js'

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
