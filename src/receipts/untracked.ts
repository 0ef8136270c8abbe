import type { Tally, UntrackedReason } from './tallyTypes.js'

/** One object a reason, so that untracked tallies are identical too. */
export const UNTRACKED = Object.fromEntries(
  (['recalled', 'notRequested', 'unsupported', 'expired', 'tooLarge', 'off', 'rosterUnknown'] as const).map((reason) => [reason, Object.freeze({ tracked: false, reason })]),
) as Readonly<Record<UntrackedReason, Tally>>
