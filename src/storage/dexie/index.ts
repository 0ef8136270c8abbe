/**
 * `readback/storage/dexie`: one IndexedDB database for each account, through Dexie.
 *
 * What can go wrong and what is done about it:
 * - *A write never settles* (a frozen tab holds the tables): aborted and told as `storage/timeout`; before that, state `blocked`, and ready as soon as a transaction gets through.
 * - *A write is still being committed when its time is over* (a large file, a page that has just woken): it can only be waited for; the caller hears what really became of it.
 * - *No room*: no request hears of it, only the transaction is aborted, so the transaction is awaited; `storage/full`, state `full` until a write succeeds.
 * - *The handle dies* (site data cleared, Safari's "server lost"): a new handle, and the transaction once more. Its function may therefore run twice.
 * - *Another tab upgrades or deletes*: closed at once so as not to be in its way, then opened again.
 * - *Opening hangs* (a frozen tab holds an old version; no event tells): state `blocked`, ready as soon as it opens.
 * - *No database at all, or it refuses to open*: the twin in memory, and a state that says so. One that refused is tried again now and then; `takeRemembered` then gives the rows of the meantime.
 * - *A newer version of the app wrote it*: only read, never changed.
 *
 * Known gap: a commit whose completion is never told, though one after it has had its turn (a crash of the browser's database process), is reported as a timeout although it may have been kept.
 * Rows are merged by key, and repeats of a send are recognised by their local id, so doing it again does no harm.
 */
import { systemClock, systemRandom, type Clock, type Random, type UserId } from '../../model/index.js'
import { memoryStorage } from '../memory/index.js'
import { createStateCell } from '../stateCell.js'
import type { ChatStorage, StorageTx, TransactOptions } from '../storage.js'
import { closedError } from '../storageErrors.js'
import { deleteDatabase } from './deleteDatabase.js'
import { createSession, type Session } from './session.js'
import { createTransactor } from './transactor.js'

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
  /** After this long without a database, or in a transaction without its tables, the state is `blocked`, in milliseconds. Default 2,500: what is wrong is to be on screen within three seconds. */
  readonly openTimeoutMs?: number
  /** A transaction that takes longer is aborted, in milliseconds. Default 5,000. */
  readonly writeTimeoutMs?: number
}

/**
 * Keeps everything in IndexedDB, one database for each user.
 * @public
 */
export function dexieStorage(options: DexieStorageOptions = {}): ChatStorage {
  const { name = 'readback', clock = systemClock, random = systemRandom, openTimeoutMs = 2_500, writeTimeoutMs = 5_000 } = options
  const factory = () => options.indexedDB ?? ambientIndexedDB()
  const state = createStateCell()
  const transactor = createTransactor({ clock, timeoutMs: writeTimeoutMs, state })
  let session: Session | null = null
  /** Of each account that had to go on in memory: what one did there is nobody else's. */
  const twins = new Map<UserId, ChatStorage>()

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
      twin: (reason) => twins.get(userId) ?? keepTwin(userId, memoryStorage({ reason, clock, timeoutMs: writeTimeoutMs })),
    })
  }

  function keepTwin(userId: UserId, twin: ChatStorage): ChatStorage {
    twins.set(userId, twin)
    return twin
  }

  const twin = () => (session ? twins.get(session.userId) : undefined)

  async function transact<T>(mode: 'read' | 'write', fn: (tx: StorageTx) => Promise<T>, { durability = 'relaxed' }: TransactOptions = {}): Promise<T> {
    if (!session) throw closedError()
    return transactor.run({ session, mode, fn, durability })
  }

  async function close(): Promise<void> {
    const own = session
    session = null
    own?.close()
    state.set({ status: 'closed' })
    await transactor.settled()
    own?.disconnect()
  }

  return {
    get name() {
      return (state.get().status === 'memory' && twin()?.name) || name
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
    read: (fn) => transact('read', fn),
    write: (fn, how) => transact('write', fn, how),
    takeRemembered() {
      const remembered = state.get().status === 'memory' ? undefined : twin()
      if (!session || !remembered) return null
      twins.delete(session.userId)
      return remembered
    },
    close,
    async wipe() {
      if (!session) throw closedError()
      const own = session
      const closing = close()
      // Nobody is left to hear what comes of what is under way, so it is not waited for with the time that deleting has.
      own.disconnect()
      twins.delete(own.userId)
      const indexedDB = factory()
      if (indexedDB) await deleteDatabase(indexedDB, databaseName(name, own.userId), clock, writeTimeoutMs)
      await closing
    },
  }
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
