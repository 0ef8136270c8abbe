/** What the wire of a world says of a deletion for all: a tombstone that keeps its receipts, or that nothing is left of it. Its history has none of the words either. */
import type { IncomingConversation, IncomingMessage, Transport, TransportEvent } from 'readback/core'

export type DeletionWorld = 'forAll' | 'forGood'

export function deletingForGood(line: Transport): Transport {
  return {
    ...line,
    history: async (...asked) => {
      const page = await line.history!(...asked)
      return { ...page, messages: page.messages.map(emptied) }
    },
    conversations: async (page) => {
      const { items, ...rest } = await line.conversations!(page)
      return { ...rest, items: items.map(withoutWords) }
    },
    on: (listener) => line.on((event) => listener(saidForGood(event))),
  }
}

function saidForGood(event: TransportEvent): TransportEvent {
  if (event.type === 'deleted') return { ...event, hard: true }
  if (event.type === 'message') return { ...event, message: emptied(event.message) }
  return event.type === 'conversation' ? { ...event, conversation: withoutWords(event.conversation) } : event
}

function withoutWords(conversation: IncomingConversation): IncomingConversation {
  return conversation.lastMessage ? { ...conversation, lastMessage: emptied(conversation.lastMessage) } : conversation
}

function emptied(message: IncomingMessage): IncomingMessage {
  if (message.deletedAt === undefined) return message
  const { reactions: _gone, editedAt: _when, replyTo: _what, ...rest } = message
  return { ...rest, body: { kind: 'text', text: '' } }
}
