/**
 * The row that says which tab leads. Its epoch grows with every change of lead and is checked inside each transaction of the leading tab:
 * a tab that was frozen while another took over is refused by data, whatever events it missed.
 */
import { ChatError } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

export interface Lease {
  /** Greater with every change of lead, never reused. */
  readonly epoch: number
  /** The tab that leads; null when it gave the lead up. */
  readonly holder: string | null
  /** Grows while the holder is alive. No time: clocks of tabs that slept cannot be compared. */
  readonly beat: number
}

/** What a tab holds that leads. The holder counts too, a name for each time that a tab leads: in a database that was thrown away, epochs begin anew. */
export type Claim = Pick<Lease, 'epoch'> & { readonly holder: string }

/** Name of the meta row. */
export const LEASE_KEY = 'lease'

const NO_LEASE: Lease = { epoch: 0, holder: null, beat: 0 }

/** What stands there; a row that is none counts as never led. */
export async function readLease(tx: StorageTx): Promise<Lease> {
  const row = await tx.meta.get<unknown>(LEASE_KEY)
  return isLease(row) ? row : NO_LEASE
}

/**
 * Makes `holder` the leading tab.
 *
 * @param seen - the lease as it was when the claim was decided; the claim fails when it moved since. Absent: claims whatever stands there
 * @returns the new epoch, or null when another tab was faster
 */
export async function claimLease(tx: StorageTx, holder: string, seen?: Lease): Promise<number | null> {
  const lease = await readLease(tx)
  if (seen && !sameLease(lease, seen)) return null
  const epoch = lease.epoch + 1
  await tx.meta.put(LEASE_KEY, { epoch, holder, beat: 0 } satisfies Lease)
  return epoch
}

/** Says that the holder is alive. @throws ChatError `outbox/notLeading` */
export async function beatLease(tx: StorageTx, claim: Claim): Promise<void> {
  const lease = await checkLease(tx, claim)
  await tx.meta.put(LEASE_KEY, { ...lease, beat: lease.beat + 1 })
}

/** Gives the lead up, if it is still ours. */
export async function releaseLease(tx: StorageTx, claim: Claim): Promise<void> {
  const lease = await readLease(tx)
  if (holds(lease, claim)) await tx.meta.put(LEASE_KEY, { ...lease, holder: null })
}

/** @throws ChatError `outbox/notLeading` when another tab has taken over */
export async function checkLease(tx: StorageTx, claim: Claim): Promise<Lease> {
  const lease = await readLease(tx)
  if (holds(lease, claim)) return lease
  throw new ChatError(
    'outbox/notLeading',
    `Another tab has taken over the lead (epoch ${lease.epoch}, this tab had ${claim.epoch}), so nothing of this transaction was kept. What is queued is sent by that tab; there is nothing to do.`,
    { retryable: true },
  )
}

function holds(lease: Lease, claim: Claim): boolean {
  return lease.epoch === claim.epoch && lease.holder === claim.holder
}

export function sameLease(a: Lease, b: Lease): boolean {
  return a.epoch === b.epoch && a.holder === b.holder && a.beat === b.beat
}

function isLease(row: unknown): row is Lease {
  if (typeof row !== 'object' || row === null) return false
  const { epoch, holder, beat } = row as Partial<Lease>
  return Number.isSafeInteger(epoch) && Number.isSafeInteger(beat) && (holder === null || typeof holder === 'string')
}
