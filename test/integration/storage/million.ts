/** Runs in a page: fills a database with messages, and says what opening it, paging and jumping cost: in requests to the database and rows read, which no busy machine changes. */
import { createChatClient, type Conversation, type Message, type MessageSource, type OwnState, type Progress } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { httpWire } from './wire.js'

const BATCH = 1_000
const MINUTE_MS = 60_000
const START = 1_700_000_000_000
/** Unread in each of the other conversations. */
const UNREAD = 3
/** Conversations whose count is not known any more: it is counted anew with the next reading. */
const UNCOUNTED = 20
/** The newest of a group that were read one by one, though nothing before them was: a count steps over them. */
const READ_ONE_BY_ONE = 5_000
/** Messages of that group in a database of so many. */
const wornBy = (messages: number) => READ_ONE_BY_ONE + Math.floor(messages / 5)

const idOf = (n: number) => `m${n}`
const at = (order: number) => ({ epoch: 0, order, id: idOf(order) })
const row = (conversationId: string, order: number): Message => ({
  conversationId, from: 'ada', localId: `${conversationId}-${order}`, ids: [`${conversationId}-${order}`], at: { ...at(order), id: `${conversationId}-${order}` }, time: START + order * MINUTE_MS, body: { kind: 'text', text: `Message ${order} of ${conversationId}` },
})

interface Cost {
  readonly requests: number
  readonly rows: number
  readonly ms: number
}

const counted = { requests: 0, rows: 0 }

/** Every request that reads, counted with the rows it brought. */
function countRequests(): void {
  for (const prototype of [IDBObjectStore.prototype, IDBIndex.prototype]) {
    for (const name of ['get', 'getAll', 'getKey', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'] as const) {
      const native = prototype[name] as (...args: unknown[]) => IDBRequest
      Object.defineProperty(prototype, name, {
        value(this: unknown, ...args: unknown[]) {
          const request = native.apply(this, args)
          counted.requests++
          request.addEventListener('success', () => (counted.rows += Array.isArray(request.result) ? request.result.length : 1))
          return request
        },
      })
    }
  }
}

async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const before = { ...counted }
  const started = performance.now()
  await run()
  return { requests: counted.requests - before.requests, rows: counted.rows - before.rows, ms: Math.round((performance.now() - started) * 10) / 10 }
}

export async function fill(user: string, messages: number, conversations: number): Promise<void> {
  const storage = dexieStorage({ writeTimeoutMs: 120_000 })
  await storage.open(user)
  const write = async (conversationId: string, from: number, to: number) =>
    storage.write((tx) => tx.messages.put(Array.from({ length: to - from }, (_, i) => row(conversationId, from + i))))
  const worn = wornBy(messages)
  for (const [id, count] of [['long', messages], ['worn', worn]] as const) {
    for (let n = 1; n <= count; n += BATCH) await write(id, n, Math.min(n + BATCH, count + 1))
  }
  for (let c = 0; c < conversations; c += 100) {
    const ids = Array.from({ length: Math.min(100, conversations - c) }, (_, i) => `c${c + i}`)
    await storage.write(async (tx) => {
      await tx.messages.put(ids.flatMap((id) => Array.from({ length: UNREAD }, (_, i) => row(id, i + 1))))
      await tx.conversations.put(ids.map((id, i) => conversation(id, UNREAD, c + i < UNCOUNTED ? 99 : UNREAD)))
    })
  }
  await storage.write(async (tx) => {
    await tx.conversations.put([conversation('long', messages, 99), conversation('worn', worn, 99)])
    // Everything read but the newest page and a half.
    await tx.readStates.putOwn('long', ownStateOf({ upTo: row('long', messages - 100).at, ranges: [] }))
    // The newest is unread, and what was before the first is not here.
    await tx.readStates.putOwn('worn', ownStateOf({ upTo: null, ranges: [{ from: row('worn', worn - READ_ONE_BY_ONE).at!, to: row('worn', worn - 1).at! }] }))
    await tx.gaps.replace('worn', [{ conversationId: 'worn', after: null, before: row('worn', 1).at }])
  })
  await storage.close()
}

