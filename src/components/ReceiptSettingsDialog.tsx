'use client'
import type { ConversationId } from '../model/index.js'
import { Dialog } from './Dialog.js'
import { ReceiptSettings } from './ReceiptSettings.js'

export interface ReceiptSettingsDialogProps {
  readonly title: string
  readonly conversationId: ConversationId
  readonly onClose: () => void
  readonly onError: (error: unknown) => void
}

/** The settings of one conversation, over its window. */
export function ReceiptSettingsDialog({ title, conversationId, onClose, onError }: ReceiptSettingsDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <ReceiptSettings conversationId={conversationId} onError={onError} />
    </Dialog>
  )
}
