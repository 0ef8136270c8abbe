'use client'
/** The looks that a person may choose beside the app's own icons. */
import type { ReceiptLook } from '../locales/catalogue.js'
import type { MessageStatus } from '../model/message.js'
import type { ReceiptIcons, ReceiptIconSlotProps } from './receiptContext.js'

const RING = 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 1.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8'

/** On a grid of 16, told apart by their outline alone, whatever a person sees of colours: dots, a ring, a half moon in a ring, a disc with a check cut out, a triangle. */
const SHAPES: Readonly<Record<MessageStatus, string>> = {
  sending: 'M2.5 8a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 0 0-2.8 0m4.1 0a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 0 0-2.8 0m4.1 0a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 0 0-2.8 0',
  sent: RING,
  delivered: `${RING}M8 4.8a3.2 3.2 0 0 1 0 6.4z`,
  read: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13m-.9 9.4 4.3-4.9-1.1-1-3.3 3.8-1.6-1.6-1 1z',
  failed: 'M8 1.5 15.3 14.3H.7zM7.2 6v4h1.6V6zm0 5.2v1.7h1.6v-1.7z',
}

function Shape({ status }: ReceiptIconSlotProps) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" fillRule="evenodd" aria-hidden="true">
      <path d={SHAPES[status]} />
    </svg>
  )
}

function Word({ status, label }: ReceiptIconSlotProps) {
  return <span className="rb-status-text" data-status={status}>{label}</span>
}

const all = (Icon: typeof Shape): ReceiptIcons => Object.freeze({ sending: Icon, sent: Icon, delivered: Icon, read: Icon, failed: Icon })

/** Null: as the app draws them. */
export const LOOK_ICONS: Readonly<Record<ReceiptLook, ReceiptIcons | null>> = { icons: null, shapes: /* @__PURE__ */ all(Shape), text: /* @__PURE__ */ all(Word) }
