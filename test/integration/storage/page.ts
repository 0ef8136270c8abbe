/** What runs in each tab: a real client over the real database, driven from outside through `tab`. */
import { createChatClient, messageKey, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { fill, measure } from './million.js'
import { httpWire, userOf } from './wire.js'

declare global {
  /** Given by the runner: reaches it before the next line runs, whatever becomes of the page. */
  var announce: ((text: string) => void) | undefined
  var tab: typeof api
  var failures: string[]
}

const name = `${Math.random().toString(36).slice(2)}`
const user = userOf()
const PAIR = { id: 'pair', kind: 'group', members: [user, 'ada'] } as const
/** One in so many is left unread, where some are. */
const APART = 5
const say = (text: string) => ({ body: { kind: 'text', text } as const })

globalThis.failures = []
addEventListener('unhandledrejection', (event) => failures.push(String(event.reason)))
addEventListener('error', (event) => failures.push(event.message))

const storage = dexieStorage()
const client = createChatClient({ userId: user, transport: httpWire(name), storage, policy: { flushMs: 10, maxFlushMs: 20 } })
client.on('error', (error) => failures.push(error.message))

/** Transactions of this page that have not ended, as far as it has heard. */
const underWay = new Set<IDBTransaction>()
const begin = IDBDatabase.prototype.transaction
IDBDatabase.prototype.transaction = function (...args: Parameters<typeof begin>) {
  const transaction = begin.apply(this, args)
  underWay.add(transaction)
  for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => underWay.delete(transaction))
  return transaction
}

/** What Chromium says, beside the standard, when it found its files torn and threw them away. */
interface Loss {
  readonly dataLoss?: string
  readonly dataLossMessage?: string
}

/** Tells of every database that is made or upgraded: one that is made anew where there was one tells who lost the old one. */
const openDatabase = IDBFactory.prototype.open
IDBFactory.prototype.open = function (...args: Parameters<typeof openDatabase>) {
  const request = openDatabase.apply(this, args)
  request.addEventListener('upgradeneeded', (event) => {
    const { oldVersion, newVersion, dataLoss, dataLossMessage } = event as IDBVersionChangeEvent & Loss
    announce?.(JSON.stringify({ user, upgraded: { database: args[0], oldVersion, newVersion, dataLoss, dataLossMessage } }))
  })
  return request
}

let stopWriting = false
/** Messages written so far, by label. */
const written = new Map<string, number>()
let holding = false
let old: IDBDatabase | null = null
let shown: readonly Message[] = []

