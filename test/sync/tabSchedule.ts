/**
 * Two tabs of one account, with real clients over one real database (Dexie on fake-indexeddb), through a random schedule:
 * they write, read, freeze, crash, are opened again, are robbed of the lock or both given it, and lose the network and each other's news. All chance comes from one seed.
 */
import { loadEngine } from '../../src/client/loadEngine.js'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type Keepsakes, type Message, type TabChannel, type Transport, type TransportEvent } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { fakeLocks, type FakeBrowserLocks, type FakeTabLocks } from './fakeLocks.js'

export const PAIR = { id: 'c', kind: 'direct', members: ['me', 'bo'] } as const

export interface Tab {
  readonly client: ChatClient
  readonly clock: FakeClock
  readonly locks: FakeTabLocks
  readonly transport: Transport
  readonly gate: Gate
  readonly browserSide: BrowserSide
  readonly shown: () => readonly Message[]
  written: number
  label: string
}

/** What stands between a tab and the world: closed while it is frozen, never open again once it crashed. */
export interface Gate {
  closed: boolean
  dead: boolean
  waiting: (() => void)[]
  pass(): Promise<void>
}

function createGate(): Gate {
  const gate: Gate = {
    closed: false, dead: false, waiting: [],
    pass: () => (gate.dead ? new Promise(() => {}) : gate.closed ? new Promise((resolve) => gate.waiting.push(resolve)) : Promise.resolve()),
  }
  return gate
}

/** Databases as one tab is given them; closed by the browser when it dies. */
export interface BrowserSide {
  readonly indexedDB: IDBFactory
  /** What stands beside the databases. Absent: nothing can. */
  readonly keepsakes?: Keepsakes
  end(): void
}

export interface ScheduleResult {
  readonly faults: readonly string[]
  readonly log: readonly string[]
}

export async function runSchedule(seed: number, steps = 20): Promise<ScheduleResult> {
  // A client's first start loads it, in real time; the schedule's own clock must not wait for that.
  await loadEngine()
  const random = mulberry(seed)
  const world = createWorld(random)
  const log: string[] = []
  const complaints: string[] = []
  const kept: { readonly label: string; readonly text: string }[] = []
  const tabs: (Tab | null)[] = [await world.open(complaints), await world.open(complaints)]
  let posted = 0

  const deeds: Readonly<Record<string, (slot: 0 | 1, tab: Tab) => Promise<unknown> | unknown>> = {
    send(_, tab) {
      const text = `${tab.label} ${tab.written++}`
      void tab.client.send(PAIR.id, { body: { kind: 'text', text } }).then(() => kept.push({ label: tab.label, text }), () => {})
    },
    hear: () => world.hub.post({ conversationId: PAIR.id, from: 'bo', body: `bo ${posted++}` }),
    read: (_, tab) => void tab.client.markRead(tab.shown().filter(({ from, at }) => from === 'bo' && at !== null).slice(-2)).catch(() => {}),
    freeze: (_, tab) => world.freeze(tab),
    wake: (_, tab) => world.wake(tab),
    async crash(slot, tab) {
      world.crash(tab)
      tabs[slot] = await world.open(complaints)
    },
    steal: () => world.steal(),
    doubled: () => void (world.browser.giveToAll = true),
    single: () => void (world.browser.giveToAll = false),
    offline: () => world.hub.setOnline('me', false),
    online: () => world.hub.setOnline('me', true),
    lostAnswer: () => void world.hub.faults.add({ on: 'send', do: 'dropAnswer', times: 1 }),
    wait: () => world.pass(tabs, 1_000 + random() * 4_000),
  }
  const names = ['send', 'send', 'send', 'send', 'hear', 'read', 'freeze', 'wake', 'wake', 'crash', 'offline', 'online', 'online', 'lostAnswer', 'wait', 'wait', 'steal', 'doubled', 'single', 'single']
  for (let step = 0; step < steps; step++) {
    const name = names[Math.floor(random() * names.length)]!
    const slot = random() < 0.5 ? 0 : 1
    log.push(`${slot} ${name}`)
    await deeds[name]!(slot, tabs[slot]!)
    await world.pass(tabs, random() * 400)
  }
  for (const tab of tabs) world.wake(tab!)
  world.browser.giveToAll = false
  world.hub.setOnline('me', true)
  world.hub.faults.clear()
  const faults = await world.quiesce(tabs as Tab[], kept)
  for (const tab of tabs) await Promise.race([tab!.client.dispose(), world.pass(tabs, 6_000)])
  await world.hub.dispose()
  return { faults: [...faults, ...complaints], log }
}

