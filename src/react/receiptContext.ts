'use client'
/** How receipts look and are called. Apart from the locale, so that a lone `<ReceiptIcon>` loads no catalogue. */
import { createContext, useContext, type ComponentType } from 'react'
import { DEFAULT_BADGE_LABELS, DEFAULT_RECEIPT_LABELS, type BadgeLabels, type ReceiptLabels } from '../locales/receiptLabels.js'
import type { MessageStatus } from '../model/message.js'

/** What a replaced icon is given. It is drawn inside an element that already bears the label. @public */
export interface ReceiptIconSlotProps {
  readonly status: MessageStatus
  /** The status in words of the current language. */
  readonly label: string
  /** Height in CSS pixels, or any CSS length; absent: `--rb-receipt-size`. */
  readonly size?: number | string
}

/** Replaces the drawing of some or all statuses. @public */
export type ReceiptIcons = Readonly<Partial<Record<MessageStatus, ComponentType<ReceiptIconSlotProps>>>>

export interface ReceiptPresentation {
  readonly labels: ReceiptLabels
  readonly badge: BadgeLabels
  /** What is drawn: the look that the user chose, else the app's. */
  readonly icons: ReceiptIcons
  /** The app's, whatever the user chose: for a provider within, where they choose otherwise. */
  readonly appIcons: ReceiptIcons
}

export const ReceiptContext = createContext<ReceiptPresentation>({ labels: DEFAULT_RECEIPT_LABELS, badge: DEFAULT_BADGE_LABELS, icons: {}, appIcons: {} })

export function useReceiptPresentation(): ReceiptPresentation {
  return useContext(ReceiptContext)
}
