/** What a transaction may do, over Dexie's tables. */
import { comparePoints, type ConversationId, type Message, type MessageId } from '../../model/index.js'
import { isRow, own, type Row } from '../rows/fields.js'
import { outboxFault } from '../rows/rowFaults.js'
import { refuseFaulty } from '../storageErrors.js'
import type { Gap, MessagePageQuery, OutboxEntry, QuarantinedRow, StorageTx } from '../storage.js'
import { echoBounds, messagePrimaryKey, messageRow, pageBounds } from './messageRow.js'
import { conversationRow, FAILED_LANE, gapRow, heldRow, memberRow, outboxRow, ownStateRow } from './otherRows.js'
import { readStatesOf } from './readStateRows.js'
import { BY_PLACE } from './schema.js'
import type { TableAccess } from './tableAccess.js'
import { storedGapFault, tornGap } from './tornGap.js'

export function createDexieTx(access: TableAccess): StorageTx {
  return {
    messages: messagesOf(access),
    conversations: conversationsOf(access),
    members: membersOf(access),
    readStates: { ...readStatesOf(access), ...ownStatesOf(access) },
    outbox: outboxOf(access),
    blobs: blobsOf(access),
    held: heldOf(access),
    gaps: gapsOf(access),
    archive: archiveOf(access),
    quarantine: quarantineOf(access),
    meta: metaOf(access),
  }
}

function messagesOf(access: TableAccess): StorageTx['messages'] {
  const { table, one, many, put } = access
  const messages = () => table('messages')
  async function byIds(conversationId: ConversationId, ids: readonly MessageId[]) {
    const rows = many(messageRow, await messages().where('ids').anyOf(ids).toArray())
    const found = new Map<MessageId, Message>()
    for (const row of rows) {
      if (row.conversationId !== conversationId) continue
      for (const id of row.ids) if (comesFirst(row, found.get(id))) found.set(id, row)
    }
    return ids.map((id) => found.get(id))
  }
  return {
    get: async (key) => one(messageRow, await messages().get(messagePrimaryKey(key))),
    getMany: async (keys) => (await messages().bulkGet(keys.map(messagePrimaryKey))).map((row) => one(messageRow, row)),
    byId: async (conversationId, id) => (await byIds(conversationId, [id]))[0],
    byIds,
    findById: async (id) => many(messageRow, await messages().where('ids').equals(id).toArray()),
    page: (query) => pageOf(access, query),
    echoes: async (conversationId) => many(messageRow, await messages().where(BY_PLACE).between(...echoBounds(conversationId), false, false).toArray()),
    put: async (rows) => void (await put(messageRow, rows)),
    delete: (keys) => messages().bulkDelete(keys.map(messagePrimaryKey)),
  }
}

/** Of one conversation in the outbox; where as many or more wait, reports are looked for among those of all conversations. */
const FEW_ENTRIES = 100

/** Should two rows claim one id, the same one is found every time: the first by key, whatever else was asked for. */
function comesFirst(row: Message, other: Message | undefined): boolean {
  if (!other || row.from !== other.from) return !other || row.from < other.from
  return row.localId < other.localId
}

/** Asks for more only when rows were bad, so that a page with bad rows in it is not taken for the end of history. */
async function pageOf({ table, many }: TableAccess, query: MessagePageQuery): Promise<readonly Message[]> {
  const { before, after, limit } = query
  if (limit <= 0 || (before && after && comparePoints(after, before) >= 0)) return []
  const newestFirst = before !== undefined || after === undefined
  for (let ask = limit; ; ask *= 2) {
    const range = table('messages').where(BY_PLACE).between(...pageBounds(query), false, false)
    const rows = await (newestFirst ? range.reverse() : range).limit(ask).toArray()
    const good = many(messageRow, rows).slice(0, limit)
    if (good.length === limit || rows.length < ask) return newestFirst ? good.reverse() : good
  }
}

function conversationsOf({ table, one, many, put }: TableAccess): StorageTx['conversations'] {
  return {
    get: async (id) => one(conversationRow, await table('conversations').get(id)),
    list: async () => many(conversationRow, await table('conversations').toArray()),
    put: async (rows) => void (await put(conversationRow, rows)),
  }
}

function membersOf({ table, many, put }: TableAccess): StorageTx['members'] {
  return {
    list: async (conversationId) => many(memberRow(conversationId), await table('members').where('[conversationId+userId]').between(...allOf(conversationId)).toArray()),
    put: async (conversationId, rows) => void (await put(memberRow(conversationId), rows)),
  }
}

function ownStatesOf({ table, one, put }: TableAccess): Pick<StorageTx['readStates'], 'getOwn' | 'putOwn'> {
  return {
    getOwn: async (conversationId) => one(ownStateRow(conversationId), await table('ownStates').get(conversationId)),
    putOwn: async (conversationId, own) => void (await put(ownStateRow(conversationId), [own])),
  }
}

