/** Says aloud what happens in a conversation: joins what is worth saying with where it is said. */
import type { ChatClient } from '../client/chatClient.js'
import { isolate } from '../locales/isolate.js'
import type { Locale } from '../locales/locale.js'
import type { ConversationId, ConversationKind, MessageSource, Stop } from '../model/index.js'
import type { Announce } from '../react/announcerContext.js'
import { nameOf } from '../react/parts.js'
import type { ReceiptPresentation } from '../react/receiptContext.js'
import type { ReadStateSource } from '../receipts/index.js'
import { createAnnouncements } from './announcements.js'
import { messagePreview } from './messagePreview.js'

/** With what it is said now. */
export interface Announcing {
  readonly announce: Announce
  readonly locale: Locale
  readonly receipts: ReceiptPresentation
  readonly kind: ConversationKind
}

export function announceFor(client: ChatClient, conversationId: ConversationId, source: MessageSource, readStates: ReadStateSource, now: () => Announcing): Stop {
  const announcements = createAnnouncements(client.userId, client.ports.clock, {
    message(message) {
      const { announce, locale } = now()
      const name = isolate(nameOf(client.getProfile(message.from)))
      announce(locale.messages.announceMessage(name, messagePreview(message, false, name, locale)))
    },
    count(count) {
      const { announce, locale } = now()
      announce(locale.messages.newMessages(count))
    },
    receipt(_message, status, tally) {
      const { announce, locale, receipts: { labels, badge }, kind } = now()
      if (kind === 'group' && tally.tracked && tally.read > 0) announce(tally.read >= tally.of ? badge.all : locale.messages.announceReadBy(tally.read))
      else announce(locale.messages.announceStatus(labels[status]))
    },
  })
  const observe = () => announcements.observe({
    snapshot: source.getSnapshot(),
    lastMessage: client.getState().conversations.find(({ id }) => id === conversationId)?.lastMessage ?? null,
    isRead: (message) => readStates.isRead(message),
    getStatus: (message) => readStates.getStatus(message),
    getTally: (message) => readStates.getTally(message),
  })
  const stops = [source.subscribe(observe), readStates.subscribe(observe), client.subscribe(observe)]
  observe()
  return () => {
    stops.forEach((stop) => stop())
    announcements.stop()
  }
}
