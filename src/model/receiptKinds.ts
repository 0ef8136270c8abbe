import type { ReceiptKind } from './progress.js'

/** Each implies those before it. */
export const RECEIPT_KINDS = ['delivered', 'read', 'viewed'] as const satisfies readonly ReceiptKind[]

export const STRONGEST_FIRST = ['viewed', 'read', 'delivered'] as const satisfies readonly ReceiptKind[]