/** @param sideOf - what stands between a tab and the databases; absent: nothing, and they stay open when it dies */
export function createWorld(random: () => number, sideOf?: (indexedDB: IDBFactory, gate: Gate, build: string) => BrowserSide) {
  const indexedDB = new IDBFactory()
  const browser: FakeBrowserLocks = fakeLocks()
  const hubClock = createFakeClock()
  const hub: Hub = memoryHub({ clock: hubClock, answerTimeoutMs: 1_000 })
  const channels = new Set<{ readonly name: string; readonly hear: (message: unknown) => void }>()
  const all = new Set<Tab>()
  /** Of locks that were asked for. */
  const names = new Set<string>()
  let opened = 0

  /** News between tabs: late in a frozen tab, and now and then lost. */
  function openChannel(gate: Gate, name: string): TabChannel {
    const listeners = new Set<(message: unknown) => void>()
    const own = { name, hear: (message: unknown) => listeners.forEach((listener) => listener(message)) }
    channels.add(own)
    return {
      post(message) {
        if (gate.dead) return
        const copy = structuredClone(message)
        for (const other of channels) if (other !== own && other.name === name && random() > 0.05) setImmediate(() => other.hear(copy))
      },
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close: () => channels.delete(own),
    }
  }

  async function open(complaints: string[], build = ''): Promise<Tab> {
    const gate = createGate()
    const browserSide = sideOf?.(indexedDB, gate, build) ?? { indexedDB, end() {} } satisfies BrowserSide
    const clock = createFakeClock()
    const locks = browser.tab()
    const raw = hub.transport()
    const label = `t${opened++}`
    const client = createChatClient({
      userId: 'me', transport: behind(gate, raw), storage: storageBehind(gate, dexieStorage({ indexedDB: browserSide.indexedDB, IDBKeyRange, clock })), policy: { flushMs: 50, maxFlushMs: 100 },
      ports: {
        clock, locks: { request: (name, options, hold) => (names.add(name), locks.request(name, options, hold)) }, keepsakes: browserSide.keepsakes ?? null, openChannel: (name) => openChannel(gate, name),
        random: { next: random, id: () => `${label}-${Math.floor(random() * 2 ** 40)}` },
        visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} },
      },
    })
    client.on('error', (error) => complaints.push(`${label} ${error.code}: ${error.message}`))
    const source = client.messages(PAIR.id)
    const tab: Tab = { client, clock, locks, transport: raw, gate, browserSide, label, written: 0, shown: () => source.getSnapshot().messages }
    all.add(tab)
    void client.ensureConversation(PAIR)
    const started = client.start().catch((error: unknown) => complaints.push(`${label}: ${String(error)}`))
    for (let round = 0; round < 40 && client.getState().phase !== 'running'; round++) await pass([tab], 100)
    await Promise.race([started, pass([tab], 1_000)])
    source.subscribe(() => {})
    return tab
  }

  async function pass(tabs: readonly (Tab | null)[], ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      hubClock.advance(Math.min(left, 250))
      for (const tab of tabs) if (tab && !tab.gate.closed && !tab.gate.dead) tab.clock.advance(Math.min(left, 250))
      await turns(12)
    }
  }

  async function quiesce(tabs: readonly Tab[], kept: readonly { readonly label: string; readonly text: string }[]): Promise<string[]> {
    const server = () => hub.log(PAIR.id).map(({ body }) => (body as { text: string }).text)
    const views = () => tabs.map((tab) => tab.shown().map(({ body }) => (body as { text: string }).text))
    const unread = () => new Set(tabs.map((tab) => tab.client.getState().conversations[0]?.unread?.count))
    const isDone = () => unread().size === 1 && kept.every(({ text }) => server().includes(text)) && views().every((texts) => texts.slice(-MAX_SHOWN).join('\n') === server().slice(-MAX_SHOWN).join('\n')) && tabs.every((tab) => tab.client.getState().pendingCount === 0)
    for (let round = 0; round < 240 && !isDone(); round++) await pass(tabs, 500)
    const faults: string[] = []
    const texts = server()
    if (new Set(texts).size !== texts.length) faults.push(`twice at the hub: ${texts.join(', ')}`)
    const lost = kept.filter(({ text }) => !texts.includes(text))
    if (lost.length > 0) faults.push(`lost: ${lost.map(({ text }) => text).join(', ')}`)
    for (const label of new Set(kept.map((each) => each.label))) {
      const numbers = texts.filter((text) => text.startsWith(`${label} `)).map((text) => Number(text.split(' ')[1]))
      if (numbers.some((n, i) => i > 0 && n < numbers[i - 1]!)) faults.push(`out of order: ${label} ${numbers.join(' ')}`)
    }
    views().forEach((shown, i) => {
      if (shown.slice(-MAX_SHOWN).join() !== texts.slice(-MAX_SHOWN).join()) faults.push(`tab ${i} shows ${shown.join()} instead of ${texts.join()}`)
    })
    if (tabs.some((tab) => tab.client.getState().pendingCount > 0)) faults.push('the outbox is not empty')
    if (unread().size > 1) faults.push(`unread differs: ${[...unread()].join()}`)
    return faults
  }

  return {
    hub, browser, indexedDB, open, pass, quiesce,
    /** Another page of the site takes every lock by force, and gives it back. */
    async steal() {
      const thief = browser.tab()
      await Promise.all([...names].map((name) => thief.request(name, { steal: true }, async () => {})))
    },
    freeze(tab: Tab) {
      tab.gate.closed = true
      tab.locks.freeze()
    },
    wake(tab: Tab) {
      tab.gate.closed = false
      tab.locks.wake()
      for (const go of tab.gate.waiting.splice(0)) go()
    },
    crash(tab: Tab) {
      tab.gate.dead = true
      hub.setOnline(tab.transport, false)
      tab.locks.crash()
      tab.browserSide.end()
      all.delete(tab)
    },
  }
}

