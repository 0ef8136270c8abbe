'use client'
import { forwardRef, useImperativeHandle, useMemo, useState } from 'react'
import type { ConversationId, Message, UserId } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { ReadStatesContext } from '../react/readStatesContext.js'
import type { ReadStateSource } from '../receipts/index.js'
import { LazyMessageInfo, LazyReceiptSettings } from './lazyParts.js'

export interface WindowDialogsHandle {
  showInfo(message: Message): void
  showReceiptSettings(): void
}

interface WindowDialogsProps {
  readonly conversationId: ConversationId
  readonly readStates: ReadStateSource
  readonly onRemind: ((userIds: readonly UserId[], message: Message) => void) | undefined
  readonly onError: (error: unknown) => void
}

type Open = { readonly kind: 'info'; readonly message: Message } | { readonly kind: 'settings' } | null

/** What a window opens over itself: who read a message, and who is told what I read. Apart, so that opening one renders nothing else. */
export const WindowDialogs = forwardRef<WindowDialogsHandle, WindowDialogsProps>(function WindowDialogs({ conversationId, readStates, onRemind, onError }, ref) {
  const { messages } = useLocale()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  useImperativeHandle(ref, () => ({ showInfo: (message) => setOpen({ kind: 'info', message }), showReceiptSettings: () => setOpen({ kind: 'settings' }) }), [])
  const info = open?.kind === 'info' ? open.message : null
  const remind = useMemo(() => (info === null || onRemind === undefined ? {} : { onRemind: (userIds: readonly UserId[]) => onRemind(userIds, info) }), [info, onRemind])
  if (info !== null) {
    return (
      <ReadStatesContext.Provider value={readStates}>
        <LazyMessageInfo message={info} onClose={close} {...remind} />
      </ReadStatesContext.Provider>
    )
  }
  return open === null ? null : <LazyReceiptSettings title={messages.receiptSettingsHere} conversationId={conversationId} onClose={close} onError={onError} />
})
