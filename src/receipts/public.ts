/**
 * What of read states a client, a transport or a storage is written with. The rest of the lattice (joins, reports, own state,
 * rules of asking) is as public, in `readback/receipts` and `readback`: a page that loads the core does not load it.
 */
export * from './dwellPolicy.js'
export type { MemberReceipt, ReceiptContent } from './memberState.js'
export type { OwnReceipt, ReadMineOptions, ReportVisibility } from './ownState.js'
export * from './policy.js'
export * from './coversPoint.js'
export * from './progress.js'
export type { PrefixSurroundings } from './publishPrefix.js'
export * from './readState.js'
export * from './readStateSource.js'
export type { Reach, ReceiptIndex, ReceiptSubject } from './receiptIndex.js'
export type { MemberReport, MessageReport, ReadTimes, ReceiptReport, ReceiptReportInput, ReportedReader } from './receiptReport.js'
export type { ReceiptRefusal, ReceiptRequest, RequestPolicy } from './requestRules.js'
export type { SignsOfLife, Silent } from './silence.js'
export * from './status.js'
export type { TallyConditions } from './tally.js'
export * from './tallyTypes.js'
export type { UnreadScan } from './unread.js'