function outboxOf({ table, one, many, put }: TableAccess): StorageTx['outbox'] {
  return {
    async add(entry) {
      refuseFaulty(outboxFault({ ...entry, seq: 0 }))
      // A copy: Dexie writes the new key into what it is given.
      return (await table('outbox').add({ ...outboxRow.encode(entry as OutboxEntry) })) as number
    },
    get: async (seq) => one(outboxRow, await table('outbox').get(seq)),
    count: (lane) => table('outbox').where('lane').equals(lane).count(),
    async list(filter) {
      const { conversationId, lane } = filter ?? {}
      const all = table('outbox')
      // One by one: several keys at once are read row by row.
      const lanes = async (name: 'intent' | 'receipt') => (await Promise.all((name === 'intent' ? [name, FAILED_LANE] : [name]).map((each) => all.where('lane').equals(each).toArray()))).flat()
      const here = async (id: ConversationId) => {
        const rows = all.where('conversationId').equals(id)
        if (lane !== 'receipt') return rows.toArray()
        // Of reports there are a few, however many messages wait there.
        const first = await rows.limit(FEW_ENTRIES).toArray()
        return first.length < FEW_ENTRIES ? first : lanes(lane)
      }
      const rows = await (conversationId !== undefined ? here(conversationId) : lane !== undefined ? lanes(lane) : all.toArray())
      const entries: OutboxEntry[] = many(outboxRow, rows)
      return entries.filter((entry) => (lane === undefined || entry.lane === lane) && (conversationId === undefined || entry.conversationId === conversationId)).toSorted((a, b) => a.seq - b.seq)
    },
    put: async (entry) => void (await put(outboxRow, [entry])),
    delete: (seq) => table('outbox').delete(seq),
  }
}

function blobsOf({ table }: TableAccess): StorageTx['blobs'] {
  return {
    get: async (localId) => ((await table('blobs').get(localId)) as { readonly file: Blob } | undefined)?.file,
    put: async (localId, conversationId, file) => void (await table('blobs').put({ key: localId, conversationId, file })),
    delete: (localId) => table('blobs').delete(localId),
  }
}

function heldOf({ table, one, many, put }: TableAccess): StorageTx['held'] {
  return {
    async list(conversationId) {
      const all = table('held')
      return many(heldRow, await (conversationId === undefined ? all.toArray() : all.where('conversationId').equals(conversationId).toArray()))
    },
    get: async (key) => one(heldRow, await table('held').get(key)),
    put: async (rows) => void (await put(heldRow, rows)),
    delete: (keys) => table('held').bulkDelete([...keys]),
  }
}

function gapsOf(access: TableAccess): StorageTx['gaps'] {
  const { table, many, put } = access
  const ofConversation = (conversationId: ConversationId) => table('gaps').where('[conversationId+n]').between(...allOf(conversationId))
  return {
    async list(conversationId) {
      const rows = await ofConversation(conversationId).toArray()
      const codec = { ...gapRow(conversationId), fault: storedGapFault }
      const whole = many(codec, rows)
      if (whole.length === rows.length) return whole
      const [newest] = await pageOf(access, { conversationId, limit: 1 })
      const torn = (rows as readonly Row[]).filter((row) => codec.fault(codec.decode(row)) !== null)
      return [...whole, ...torn.map((row) => tornGap(conversationId, own(row, 'value'), newest?.at ?? null))]
    },
    /** Writes what is new of them alone, and deletes what is not among them. */
    async replace(conversationId, gaps) {
      const rows = (await ofConversation(conversationId).toArray()) as { readonly n: number; readonly value: unknown }[]
      const wanted = new Map(gaps.map((gap) => [nameOfGap(gap), gap]))
      const gone = rows.filter(({ value }) => !wanted.delete(nameOfGap(value as Gap)))
      await table('gaps').bulkDelete(gone.map(({ n }) => [conversationId, n]))
      await put(gapRow(conversationId, (rows.at(-1)?.n ?? -1) + 1), [...wanted.values()])
    },
  }
}

/** Whatever is stored there. */
function nameOfGap(gap: Gap | null | undefined): string {
  return JSON.stringify([gap?.after, gap?.before])
}

function archiveOf({ table }: TableAccess): StorageTx['archive'] {
  const keysOf = (conversationId: ConversationId, segments: readonly string[]) => segments.map((segment) => [conversationId, segment])
  return {
    get: async (conversationId, segments) => (await table('archive').bulkGet(keysOf(conversationId, segments))).map((row) => (isRow(row) ? own(row, 'value') : undefined)),
    put: async (conversationId, rows) => void (await table('archive').bulkPut(rows.map(({ segment, value }) => ({ conversationId, segment, value })))),
    delete: (conversationId, segments) => table('archive').bulkDelete(keysOf(conversationId, segments)),
  }
}

function quarantineOf({ table, bad }: TableAccess): StorageTx['quarantine'] {
  return {
    // What this transaction came upon is moved there after it.
    list: async () => [...((await table('quarantine').toArray()) as QuarantinedRow[]), ...bad.map(({ entry }) => entry)],
    add: async (rows) => void (await table('quarantine').bulkAdd(rows)),
  }
}

function metaOf({ table }: TableAccess): StorageTx['meta'] {
  return {
    get: async <T>(key: string) => ((await table('meta').get(key)) as { readonly value: T } | undefined)?.value,
    put: async (key, value) => void (await table('meta').put({ key, value })),
    delete: (key) => table('meta').delete(key),
  }
}

/** Everything under a conversation in a key that begins with it: an array is greater than any number or text. */
function allOf(conversationId: ConversationId): [lower: IDBValidKey, upper: IDBValidKey] {
  return [[conversationId], [conversationId, []]]
}
