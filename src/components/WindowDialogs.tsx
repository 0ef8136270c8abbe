'use client'
import { forwardRef, useEffect, useImperativeHandle, useMemo, useState } from 'react'
import type { ConversationId, Message, UserId } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { ReadStatesContext } from '../react/readStatesContext.js'
import type { ReadStateSource } from '../receipts/index.js'
import { lazyPart } from './lazyPart.js'

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

/** Their code comes after the window, and before anybody has thought of it: they may be offline by then. */
const PRELOAD_AFTER_MS = 2000
const LazyMessageInfo = lazyPart(async () => (await import('./MessageInfo.js')).MessageInfo)
const LazyReceiptSettings = lazyPart(async () => (await import('./ReceiptSettingsDialog.js')).ReceiptSettingsDialog)

/** What a window opens over itself: who read a message, and who is told what I read. Apart, so that opening one renders nothing else. */
export const WindowDialogs = forwardRef<WindowDialogsHandle, WindowDialogsProps>(function WindowDialogs({ conversationId, readStates, onRemind, onError }, ref) {
  const client = useClient('<ChatWindow>')
  const { messages } = useLocale()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  useImperativeHandle(ref, () => ({ showInfo: (message) => setOpen({ kind: 'info', message }), showReceiptSettings: () => setOpen({ kind: 'settings' }) }), [])
  useEffect(() => client.ports.clock.setTimer(() => {
    void LazyMessageInfo.preload()
    void LazyReceiptSettings.preload()
  }, PRELOAD_AFTER_MS), [client])
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
