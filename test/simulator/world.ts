/** Five devices on one hub; each step of a schedule is done to them as a person, a network or a crash would do it. */
import type { Member, Message, ReceiptPolicy } from 'readback/core'
import { memoryHub, type FaultAction, type Hub } from 'readback/transport/memory'
import { noteAccepted } from './accepted.js'
import { createAccounts } from './accounts.js'
import { carry } from './carrying.js'
import type { DeletionWorld } from './deletions.js'
import { awake, openTab, startDevice, type Device, type DeviceOptions } from './device.js'
import { evict } from './evicting.js'
import { putForeign } from './foreignRows.js'
import { createOracle, type Oracle } from './oracle.js'
import { createPeople } from './people.js'
import { createPrng } from './prng.js'
import { prune, type Pruning } from './pruning.js'
import type { ReceiptLoss } from './lostReceipts.js'
import type { Reader } from './reader.js'
import type { Received } from './received.js'
import { createRestarts } from './restarts.js'
import { CONVERSATIONS, DEVICES, USERS, USUAL_READING, type CatchUpWorld, type ReadingWorld, type Schedule, type Step, type WireWorld } from './schedule.js'
import type { Tab } from './tab.js'
import { growingId } from './timed.js'
import { changeTabs, isTabStep, wakeTab } from './tabSteps.js'
import { createVirtualTime, type VirtualTime } from './virtualTime.js'
import { createWire, type Wire } from './wire.js'

export interface World {
  /** As it looks through the wire. */
  readonly hub: Hub
  readonly wire: Wire
  readonly wireKind: WireWorld | undefined
  readonly catchUp: CatchUpWorld | undefined
  readonly deletions: DeletionWorld | undefined
  readonly lostReceipts: ReceiptLoss | undefined
  readonly reading: ReadingWorld
  /** Whether receipts are archived. */
  readonly archives: boolean
  readonly time: VirtualTime
  readonly oracle: Oracle
  /** First one of each device; then whoever signs in on one where somebody else was. */
  readonly devices: Device[]
  /** Whether anybody does. */
  readonly hasAccounts: boolean
  /** What tabs did that was not theirs to do: on the wire, and to rows. */
  readonly breaches: string[]
  /** Messages in the order in which they were written, by device, tab and conversation; null until the client has said that it keeps one. */
  readonly sent: Map<string, { localId: string | null }[]>
  /** Every message that the hub ever accepted, also those it lost since. */
  readonly accepted: Map<string, Map<string, Message>>
  /** Also those that were deleted for all. */
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
  /** Faults by which events may be gone though the connection is not. */
  readonly losses: Set<FaultAction>
  /** Reports that reached the wire. */
  reports: number
  /** What users began, until it is done or refused. */
  readonly pending: Map<Promise<unknown>, { readonly tab: Tab; readonly what: string; readonly since: number }>
  /** Messages that came to a device in a file ("device id"), and what was wrong with one. */
  readonly broughtByFile: Set<string>
  /** The newest message that was here once a file had been read ("device conversation"). */
  readonly newestByFile: Map<string, string>
  readonly badFiles: string[]
  /** That it knew to be missing no more than who wrote the file. */
  readonly untoldByFile: Set<string>
  /** Where room was made. */
  readonly prunings: Pruning[]
  /** What its user deleted for themselves: "user id". */
  readonly hidden: Set<string>
  readonly rejections: unknown[]
  /** Lists on screen. */
  readonly readers: Map<Tab, Reader>
}

/** Faults of events after which they come all the same. */
const KEEPS_EVENTS: readonly FaultAction[] = ['repeat', 'delay', 'disconnect']

export const PAIR_MEMBERS = ['ann', 'bob']

export interface RunningWorld extends World {
  readonly received: Received
  step(step: Step): Promise<void>
  /** All trouble ends; frozen tabs stay frozen where another of the device runs. */
  heal(): Promise<void>
  /** Whoever is frozen wakes. Returns whether anybody was. */
  wakeAll(): boolean
  /** Where a server lost its tail, something new is said. */
  goOn(): Promise<void>
  /** Whoever signed out and has not been back since trouble stopped comes back, one on each device. Returns whether anybody did. */
  comeHome(): Promise<boolean>
  /** Where a client has signed out, the app shows another page. */
  leaveSignedOut(): void
  refreshRosters(): Promise<void>
  end(): Promise<void>
}

