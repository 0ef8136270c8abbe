/** The disk of a device, which outlives every client, and how one tab of it sees it: through its gate, and with trouble of its own. */
import type { ChatStorage, StorageState } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { closedError, fullError, lostError, timeoutError, wipeBlockedError } from '../../src/storage/storageErrors.js'
import { through, type Gate } from './gate.js'
import { createHandles, type Handle, type Handles } from './handles.js'
import type { VirtualTime } from './virtualTime.js'

/** Which tab leads, as the row says that decides it. */
export interface LeaseRow {
  readonly epoch: number
  readonly holder: string | null
}

export interface Disk extends ChatStorage {
  /** Grows with every write, so that what did not change need not be looked at again. */
  version(): number
  /** As the last write left it. */
  lease(): LeaseRow | null
  /** All rows are gone, as if there had never been any. */
  evict(): Promise<void>
  /** Which tabs have it open. */
  readonly handles: Handles
}

export async function openDisk(name: string, time: VirtualTime, user: string): Promise<Disk> {
  const rows = memoryStorage({ name, clock: time.clock })
  await rows.open(user)
  let version = 0
  let lease: LeaseRow | null = null
  const empty = async () => {
    await rows.wipe()
    await rows.open(user)
    lease = null
    version += 1
  }
  return {
    ...rows,
    handles: createHandles(rows, empty),
    version: () => version,
    lease: () => lease,
    evict: empty,
    async write(fn, options) {
      let row: LeaseRow | undefined
      try {
        const result = await rows.write(async (tx) => {
          const done = await fn(tx)
          row = await tx.meta.get<LeaseRow>('lease')
          return done
        }, options)
        lease = row ?? null
        return result
      } finally {
        version += 1
      }
    },
  }
}

/**
 * - `full`: a write is refused for want of room.
 * - `abort`: a write goes through to its end, and then nothing of it is kept.
 * - `unsure`: a write is kept, and nobody is told.
 * - `dead`: the handle is of no more use; another one is there after a while.
 * - `slow`: what is asked takes long.
 */
export type DiskFault = 'full' | 'abort' | 'unsure' | 'dead' | 'slow'

export interface TabDisk {
  readonly storage: ChatStorage
  /** The lease as it stood when a transaction of this tab last ended. */
  lastSeen(): LeaseRow | null
  /** The next `times` transactions go wrong in this way. */
  trouble(fault: DiskFault, times: number): void
  calm(): void
  /** The handle is of no use any more, as the browser tells a tab that runs. */
  lose(): void
  /** Whether anything ever went wrong. */
  wasTroubled(): boolean
  /** Its tab is gone: it keeps nobody from deleting the rows. */
  leave(): void
}

const REOPEN_MS = 500
const SLOW_MS = 3_000
/** As the storage that gives up says it. */
const TIMEOUT_MS = 5_000
/** After so long without a database it is said that it is blocked. */
const BLOCKED_MS = 2_500

/**
 * @param shared - whether other tabs have the same rows
 * @param accounts - whether others may sign in here: then rows are deleted under open tabs, and what was closed stays closed
 */
