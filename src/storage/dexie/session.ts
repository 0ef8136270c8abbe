/**
 * One account's time with its database: opened, lost, opened again, closed.
 * A dead handle is never used again; a new one is made, with growing pauses while that fails. What could not be opened at first goes on in memory.
 */
import type { Clock, Random, Stop } from '../../model/index.js'
import type { ChatStorage, StorageState } from '../storage.js'
import { closedError } from '../storageErrors.js'
import { openConnection, type Connection } from './connection.js'
import { isPassing } from './faults.js'
import { createTableWatch, type TableWatch } from './tableWatch.js'
import { takeTurn } from './takeTurn.js'

export type Backend = { readonly kind: 'database'; readonly connection: Connection } | { readonly kind: 'memory'; readonly storage: ChatStorage }

export interface Session {
  readonly userId: string
  /** Settles within the limit for opening: ready, blocked or memory. */
  readonly opened: Promise<void>
  readonly isClosed: boolean
  /** What to work on, as soon as there is something. Rejects when the session is closed before. */
  backend(): Promise<Backend>
  /** Told by whoever found a connection dead. The same one may be reported often. */
  replace(connection: Connection): void
  /** Told of each transaction that begins. */
  readonly begin: TableWatch['begin']
  /** Until it is closed. */
  timer(fn: () => void, ms: number): Stop
  /** From now on nothing is begun; whoever waits for a backend is refused. */
  close(): void
  /** Closes the connection too, once what was begun has ended. */
  disconnect(): void
}

export interface SessionOptions {
  readonly userId: string
  readonly databaseName: string
  readonly indexedDB: IDBFactory | undefined
  readonly IDBKeyRange: typeof IDBKeyRange | undefined
  readonly clock: Clock
  readonly random: Random
  readonly openTimeoutMs: number
  readonly setState: (state: StorageState) => void
  /** Kept by the caller, so that rows in memory outlive a session. */
  readonly twin: (reason: 'unavailable' | 'failed') => ChatStorage
}

export function createSession(options: SessionOptions): Session {
  const { userId, databaseName, clock, random, openTimeoutMs } = options
  let current: Connection | null = null
  let closed = false
  const stops = new Set<Stop>()
  let refuse!: (error: Error) => void
  const refused = new Promise<never>((_, reject) => {
    refuse = reject
  })
  refused.catch(() => {})

  function setState(state: StorageState): void {
    if (!closed) options.setState(state)
  }

  function timer(fn: () => void, ms: number): Stop {
    const cancel = clock.setTimer(() => {
      stops.delete(stop)
      fn()
    }, ms)
    const stop = () => {
      stops.delete(stop)
      cancel()
    }
    stops.add(stop)
    return stop
  }

  const watch = createTableWatch({
    limitMs: openTimeoutMs,
    timer,
    untilFree,
    onBlocked: () => setState({ status: 'blocked' }),
    // A handle of which nothing is heard may also be dead: what could be had was had by another one.
    onFree: () => current && replace(current),
  })

  async function untilFree(mode: 'read' | 'write'): Promise<void> {
    const own = await openConnection({ name: databaseName, indexedDB: options.indexedDB!, IDBKeyRange: options.IDBKeyRange!, onLost() {} })
    try {
      await takeTurn(own.db.backendDB(), mode)
    } finally {
      own.close()
    }
  }

  /** Says why nothing happens: a frozen tab that holds an old version fires no `blocked` event (measured in Chromium). */
  async function saidWhenLate<T>(opening: Promise<T>): Promise<T> {
    const late = timer(() => setState({ status: 'blocked' }), openTimeoutMs)
    try {
      return await opening
    } finally {
      late()
    }
  }

  async function connect(): Promise<Backend> {
    const { indexedDB, IDBKeyRange } = options
    if (!indexedDB || !IDBKeyRange) throw new Error('This browser has no IndexedDB.')
    const connection: Connection = await openConnection({ name: databaseName, indexedDB, IDBKeyRange, onLost: () => replace(connection) })
    if (closed) connection.close()
    else current = connection
    setState({ status: connection.isNewer ? 'readOnly' : 'ready' })
    return { kind: 'database', connection }
  }

  /** A failure that may pass is given some time, before the first words of a conversation go where a reload ends them. */
  async function connectPatiently(): Promise<Backend> {
    for (const pauseMs of FIRST_OPEN_PAUSES_MS) {
      try {
        return await connect()
      } catch (error) {
        if (closed || !isPassing(error)) throw error
        await new Promise<void>((resolve) => timer(resolve, pauseMs))
      }
    }
    return connect()
  }

  async function connectOrRemember(): Promise<Backend> {
    try {
      return await saidWhenLate(connectPatiently())
    } catch {
      const reason = options.indexedDB && options.IDBKeyRange ? 'failed' : 'unavailable'
      const storage = options.twin(reason)
      await storage.open(userId)
      setState({ status: 'memory', reason })
      if (reason === 'failed' && !closed) retryLater(FIRST_RETRY_MS)
      return { kind: 'memory', storage }
    }
  }

  /** What refused to open at first may be there later. Told as `reopening` first, so that whoever worked in memory can stop in time. */
  function retryLater(pauseMs: number): void {
    timer(() => {
      const { indexedDB, IDBKeyRange } = options
      const opening = openConnection({ name: databaseName, indexedDB: indexedDB!, IDBKeyRange: IDBKeyRange!, onLost: () => current && replace(current) })
      opening.then((connection) => {
        // Into one that a newer version made meanwhile nothing could be joined: in memory it is still sent.
        if (closed || connection.isNewer) return connection.close()
        setState({ status: 'reopening' })
        current = connection
        workOn(Promise.resolve({ kind: 'database', connection }))
        setState({ status: 'ready' })
      }, () => {
        if (!closed) retryLater(Math.min(pauseMs * 2, LONGEST_RETRY_MS))
      })
    }, pauseMs)
  }

  async function reconnect(): Promise<Backend> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (closed) throw closedError()
      try {
        return await saidWhenLate(connect())
      } catch {
        setState({ status: 'reopening' })
        // With jitter, as several tabs lose the database at the same moment.
        await new Promise<void>((resolve) => timer(resolve, pauseMs * (0.5 + random.next() / 2)))
      }
    }
  }

  function replace(dead: Connection): void {
    if (closed || dead !== current) return
    current = null
    dead.close()
    watch.forget()
    setState({ status: 'reopening' })
    workOn(reconnect())
  }

  let backend!: Promise<Backend>
  function workOn(next: Promise<Backend>): void {
    backend = Promise.race([next, refused])
    backend.catch(() => {})
  }

  setState({ status: 'opening' })
  workOn(connectOrRemember())
  const opened = new Promise<void>((resolve) => {
    const late = timer(resolve, openTimeoutMs)
    const settle = () => {
      late()
      resolve()
    }
    backend.then(settle, settle)
  })

  return {
    userId,
    opened,
    get isClosed() {
      return closed
    },
    backend: () => backend,
    replace,
    begin: watch.begin,
    timer,
    close() {
      closed = true
      for (const stop of [...stops]) stop()
      refuse(closedError())
    },
    disconnect() {
      current?.close()
      current = null
    },
  }
}

/** Rests between the first tries to open, all within the time in which opening is to be decided. */
const FIRST_OPEN_PAUSES_MS = [200, 400, 800]
/** Rests between tries to leave memory for the database. */
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 300_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