export async function createWorld({ seed, latencyMs, seeded, tabs, wire: wireKind, catchUp, unlisted, deletions, lostReceipts, archiveAfterMs, reading = USUAL_READING, batch, accounts: hasAccounts = false }: Schedule): Promise<RunningWorld> {
  const time = createVirtualTime()
  const random = createPrng(seed, 'hub')
  let ids = 0
  const bare = memoryHub({ clock: time.clock, latencyMs, ...(catchUp?.history === false ? { backfill: Infinity, replayLimit: Infinity } : { backfill: 12, replayLimit: 20 }), random: { next: random.next, id: () => `${wireKind?.timing ? growingId((ids += 1)) : `h${(ids += 1)}`}-${random.int(1_000)}` } })
  const wire = createWire(bare, time, { wire: wireKind, catchUp, unlisted, deletions, lostReceipts, latencyMs })
  const { hub } = wire
  const oracle = createOracle()
  await hub.ensureConversation({ id: 'pair', kind: 'direct', members: PAIR_MEMBERS })
  await hub.ensureConversation({ id: 'team', kind: 'group', members: USERS })
  for (let n = 0; n < seeded; n += 1) {
    await hub.post({ conversationId: 'team', from: USERS[n % 3]!, body: `t${n}`, localId: `seed-t${n}` })
    await hub.post({ conversationId: 'pair', from: PAIR_MEMBERS[n % 2]!, body: `p${n}`, localId: `seed-p${n}` })
  }
  const world: World = {
    hub, wire, wireKind, catchUp, deletions, lostReceipts, reading, archives: archiveAfterMs !== undefined, time, oracle, hasAccounts, breaches: [], devices: [], sent: new Map(), accepted: new Map(CONVERSATIONS.map((id) => [id, new Map()])),
    recalled: new Set(), discarded: new Set(), retried: new Set(), left: new Set(), away: new Set(), notFor: new Set(), wasReset: new Set(), wentOn: new Set(), rosters: new Map(), losses: new Set(), reports: 0, pending: new Map(), broughtByFile: new Set(), newestByFile: new Map(), badFiles: [], untoldByFile: new Set(), prunings: [], hidden: new Set(), rejections: [], readers: new Map(),
  }
  const watchReports = () => hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: () => {
    world.reports += 1
    return false
  } })
  watchReports()
  const policy: Partial<ReceiptPolicy> = { ...(reading === USUAL_READING ? {} : { readMode: { direct: reading.direct, group: reading.group }, onOpen: { direct: reading.entering, group: 'dwell' } }), ...(batch === undefined ? {} : { maxBatch: batch }), ...(archiveAfterMs === undefined ? {} : { archiveAfterMs }) }
  const optionsOf = ({ index, machine, user }: Pick<Device, 'index' | 'machine' | 'user'>): DeviceOptions => ({ hub, wire, time, seed, index, machine, user, tabs, policy, ...(hasAccounts ? { accounts: true, onBreach: (what) => world.breaches.push(what) } : {}) })
  const people = createPeople(world, batch)
  const { doing, closeReader } = people
  const accounts = createAccounts(world, people, optionsOf)
  const restart = createRestarts(world, people, accounts, optionsOf)
  for (const [index, user] of DEVICES.entries()) {
    world.devices.push(await startDevice(optionsOf({ index, machine: index, user })))
    accounts.watch(world.devices[index]!)
  }
  await time.pass(3_000)

  /** Where no missing number says so, an event is lost only with the connection: then it is told again. */
  function actionOf({ on, action }: Extract<Step, { do: 'fault' }>): FaultAction {
    if (on !== 'event' || action === 'repeat') return action
    // What keeps nothing brings nothing again.
    if (catchUp?.how === 'none') return 'disconnect'
    if (!wireKind) return action
    // Where nothing overtakes anything, an event that is late breaks the line.
    return action === 'delay' ? (wireKind.late ? action : 'disconnect') : wireKind.sparse ? 'disconnect' : action
  }

  async function apply(step: Step): Promise<void> {
    if (step.do === 'wait') return time.pass(step.ms)
    if (step.do === 'fault') {
      const action = actionOf(step)
      if (step.on === 'event' && !KEEPS_EVENTS.includes(action)) world.losses.add(action)
      return void hub.faults.add({ on: step.on, do: action, times: step.times, delayMs: step.delayMs })
    }
    if (step.do === 'reset') {
      world.wasReset.add(step.c)
      // What came since the last step is lost now.
      noteAccepted(world)
      return hub.reset(step.c, { loseLast: step.lose })
    }
    if ('user' in step) return step.do === 'signIn' ? accounts.signIn(step.d, step.t ?? 0, step.user) : changeMembership(step.do, step.user)
    const device = accounts.at(step.d, step.t ?? 0)
    if (step.do === 'off' || step.do === 'on') return accounts.on(step.d).forEach((each) => setOnline(each, step.do === 'on'))
    if (step.do === 'drop') return accounts.on(step.d).forEach(({ tabs: places }) => places.forEach((tab) => tab && hub.disconnect(tab.transport)))
    if (step.do === 'restart' || step.do === 'crash' || step.do === 'fresh') return restart(step.d, step.do)
    if (step.do === 'evict') {
      for (const each of accounts.on(step.d)) await evict(each, world)
      return
    }
    if (step.do === 'shift') return device.clock.shift(step.ms)
    if (isTabStep(step)) return changeTabs(device, step, people, world, optionsOf(device))
    // A frozen tab is in the background, where nobody does anything.
    const chosen = device.tabs[step.t ?? 0]
    const tab = chosen && !chosen.isFrozen() ? chosen : awake(device)[0]
    if (!tab) return
    if (step.do === 'signOut') return accounts.signOut(device, tab, step.data)
    if (step.do === 'receipts') return people.setReceipts(device, tab, step.to, step.c)
    if (step.do === 'disk') return device.browser ? tab.disk.trouble(step.trouble, step.times) : undefined
    if (!('c' in step)) return
    if (step.c === 'pair' && !PAIR_MEMBERS.includes(device.user)) return
    const { client } = tab
    const { source } = tab.shown.get(step.c)!
    switch (step.do) {
      case 'send': return people.send(device, tab, step.c)
      case 'read':
      case 'view': return people.read(device, tab, step.c, step.from, step.count, step.do)
      case 'confirm': {
        // From here on all that the user ever read there may be told; the floor is gone on this device.
        if (people.visibilityOf(device.index, step.c) !== 'public') return
        oracle.confirmed.add(`${device.user} ${step.c}`)
        return doing(tab, 'confirm', client.publishEarlier(step.c))
      }
      case 'enter': return people.enter(device, tab, step.c)
      case 'page': return people.look(device, tab, step)
      case 'carry': {
        const to = accounts.at(step.to, 0)
        return step.c === 'pair' && !PAIR_MEMBERS.includes(to.user) ? undefined : carry(world, people, { tab, to, c: step.c })
      }
      case 'prune': return prune(world, people, { device, tab, c: step.c, keptMs: step.keptMs })
      case 'draft': return accounts.draft(device, tab, step.c)
      case 'foreign': return putForeign(device, step.c)
      case 'clear': return people.clear(device, tab, step.c)
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
        if (step.do === 'hide') world.hidden.add(`${device.user} ${id}`)
        if (step.do === 'hide') return doing(tab, 'hide', client.delete(step.c, id, { for: 'me' }))
        if (step.do === 'reply') return people.send(device, tab, step.c, row)
        const seen = people.noteSeen(device, tab, step.c, [row])
        return doing(tab, 'react', client.react(step.c, id, '+', true).then(() => seen.forEach((one) => (one.stored = true))))
      }
      case 'recall':
      case 'delete':
      case 'edit': {
        const own = source.getSnapshot().messages.filter(({ from, at, recalledAt, deletedAt }) => from === device.user && at !== null && recalledAt === undefined && deletedAt === undefined).at(-1)
        const id = own?.ids[0]
        if (id === undefined) return
        if (step.do === 'edit') return doing(tab, 'edit', client.edit(step.c, id, { kind: 'text', text: 'edited' }))
        world.recalled.add(id)
        return step.do === 'recall' ? doing(tab, 'recall', client.recall(step.c, id)) : doing(tab, 'delete', client.delete(step.c, id, { for: 'all' }))
      }
    }
  }

  function setOnline(device: Device, on: boolean): void {
    device.isOnline = on
    for (const tab of device.tabs) if (tab) hub.setOnline(tab.transport, on)
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
    received: people.received,
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
        if (awake(device).length === 0 && device.isSignedIn) openTab(device, 0, optionsOf(device))
        for (const tab of awake(device)) tab.visibility.setVisible(true)
      }
      for (const user of USERS) hub.disconnect(user)
    },
    wakeAll() {
      const frozen = world.devices.flatMap((device) => device.tabs.flatMap((tab) => (tab?.isFrozen() ? { device, tab } : [])))
      for (const { device, tab } of frozen) {
        wakeTab(device, tab, time)
        tab.visibility.setVisible(true)
      }
      return frozen.length > 0
    },
    comeHome: accounts.comeHome,
    leaveSignedOut: accounts.leaveSignedOut,
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