const NONE: Progress = { upTo: null, ranges: [] }

function ownStateOf(read: Progress): OwnState {
  const by = { delivered: read, read, viewed: NONE }
  return { synced: by, wanted: by, acked: { published: by, ownDevices: by }, publishFloor: null }
}

function conversation(id: string, count: number, unread: number): Conversation {
  const lastMessage = row(id, count)
  return { id, kind: 'group', head: lastMessage.at, lastMessage, lastActivityAt: lastMessage.time, unread: { count: unread, exact: unread < 99 }, manualUnread: { rev: 0, on: false }, rosterComplete: true }
}

/** What each step cost; throws when it did not show what it should. */
export async function measure(user: string, messages: number): Promise<Record<string, Cost>> {
  countRequests()
  const client = createChatClient({ userId: user, transport: httpWire('million'), storage: dexieStorage({ writeTimeoutMs: 120_000 }) })
  const costs: Record<string, Cost> = {}
  costs['list of conversations with their unread'] = await costOf(() => client.start())
  const { conversations } = client.getState()
  const unreadOf = (id: string) => client.getState().conversations.find((each) => each.id === id)?.unread
  expect(conversations.filter(({ unread }) => unread?.exact && unread.count === UNREAD).length === conversations.length - 2 - UNCOUNTED, 'unread of each conversation')
  await idle()
  const source = client.messages('long')
  costs['open at the first unread'] = await costOf(async () => {
    source.subscribe(() => {})
    await until(() => source.getSnapshot().status === 'ready')
  })
  expect(source.getSnapshot().messages.some(({ at: place }) => place?.order === messages - 99), 'the first unread on screen')
  await idle()
  costs['20 pages back'] = await costOf(async () => {
    for (let page = 0; page < 20; page++) await source.loadOlder!()
  })
  expect(first(source) <= messages - 1_000 || first(source) === 1, 'a thousand older ones')
  expect(source.getSnapshot().messages.length <= 400, 'a bounded window')
  await idle()
  costs['jump to a date'] = await costOf(() => source.loadAround!({ time: START + Math.floor(messages / 2) * MINUTE_MS }))
  expect(source.getSnapshot().messages.some(({ at: place }) => place?.order === Math.floor(messages / 2)), 'the message of that minute')
  await idle()
  costs['read the first unread of a hundred'] = await costOf(() => client.markRead([row('long', messages - 99)]))
  expect(isCount(unreadOf('long'), 99, true), 'one less than a hundred')
  await idle()
  costs['read the newest, after 5,000 read one by one'] = await costOf(() => client.markRead([row('worn', wornBy(messages))]))
  expect(isCount(unreadOf('worn'), 99, false), 'more than a hundred before those')
  await idle()
  const uncounted = Array.from({ length: UNCOUNTED }, (_, i) => `c${i}`)
  costs[`read one in each of ${UNCOUNTED} conversations that are counted anew`] = await costOf(() => client.markRead(uncounted.map((id) => row(id, UNREAD))))
  expect(uncounted.every((id) => isCount(unreadOf(id), UNREAD - 1, true)), 'their count, as their rows are')
  await client.stop()
  return costs
}

const isCount = (unread: Conversation['unread'] | undefined, count: number, exact: boolean) => unread?.count === count && unread.exact === exact

const first = (source: MessageSource) => source.getSnapshot().messages[0]!.at!.order

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not there: ${what}`)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Until nothing else asks the database. */
async function idle(): Promise<void> {
  for (let quiet = 0, seen = counted.requests; quiet < 10; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 30))
    if (counted.requests !== seen) quiet = 0
    seen = counted.requests
  }
}
