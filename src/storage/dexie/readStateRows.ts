/**
 * Read states, neighbours by id together in one row: a flood of receipts writes few rows, and a group of ten thousand is read in some hundreds.
 * A row is named by where it begins, holds everybody up to where the next begins, and is parted when it grows: no receipt writes more than a page.
 * Earlier versions wrote one row a member; such a row is taken for the beginning of one of these.
 */
import { firstIndex } from '../../model/firstIndex.js'
import type { ConversationId, UserId } from '../../model/index.js'
import type { MemberState } from '../../receipts/readState.js'
import { isText, listOf, own, type Row } from '../rows/fields.js'
import { packState, unpackState } from '../rows/packedState.js'
import { memberStateFault } from '../rows/rowFaults.js'
import type { StorageTx } from '../storage.js'
import type { RowCodec } from './rowCodec.js'
import { memberStateRow } from './otherRows.js'
import type { TableAccess } from './tableAccess.js'

/** Characters of a row's states before it is parted, and of each part. */
const MOST_CHARS = 8_192
const PART_CHARS = 4_096
/** Up to so many members are looked for one by one; for more, the names of all rows are read. */
const FEW = 4

/** Members in order, and the packed state of each. */
interface StateRow {
  /** Where it begins: its key. */
  readonly memberId: UserId
  readonly members: readonly UserId[]
  readonly states: readonly string[]
}

type ReadStates = Pick<StorageTx['readStates'], 'get' | 'getMany' | 'list' | 'put'>

export function readStatesOf(access: TableAccess): ReadStates {
  const books = new Map<ConversationId, Book>()
  function bookOf(conversationId: ConversationId): Book {
    const book = books.get(conversationId) ?? createBook(access, conversationId)
    books.set(conversationId, book)
    return book
  }
  return {
    get: async (conversationId, memberId) => stateIn(await bookOf(conversationId).rowFor(memberId), memberId),
    async getMany(conversationId, memberIds) {
      const rows = await bookOf(conversationId).rowsFor(memberIds)
      return memberIds.map((memberId, i) => stateIn(rows[i], memberId))
    },
    list: async (conversationId) => (await bookOf(conversationId).all()).flatMap((row) => row.members.flatMap((memberId, i) => unpackState(memberId, row.states[i]!) ?? [])),
    async put(conversationId, states) {
      const good = states.filter((state) => memberStateFault(state) === null)
      if (good.length < states.length) await access.put(memberStateRow(conversationId), states.filter((state) => !good.includes(state)))
      await bookOf(conversationId).put(good)
    },
  }
}

/** The rows of one conversation within one transaction; each is read once. */
interface Book {
  rowFor(memberId: UserId): Promise<StateRow | undefined>
  /** In the order of the ids. */
  rowsFor(memberIds: readonly UserId[]): Promise<readonly (StateRow | undefined)[]>
  all(): Promise<readonly StateRow[]>
  put(states: readonly MemberState[]): Promise<void>
}

