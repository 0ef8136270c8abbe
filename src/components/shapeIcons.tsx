'use client'
import type { ReceiptIcons } from '../react/receiptContext.js'
import { LOOK_ICONS } from '../react/receiptLooks.js'

/** Receipts that differ by outline, not only by hue: `<ChatProvider icons={shapeIcons}>`. Users choose the same as the look `shapes`. @public */
export const shapeIcons: ReceiptIcons = /* @__PURE__ */ Object.freeze({ ...LOOK_ICONS.shapes })
