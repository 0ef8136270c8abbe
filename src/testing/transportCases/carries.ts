import type { ReceiptKind } from '../../model/index.js'
import type { ReceiptScope } from '../../transport/index.js'
import type { Needs } from './setup.js'

/** Whether receipts of a kind are told at all, in one of these ways. */
export const carries = (kind: ReceiptKind, conversation: 'direct' | 'group', scopes: readonly ReceiptScope[] = ['point', 'ranges', 'message']): Needs => (capabilities) => {
  const scope = capabilities[kind][conversation]
  return scopes.includes(scope) ? null : `${kind} receipts in a ${conversation} conversation are "${scope}"`
}
