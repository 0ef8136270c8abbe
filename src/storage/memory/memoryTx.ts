/** What a transaction may do to the tables. Rows are copied on their way in and out, so a caller can change its own copy only. */
import { messageFault } from '../rows/messageFault.js'
import { conversationFault, gapFault, heldFault, memberFault, memberStateFault, outboxFault, ownStateFault, type RowFault } from '../rows/rowFaults.js'
import { sieve } from '../rows/rowSieve.js'
import type { OutboxEntry, QuarantinedRow, StorageTx } from '../storage.js'
import { misuseError, refuseFaulty, unstorableError } from '../storageErrors.js'
import { copyRow } from './copyRow.js'
import type { Tables } from './tables.js'
import { deleteEntry, setEntry, type UndoLog } from './undoLog.js'

export interface MemoryTxOptions {
  readonly tables: Tables
  /** Null in a read. */
  readonly log: UndoLog | null
  /** False once the transaction has ended. */
  readonly isLive: () => boolean
  readonly now: () => number
}

export function createMemoryTx({ tables, log: writeLog, isLive, now }: MemoryTxOptions): StorageTx {
  /** Every call settles in a later microtask, as those of a database do. */
  async function reading<T>(fn: () => T): Promise<T> {
    if (!isLive()) throw misuseError('A transaction was used after it had ended.')
    return copyRow(fn())
  }
  async function writing<T>(fn: (log: UndoLog) => T): Promise<T> {
    if (!isLive()) throw misuseError('A transaction was used after it had ended.')
    if (!writeLog) throw misuseError('A read tried to write.')
    return fn(writeLog)
  }
  const quarantine = (rows: readonly QuarantinedRow[], log: UndoLog) => {
    for (const row of rows) {
      tables.quarantine.push(row)
      log.push(() => void tables.quarantine.pop())
    }
  }
  /** Copies of the rows that parse; the others go to quarantine. */
  const accept = <T>(table: string, rows: readonly T[], faultOf: RowFault, log: UndoLog): readonly T[] => {
    const { good, bad } = sieve(table, copy(rows), faultOf, now)
    quarantine(bad, log)
    return good
  }

  return {
    messages: {
      get: (key) => reading(() => tables.messages.get(key)),
      getMany: (keys) => reading(() => keys.map((key) => tables.messages.get(key))),
      byId: (conversationId, id) => reading(() => tables.messages.byId(conversationId, id)),
      byIds: (conversationId, ids) => reading(() => ids.map((id) => tables.messages.byId(conversationId, id))),
      findById: (id) => reading(() => tables.messages.findById(id)),
      page: (query) => reading(() => tables.messages.page(query)),
      echoes: (conversationId) => reading(() => tables.messages.echoes(conversationId)),
      put: (messages) => writing((log) => tables.messages.put(accept('messages', messages, messageFault, log), log)),
      delete: (keys) => writing((log) => tables.messages.delete(keys, log)),
    },
    conversations: {
      get: (id) => reading(() => tables.conversations.get(id)),
      list: () => reading(() => [...tables.conversations.values()]),
      put: (rows) =>
        writing((log) => {
          for (const row of accept('conversations', rows, conversationFault, log)) setEntry(tables.conversations, row.id, row, log)
        }),
    },
    members: {
      list: (conversationId) => reading(() => [...(tables.members.get(conversationId)?.values() ?? [])]),
      put: (conversationId, rows) =>
        writing((log) => {
          for (const row of accept('members', rows, memberFault, log)) setEntry(inner(tables.members, conversationId), row.userId, row, log)
        }),
    },
    readStates: {
      get: (conversationId, memberId) => reading(() => tables.readStates.get(conversationId)?.get(memberId)),
      getMany: (conversationId, memberIds) => reading(() => memberIds.map((memberId) => tables.readStates.get(conversationId)?.get(memberId))),
      list: (conversationId) => reading(() => [...(tables.readStates.get(conversationId)?.values() ?? [])]),
      put: (conversationId, rows) =>
        writing((log) => {
          for (const row of accept('readStates', rows, memberStateFault, log)) setEntry(inner(tables.readStates, conversationId), row.memberId, row, log)
        }),
      getOwn: (conversationId) => reading(() => tables.ownStates.get(conversationId)),
      putOwn: (conversationId, own) =>
        writing((log) => {
          for (const row of accept('ownStates', [own], ownStateFault, log)) setEntry(tables.ownStates, conversationId, row, log)
        }),
    },
    outbox: {
      add: (entry) =>
        writing((log) => {
          const seq = tables.lastSeq + 1
          const row = copy({ ...entry, seq } as OutboxEntry)
          refuseFaulty(outboxFault(row))
          setEntry(tables.outbox, seq, row, log)
          tables.lastSeq = seq
          log.push(() => void (tables.lastSeq = seq - 1))
          return seq
        }),
      get: (seq) => reading(() => tables.outbox.get(seq)),
      count: (lane) => reading(() => [...tables.outbox.values()].filter((entry) => entry.lane === lane && !entry.failed).length),
      list: (filter) => reading(() => outboxRows(tables, filter)),
      put: (entry) =>
        writing((log) => {
          for (const row of accept('outbox', [entry], outboxFault, log)) setEntry(tables.outbox, row.seq, row, log)
        }),
      delete: (seq) => writing((log) => deleteEntry(tables.outbox, seq, log)),
    },
    blobs: {
      // A file never changes, so it needs no copy.
      async get(localId) {
        await reading(() => undefined)
        return tables.blobs.get(localId)
      },
      put: (localId, _conversationId, file) => writing((log) => setEntry(tables.blobs, localId, file, log)),
      delete: (localId) => writing((log) => deleteEntry(tables.blobs, localId, log)),
    },
    held: {
      list: (conversationId) => reading(() => [...tables.held.values()].filter((row) => conversationId === undefined || row.conversationId === conversationId)),
      get: (key) => reading(() => tables.held.get(key)),
      put: (rows) =>
        writing((log) => {
          for (const row of accept('held', rows, heldFault, log)) setEntry(tables.held, row.key, row, log)
        }),
      delete: (keys) =>
        writing((log) => {
          for (const key of keys) deleteEntry(tables.held, key, log)
        }),
    },
    gaps: {
      list: (conversationId) => reading(() => tables.gaps.get(conversationId) ?? []),
      replace: (conversationId, rows) => writing((log) => setEntry(tables.gaps, conversationId, accept('gaps', rows, gapFault, log), log)),
    },
    archive: {
      get: (conversationId, segments) => reading(() => segments.map((segment) => tables.archive.get(conversationId)?.get(segment))),
      put: (conversationId, rows) =>
        writing((log) => {
          for (const { segment, value } of copy(rows)) setEntry(inner(tables.archive, conversationId), segment, value, log)
        }),
      delete: (conversationId, segments) =>
        writing((log) => {
          for (const segment of segments) deleteEntry(inner(tables.archive, conversationId), segment, log)
        }),
    },
    quarantine: {
      list: () => reading(() => [...tables.quarantine]),
      add: (rows) => writing((log) => quarantine(copy(rows), log)),
    },
    meta: {
      get: <T>(key: string) => reading(() => tables.meta.get(key) as T | undefined),
      put: (key, value) => writing((log) => setEntry(tables.meta, key, copy(value), log)),
      delete: (key) => writing((log) => deleteEntry(tables.meta, key, log)),
    },
  }
}

function inner<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key)
  if (!map) maps.set(key, (map = new Map()))
  return map
}

function outboxRows(tables: Tables, filter: Parameters<StorageTx['outbox']['list']>[0]): OutboxEntry[] {
  return [...tables.outbox.values()]
    .filter((row) => filter?.conversationId === undefined || row.conversationId === filter.conversationId)
    .filter((row) => filter?.lane === undefined || row.lane === filter.lane)
    .sort((a, b) => a.seq - b.seq)
}

function copy<T>(value: T): T {
  try {
    return copyRow(value)
  } catch (error) {
    throw unstorableError(error)
  }
}
