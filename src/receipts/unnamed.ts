/** Readers that the wire counted without naming them. */
import type { Reach } from './receiptIndex.js'

/**
 * X of N with those who were only counted. Nobody knows who they are: as many of them as may be outside N make it greater, so that "all" is said only where nobody is left out, whoever they are.
 * @param audience - how many the message was for, those who left since and those who are not waited for included
 */
export function withUnnamed({ read, of }: Pick<Reach, 'read' | 'of'>, countAtLeast: number, audience: number): Pick<Reach, 'read' | 'of'> {
  const most = Math.max(of, Math.min(of + countAtLeast - read, audience))
  return { read: Math.min(most, Math.max(read, countAtLeast)), of: most }
}
