/**
 * [I30] Two tabs on one real database (Dexie on fake-indexeddb), each of an older or a newer build of the app, as it was last loaded: an app is rolled out while tabs are open,
 * a worker that was cached serves the older one once more, tabs freeze, die and write meanwhile. The older build only reads what the newer one has upgraded, says so,
 * refuses by name, and begins nothing that never ends; what anybody was promised is there when all are of the newer build.
 */
import { loadEngine } from '../../src/client/loadEngine.js'
import { OLDER_VERSION, seenBy, type Build } from './builds.js'
import { createWorld, mulberry, PAIR, type ScheduleResult, type Tab } from './tabSchedule.js'

/** By then a tab that runs knows that its database is of a newer build: it opens it anew, with rests that grow. */
const KNOWN_MS = 15_000
/** By then whatever a user began has ended. */
const LONGEST_MS = 15_000

/** What a user began in a tab, and how long that tab has run since. */
interface Begun {
  readonly tab: Tab
  readonly what: string
  readonly since: number
}

export async function runBuildSchedule(seed: number, steps = 20): Promise<ScheduleResult> {
  // A client's first start loads it, in real time; the schedule's own clock must not wait for that.
  await loadEngine()
  const random = mulberry(seed)
  const faults: string[] = []
  const complaints: string[] = []
  const log: string[] = []
  const keepsakes = new Map<string, string>()
  const world = createWorld(random, (indexedDB, gate, build) => seenBy(build as Build, indexedDB, keepsakes, gate, (what) => faults.push(what)))
  const builds = new Map<Tab, Build>()
  const kept: { readonly label: string; readonly text: string }[] = []
  const begun = new Set<Begun>()
  /** Since when a tab of the older build has run on a database of the newer one, by its own clock. */
  const behindSince = new Map<Tab, number>()
  let posted = 0

  async function load(build: Build): Promise<Tab> {
    const tab = await world.open(complaints, build)
    builds.set(tab, build)
    return tab
  }

  const tabs: Tab[] = [await load('older'), await load('older')]

  const isReadOnly = (tab: Tab) => tab.client.getState().storage.status === 'readOnly'

  /** Ends, and if it is refused, by the name of what is in the way. */
  function begin(tab: Tab, what: string, work: Promise<unknown>): void {
    const one: Begun = { tab, what, since: tab.clock.monotonic() }
    const mayOnlyRead = isReadOnly(tab)
    begun.add(one)
    work.catch((error: Error & { readonly code?: unknown }) => {
      if (typeof error.code !== 'string' || (mayOnlyRead && error.code !== 'storage/readOnly')) faults.push(`${what} in ${tab.label} was refused with "${error.message}", and its database was only to be read: ${mayOnlyRead}`)
    }).finally(() => begun.delete(one))
  }

  async function reload(slot: 0 | 1, build: Build): Promise<void> {
    world.crash(tabs[slot]!)
    tabs[slot] = await load(build)
  }

  const deeds: Readonly<Record<string, (slot: 0 | 1, tab: Tab) => Promise<unknown> | unknown>> = {
    send(_, tab) {
      const text = `${tab.label} ${tab.written++}`
      begin(tab, 'send', tab.client.send(PAIR.id, { body: { kind: 'text', text } }).then(() => kept.push({ label: tab.label, text })))
    },
    hear: () => world.hub.post({ conversationId: PAIR.id, from: 'bo', body: `bo ${posted++}` }),
    read: (_, tab) => begin(tab, 'read', tab.client.markRead(tab.shown().filter(({ from, at }) => from === 'bo' && at !== null).slice(-2))),
    draft: (_, tab) => begin(tab, 'draft', tab.client.setDraft(PAIR.id, `of ${tab.label}`)),
    receipts: (_, tab) => begin(tab, 'receipts', tab.client.setReceipts(random() < 0.7 ? 'public' : 'private')),
    older: (_, tab) => begin(tab, 'older', Promise.resolve(tab.client.messages(PAIR.id).loadOlder?.())),
    freeze: (_, tab) => world.freeze(tab),
    wake: (_, tab) => world.wake(tab),
    newer: (slot) => reload(slot, 'newer'),
    stale: (slot) => reload(slot, 'older'),
    offline: () => world.hub.setOnline('me', false),
    online: () => world.hub.setOnline('me', true),
    wait: () => world.pass(tabs, 1_000 + random() * 6_000),
  }
  const names = ['send', 'send', 'send', 'send', 'hear', 'read', 'draft', 'receipts', 'older', 'freeze', 'wake', 'wake', 'newer', 'newer', 'stale', 'offline', 'online', 'online', 'wait', 'wait', 'wait']

  async function isUpgraded(): Promise<boolean> {
    return (await world.indexedDB.databases()).some(({ version }) => (version ?? 0) > OLDER_VERSION)
  }

  /** After every step, and before the tabs are loaded again. */
  async function look(): Promise<void> {
    const upgraded = await isUpgraded()
    for (const tab of tabs) {
      const now = tab.clock.monotonic()
      if (!upgraded || builds.get(tab) !== 'older') continue
      const since = behindSince.get(tab) ?? now
      behindSince.set(tab, since)
      const { phase, storage } = tab.client.getState()
      if (!tab.gate.closed && isReadOnly(tab) && (await tab.client.diagnostics()).leader) faults.push(`${tab.label} may only read, and leads`)
      if (!tab.gate.closed && now - since > KNOWN_MS && (storage.status !== 'readOnly' || phase !== 'running')) faults.push(`${tab.label} of the older build is ${phase}, and says that its database is ${storage.status}`)
    }
    for (const { tab, what, since } of begun) {
      if (!tab.gate.dead && !tab.gate.closed && tab.clock.monotonic() - since > LONGEST_MS) faults.push(`${what} in ${tab.label}, of the ${builds.get(tab)} build, does not end`)
    }
  }

  for (let step = 0; step < steps && faults.length === 0; step++) {
    const name = names[Math.floor(random() * names.length)]!
    const slot = random() < 0.5 ? 0 : 1
    log.push(`${slot} ${name}`)
    await deeds[name]!(slot, tabs[slot]!)
    await world.pass(tabs, random() * 400)
    await look()
  }
  for (const tab of tabs) world.wake(tab)
  world.hub.setOnline('me', true)
  // Long enough for whoever is of the older build to say so, and for all that was begun to end.
  await world.pass(tabs, 2 * KNOWN_MS)
  await look()
  await reload(0, 'newer')
  await reload(1, 'newer')
  faults.push(...(await world.quiesce(tabs, kept)))
  if (!(await isUpgraded())) faults.push('the database is not of the newer build')
  for (const tab of tabs) await Promise.race([tab.client.dispose(), world.pass(tabs, 6_000)])
  await world.hub.dispose()
  // What it had begun when the database was upgraded.
  const isExpected = (complaint: string) => [...builds].some(([{ label }, build]) => build === 'older' && complaint.startsWith(`${label} storage/readOnly:`))
  return { faults: [...faults, ...complaints.filter((each) => !isExpected(each))], log }
}