function createBook({ table, one, many }: TableAccess, conversationId: ConversationId): Book {
  const codec = stateRow(conversationId)
  const rows = () => table('readStates')
  const upTo = (memberId?: UserId) => rows().where('[conversationId+memberId]').between([conversationId], [conversationId, memberId ?? []], true, true)
  /** By key; undefined where a row did not parse. */
  const known = new Map<UserId, StateRow | undefined>()
  /** Keys of the rows of members that were looked for. */
  const homes = new Map<UserId, UserId | undefined>()
  /** Where all rows begin, in order; null while not read. */
  let starts: UserId[] | null = null

  async function rowFor(memberId: UserId): Promise<StateRow | undefined> {
    if (!homes.has(memberId)) {
      const found = (await upTo(memberId).reverse().first()) as Pick<StateRow, 'memberId'> | undefined
      homes.set(memberId, found?.memberId)
      if (found && !known.has(found.memberId)) known.set(found.memberId, one(codec, found))
    }
    const home = homes.get(memberId)
    return home === undefined ? undefined : known.get(home)
  }

  async function rowsFor(memberIds: readonly UserId[]): Promise<readonly (StateRow | undefined)[]> {
    if (starts === null && memberIds.length <= FEW) return Promise.all(memberIds.map(rowFor))
    const begins = (starts ??= (await upTo().primaryKeys()).map((key) => (key as [string, UserId])[1]))
    for (const memberId of memberIds) homes.set(memberId, lastUpTo(begins, memberId))
    const wanted = [...new Set(memberIds.map((memberId) => homes.get(memberId)))].filter((home) => home !== undefined && !known.has(home)) as UserId[]
    const found = await rows().bulkGet(wanted.map((home) => [conversationId, home]))
    found.forEach((row, i) => known.set(wanted[i]!, one(codec, row)))
    return Promise.all(memberIds.map(rowFor))
  }

  async function put(states: readonly MemberState[]): Promise<void> {
    await rowsFor(states.map(({ memberId }) => memberId))
    const changed = new Map<UserId, Map<UserId, string>>()
    for (const state of states) {
      const home = homes.get(state.memberId) ?? FIRST
      const entries = changed.get(home) ?? new Map<UserId, string>()
      changed.set(home, entries.set(state.memberId, packState(state)))
    }
    // A row that did not parse is written over.
    const written = [...changed].flatMap(([home, entries]) => parted(withEntries(known.get(home) ?? { memberId: home, members: [], states: [] }, entries)))
    for (const row of written) known.set(row.memberId, row)
    await rows().bulkPut(written.map((row) => codec.encode(row)))
    if (written.every(({ memberId }) => memberId !== FIRST && changed.has(memberId))) return
    // Some rows begin where none did.
    homes.clear()
    starts = null
  }

  /** Two that were begun together must not each change what the other has not written yet. */
  let turn: Promise<unknown> = Promise.resolve()
  function putInTurn(states: readonly MemberState[]): Promise<void> {
    const mine = turn.then(() => put(states))
    turn = mine.catch(() => {})
    return mine
  }

  return { rowFor, rowsFor, put: putInTurn, all: async () => many(codec, await upTo().toArray()) }
}

/** The row of everybody before all others. */
const FIRST = ''

function stateRow(conversationId: ConversationId): RowCodec<StateRow> {
  return {
    table: 'readStates',
    encode: (row) => ({ conversationId, ...row }),
    decode: decodeRow,
    keyOf: (row) => [row['conversationId'], row['memberId']] as IDBValidKey,
    fault: (value) => {
      const { members, states } = value as { readonly members: unknown; readonly states: unknown }
      if (members === undefined) return memberStateFault(states)
      return areTexts(members) && areTexts(states) && members.length === states.length ? null : 'members is an unfit list'
    },
  }
}

const areTexts = listOf(isText) as (value: unknown) => value is readonly string[]

function decodeRow(row: Row): unknown {
  const memberId = own(row, 'memberId')
  const members = own(row, 'members')
  if (members !== undefined) return { memberId, members, states: own(row, 'states') }
  const value = own(row, 'value')
  // Without members it is no row, and its fault is that of the value.
  return memberStateFault(value) === null ? { memberId, members: [memberId], states: [packState(value as MemberState)] } : { memberId, states: value }
}

function stateIn(row: StateRow | undefined, memberId: UserId): MemberState | undefined {
  const place = row === undefined ? -1 : row.members.indexOf(memberId)
  return place < 0 ? undefined : (unpackState(memberId, row!.states[place]!) ?? undefined)
}

function withEntries({ memberId, members, states }: StateRow, entries: ReadonlyMap<UserId, string>): StateRow {
  const all = new Map(members.map((member, i) => [member, states[i]!]))
  for (const [member, state] of entries) all.set(member, state)
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1))
  return { memberId, members: sorted.map(([member]) => member), states: sorted.map(([, state]) => state) }
}

/** The row itself, or as many as it has to be parted into; the first keeps its name. */
function parted(row: StateRow): readonly StateRow[] {
  const charsOf = (i: number) => row.members[i]!.length + row.states[i]!.length
  const total = row.members.reduce((sum, _, i) => sum + charsOf(i), 0)
  if (total <= MOST_CHARS) return [row]
  const parts: StateRow[] = []
  for (let from = 0, to = 0; from < row.members.length; from = to) {
    let chars = charsOf(to++)
    while (to < row.members.length && chars + charsOf(to) <= PART_CHARS) chars += charsOf(to++)
    parts.push({ memberId: from === 0 ? row.memberId : row.members[from]!, members: row.members.slice(from, to), states: row.states.slice(from, to) })
  }
  return parts
}

/** The last of sorted texts that is not after `text`. */
function lastUpTo(sorted: readonly string[], text: string): string | undefined {
  return sorted[firstIndex(sorted, (other) => other > text) - 1]
}
