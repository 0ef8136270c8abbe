'use client'
import { useState, type Ref } from 'react'
import type { OutgoingMessage } from '../client/chatClient.js'
import type { Conversation } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useParts } from '../react/parts.js'
import { useStoredDraft } from '../react/useStoredDraft.js'
import { Composer } from './Composer.js'

interface WindowComposerProps {
  readonly conversation: Conversation
  readonly draft: string | undefined
  readonly defaultDraft: string | undefined
  readonly onDraftChange: ((draft: string) => void) | undefined
  readonly onBeforeSend: ((draft: OutgoingMessage) => OutgoingMessage | null | Promise<OutgoingMessage | null>) | undefined
  readonly onSent: () => void
  readonly onError: (error: unknown) => void
  readonly inputRef: Ref<HTMLTextAreaElement>
}

/** The composer of a window: keeps the draft in storage and hands what is written to the client. Apart, so that a keystroke renders only this. */
export function WindowComposer({ conversation, draft, defaultDraft = '', onDraftChange, onBeforeSend, onSent, onError, inputRef }: WindowComposerProps) {
  const client = useClient('<ChatWindow>')
  const Part = useParts().Composer ?? Composer
  const [own, setOwn] = useState(conversation.draft ?? defaultDraft)
  const store = useStoredDraft(client, conversation.id, client.ports.clock)
  const text = draft ?? own

  const change = (next: string) => {
    setOwn(next)
    onDraftChange?.(next)
    if (draft === undefined) store(next)
  }
  const send = (said: string): boolean | Promise<boolean> => {
    const message: OutgoingMessage = { body: { kind: 'text', text: said } }
    if (onBeforeSend === undefined) return hand(message, said)
    return askFirst(message, said)
  }
  const askFirst = async (message: OutgoingMessage, said: string) => {
    try {
      const allowed = await onBeforeSend?.(message)
      return allowed ? hand(allowed, said) : false
    } catch (error) {
      onError(error)
      return false
    }
  }
  /** Emptied at once; what could not even be stored comes back, unless something new was begun. */
  const hand = (message: OutgoingMessage, said: string): true => {
    client.send(conversation.id, message).then(onSent, (error: unknown) => {
      setOwn((current) => (current === '' ? said : current))
      onError(error)
    })
    return true
  }
  return (
    <Part
      draft={text}
      onDraftChange={change}
      onSend={send}
      inputRef={inputRef}
      {...(client.capabilities.typing ? { onTyping: (on: boolean) => client.setTyping(conversation.id, on) } : {})}
    />
  )
}
