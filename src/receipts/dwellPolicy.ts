import type { ReceiptPolicy } from './policy.js'

/** How long and how much: 500–1000 ms are suggested; less marks what was scrolled past, more loses quick readers. Apart, for who reads without all of receipts. @public */
export const DEFAULT_DWELL_POLICY: Pick<ReceiptPolicy, 'dwellMs' | 'visibleFraction' | 'requireFocus' | 'idleAfterMs'> = /* @__PURE__ */ Object.freeze({ dwellMs: 800, visibleFraction: 0.5, requireFocus: true, idleAfterMs: null })
