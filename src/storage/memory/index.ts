/**
 * `readback/storage/memory`: the twin of the database, kept in memory.
 * It behaves as the database does (atomic, serial, rows copied, pages in order), so that tests may use it and an app goes on with it where the browser has no IndexedDB.
 * Rows live as long as the storage object: they survive close() and open(), not a reload.
 */
import { systemClock, systemRandom, type Clock, type UserId } from '../../model/index.js'
import { startDeadline, type Deadline } from '../deadline.js'
import { createSerialQueue } from '../serialQueue.js'
import { createStateCell } from '../stateCell.js'
import { closedError, timeoutError } from '../storageErrors.js'
import type { ChatStorage, StorageState, StorageTx } from '../storage.js'
import { createMemoryTx } from './memoryTx.js'
import { createTables, type Tables } from './tables.js'
import { createUndoLog } from './undoLog.js'

/** @public */
export interface MemoryStorageOptions {
  /** Why nothing is kept, for the notice on screen. Default `'chosen'`: shows none. */
  readonly reason?: Extract<StorageState, { status: 'memory' }>['reason']
  /** Default: one of its own for each object, as no two of them share rows. */
  readonly name?: string
  /** Default: the browser's own clock. */
  readonly clock?: Clock
  /** A transaction that takes longer is rolled back, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number
}

/**
 * Keeps everything in memory, one set of rows for each user.
 * @public
 */
export function memoryStorage(options: MemoryStorageOptions = {}): ChatStorage {
  const { reason = 'chosen', name = `memory/${systemRandom.id()}`, clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const accounts = new Map<UserId, Tables>()
  const state = createStateCell()
  const queue = createSerialQueue()
  let account: { readonly userId: UserId; readonly tables: Tables } | null = null

  async function transact<T>(mode: 'read' | 'write', fn: (tx: StorageTx) => Promise<T>): Promise<T> {
    if (!account) throw closedError()
    const { tables } = account
    const deadline = startDeadline(clock, timeoutMs, () => timeoutError(mode, timeoutMs))
    try {
      return await deadline.race(queue.run(() => attempt(tables, mode, fn, deadline)))
    } finally {
      deadline.stop()
    }
  }

  async function attempt<T>(tables: Tables, mode: 'read' | 'write', fn: (tx: StorageTx) => Promise<T>, deadline: Deadline): Promise<T> {
    if (deadline.isExpired) throw timeoutError(mode, timeoutMs)
    const log = mode === 'write' ? createUndoLog() : null
    let live = true
    try {
      return await deadline.race(fn(createMemoryTx({ tables, log, isLive: () => live, now: () => clock.now() })))
    } catch (error) {
      log?.undo()
      throw error
    } finally {
      live = false
    }
  }

  return {
    name,
    async open(userId) {
      let tables = accounts.get(userId)
      if (!tables) accounts.set(userId, (tables = createTables()))
      // As with a database: whoever was at work here hears that this is over.
      if (account && account.userId !== userId) state.set({ status: 'closed' })
      account = { userId, tables }
      state.set({ status: 'memory', reason })
    },
    getState: state.get,
    subscribe: state.subscribe,
    read: (fn) => transact('read', fn),
    write: (fn) => transact('write', fn),
    async close() {
      account = null
      state.set({ status: 'closed' })
    },
    async wipe() {
      if (!account) throw closedError()
      accounts.delete(account.userId)
      account = null
      state.set({ status: 'closed' })
    },
  }
}

const DEFAULT_TIMEOUT_MS = 5_000