/** Rows compared at the end: fewer than a window opens with. */
const MAX_SHOWN = 40

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A frozen tab begins nothing and hears of nothing that ended. */
function storageBehind(gate: Gate, storage: ChatStorage): ChatStorage {
  const held = async <T>(run: () => Promise<T>): Promise<T> => {
    await gate.pass()
    const result = await run().then((value) => () => value, (error: unknown) => () => {
      throw error
    })
    await gate.pass()
    return result()
  }
  return {
    get name() {
      return storage.name
    },
    open: (userId) => held(() => storage.open(userId)),
    getState: storage.getState,
    subscribe: storage.subscribe,
    read: (fn) => held(() => storage.read(fn)),
    write: (fn, how) => held(() => storage.write(fn, how)),
    close: () => held(() => storage.close()),
    wipe: () => held(() => storage.wipe()),
  }
}

function behind(gate: Gate, raw: Transport): Transport {
  const held = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => async (...args: Args): Promise<T> => {
    const result = await call(...args).then((value) => () => value, (error: unknown) => () => {
      throw error
    })
    await gate.pass()
    return result()
  }
  const calls = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, typeof value === 'function' && name !== 'on' ? held(value.bind(raw) as () => Promise<unknown>) : value]))
  return {
    ...(calls as unknown as Transport),
    on(listener) {
      let line = Promise.resolve()
      return raw.on((event: TransportEvent) => {
        line = line.then(() => gate.pass()).then(() => listener(event))
      })
    },
  }
}

export function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
