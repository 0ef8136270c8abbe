'use client'
import { useEffect, useRef } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import { isolate } from '../locales/isolate.js'
import type { ConversationId, ConversationKind, Message, MessageSource } from '../model/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { useAnnounce } from '../react/announcerContext.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf } from '../react/parts.js'
import { useReceiptPresentation } from '../react/receiptContext.js'
import type { Announcements, Speech } from './announcements.js'
import { messagePreview } from './messagePreview.js'

/** Says what happens in the conversation that a window shows. Renders nothing. */
export function useAnnouncements(client: ChatClient, conversationId: ConversationId, kind: ConversationKind, source: MessageSource, readStates: ReadStateSource): void {
  const announce = useAnnounce()
  const locale = useLocale()
  const { labels, badge } = useReceiptPresentation()
  const speech = useRef<Speech | null>(null)
  speech.current = {
    message(message: Message) {
      const name = isolate(nameOf(client.getProfile(message.from)))
      announce(locale.messages.announceMessage(name, messagePreview(message, false, name, locale)))
    },
    count: (count) => announce(locale.messages.newMessages(count)),
    receipt(_message, status, tally) {
      if (kind === 'group' && tally.tracked && tally.read > 0) announce(tally.read >= tally.of ? badge.all : locale.messages.announceReadBy(tally.read))
      else announce(locale.messages.announceStatus(labels[status]))
    },
  }
  useEffect(() => {
    let announcements: Announcements | null = null
    let stopped = false
    const observe = () => announcements?.observe({
      snapshot: source.getSnapshot(),
      lastMessage: client.getState().conversations.find(({ id }) => id === conversationId)?.lastMessage ?? null,
      isRead: (message) => readStates.isRead(message),
      getStatus: (message) => readStates.getStatus(message),
      getTally: (message) => readStates.getTally(message),
    })
    const stops = [source.subscribe(observe), readStates.subscribe(observe), client.subscribe(observe)]
    // Its code comes after the first screen: what is there by then is history.
    import('./announcements.js').then(({ createAnnouncements }) => {
      if (stopped) return
      announcements = createAnnouncements(client.userId, client.ports.clock, {
        message: (message) => speech.current?.message(message),
        count: (count) => speech.current?.count(count),
        receipt: (message, status, tally) => speech.current?.receipt(message, status, tally),
      })
      observe()
    }, () => {})
    return () => {
      stopped = true
      stops.forEach((stop) => stop())
      announcements?.stop()
    }
  }, [client, conversationId, source, readStates])
}
