/** One transaction over one connection: committed, or nothing of it kept. */
import { Dexie, type Transaction } from 'dexie'
import { ChatError } from '../../model/index.js'
import type { Deadline } from '../deadline.js'
import type { StorageTx } from '../storage.js'
import { createDexieTx } from './dexieTx.js'
import { faultFrom, type Fault } from './faults.js'
import { TABLE_NAMES } from './schema.js'
import { takeTurn } from './takeTurn.js'
import { tableAccess, type BadRow } from './tableAccess.js'

export type Outcome<T> =
  | { readonly status: 'committed'; readonly result: T; readonly bad: readonly BadRow[] }
  /** Not the database's fault; the error goes to the caller as it is. */
  | { readonly status: 'thrown'; readonly error: unknown }
  | { readonly status: 'failed'; readonly fault: Fault }

export interface TransactionOptions<T> {
  readonly db: Dexie
  readonly mode: 'read' | 'write'
  readonly fn: (tx: StorageTx) => Promise<T>
  /** When it expires, the transaction is aborted, unless it is being committed already. */
  readonly deadline: Deadline
  readonly now: () => number
  /** It has its tables. Told with every request that is answered. */
  readonly onRunning: () => void
}

export async function runTransaction<T>({ db, mode, fn, deadline, now, onRunning }: TransactionOptions<T>): Promise<Outcome<T>> {
  const bad: BadRow[] = []
  /** Errors that the database gave to `fn`; anything else that `fn` throws goes to the caller as it is. */
  const given = new Set<unknown>()
  let transaction: Transaction | undefined
  let thrown: { readonly error: unknown } | undefined

  async function inside(own: Transaction): Promise<T> {
    transaction = own
    deadline.onExpire(() => abort(nativeOf(own)))
    try {
      return await fn(noting(createDexieTx(tableAccess(own, bad, now)), given, onRunning))
    } catch (error) {
      thrown = { error }
      throw error
    }
  }

  try {
    // Not within the zone of another transaction, were the caller in one.
    const result = await Dexie.ignoreTransaction(() => db.transaction(mode === 'read' ? 'r' : 'rw', TABLE_NAMES, inside))
    return { status: 'committed', result, bad }
  } catch (error) {
    if (thrown && !given.has(thrown.error)) return { status: 'thrown', error: thrown.error }
    // The reason of an abort, such as quota, is told to the transaction only; its requests just hear that it is over.
    return { status: 'failed', fault: faultFrom(reasonOf(transaction) ?? error) }
  }
}

function nativeOf(transaction: Transaction | undefined): IDBTransaction | undefined {
  return (transaction as { idbtrans?: IDBTransaction } | undefined)?.idbtrans
}

function reasonOf(transaction: Transaction | undefined): unknown {
  return nativeOf(transaction)?.error
}

/**
 * Past Dexie, which would forget to tell the end of one that cannot be aborted any more: it is being committed, as a large file is for long, or it has ended and nobody heard of it yet.
 * Then what really happened is to be told, so this gives a promise: one that had to wait for it has had its turn. Whose end was not told by then, it never is.
 */
function abort(native: IDBTransaction | undefined): Promise<void> | null {
  try {
    native?.abort()
    return null
  } catch {
    return native ? takeTurn(native.db, 'read') : null
  }
}

/** The same transaction, with every answer noted, and every error of the database that it gives. */
function noting(tx: StorageTx, given: Set<unknown>, onAnswer: () => void): StorageTx {
  const groups = Object.entries(tx).map(([name, group]) => [name, notingGroup(group as Group, given, onAnswer)])
  return Object.fromEntries(groups) as StorageTx
}

type Group = Record<string, (...args: unknown[]) => Promise<unknown>>

function notingGroup(group: Group, given: Set<unknown>, onAnswer: () => void): Group {
  const noted = Object.entries(group).map(([name, call]) => [
    name,
    (...args: unknown[]) =>
      call(...args).then((answer) => {
        onAnswer()
        return answer
      }, (error: unknown) => {
        if (!(error instanceof ChatError)) given.add(error)
        throw error
      }),
  ])
  return Object.fromEntries(noted) as Group
}
