/** What it takes to write a locale. The locales themselves are imported one by one. */
export type * from './catalogue.js'
export * from './formatters.js'
export * from './locale.js'
export { DEFAULT_BADGE_LABELS, DEFAULT_RECEIPT_LABELS, type BadgeLabels, type ReceiptLabels } from './receiptLabels.js'
