'use client'
import type { ReceiptIcons, ReceiptIconSlotProps } from '../react/receiptContext.js'
import { ReceiptGlyph } from './receiptGlyphs.js'

function Shape({ status }: ReceiptIconSlotProps) {
  return <ReceiptGlyph status={status} shapes />
}

/** Receipts that differ by outline, not only by hue: `<ChatProvider icons={shapeIcons}>`. Users choose the same as the look `shapes`. @public */
export const shapeIcons: ReceiptIcons = Object.freeze({ sending: Shape, sent: Shape, delivered: Shape, read: Shape, failed: Shape })
