'use client'
import { useEffect, type RefObject } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import { backoffMs } from '../model/backoff.js'
import { systemRandom, type ConversationId, type Stop } from '../model/index.js'
import { createDwellObserver } from '../reading/index.js'

export interface ReadOnEntryProps {
  readonly client: ChatClient
  readonly conversationId: ConversationId
  /** What the list lies in. */
  readonly within: RefObject<Element | null>
  readonly onError: (error: unknown) => void
}

/**
 * Under `onOpen: 'all'`, and where the conversation was marked as unread: tells the client that the conversation was entered, once its list stands before somebody's eyes. Nobody enters what is hidden, covered,
 * without focus or off screen. Who comes back enters again, and what the back end had kept for this device belongs to entering too.
 */
export function ReadOnEntry({ client, conversationId, within, onError }: ReadOnEntryProps) {
  useEffect(() => {
    const list = within.current?.querySelector<HTMLElement>('.rb-list-scroller')
    if (!list) return
    const { policy, ports: { clock, visibility } } = client
    let mounted = true
    let failures = 0
    let stopWaiting: Stop = () => {}
    const observer = createDwellObserver({
      // Entering takes no time: it is the same rule of what is before somebody's eyes, without the wait.
      policy: { ...policy, dwellMs: 0 },
      clock,
      visibility,
      isSettled: () => list.dataset['settled'] === 'true',
      onRead: () => void client.markReached(conversationId).then(() => (failures = 0), (error: unknown) => {
        onError(error)
        if (!mounted) return
        failures += 1
        // Nobody noted it: they enter anew, if they are still there then.
        stopWaiting()
        stopWaiting = clock.setTimer(watch, backoffMs(failures, systemRandom.next()))
      }),
    })
    const watch = () => {
      observer.forget(conversationId)
      observer.observe(list, conversationId)
    }
    let caughtUp = client.getState().caughtUp
    const stops = [
      visibility.subscribe(() => {
        if (!visibility.isVisible() || (policy.requireFocus && !visibility.hasFocus())) watch()
      }),
      client.subscribe(() => {
        if (caughtUp === client.getState().caughtUp) return
        caughtUp = !caughtUp
        watch()
      }),
    ]
    watch()
    return () => {
      mounted = false
      stopWaiting()
      for (const stop of stops) stop()
      observer.dispose()
    }
  }, [client, conversationId, within, onError])
  return null
}
