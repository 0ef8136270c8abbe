'use client'
/** Where a list of readers comes from: the client, or an app's own data. */
import type { ChatClient } from '../client/chatClient.js'
import type { ConversationId, Message, Stop, UserId } from '../model/index.js'
import type { Tally } from '../receipts/index.js'
import type { Page, Paged, Reader } from '../transport/index.js'

/** @public */
export interface ReaderSource {
  /** A page of those who got somewhere, each with the furthest they got; readers before those it only reached. */
  load(message: Message, page: Page): Promise<Paged<Reader>>
  /** Whom the message is for and who is still there, without its author. */
  audience(message: Message): Promise<readonly UserId[]>
  /** The counts that the badge shows; the list agrees with them. The same object until they change. */
  getTally(message: Message): Tally
  /** Told when something may have moved. */
  subscribe(listener: () => void): Stop
}

/** The readers that a client knows of in one conversation. Keeps the conversation open while somebody listens. */
export function clientReaders(client: ChatClient, conversationId: ConversationId): ReaderSource {
  const states = client.readStates(conversationId)
  const messages = client.messages(conversationId)
  return {
    load: (message, page) => client.readers(message, page),
    audience: (message) => client.audience(message),
    getTally: (message) => states.getTally(message),
    subscribe(listener) {
      const stops = [states.subscribe(listener), messages.subscribe(() => {})]
      return () => stops.forEach((stop) => stop())
    },
  }
}
