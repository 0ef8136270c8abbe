/**
 * What leads to each kind of `meta` row, done by the real client on a golden database: so the rows in it are such as the code writes.
 * A kind that is new needs a deed here, and its row in the newest golden file; `metaKinds.test.ts` says which.
 */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, TransportError, type ChatClient, type Draft, type IncomingMessage, type Keepsakes, type TransportEvent } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from '../sync/scriptedTransport.js'
import { faultyFactory, type FaultyFactory } from './faultyFactory.js'
import { dumpGolden, layGolden, type Golden } from './goldenDatabases.js'

/** Where they are done: what lies in the others stays as it is. */
const PLACES: readonly unknown[] = ['k', 'g']
const GROUP = { id: 'k', kind: 'group', members: ['me', 'ada', 'bo'], title: 'Kite' } as const
const NOW = 1_767_300_000_000
const HOUR_MS = 3_600_000
const at = (order: number, epoch = 0) => ({ epoch, order, id: `k${order}` })
const incoming = (order: number, changes: object = {}) => ({ conversationId: 'k', id: `k${order}`, at: at(order), from: 'bo', localId: `l${order}`, time: 1_700_000_000_000 + order, body: { kind: 'text', text: `text ${order}` }, ...changes }) as IncomingMessage
const member = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })

interface Life {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  tell(...events: readonly TransportEvent[]): void
  /** Until what was done and told is stored. */
  settle(): Promise<void>
}

/** The rows that these deeds leave behind: all of `meta`, what was put aside, and of the other tables those of the conversations in which they are done. */
export async function rowsByDeeds(golden: Golden): Promise<Record<string, readonly unknown[]>> {
  const factory = faultyFactory()
  const map = new Map<string, string>()
  const keepsakes: Keepsakes = { get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) }
  await live(faultyFactory(), keepsakes, WITH_HISTORY, 0, chooses)
  map.delete('readback/me/marker')
  await layGolden(factory, before(golden))
  let startMs = 0
  for (const [wire, deeds] of [[WITH_HISTORY, hears], [WITH_HISTORY, isRestored], [IN_ORDER, prunes], [WITHOUT_HISTORY, isAway]] as const) await live(factory, keepsakes, wire, (startMs += HOUR_MS), deeds)
  const { rows } = await dumpGolden(factory)
  return { ...Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, all.filter(isOfDeeds)])), meta: [...rows['meta']!, ...(await afterLoss())], quarantine: rows['quarantine']! }
}

/** Whose outbox was torn. */
function before({ rows, ...golden }: Golden): Golden {
  const others = Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, all.filter((row) => !isOfDeeds(row))]))
  return { ...golden, rows: { ...others, meta: [], quarantine: [], outbox: others['outbox']!.map((row) => ({ ...(row as object), attempts: 'torn' })) } }
}

function isOfDeeds(row: unknown): boolean {
  const { conversationId, id } = row as { readonly conversationId?: unknown; readonly id?: unknown }
  return PLACES.includes(conversationId ?? id)
}

const WITH_HISTORY = () => Object.assign(scriptedTransport({ dense: false, catchUp: 'none' }), {
  history: async (id: string) => ({ messages: id === 'k' ? [incoming(12)] : [], contiguousTo: null }),
})
const IN_ORDER = () => scriptedTransport({ dense: false, inOrder: true, catchUp: 'cursor' })
const refuse = async (): Promise<never> => {
  throw new TransportError('transport/server', 'Not now.', { stored: 'no', retry: { afterMs: 60_000 } })
}
const WITHOUT_HISTORY = () => Object.assign(scriptedTransport({ dense: false, inOrder: true, history: false, catchUp: 'none' }), {
  // Of one conversation alone it takes something.
  answer: async (draft: Draft) => (draft.conversation.id === 'g' ? { localId: draft.localId, id: 'g30', at: { ...at(30), id: 'g30' }, time: NOW } : refuse()),
  report: refuse, edit: refuse, recall: refuse, delete: refuse, react: refuse, readStates: () => new Promise<never>(() => {}),
})

/** What was chosen before the browser threw the rows away. */
async function chooses({ client, tell, settle }: Life): Promise<void> {
  for (const id of ['k', 'gone']) await client.ensureConversation({ ...GROUP, id })
  tell({ type: 'message', message: incoming(1) })
  await settle()
  await client.setReceipts('private')
  await client.setReceipts('off', 'gone')
  await client.setReceipts('public')
  await settle()
}

async function hears({ client, wire, tell, settle }: Life): Promise<void> {
  await client.ensureConversation(GROUP)
  await client.setReceipts('public')
  tell({ type: 'conversation', conversation: { id: 'k', kind: 'group', members: ['me', 'ada', 'bo'].map(member), rosterComplete: true } }, { type: 'cursor', cursor: 'c18' })
  for (const order of [1, 2, 3, 4, 5]) tell({ type: 'message', message: incoming(order) })
  // None that can be shown.
  tell({ type: 'message', message: incoming(13, { body: null }) })
  // Stored twice by the server: of bo, and of mine.
  tell({ type: 'message', message: incoming(14) }, { type: 'message', message: incoming(15, { localId: 'l14' }) })
  tell({ type: 'message', message: incoming(10, { from: 'me', localId: 'mine' }) }, { type: 'message', message: incoming(11, { from: 'me', localId: 'mine' }) })
  await settle()
  // Answered without a time, before what others wrote has come.
  wire.answer = async ({ localId }) => ({ localId, id: 'k30', at: at(30) })
  await client.send('k', { body: { kind: 'text', text: 'thirty' } })
  await settle()
}

