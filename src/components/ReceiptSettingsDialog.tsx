'use client'
import type { ConversationId } from '../model/index.js'
import { useLocale } from '../react/useLocale.js'
import { Dialog } from './Dialog.js'
import { ReceiptSettings } from './ReceiptSettings.js'

export interface ReceiptSettingsDialogProps {
  readonly conversationId: ConversationId
  readonly onClose: () => void
  readonly onError: (error: unknown) => void
}

/** The settings of one conversation, over its window. */
export function ReceiptSettingsDialog({ conversationId, onClose, onError }: ReceiptSettingsDialogProps) {
  const { messages } = useLocale()
  return (
    <Dialog title={messages.receiptSettingsHere} onClose={onClose}>
      <ReceiptSettings conversationId={conversationId} onError={onError} />
    </Dialog>
  )
}
