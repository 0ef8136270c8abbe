import type { Conversation } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadGaps } from './gapRows.js'
import type { KnownHistory } from './stretches.js'

/** Where only time orders, a message this much older than the newest comes late no more, milliseconds of the server's. */
const LATE_MS = 10 * 60_000

/** What this device knows of what may lie between its rows. */
export async function knownHistory(tx: StorageTx, { transport: { capabilities } }: SyncContext, { id, head }: Conversation, changes: Changes): Promise<KnownHistory> {
  const settledUpTo = capabilities.order === 'time' ? (head?.order ?? 0) - LATE_MS : Infinity
  return { gaps: await loadGaps(tx, id, changes), dense: capabilities.dense, settledUpTo }
}