/** A server that is restored, and busy. */
async function isRestored({ client, wire, tell, settle }: Life): Promise<void> {
  wire.answer = async () => {
    throw new TransportError('transport/rateLimited', 'Busy.', { stored: 'no', retry: { afterMs: 60_000 } })
  }
  tell({ type: 'gap', conversationId: 'k', after: at(15), before: at(29) }, { type: 'reset', conversationId: 'k', epoch: 1 })
  await client.send('k', { body: { kind: 'text', text: 'busy' } })
  await settle()
}

async function prunes({ client, wire, tell, settle }: Life): Promise<void> {
  await client.delete('k', 'k2', { for: 'me' })
  await client.markRead(client.messages('k').getSnapshot().messages)
  await settle()
  await client.pruneHistory('k', { before: 1_700_000_000_005 })
  wire.answer = async ({ localId }) => ({ localId, id: 'k40', at: { ...at(1, 1), id: 'k40' }, time: NOW })
  await client.send('k', { body: { kind: 'text', text: 'forty' } })
  await settle()
  const read = { type: 'receipt', conversationId: 'k', kind: 'read', visibility: 'published', time: NOW } as const
  tell({ ...read, by: 'bo', upTo: at(10) }, { ...read, by: 'ada', ranges: [{ from: at(10), to: at(12) }] }, { ...read, by: 'bo', ids: ['k99'] })
  await settle()
}

/** Away from a wire that keeps nothing, and that takes nothing now; and signed out. */
async function isAway({ client, tell, settle }: Life): Promise<void> {
  tell({ type: 'state', state: { status: 'offline', reason: 'network' } })
  tell({ type: 'state', state: { status: 'online' } })
  tell({ type: 'message', message: incoming(20, { conversationId: 'g', id: 'g20', at: { ...at(20), id: 'g20' } }) })
  tell({ type: 'message', message: incoming(9, { id: 'k50', localId: 'l50', at: { ...at(2, 1), id: 'k50' } }) }, { type: 'reset', conversationId: 'k', epoch: 2 })
  await settle()
  await client.send('k', { body: { kind: 'text', text: 'unanswered' } })
  await client.send('g', { body: { kind: 'text', text: 'answered first' } })
  // While one of mine has no answer, what is told of an unknown message may be of it.
  tell({ type: 'edited', conversationId: 'k', id: 'k60', body: { kind: 'text', text: 'edited' }, time: NOW }, { type: 'reacted', conversationId: 'k', id: 'k60', reaction: { emoji: '+', by: 'bo' }, on: true })
  await client.edit('k', 'k10', { kind: 'text', text: 'edited' })
  await client.recall('k', 'k40')
  await client.react('k', 'k14', '+', true)
  const messages = client.messages('k').getSnapshot().messages.filter(({ ids }) => ids.includes('k50'))
  await client.markRead(messages, 'read', { content: 'agreed' })
  await settle()
  await client.delete('k', 'k10', { for: 'all' })
  await settle()
  await client.signOut({ data: 'keep' })
}

/** The same in each run. */
function randomOf(name: string): { next(): number; id(): string } {
  let n = 0
  return { next: () => 0.5, id: () => `${name}${(n += 1)}` }
}

async function live(factory: FaultyFactory, keepsakes: Keepsakes, wireOf: () => ScriptedTransport, startMs: number, deeds: (life: Life) => Promise<void>): Promise<void> {
  const wire = wireOf()
  const clock = createFakeClock(NOW + startMs)
  const client = createChatClient({
    userId: 'me', transport: wire, storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock }),
    ports: { clock, locks: null, openChannel: () => null, keepsakes, random: randomOf(deeds.name), visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} } },
  })
  const settle = async () => {
    for (let step = 0; step < 20; step++) {
      await clock.advanceAsync(50)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const started = client.start()
  await vi.waitFor(() => settle().then(() => { if (client.getState().phase !== 'running') throw new Error('It does not start.') }), 30_000)
  await started
  client.messages('k').subscribe(() => {})
  await settle()
  await deeds({ client, wire, settle, tell: (...events) => events.forEach((event) => wire.emit(event)) })
  const ended = client.dispose()
  await settle()
  await ended
}

/** As Chromium tells it. Whoever starts next tells of it and takes the row away. */
async function afterLoss(): Promise<readonly { key: string; value: unknown }[]> {
  const factory = faultyFactory()
  const open = factory.indexedDB.open.bind(factory.indexedDB)
  factory.indexedDB.open = (...args) => {
    const request = open(...args)
    request.addEventListener('upgradeneeded', (event) => Object.assign(event, { dataLoss: 'total', dataLossMessage: 'CURRENT file does not end with newline' }))
    return request
  }
  const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange })
  await storage.open('me')
  await storage.close()
  return (await dumpGolden(factory)).rows['meta'] as { key: string; value: unknown }[]
}
