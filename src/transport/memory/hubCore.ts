/**
 * One command after another: read what others wrote, decide, write, tell.
 *
 * Commands that wait while a transaction runs share the next one, so that many at once cost few writes. Each sees what those
 * before it decided. Receipts wait in a queue of their own and get their share of every write, so neither lane holds up the other. When a write fails nothing of the batch counts: the state is folded anew from what is stored.
 */
import type { Stop } from '../../model/index.js'
import { TransportError } from '../transportError.js'
import { applyRow, emptyHubState, type HubState } from './hubState.js'
import type { JournalRow } from './hubRecords.js'
import type { Journal } from './journal.js'
import type { Decision } from './messageRules.js'
import { supersededRows } from './superseded.js'

/** From so many rows on it is looked whether some say nothing any more. */
const COMPACT_ROWS = 4_000

/** Commands of one lane that share one write at most. */
const MAX_BATCH = 250

/** What a command waits behind. */
export type Lane = 'intent' | 'receipt'

export interface HubCore {
  /** Runs `decide` when all before it are stored; resolves with its answer when its own rows are. */
  run<T>(decide: (state: HubState) => Decision<T>, lane?: Lane): Promise<T>
  /** Takes in what other tabs wrote. */
  pull(): Promise<void>
  /** Told of stored rows in order, before the command that made them resolves. `ours`: written here, not by another tab. */
  subscribe(listener: (rows: readonly JournalRow[], ours: boolean, state: HubState) => void): Stop
  /** What is known here now. */
  peek(): HubState
  dispose(): void
}

export interface HubCoreOptions {
  /** Asked once, at the first command. */
  readonly openJournal: () => Promise<Journal>
  readonly newHubId: () => string
  /** A write failed; commands were refused. */
  readonly onFailure: (cause: unknown) => void
}

interface Command {
  /** Returns what to do once everything is stored. */
  decide(state: HubState, write: (records: JournalRow['records']) => void): () => void
  fail(error: unknown): void
}

export function createHubCore(options: HubCoreOptions): HubCore {
  let state = emptyHubState()
  let journal: Promise<Journal> | null = null
  let draining = false
  let disposed = false
  const queues: Readonly<Record<Lane, Command[]>> = { receipt: [], intent: [] }
  let compactAt = COMPACT_ROWS
  const listeners = new Set<(rows: readonly JournalRow[], ours: boolean, state: HubState) => void>()

  async function drain(): Promise<void> {
    await Promise.resolve()
    while (queues.receipt.length + queues.intent.length > 0) {
      await runBatch([...queues.receipt.splice(0, MAX_BATCH), ...queues.intent.splice(0, MAX_BATCH)])
    }
    draining = false
  }

  async function runBatch(batch: readonly Command[]): Promise<void> {
    const others: JournalRow[] = []
    const ours: JournalRow[] = []
    const settle: (() => void)[] = []
    const open = (journal ??= options.openJournal())
    try {
      await (await open).append(state.rows, (unseen) => {
        for (const row of unseen) take(row, others)
        if (state.hubId === '') take({ seq: state.seq + 1, hubId: options.newHubId(), records: [] }, ours)
        for (const command of batch) settle.push(decideOne(command, ours))
        return ours
      })
    } catch (cause) {
      await startOver(cause, batch)
      return
    }
    tell(others, false)
    tell(ours, true)
    for (const done of settle) done()
    if (state.rows.length >= compactAt) await compact(await open)
  }

  /** After the answers, so that nobody waits for it. Where it fails nothing is lost, and it is tried again later. */
  async function compact(open: Journal): Promise<void> {
    const gone = supersededRows(state.rows)
    state.rows = state.rows.filter(({ seq }) => !gone.has(seq))
    compactAt = Math.max(COMPACT_ROWS, state.rows.length * 2)
    if (gone.size > 0) await open.drop(gone).catch(() => {})
  }

  function take(row: JournalRow, into: JournalRow[]): void {
    applyRow(state, row)
    into.push(row)
  }

  function decideOne(command: Command, ours: JournalRow[]): () => void {
    try {
      return command.decide(state, (records) => {
        if (records.length > 0) take({ seq: state.seq + 1, records }, ours)
      })
    } catch (error) {
      return () => command.fail(error)
    }
  }

  /** Nothing of the batch was stored, so nothing of it may be remembered. */
  async function startOver(cause: unknown, batch: readonly Command[]): Promise<void> {
    options.onFailure(cause)
    const fresh = emptyHubState()
    try {
      await (await journal!).append([], (rows) => {
        for (const row of rows) applyRow(fresh, row)
        return []
      })
    } catch {
      // Still closed or full: the next command tries again from the beginning.
    }
    state = fresh
    const error = new TransportError('transport/server', 'The hub could not write to its database, so nothing was stored. It will be tried again; free some space if this goes on.', { stored: 'no', retry: 'yes', cause })
    for (const command of batch) command.fail(error)
  }

  function tell(rows: readonly JournalRow[], ours: boolean): void {
    if (rows.length > 0 && !disposed) for (const listener of listeners) listener(rows, ours, state)
  }

  function enqueue(command: Command, lane: Lane = 'intent'): void {
    if (disposed) return command.fail(new TransportError('transport/closed', 'This hub was disposed of; nothing was stored. Make a new hub of the same name.', { stored: 'no', retry: 'no' }))
    queues[lane].push(command)
    if (draining) return
    draining = true
    void drain()
  }

  return {
    run: (decide, lane) => new Promise((resolve, reject) => {
      enqueue({
        decide(current, write) {
          const { records, answer, onStored } = decide(current)
          write(records)
          return () => {
            onStored?.()
            resolve(answer)
          }
        },
        fail: reject,
      }, lane)
    }),
    pull: () => new Promise((resolve, reject) => enqueue({ decide: () => resolve, fail: reject })),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    peek: () => state,
    dispose() {
      disposed = true
      listeners.clear()
      void journal?.then((open) => open.close())
    },
  }
}
