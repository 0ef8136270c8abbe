/** Five devices on one hub; each step of a schedule is done to them as a person, a network or a crash would do it. */
import { noteAccepted } from './accepted.js'
import type { Member, Message } from 'readback/core'
import { memoryHub, type FaultAction, type Hub } from 'readback/transport/memory'
import { awake, isCountableFor, openTab, startDevice, type Device, type DeviceOptions } from './device.js'
import { evict } from './evicting.js'
import { putForeign } from './foreignRows.js'
import { createOracle, isBefore, type Oracle, type Place, type Seen } from './oracle.js'
import { createPrng } from './prng.js'
import { openReader, type Reader } from './reader.js'
import { CONVERSATIONS, DEVICES, USERS, type Schedule, type Step, type WireWorld } from './schedule.js'
import { isPrefixRead } from './stored.js'
import type { Tab } from './tab.js'
import { createVirtualTime, type VirtualTime } from './virtualTime.js'
import { createWire, type Wire } from './wire.js'

export interface World {
  /** As it looks through the wire. */
  readonly hub: Hub
  readonly wire: Wire
  readonly wireKind: WireWorld | undefined
  readonly time: VirtualTime
  readonly oracle: Oracle
  readonly devices: Device[]
  /** Messages in the order in which they were written, by device, tab and conversation; null until the client has said that it keeps one. */
  readonly sent: Map<string, { localId: string | null }[]>
  /** Every message that the hub ever accepted, also those it lost since. */
  readonly accepted: Map<string, Map<string, Message>>
  readonly recalled: Set<string>
  /** Local ids that their authors took back before they were accepted, and those tried again after they had failed. */
  readonly discarded: Set<string>
  readonly retried: Set<string>
  /** Users that were not members for a while: what they owe may have been refused. */
  readonly left: Set<string>
  /** Users that are no members now, and what was said meanwhile: "user id". */
  readonly away: Set<string>
  readonly notFor: Set<string>
  readonly wasReset: Set<string>
  /** Where something was said after all trouble. */
  readonly wentOn: Set<string>
  /** As the hub has them; read when everything is quiet. */
  readonly rosters: Map<string, readonly Member[]>
  /** Reports that reached the wire. */
  reports: number
  /** What users began, until it is done or refused. */
  readonly pending: Map<Promise<unknown>, { readonly tab: Tab; readonly what: string; readonly since: number }>
  readonly rejections: unknown[]
  /** Lists on screen. */
  readonly readers: Map<Tab, Reader>
}

interface Setting {
  user: Visibility
  own: Map<string, Visibility>
  floors: Map<string, Place>
  /** Where the floor may lie above the one that is known here, so that nobody can say what is owed. */
  isAbove: Set<string>
}
type Visibility = 'public' | 'private' | 'off'

export const PAIR_MEMBERS = ['ann', 'bob']

export interface RunningWorld extends World {
  step(step: Step): Promise<void>
  /** All trouble ends; frozen tabs stay frozen where another of the device runs. */
  heal(): Promise<void>
  /** Whoever is frozen wakes. Returns whether anybody was. */
  wakeAll(): boolean
  /** Where a server lost its tail, something new is said. */
  goOn(): Promise<void>
  refreshRosters(): Promise<void>
  end(): Promise<void>
}

