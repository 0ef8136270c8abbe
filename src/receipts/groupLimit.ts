import type { Member } from '../model/index.js'
import type { ReceiptPolicy } from './policy.js'

/** Whether somebody is a member now. */
export function isMemberNow({ intervals }: Member): boolean {
  return intervals.at(-1)?.leftAt === null
}

/** Members up to which a group has receipts. @param wireLimit - what the wire can, if it says so */
export function groupLimit({ maxGroupSize }: Pick<ReceiptPolicy, 'maxGroupSize'>, wireLimit: number | undefined): number {
  return Math.min(maxGroupSize, wireLimit ?? Infinity)
}

/** Whether the messages of a group have receipts without being asked for. */
export function areReceiptsAlways({ groupReceipts }: Pick<ReceiptPolicy, 'groupReceipts'>, wire: { readonly groupReceipts: 'always' | 'onRequest' | 'none' }): boolean {
  return groupReceipts === 'asWire' && wire.groupReceipts === 'always'
}