export function tabDisk(disk: Disk, gate: Gate, time: VirtualTime, shared: boolean, accounts = false): TabDisk {
  let state: StorageState = { status: 'closed' }
  const listeners = new Set<() => void>()
  let troubles: DiskFault[] = []
  let troubled = false
  let lastSeen: LeaseRow | null = null
  let line: Promise<unknown> = Promise.resolve()

  function setState(next: StorageState): void {
    if (state.status === next.status) return
    state = next
    gate.whenOpen(() => listeners.forEach((listener) => listener()))
  }

  function die(): void {
    disk.handles.leave(own)
    setState({ status: 'reopening' })
    time.clock.setTimer(() => disk.handles.join(own, () => {
      // A new handle is ready, whatever was said of the old one meanwhile.
      if (state.status === 'reopening' || state.status === 'full') setState({ status: 'ready' })
    }), REOPEN_MS)
  }

  /** Who is frozen hears of nothing. */
  const own: Handle = { close: () => gate.whenOpen(die), isWanted: () => !gate.isDead && state.status !== 'closed' }

  /** Within the time for opening: it is there, or a tab is in the way that has not closed what is being deleted. */
  async function open(): Promise<void> {
    if (!shared) return setState({ status: 'memory', reason: 'chosen' })
    if (!disk.handles.isDeleting()) return disk.handles.join(own, () => setState({ status: 'ready' }), () => true)
    setState({ status: 'opening' })
    const there = new Promise<void>((resolve) => disk.handles.join(own, () => {
      setState({ status: 'ready' })
      resolve()
    }))
    await Promise.race([there, wait(BLOCKED_MS)])
    if (state.status === 'opening') setState({ status: 'blocked' })
  }

  async function wipe(): Promise<void> {
    disk.handles.leave(own)
    setState({ status: 'closed' })
    const deleted = disk.handles.deleteRows().then(() => true)
    if (!(await Promise.race([deleted, wait(TIMEOUT_MS).then(() => false)]))) throw wipeBlockedError(TIMEOUT_MS)
  }

  /** What is asked of rows that are being deleted is asked of those that come after them. */
  async function onceThere<T>(mode: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    if (!disk.handles.has(own) && state.status !== 'closed') await Promise.race([new Promise<void>((resolve) => disk.handles.whenIn(own, resolve)), wait(TIMEOUT_MS)])
    if (state.status === 'closed') throw closedError()
    if (!disk.handles.has(own)) throw timeoutError(mode, TIMEOUT_MS)
    return work()
  }

  const asked = <T>(mode: 'read' | 'write', work: () => Promise<T>) => (accounts ? onceThere(mode, work) : work())

  const wait = (ms: number) => new Promise<void>((resolve) => void time.clock.setTimer(resolve, ms))

  async function write<T>(fn: Parameters<ChatStorage['write']>[0], fault: DiskFault | undefined): Promise<T> {
    const none = new Error('Scripted.')
    switch (fault) {
      case 'full':
        setState({ status: 'full' })
        throw fullError(none)
      case 'dead':
        die()
        throw lostError(none)
      case 'abort':
        return disk.write(async (tx) => {
          await fn(tx)
          throw lostError(none)
        })
      case 'unsure':
        await disk.write(fn)
        throw timeoutError('write', TIMEOUT_MS)
      case 'slow':
        await wait(SLOW_MS)
        break
      case undefined:
    }
    const result = await disk.write(fn)
    if (state.status === 'full') setState({ status: 'ready' })
    return result as T
  }

  async function read<T>(fn: Parameters<ChatStorage['read']>[0], fault: DiskFault | undefined): Promise<T> {
    if (fault === 'dead') {
      die()
      throw lostError(new Error('Scripted.'))
    }
    if (fault === 'slow') await wait(SLOW_MS)
    return (await disk.read(fn)) as T
  }

  /** Writes of one tab follow each other, as those of a real one do. */
  function inLine<T>(run: () => Promise<T>): Promise<T> {
    const current = line.then(run)
    line = current.catch(() => {})
    return current
  }

  async function ended<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } finally {
      lastSeen = disk.lease()
    }
  }

  /** A read has no end that could be lost: that trouble waits for a write. */
  const next = (kinds: readonly DiskFault[]) => (troubles[0] !== undefined && kinds.includes(troubles[0]) ? troubles.shift() : undefined)

  return {
    storage: {
      name: disk.name,
      open: () => through(gate, open),
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      read: (fn) => through(gate, () => asked('read', () => ended(read(fn as never, next(['dead', 'slow']))))),
      write: (fn) => through(gate, () => inLine(() => asked('write', () => ended(write(fn as never, next(['full', 'abort', 'unsure', 'dead', 'slow'])))))),
      close: () => through(gate, async () => {
        disk.handles.leave(own)
        setState({ status: 'closed' })
      }),
      wipe: () => through(gate, wipe),
    },
    lastSeen: () => lastSeen,
    trouble(fault, times) {
      troubled = true
      troubles.push(...Array<DiskFault>(times).fill(fault))
    },
    lose() {
      troubled = true
      gate.whenOpen(die)
    },
    wasTroubled: () => troubled,
    leave: () => disk.handles.leave(own),
    calm: () => void (troubles = []),
  }
}
