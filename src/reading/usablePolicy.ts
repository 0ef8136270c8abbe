import { DEFAULT_DWELL_POLICY } from '../receipts/dwellPolicy.js'
import type { DwellPolicy } from './dwellTypes.js'

/** What is no such setting is the default: by it everything would be read, or nothing. Only what was said in so many words reads without focus. */
export function usablePolicy({ dwellMs = NaN, visibleFraction = NaN, requireFocus, idleAfterMs = null }: Partial<DwellPolicy> = {}): DwellPolicy {
  return {
    dwellMs: Number.isFinite(dwellMs) && dwellMs >= 0 ? dwellMs : DEFAULT_DWELL_POLICY.dwellMs,
    visibleFraction: visibleFraction > 0 && visibleFraction <= 1 ? visibleFraction : DEFAULT_DWELL_POLICY.visibleFraction,
    requireFocus: requireFocus !== false,
    idleAfterMs: idleAfterMs !== null && idleAfterMs > 0 ? idleAfterMs : null,
  }
}
