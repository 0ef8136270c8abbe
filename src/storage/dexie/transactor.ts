/** Runs transactions of a session: writes one after another, each with a limit of time, each tried again once on a new handle when the old one is dead. */
import type { Clock, Stop } from '../../model/index.js'
import { startDeadline, type Deadline } from '../deadline.js'
import { createSerialQueue } from '../serialQueue.js'
import type { StateCell } from '../stateCell.js'
import type { StorageTx, TransactOptions } from '../storage.js'
import { closedError, readOnlyError, timeoutError } from '../storageErrors.js'
import type { Connection } from './connection.js'
import { quarantineRows } from './quarantine.js'
import type { Session } from './session.js'
import type { BadRow } from './tableAccess.js'
import { runTransaction } from './transaction.js'

export interface Job<T> extends Required<TransactOptions> {
  readonly session: Session
  readonly mode: 'read' | 'write'
  readonly fn: (tx: StorageTx) => Promise<T>
}

export interface Transactor {
  run<T>(job: Job<T>): Promise<T>
  /** When everything that is under way now has ended, one way or another, or is past stopping. */
  settled(): Promise<void>
}

export interface TransactorOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly state: StateCell
}

/** Rest before it is tried again whether there is room. Milliseconds. */
const LOOK_AGAIN_MS = 10_000

/** Takes room, and leaves nothing. */
async function writeNothing(tx: StorageTx): Promise<void> {
  await tx.meta.put('room', 0)
  await tx.meta.delete('room')
}

export function createTransactor({ clock, timeoutMs, state }: TransactorOptions): Transactor {
  const writes = createSerialQueue()
  const underway = new Set<Promise<unknown>>()
  const now = () => clock.now()
  /** When a write last went through, on the monotonic clock. */
  let progressAt = 0
  let stopLooking: Stop = () => {}

  /** A write that waits in line is late only when those before it do not go through either. */
  function begin(mode: Job<unknown>['mode']): Deadline {
    const moreMs = () => (mode === 'write' ? progressAt + timeoutMs - clock.monotonic() : 0)
    return startDeadline(clock, timeoutMs, () => timeoutError(mode, timeoutMs), moreMs)
  }

  async function run<T>(job: Job<T>): Promise<T> {
    const deadline = begin(job.mode)
    const work = () => deadline.race(attempts(job, deadline))
    try {
      return await noted(deadline.race(job.mode === 'read' ? work() : writes.run(work)), deadline)
    } finally {
      deadline.stop()
    }
  }

  /** A dead handle is replaced once; then the error goes to the caller, who knows when to try again. */
  async function attempts<T>(job: Job<T>, deadline: Deadline): Promise<T> {
    const { session, mode, fn, durability } = job
    for (let isLast = false; ; isLast = true) {
      const backend = await session.backend()
      if (session.isClosed) throw closedError()
      if (deadline.isExpired) throw timeoutError(mode, timeoutMs)
      if (backend.kind === 'memory') return backend.storage[mode](fn)
      const { connection } = backend
      if (mode === 'write' && connection.isNewer) throw readOnlyError()
      connection.setDurability(durability)
      const waiting = session.begin(mode)
      const outcome = await runTransaction({ db: connection.db, mode, fn, deadline, now, onRunning: waiting.got })
      waiting.end()
      if (mode === 'write' && outcome.status !== 'failed') progressAt = clock.monotonic()
      if (outcome.status === 'thrown') throw outcome.error
      if (outcome.status === 'committed') {
        if (mode === 'write' && state.get().status === 'full') state.set({ status: 'ready' })
        if (outcome.bad.length > 0 && !connection.isNewer) void noted(tidy(connection, outcome.bad))
        return outcome.result
      }
      const { kind, error } = outcome.fault
      if (kind === 'full' && !session.isClosed) {
        state.set({ status: 'full' })
        lookLater(session)
      }
      // Given up without an answer, while it is known that tables cannot be had: a new handle would wait as this one did.
      if (kind === 'lost' && !(deadline.isExpired && state.get().status === 'blocked')) session.replace(connection)
      if (kind !== 'lost' || isLast || deadline.isExpired) throw error
    }
  }

  /** Room may be made elsewhere, and a tab that only follows writes nothing by which it would notice. */
  function lookLater(session: Session): void {
    stopLooking()
    stopLooking = session.timer(() => {
      if (state.get().status !== 'full') return
      run({ session, mode: 'write', fn: writeNothing, durability: 'relaxed' }).catch(() => {
        if (!session.isClosed) lookLater(session)
      })
    }, LOOK_AGAIN_MS)
  }

  /** A failure is left alone: the rows are found again by the next read. */
  async function tidy(connection: Connection, bad: readonly BadRow[]): Promise<void> {
    const deadline = begin('write')
    await writes.run(() => deadline.race(quarantineRows(connection.db, bad, now))).catch(() => {})
    deadline.stop()
  }

  async function noted<T>(work: Promise<T>, deadline?: Deadline): Promise<T> {
    // What is still being committed when its time is over ends without this page, too.
    const waited = Promise.race([work, ...(deadline ? [deadline.over] : [])]).catch(() => {})
    underway.add(waited)
    try {
      return await work
    } finally {
      underway.delete(waited)
    }
  }

  return {
    run,
    async settled() {
      await Promise.allSettled([...underway])
    },
  }
}
