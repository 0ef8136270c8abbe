/** English names of the five statuses, alone in a file so that a lone `<ReceiptIcon>` costs no catalogue. */
import type { MessageStatus } from '../model/message.js'

/** @public */
export type ReceiptLabels = Readonly<Record<MessageStatus, string>>

/** Used where no `<ChatProvider>` gives others. @public */
export const DEFAULT_RECEIPT_LABELS: ReceiptLabels = Object.freeze({
  failed: 'Not sent',
  sending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
})

/** Words of the group badge. @public */
export interface BadgeLabels {
  readonly all: string
  readonly some: (read: number, total: number) => string
  readonly nobody: string
  /** The whole fact, for screen readers and the tooltip. */
  readonly long: (read: number, total: number) => string
}

/** @public */
export const DEFAULT_BADGE_LABELS: BadgeLabels = Object.freeze({
  all: 'All read',
  some: (read: number) => `${read} read`,
  nobody: 'Not read yet',
  long: (read: number, total: number) => `Read by ${read} of ${total}`,
})
