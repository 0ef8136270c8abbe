/**
 * `readback/storage/dexie`: one IndexedDB database for each account, through Dexie.
 *
 * What can go wrong and what is done about it:
 * - *A write never settles* (a frozen tab holds the tables): aborted and told as `storage/timeout`.
 * - *No room*: no request hears of it, only the transaction is aborted, so the transaction is awaited; `storage/full`, state `full` until a write succeeds.
 * - *The handle dies* (site data cleared, Safari's "server lost"): a new handle, and the transaction once more. Its function may therefore run twice.
 * - *Another tab upgrades or deletes*: closed at once so as not to be in its way, then opened again.
 * - *Opening hangs* (a frozen tab holds an old version; no event tells): state `blocked`, ready as soon as it opens.
 * - *No database at all, or it refuses to open*: the twin in memory, and a state that says so.
 * - *A newer version of the app wrote it*: only read, never changed.
 *
 * Known gap: a commit whose completion is never told within the limit (a crash of the browser's database process) is reported as a timeout although it may have been kept.
 * Rows are merged by key, and repeats of a send are recognised by their local id, so doing it again does no harm.
 */
import { systemClock, systemRandom, type Clock, type Random, type UserId } from '../../model/index.js'
import { startDeadline, type Deadline } from '../deadline.js'
import { memoryStorage } from '../memory/index.js'
import { createSerialQueue } from '../serialQueue.js'
import { createStateCell } from '../stateCell.js'
import type { ChatStorage, StorageTx, TransactOptions } from '../storage.js'
import { closedError, readOnlyError, timeoutError } from '../storageErrors.js'
import type { Connection } from './connection.js'
import { deleteDatabase } from './deleteDatabase.js'
import { quarantineRows } from './quarantine.js'
import { createSession, type Session } from './session.js'
import type { BadRow } from './tableAccess.js'
import { runTransaction } from './transaction.js'

/** @public */
export interface DexieStorageOptions {
  /** First part of the databases' names: `<name>/<userId>`. Default `'readback'`. */
  readonly name?: string
  /** Default: the browser's own, if it has one. */
  readonly indexedDB?: IDBFactory
  /** Default: the browser's own, if it has one. */
  readonly IDBKeyRange?: typeof IDBKeyRange
  /** Default: the browser's own. */
  readonly clock?: Clock
  /** Spreads the attempts to open again. Default: the browser's own. */
  readonly random?: Random
  /** After this long without a database the state is `blocked`, in milliseconds. Default 3,000. */
  readonly openTimeoutMs?: number
  /** A transaction that takes longer is aborted, in milliseconds. Default 5,000. */
  readonly writeTimeoutMs?: number
}

/**
 * Keeps everything in IndexedDB, one database for each user.
 * @public
 */
