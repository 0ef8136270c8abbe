import { NO_PROGRESS_BY_KIND, type OwnState, type ProgressByKind } from '../receipts/index.js'
import { joinKinds } from '../receipts/memberState.js'

/** What I read on this device, or told from any of mine. What was only cleared, or read elsewhere in private, is read on my devices, and nobody here knows whether it was seen. */
export function readHere({ wanted, unpublished = NO_PROGRESS_BY_KIND }: Pick<OwnState, 'wanted' | 'unpublished'>): ProgressByKind {
  return joinKinds(wanted, unpublished)
}
