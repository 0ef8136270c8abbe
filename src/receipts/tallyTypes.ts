/** Why no number of readers can be shown for a message. `recalled`: it was taken back, and its receipts stopped counting. @public */
export type UntrackedReason = 'recalled' | 'notRequested' | 'unsupported' | 'expired' | 'tooLarge' | 'off' | 'rosterUnknown'

/**
 * How many read a message. X = `read`, N = `of` = |audience ∪ readers|; the author is never counted.
 * Untracked messages show no badge.
 * `deliveredOf` = |audience ∪ those who have it|, what `delivered` is a part of; absent: the same as `of`.
 * @public
 */
export type Tally =
  | { readonly tracked: false; readonly reason: UntrackedReason }
  | { readonly tracked: true; readonly read: number; readonly of: number; readonly delivered: number; readonly viewed: number; readonly deliveredOf?: number }
