'use client'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { OutgoingMessage } from '../client/chatClient.js'
import type { Member, Mention, Message, MessageBody } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useParts, type ComposerExtras, type ComposerMode, type ComposerProps } from '../react/parts.js'
import type { ConversationFacts } from '../react/useConversationFacts.js'
import { useStoredDraft } from '../react/useStoredDraft.js'
import { bodyOfFile } from './bodyOfFile.js'
import { Composer } from './Composer.js'
import { RowBoundary } from './RowBoundary.js'
import { useMentionSearch } from './useMentionSearch.js'
import { useReceiptOffer } from './useReceiptOffer.js'

interface WindowComposerProps {
  readonly conversation: ConversationFacts
  /** Null until known. */
  readonly members: readonly Member[] | null
  readonly draft: string | undefined
  readonly defaultDraft: string | undefined
  readonly onDraftChange: ((draft: string) => void) | undefined
  readonly onBeforeSend: ((draft: OutgoingMessage) => OutgoingMessage | null | Promise<OutgoingMessage | null>) | undefined
  readonly mode: ComposerMode | null
  readonly onModeEnd: () => void
  readonly onEditLast: () => void
  readonly onSent: () => void
  readonly onError: (error: unknown) => void
  readonly inputRef: RefObject<HTMLTextAreaElement | null>
}

/** Words or a file, and what goes with them. */
interface Written {
  readonly said: string | File
  readonly mentions: readonly Mention[]
  readonly rest: Partial<OutgoingMessage>
}

/** The composer of a window: keeps the draft in storage and hands what is written to the client. Apart, so that a keystroke renders only this. */
export function WindowComposer(given: WindowComposerProps) {
  const { conversation, members, draft, defaultDraft = '', onDraftChange, onBeforeSend, mode, onModeEnd, onEditLast, onSent, onError, inputRef } = given
  const client = useClient('<ChatWindow>')
  const Part = useParts().Composer ?? Composer
  const [own, setOwn] = useState(() => client.getState().conversations.find(({ id }) => id === conversation.id)?.draft ?? defaultDraft)
  const stored = useStoredDraft(client, conversation.id, client.ports.clock)
  const edited = mode?.kind === 'edit' ? mode.message : null
  const [change, setChange] = useEditedText(edited)
  const suggestMentions = useMentionSearch(client, conversation, members)
  const offerReceiptRequest = useReceiptOffer(client, conversation, members)
  useFocusOn(mode, inputRef)

  const latest = useRef(own)
  const changeDraft = (next: string) => {
    latest.current = next
    setOwn(next)
    onDraftChange?.(next)
    if (draft === undefined) stored.keep(next)
  }
  const send = (said: string, { files, receiptRequested, mentions = [] }: ComposerExtras): boolean | Promise<boolean> => {
    const asks = receiptRequested ? { receiptRequested } : {}
    // The first message bears the answer; what follows belongs to it.
    const [first, ...others] = said === '' ? files : [said, ...files]
    const outgoing = [{ said: first as string | File, mentions, rest: { ...answering(mode), ...asks } }, ...others.map((other) => ({ said: other, mentions, rest: asks }))]
    if (onBeforeSend === undefined) {
      void sendAll(outgoing)
      return true
    }
    return sendAll(outgoing)
  }
  /** One after the other, so that they stand in the order in which they were put. False when the app kept the first back. */
  const sendAll = async (outgoing: readonly Written[]): Promise<boolean> => {
    for (const [index, { said, mentions, rest }] of outgoing.entries()) {
      const taken = typeof said === 'string' ? sendText(said, mentions, rest) : sendFile(said, rest)
      if (typeof taken === 'object' ? !(await taken) && index === 0 : !taken) return false
    }
    return true
  }
  const sendText = (said: string, mentions: readonly Mention[], rest: Partial<OutgoingMessage>) => {
    const message: OutgoingMessage = { body: textBody(said, mentions), ...rest }
    return onBeforeSend === undefined ? hand(message, said) : askFirst(message, said)
  }
  const sendFile = async (file: File, rest: Partial<OutgoingMessage>) => {
    const message: OutgoingMessage = { body: await bodyOfFile(file), upload: file, ...rest }
    return onBeforeSend === undefined ? hand(message, '') : askFirst(message, '')
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
    onModeEnd()
    // Stored as it was sent, so that the transaction of the message takes it away and nothing of it is shown again after a crash.
    stored.flush()
    client.send(conversation.id, message).then(onSent, (error: unknown) => {
      // Where the app keeps the draft, it does so.
      if (draft === undefined && latest.current === '') changeDraft(said)
      onError(error)
    })
    return true
  }
  const saveEdit = (said: string, { mentions = [] }: ComposerExtras): boolean => {
    const id = edited?.ids[0]
    if (edited === null || id === undefined || said === '') return false
    if (textOf(edited) !== said) client.edit(conversation.id, id, textBody(said, mentions)).catch(onError)
    onModeEnd()
    // The draft from before is shown again; there is nothing to empty.
    return false
  }
  const { typing } = client.capabilities
  const props: ComposerProps = {
    ...(edited === null ? { draft: draft ?? own, onDraftChange: changeDraft, onSend: send } : { draft: change, onDraftChange: setChange, onSend: saveEdit }),
    ...(mode === null ? {} : { mode }),
    onCancelMode: onModeEnd,
    onEditLast,
    inputRef,
    acceptFiles: client.canUpload === true,
    offerReceiptRequest,
    ...(suggestMentions && { suggestMentions }),
    ...(typing && edited === null ? { onTyping: (on: boolean) => client.setTyping(conversation.id, on) } : {}),
  }
  // Somebody whose app's composer fails can still write.
  return (
    <RowBoundary resetKey={Part} fallback={<Composer {...props} />}>
      <Part {...props} />
    </RowBoundary>
  )
}

function textBody(text: string, mentions: readonly Mention[]): MessageBody {
  return { kind: 'text', text, ...(mentions.length > 0 && { mentions }) }
}

function answering(mode: ComposerMode | null): Pick<OutgoingMessage, 'replyTo'> {
  const id = mode?.kind === 'reply' ? mode.message.ids[0] : undefined
  return id === undefined ? {} : { replyTo: id }
}

/** What an edit says by now; begins as the message. */
function useEditedText(edited: Message | null): readonly [string, (text: string) => void] {
  const [text, setText] = useState({ of: edited, text: textOf(edited) })
  if (text.of !== edited) setText({ of: edited, text: textOf(edited) })
  return [text.of === edited ? text.text : textOf(edited), (next) => setText({ of: edited, text: next })]
}

/** Who chose to answer or to change something wants to write. */
function useFocusOn(mode: ComposerMode | null, inputRef: RefObject<HTMLTextAreaElement | null>): void {
  const before = useRef(mode)
  useEffect(() => {
    const field = inputRef.current
    if (mode === before.current || field === null) return
    before.current = mode
    if (mode === null) return
    field.focus({ preventScroll: true })
    field.setSelectionRange(field.value.length, field.value.length)
  }, [mode, inputRef])
}

function textOf(message: Message | null): string {
  return message?.body.kind === 'text' ? message.body.text : ''
}