export async function createWorld({ seed, latencyMs, seeded, tabs, wire: wireKind, batch }: Schedule): Promise<RunningWorld> {
  const time = createVirtualTime()
  const random = createPrng(seed, 'hub')
  let ids = 0
  const bare = memoryHub({ clock: time.clock, latencyMs, backfill: 12, replayLimit: 20, random: { next: random.next, id: () => `h${(ids += 1)}-${random.int(1_000)}` } })
  const wire = createWire(bare, time, wireKind)
  const { hub } = wire
  const oracle = createOracle()
  const settings = new Map<number, Setting>()
  await hub.ensureConversation({ id: 'pair', kind: 'direct', members: PAIR_MEMBERS })
  await hub.ensureConversation({ id: 'team', kind: 'group', members: USERS })
  for (let n = 0; n < seeded; n += 1) {
    await hub.post({ conversationId: 'team', from: USERS[n % 3]!, body: `t${n}`, localId: `seed-t${n}` })
    await hub.post({ conversationId: 'pair', from: PAIR_MEMBERS[n % 2]!, body: `p${n}`, localId: `seed-p${n}` })
  }
  const world: World = {
    hub, wire, wireKind, time, oracle, devices: [], sent: new Map(), accepted: new Map(CONVERSATIONS.map((id) => [id, new Map()])),
    recalled: new Set(), discarded: new Set(), retried: new Set(), left: new Set(), away: new Set(), notFor: new Set(), wasReset: new Set(), wentOn: new Set(), rosters: new Map(), reports: 0, pending: new Map(), rejections: [], readers: new Map(),
  }
  const watchReports = () => hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: () => {
    world.reports += 1
    return false
  } })
  watchReports()
  const optionsOf = (index: number): DeviceOptions => ({ hub, wire, time, seed, index, user: DEVICES[index]!, tabs, batch })
  for (const index of DEVICES.keys()) {
    world.devices.push(await startDevice(optionsOf(index)))
    settings.set(index, { user: 'public', own: new Map(), floors: new Map(), isAbove: new Set() })
  }
  await time.pass(3_000)

  const visibilityOf = (index: number, c: string): Visibility => settings.get(index)!.own.get(c) ?? settings.get(index)!.user

  /** What a person did is done or refused; either way it must settle. */
  function doing(tab: Tab, what: string, work: Promise<unknown>): void {
    world.pending.set(work, { tab, what, since: time.clock.monotonic() })
    work.catch((error: unknown) => world.rejections.push(error)).finally(() => world.pending.delete(work))
  }

  function read(device: Device, tab: Tab, c: string, from: number, count: number, kind: 'read' | 'view'): void {
    const { messages } = tab.shown.get(c)!.source.getSnapshot()
    const readable = messages.filter((row) => row.at !== null && isCountableFor(row, device.user))
    const start = Math.min(readable.length - 1, Math.floor(from * readable.length))
    markRead(device, tab, c, start < 0 ? [] : readable.slice(start, start + count), kind)
  }

  function markRead(device: Device, tab: Tab, c: string, rows: readonly Message[], kind: 'read' | 'view'): void {
    const seen = noteSeen(device, tab, c, rows)
    const { readStates } = tab.shown.get(c)!
    const isFull = rows.length >= (batch ?? Infinity) && rows.some((row) => !readStates.isRead(row))
    doing(tab, kind, tab.client.markRead(rows, kind === 'view' ? 'viewed' : 'read').then(() => {
      for (const one of seen) one.stored = true
      if (isFull && (tab.reporting.underWay.get(c) ?? 0) === 0) tab.reporting.fullAt.set(c, time.now())
    }))
  }

  /** Of a list on the screen of one tab; another one takes its place. */
  function look(device: Device, tab: Tab, { c, act, at, ms }: Extract<Step, { do: 'page' }>): void {
    if (act === 'close' || act === 'open') closeReader(tab)
    if (act === 'close') return
    const name = `device ${device.index}.${device.generation} tab ${tab.life} ${c}`
    const reader = world.readers.get(tab) ?? openReader({ tab, user: device.user, shown: tab.shown.get(c)!, world: time.clock, name, onRead: (rows) => markRead(device, tab, c, rows, 'read') })
    world.readers.set(tab, reader)
    if (act === 'hide' && tab.visibility.isVisible() && [...tab.reporting.underWay.values()].every((calls) => calls === 0)) tab.reporting.hiddenAt = time.now()
    reader.act(act, at, ms)
  }

  function closeReader(tab: Tab | null | undefined): void {
    if (!tab) return
    world.readers.get(tab)?.close()
    world.readers.delete(tab)
  }

  function noteSeen(device: Device, tab: Tab, c: string, rows: readonly Message[]): readonly Seen[] {
    const isPublic = visibilityOf(device.index, c) === 'public'
    const isByItself = isPrefixRead(c) && tab.client.getState().conversations.find(({ id }) => id === c)?.kind !== 'direct'
    // What is still on screen of rows that were thrown away may be seen, and is stored nowhere.
    const isUnsure = time.now() < device.unsureUntil
    const seen = rows.filter((row) => row.at !== null && isCountableFor(row, device.user)).map((row) => ({
      user: device.user, device: device.index, conversation: c, at: row.at!, isPublic, floor: settings.get(device.index)!.floors.get(c) ?? null, isByItself, stored: false, owed: isPublic && !isUnsure && !settings.get(device.index)!.isAbove.has(c),
    }))
    oracle.seen.push(...seen)
    return isUnsure ? [] : seen
  }

  function send(device: Device, tab: Tab, c: string, replyTo?: Message): void {
    const key = `${device.index}.${tab.life} ${c}`
    const list = world.sent.get(key) ?? []
    world.sent.set(key, list)
    // Whoever answers a message has read it.
    const seen = noteSeen(device, tab, c, replyTo ? [replyTo] : [])
    const id = replyTo?.ids[0]
    const one: { localId: string | null } = { localId: null }
    list.push(one)
    doing(tab, 'send', tab.client.send(c, { body: { kind: 'text', text: `from ${device.user} ${list.length}` }, ...(id === undefined ? {} : { replyTo: id }) }).then((localId) => {
      one.localId = localId
      for (const each of seen) each.stored = true
    }))
  }

  /** As it is stored, where several tabs may show older ones. */
  async function headsOf({ disk }: Device): Promise<ReadonlyMap<string, Place | null>> {
    return new Map((await disk.read((tx) => tx.conversations.list())).map(({ id, head }) => [id, head]))
  }

  async function clear(device: Device, tab: Tab, c: string): Promise<void> {
    await time.settle()
    // A client that is only just starting has no list yet; then it is at most what the hub has.
    const head = (await headsOf(device)).get(c) ?? hub.log(c).at(-1)?.at
    if (head) oracle.cleared.push({ user: device.user, device: device.index, conversation: c, upTo: head })
    doing(tab, 'clear', tab.client.clearUnread(c))
  }

  async function setReceipts(device: Device, tab: Tab, to: Visibility, c?: string): Promise<void> {
    await time.settle()
    // Whether it is done must be known here.
    tab.disk.calm()
    const setting = settings.get(device.index)!
    const affected = c === undefined ? CONVERSATIONS.filter((id) => !setting.own.has(id)) : [c]
    const before = new Map(affected.map((id) => [id, visibilityOf(device.index, id)]))
    const heads = await headsOf(device)
    let done = false
    doing(tab, 'receipts', tab.client.setReceipts(to, c).then(() => (done = true)))
    await time.settle()
    // It waits until the tab knows which rows it has.
    if (!done && tab.disk.storage.getState().status === 'reopening') await time.pass(4_000)
    if (!done) return
    if (c === undefined) setting.user = to
    else setting.own.set(c, to)
    for (const [id, was] of before) {
      // Receipts are on again before a lost conversation is back: its floor lies at the head at which that will be, so at this one or above.
      const isAway = device.generation > device.firstGeneration && !heads.has(id)
      const head = heads.get(id) ?? (isAway ? hub.log(id).at(-1)?.at : undefined)
      if (isAway && was !== 'public' && to === 'public') setting.isAbove.add(id)
      const floor = setting.floors.get(id)
      if (was !== 'public' && to === 'public' && head && (!floor || isBefore(floor, head))) setting.floors.set(id, head)
      if (was === 'public' && to !== 'public') for (const one of oracle.seen) if (one.device === device.index && one.conversation === id) one.owed = false
    }
  }

  async function replace(device: Device, how: 'restart' | 'crash' | 'fresh'): Promise<void> {
    const { index } = device
    device.tabs.forEach(closeReader)
    if (how === 'restart') {
      for (const tab of awake(device)) doing(tab, 'dispose', tab.client.dispose())
      await time.settle()
    }
    if (how === 'crash') device.halts.push(time.now())
    for (const tab of device.tabs) tab?.crash()
    await time.settle()
    if (how !== 'fresh') {
      world.devices[index] = await startDevice(optionsOf(index), { device, keepsDisk: true })
      return
    }
    settings.set(index, { user: 'public', own: new Map(), floors: new Map(), isAbove: new Set() })
    for (const one of oracle.seen) {
      if (one.device !== index) continue
      one.stored = false
      one.owed = false
    }
    world.sent.forEach((list, key) => key.startsWith(`${index}.`) && list.splice(0))
    world.devices[index] = await startDevice(optionsOf(index), { device, keepsDisk: false })
  }

  /** Where no missing number says so, an event is lost only with the connection: then it is told again. */
  function actionOf({ on, action }: Extract<Step, { do: 'fault' }>): FaultAction {
    if (on !== 'event' || !wireKind || action === 'repeat') return action
    // Where nothing overtakes anything, an event that is late breaks the line.
    return action === 'delay' ? (wireKind.late ? action : 'disconnect') : wireKind.sparse ? 'disconnect' : action
  }

  async function apply(step: Step): Promise<void> {
    if (step.do === 'wait') return time.pass(step.ms)
    if (step.do === 'fault') return void hub.faults.add({ on: step.on, do: actionOf(step), times: step.times, delayMs: step.delayMs })
    if (step.do === 'reset') {
      world.wasReset.add(step.c)
      return hub.reset(step.c, { loseLast: step.lose })
    }
    if ('user' in step) return changeMembership(step.do, step.user)
    const device = world.devices[step.d]!
    if (step.do === 'off' || step.do === 'on') return setOnline(device, step.do === 'on')
    if (step.do === 'drop') return device.tabs.forEach((tab) => tab && hub.disconnect(tab.transport))
    if (step.do === 'restart' || step.do === 'crash' || step.do === 'fresh') return replace(device, step.do)
    if (step.do === 'evict') return evict(device, world)
    if (step.do === 'shift') return device.clock.shift(step.ms)
    if (isTabStep(step)) return changeTabs(device, step)
    // A frozen tab is in the background, where nobody does anything.
    const chosen = device.tabs[step.t ?? 0]
    const tab = chosen && !chosen.isFrozen() ? chosen : awake(device)[0]
    if (!tab) return
    if (step.do === 'receipts') return setReceipts(device, tab, step.to, step.c)
    if (step.do === 'disk') return device.browser ? tab.disk.trouble(step.trouble, step.times) : undefined
    if (!('c' in step)) return
    if (step.c === 'pair' && !PAIR_MEMBERS.includes(device.user)) return
    const { client } = tab
    const { source } = tab.shown.get(step.c)!
    switch (step.do) {
      case 'send': return send(device, tab, step.c)
      case 'read':
      case 'view': return read(device, tab, step.c, step.from, step.count, step.do)
      case 'confirm': {
        // From here on all that the user ever read there may be told; the floor is gone on this device.
        if (visibilityOf(device.index, step.c) !== 'public') return
        oracle.confirmed.add(`${device.user} ${step.c}`)
        return doing(tab, 'confirm', client.publishEarlier(step.c))
      }
      case 'page': return look(device, tab, step)
      case 'foreign': return putForeign(device, step.c)
      case 'clear': return clear(device, tab, step.c)
      case 'older': return doing(tab, 'older', source.loadOlder!())
      case 'jump': {
        const rows = source.getSnapshot().messages.filter(({ at }) => at !== null)
        const row = typeof step.to === 'number' ? rows[Math.floor(step.to * rows.length)] : undefined
        if (typeof step.to !== 'number') return doing(tab, 'jump', source.loadAround!(step.to))
        return row ? doing(tab, 'jump', source.loadAround!({ at: row.at! })) : undefined
      }
      case 'discard':
      case 'retry': {
        const row = source.getSnapshot().messages.filter(({ outgoing }) => (step.do === 'retry' ? outgoing === 'failed' : outgoing !== undefined)).at(-1)
        if (!row) return
        world[step.do === 'retry' ? 'retried' : 'discarded'].add(row.localId)
        return doing(tab, step.do, client[step.do](step.c, row.localId))
      }
      case 'hide':
      case 'react':
      case 'reply': {
        const row = source.getSnapshot().messages.filter(({ at }) => at !== null).at(-1)
        const id = row?.ids[0]
        if (!row || id === undefined) return
        if (step.do === 'hide') return doing(tab, 'hide', client.delete(step.c, id, { for: 'me' }))
        if (step.do === 'reply') return send(device, tab, step.c, row)
        const seen = noteSeen(device, tab, step.c, [row])
        return doing(tab, 'react', client.react(step.c, id, '+', true).then(() => seen.forEach((one) => (one.stored = true))))
      }
      case 'recall':
      case 'edit': {
        const own = source.getSnapshot().messages.filter(({ from, at, recalledAt }) => from === device.user && at !== null && recalledAt === undefined).at(-1)
        const id = own?.ids[0]
        if (id === undefined) return
        if (step.do === 'edit') return doing(tab, 'edit', client.edit(step.c, id, { kind: 'text', text: 'edited' }))
        world.recalled.add(id)
        return doing(tab, 'recall', client.recall(step.c, id))
      }
    }
  }

  function setOnline(device: Device, on: boolean): void {
    device.isOnline = on
    for (const tab of device.tabs) if (tab) hub.setOnline(tab.transport, on)
  }

  async function changeTabs(device: Device, step: TabStep): Promise<void> {
    const { browser, tabs: places } = device
    const place = step.t ?? 0
    const tab = places[place]
    if (!browser) return
    switch (step.do) {
      case 'steal': return browser.stealLocks()
      case 'twoLeaders': return browser.giveToAll(true)
      case 'oneLeader': return browser.giveToAll(false)
      case 'openTab': return void (tab ?? openTab(device, place, optionsOf(device.index)))
      case 'look': return places.forEach((each, at) => each?.visibility.setVisible(at === place && !each.isFrozen()))
      case 'freeze':
        device.halts.push(time.now())
        tab?.visibility.setVisible(false)
        return tab?.freeze()
      case 'wake': return tab?.wake()
      case 'closeTab': {
        if (!tab) return
        closeReader(tab)
        if (!tab.isFrozen()) doing(tab, 'dispose', tab.client.dispose())
        await time.settle()
        tab.crash()
        places[place] = null
        return
      }
      case 'crashTab':
        device.halts.push(time.now())
        closeReader(tab)
        tab?.crash()
        places[place] = null
    }
  }

  async function changeMembership(how: 'leave' | 'join', user: string): Promise<void> {
    world.left.add(user)
    noteAccepted(world)
    if (how === 'leave') {
      world.away.add(user)
      return hub.removeMember('team', user)
    }
    await hub.ensureConversation({ id: 'team', kind: 'group', members: [user] })
    noteAccepted(world)
    world.away.delete(user)
  }

  return {
    ...world,
    get reports() {
      return world.reports
    },
    async step(step) {
      if (step.after > 0) await time.pass(step.after)
      else if (step.after === 0) await time.settle()
      await apply(step)
    },
    async heal() {
      hub.faults.clear()
      watchReports()
      for (const tab of [...world.readers.keys()]) {
        closeReader(tab)
        tab.visibility.setFocus(true)
      }
      for (const device of world.devices) {
        device.browser?.giveToAll(false)
        device.browser?.calm()
        for (const tab of device.tabs) tab?.disk.calm()
        setOnline(device, true)
        if (awake(device).length === 0) device.tabs.find((tab) => tab !== null)?.wake()
        if (awake(device).length === 0) openTab(device, 0, optionsOf(device.index))
        for (const tab of awake(device)) tab.visibility.setVisible(true)
      }
      for (const user of USERS) hub.disconnect(user)
    },
    wakeAll() {
      const frozen = world.devices.flatMap(({ tabs: places }) => places).filter((tab) => tab?.isFrozen())
      for (const tab of frozen) {
        tab!.wake()
        tab!.visibility.setVisible(true)
      }
      return frozen.length > 0
    },
    async goOn() {
      for (const c of world.wasReset) {
        await hub.post({ conversationId: c, from: 'ann', body: 'it goes on', localId: `on-${c}` })
        world.wentOn.add(c)
      }
    },
    async refreshRosters() {
      for (const c of CONVERSATIONS) {
        const probe = wire.over(hub.transport(), createPrng(seed, 'probe'))
        void probe.connect({ userId: 'ann', token: async () => undefined, conversations: [] })
        await time.pass(1_000)
        const asked = probe.members!(c, { limit: 100 })
        await time.pass(1_000)
        world.rosters.set(c, (await asked).items)
        await probe.close()
      }
    },
    async end() {
      for (const device of world.devices) for (const tab of awake(device)) doing(tab, 'dispose', tab.client.dispose())
      await time.pass(60_000)
      await hub.dispose()
    },
  }
}

type TabStep = Extract<Step, { do: 'freeze' | 'wake' | 'closeTab' | 'crashTab' | 'openTab' | 'look' | 'steal' | 'twoLeaders' | 'oneLeader' }>
const TAB_STEPS: ReadonlySet<string> = new Set<TabStep['do']>(['freeze', 'wake', 'closeTab', 'crashTab', 'openTab', 'look', 'steal', 'twoLeaders', 'oneLeader'])

function isTabStep(step: Step): step is TabStep {
  return TAB_STEPS.has(step.do)
}