export function dexieStorage(options: DexieStorageOptions = {}): ChatStorage {
  const { name = 'readback', clock = systemClock, random = systemRandom, openTimeoutMs = 3_000, writeTimeoutMs = 5_000 } = options
  const factory = () => options.indexedDB ?? ambientIndexedDB()
  const state = createStateCell()
  const writes = createSerialQueue()
  const underway = new Set<Promise<unknown>>()
  let session: Session | null = null
  let twin: ChatStorage | null = null
  /** When a write last ended, on the monotonic clock: one that waits in line behind others that go through is not late. */
  let progressAt = 0

  function begin(userId: UserId): Session {
    return createSession({
      userId,
      databaseName: databaseName(name, userId),
      indexedDB: factory(),
      IDBKeyRange: options.IDBKeyRange ?? globalThis.IDBKeyRange,
      clock,
      random,
      openTimeoutMs,
      setState: state.set,
      twin: (reason) => (twin ??= memoryStorage({ reason, clock, timeoutMs: writeTimeoutMs })),
    })
  }

  async function transact<T>(job: Omit<Job<T>, 'own' | 'deadline'>): Promise<T> {
    if (!session) throw closedError()
    const own = session
    const { mode } = job
    let beganAt: number | null = null
    const moreMs = () => (beganAt ?? progressAt) + writeTimeoutMs - clock.monotonic()
    const deadline = startDeadline(clock, writeTimeoutMs, () => timeoutError(mode, writeTimeoutMs), moreMs)
    const attempt = () => {
      beganAt = clock.monotonic()
      return deadline.race(attempts({ ...job, own, deadline }))
    }
    const result = deadline.race(mode === 'read' ? attempt() : writes.run(attempt))
    try {
      return await noted(result)
    } finally {
      deadline.stop()
      if (mode === 'write') progressAt = clock.monotonic()
    }
  }

  /** A dead handle is replaced once; then the error goes to the caller, who knows when to try again. */
  async function attempts<T>(job: Job<T>): Promise<T> {
    const { own, mode, fn, durability, deadline } = job
    for (let isLast = false; ; isLast = true) {
      const backend = await own.backend()
      if (own.isClosed) throw closedError()
      if (deadline.isExpired) throw timeoutError(mode, writeTimeoutMs)
      if (backend.kind === 'memory') return backend.storage[mode](fn)
      const { connection } = backend
      if (mode === 'write' && connection.isNewer) throw readOnlyError()
      connection.setDurability(durability)
      const outcome = await runTransaction({ db: connection.db, mode, fn, deadline, now: () => clock.now() })
      if (outcome.status === 'thrown') throw outcome.error
      if (outcome.status === 'committed') {
        if (mode === 'write' && state.get().status === 'full') state.set({ status: 'ready' })
        if (outcome.bad.length > 0 && !connection.isNewer) void noted(tidy(connection, outcome.bad))
        return outcome.result
      }
      const { kind, error } = outcome.fault
      if (kind === 'full' && session === own) state.set({ status: 'full' })
      if (kind === 'lost') own.replace(connection)
      if (kind !== 'lost' || isLast) throw error
    }
  }

  /** A failure is left alone: the rows are found again by the next read. */
  async function tidy(connection: Connection, bad: readonly BadRow[]): Promise<void> {
    const deadline = startDeadline(clock, writeTimeoutMs, () => timeoutError('write', writeTimeoutMs))
    await writes.run(() => deadline.race(quarantineRows(connection.db, bad, () => clock.now()))).catch(() => {})
    deadline.stop()
  }

  /** Keeps `work` among what close() waits for. */
  async function noted<T>(work: Promise<T>): Promise<T> {
    underway.add(work)
    try {
      return await work
    } finally {
      underway.delete(work)
    }
  }

  async function close(): Promise<void> {
    const own = session
    session = null
    own?.close()
    state.set({ status: 'closed' })
    await Promise.allSettled([...underway])
    own?.disconnect()
  }

  return {
    get name() {
      return state.get().status === 'memory' && twin ? twin.name : name
    },
    open(userId) {
      if (session?.userId !== userId) {
        if (session) void close()
        session = begin(userId)
      }
      return session.opened
    },
    getState: state.get,
    subscribe: state.subscribe,
    read: (fn) => transact({ mode: 'read', fn, durability: 'relaxed' }),
    write: (fn, { durability = 'relaxed' } = {}) => transact({ mode: 'write', fn, durability }),
    close,
    async wipe() {
      if (!session) throw closedError()
      const { userId } = session
      await close()
      await twin?.open(userId)
      await twin?.wipe()
      const indexedDB = factory()
      if (indexedDB) await deleteDatabase(indexedDB, databaseName(name, userId), clock, writeTimeoutMs)
    },
  }
}

interface Job<T> {
  readonly own: Session
  readonly mode: 'read' | 'write'
  readonly fn: (tx: StorageTx) => Promise<T>
  readonly durability: NonNullable<TransactOptions['durability']>
  readonly deadline: Deadline
}

function databaseName(name: string, userId: UserId): string {
  return `${name}/${userId}`
}

/** Some browsers throw on the very word when site data is forbidden. */
function ambientIndexedDB(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB
  } catch {
    return undefined
  }
}