const api = {
  name,
  async start() {
    await client.ensureConversation(PAIR)
    await client.start()
    const source = client.messages(PAIR.id)
    source.subscribe(() => {
      shown = source.getSnapshot().messages
    })
  },
  /** Milliseconds from asking for the client to its saying how its database is: usable, or why not. */
  async startTimed() {
    const began = performance.now()
    return new Promise<number>((resolve, reject) => {
      const stop = client.subscribe(() => {
        const { phase, storage: { status } } = client.getState()
        if (phase !== 'running' && status !== 'blocked' && status !== 'memory') return
        stop()
        resolve(performance.now() - began)
      })
      api.start().catch(reject)
    })
  },
  state: async () => ({
    phase: client.getState().phase,
    connection: client.getState().connection.status,
    storage: client.getState().storage.status,
    pending: client.getState().pendingCount,
    leader: client.getState().phase === 'running' && (await client.diagnostics()).leader,
    shown: shown.length,
    failures,
  }),
  isBusy: () => underWay.size > 0,
  texts: () => shown.map(({ body }) => (body.kind === 'text' ? body.text : '')),
  /** Sends `count` messages one after another; each is announced once the kit has promised that it is kept. */
  async send(count: number, label = name) {
    for (let n = 0; n < count; n++) {
      const i = written.get(label) ?? 0
      written.set(label, i + 1)
      const localId = await client.send(PAIR.id, say(`${label} ${i}`))
      announce?.(JSON.stringify({ user, tab: name, localId, label, i }))
    }
  },
  unread: () => client.getState().conversations.find(({ id }) => id === PAIR.id)?.unread ?? { count: 0, exact: true },
  readNewest: (count: number) => client.markRead(shown.filter(({ from, at }) => from !== user && at !== null).slice(-count)),
  /** Reads what is shown, but for so many of the newest: with others between them that are read. */
  readAllBut(count: number) {
    const theirs = shown.filter(({ from, at }) => from !== user && at !== null)
    return client.markRead(theirs.filter((_, i) => {
      const age = theirs.length - 1 - i
      return age % APART !== 0 || age / APART >= count
    }))
  },
  /** All at once, as a gun goes off in every tab. */
  awaitGun(count: number, label: string) {
    const channel = new BroadcastChannel(`gun-${user}`)
    channel.addEventListener('message', () => {
      channel.close()
      void api.send(count, label).catch((error: unknown) => failures.push(String(error)))
    })
  },
  fireGun() {
    const channel = new BroadcastChannel(`gun-${user}`)
    channel.postMessage('go')
    channel.close()
  },
  /** Writes and reads without pause until the page is no more. */
  async writeForEver() {
    const read = new Set<string>()
    const reading = async () => {
      while (!stopWriting) {
        const fresh = shown.filter((row) => row.from !== user && row.at !== null && !read.has(messageKey(row))).slice(0, 3)
        if (fresh.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
        else await client.markRead(fresh)
        for (const row of fresh) {
          read.add(messageKey(row))
          announce?.(JSON.stringify({ user, tab: name, read: row.at }))
        }
      }
    }
    await Promise.all([api.send(1_000_000), api.send(1_000_000, `${name}b`), reading()])
  },
  stopWriting() {
    stopWriting = true
  },
  /** What the screen knows, without a look at the database. */
  shownState() {
    const { phase, storage: { status } } = client.getState()
    return { phase, storage: status }
  },
  /** What the database holds, read before anything is started. */
  async audit() {
    await storage.open(user)
    const state = storage.getState()
    const found = await storage.read(async (tx) => {
      const rows = await tx.messages.page({ conversationId: PAIR.id, limit: 1_000_000 })
      return {
        rows: [...rows, ...(await tx.messages.echoes(PAIR.id))],
        outbox: await tx.outbox.list(),
        own: await tx.readStates.getOwn(PAIR.id),
        quarantined: (await tx.quarantine.list()).length,
      }
    })
    await storage.close()
    return { ...found, state, databases: await indexedDB.databases() }
  },
  /** Half a megabyte that cannot be packed smaller. */
  sendLarge: () => client.send(PAIR.id, say(Array.from({ length: 8 }, () => Array.from(crypto.getRandomValues(new Uint16Array(32_000)), (n) => String.fromCharCode(n & 0x7fff)).join('')).join(''))),
  /** As a tab with an older version of an app that does not listen for a newer one. */
  async holdOldVersion() {
    old = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(`readback/${user}`, 1)
      request.onsuccess = () => resolve(request.result)
    })
  },
  letGoOldVersion: () => old?.close(),
  /** A transaction that does not end, as that of a tab frozen in the middle of it. */
  async holdTables() {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(`readback/${user}`)
      request.onsuccess = () => resolve(request.result)
    })
    holding = true
    const store = database.transaction([...database.objectStoreNames], 'readwrite').objectStore('meta')
    const spin = () => {
      if (holding) store.get('x').onsuccess = spin
      else database.close()
    }
    await new Promise<void>((resolve) => {
      store.get('x').onsuccess = () => {
        spin()
        resolve()
      }
    })
  },
  letGo() {
    holding = false
  },
  stop: () => client.stop(),
  fill: (messages: number, conversations: number) => fill(user, messages, conversations),
  measure: (messages: number) => measure(user, messages),
}
globalThis.tab = api
