/** Five devices on one hub; each step of a schedule is done to them as a person, a network or a crash would do it. */
import type { Member, Message } from 'readback/core'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { isCountableFor, startDevice, type Device } from './device.js'
import { createOracle, isBefore, type Oracle, type Place } from './oracle.js'
import { createPrng } from './prng.js'
import { CONVERSATIONS, DEVICES, USERS, type Schedule, type Step } from './schedule.js'
import { createVirtualTime, type VirtualTime } from './virtualTime.js'

export interface World {
  readonly hub: Hub
  readonly time: VirtualTime
  readonly oracle: Oracle
  readonly devices: Device[]
  /** Local ids in the order in which `send` resolved, by device and conversation. */
  readonly sent: Map<string, string[]>
  /** Every message that the hub ever accepted, also those it lost since. */
  readonly accepted: Map<string, Map<string, Message>>
  readonly recalled: Set<string>
  /** Users that were not members for a while: what they owe may have been refused. */
  readonly left: Set<string>
  readonly wasReset: Set<string>
  /** Where something was said after all trouble. */
  readonly wentOn: Set<string>
  /** As the hub has them; read when everything is quiet. */
  readonly rosters: Map<string, readonly Member[]>
  /** Reports that reached the wire. */
  reports: number
  rejections: unknown[]
}

interface Setting {
  user: Visibility
  own: Map<string, Visibility>
  floors: Map<string, Place>
}
type Visibility = 'public' | 'private' | 'off'

export const PAIR_MEMBERS = ['ann', 'bob']

export async function createWorld({ seed, latencyMs, seeded }: Schedule): Promise<World & { step(step: Step): Promise<void>; heal(): Promise<void>; end(): Promise<void>; goOn(): Promise<void>; refreshRosters(): Promise<void> }> {
  const time = createVirtualTime()
  const random = createPrng(seed, 'hub')
  let ids = 0
  const hub = memoryHub({ clock: time.clock, latencyMs, backfill: 12, replayLimit: 20, random: { next: random.next, id: () => `h${(ids += 1)}-${random.int(1_000)}` } })
  const oracle = createOracle()
  const settings = new Map<number, Setting>()
  await hub.ensureConversation({ id: 'pair', kind: 'direct', members: PAIR_MEMBERS })
  await hub.ensureConversation({ id: 'team', kind: 'group', members: USERS })
  for (let n = 0; n < seeded; n += 1) {
    await hub.post({ conversationId: 'team', from: USERS[n % 3]!, body: `t${n}`, localId: `seed-t${n}` })
    await hub.post({ conversationId: 'pair', from: PAIR_MEMBERS[n % 2]!, body: `p${n}`, localId: `seed-p${n}` })
  }
  const world: World = {
    hub, time, oracle, devices: [], sent: new Map(), accepted: new Map(CONVERSATIONS.map((id) => [id, new Map()])),
    recalled: new Set(), left: new Set(), wasReset: new Set(), wentOn: new Set(), rosters: new Map(), reports: 0, rejections: [],
  }
  const watchReports = () => hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: () => {
    world.reports += 1
    return false
  } })
  watchReports()
  DEVICES.forEach((user, index) => {
    world.devices.push(startDevice(hub, time, seed, index, user))
    settings.set(index, { user: 'public', own: new Map(), floors: new Map() })
  })
  await time.pass(3_000)

  const visibilityOf = (index: number, c: string): Visibility => settings.get(index)!.own.get(c) ?? settings.get(index)!.user

  /** What a person did is done or refused; either way it must settle. */
  function doing(work: Promise<unknown>): void {
    work.catch((error: unknown) => world.rejections.push(error))
  }

  function read(device: Device, c: string, from: number, count: number, kind: 'read' | 'view'): void {
    const { messages } = device.shown.get(c)!.source.getSnapshot()
    const readable = messages.filter((row) => row.at !== null && isCountableFor(row, device.user))
    const start = Math.min(readable.length - 1, Math.floor(from * readable.length))
    const rows = start < 0 ? [] : readable.slice(start, start + count)
    const isPublic = visibilityOf(device.index, c) === 'public'
    const seen = rows.map((row) => ({
      user: device.user, device: device.index, conversation: c, at: row.at!, isPublic, floor: settings.get(device.index)!.floors.get(c) ?? null, stored: false, owed: isPublic,
    }))
    oracle.seen.push(...seen)
    doing(device.client.markRead(rows, kind === 'view' ? 'viewed' : 'read').then(() => seen.forEach((one) => (one.stored = true))))
  }

  function clear(device: Device, c: string): void {
    // A client that is only just starting has no list yet; then it is at most what the hub has.
    const head = device.client.getState().conversations.find(({ id }) => id === c)?.head ?? hub.log(c).at(-1)?.at
    if (head) oracle.cleared.push({ user: device.user, device: device.index, conversation: c, upTo: head })
    doing(device.client.clearUnread(c))
  }

  async function setReceipts(device: Device, to: Visibility, c?: string): Promise<void> {
    await time.settle()
    const setting = settings.get(device.index)!
    const affected = c === undefined ? CONVERSATIONS.filter((id) => !setting.own.has(id)) : [c]
    const before = new Map(affected.map((id) => [id, visibilityOf(device.index, id)]))
    const heads = new Map(device.client.getState().conversations.map(({ id, head }) => [id as string, head]))
    let done = false
    doing(device.client.setReceipts(to, c).then(() => (done = true)))
    await time.settle()
    if (!done) return
    if (c === undefined) setting.user = to
    else setting.own.set(c, to)
    for (const [id, was] of before) {
      const head = heads.get(id)
      const floor = setting.floors.get(id)
      if (was !== 'public' && to === 'public' && head && (!floor || isBefore(floor, head))) setting.floors.set(id, head)
      if (was === 'public' && to !== 'public') for (const one of oracle.seen) if (one.device === device.index && one.conversation === id) one.owed = false
    }
  }

  async function replace(device: Device, how: 'restart' | 'crash' | 'fresh'): Promise<void> {
    const { index, user } = device
    if (how === 'restart') {
      doing(device.client.dispose())
      await time.settle()
    }
    device.crash()
    await time.settle()
    if (how !== 'fresh') {
      world.devices[index] = startDevice(hub, time, seed, index, user, device)
      return
    }
    settings.set(index, { user: 'public', own: new Map(), floors: new Map() })
    for (const one of oracle.seen) {
      if (one.device !== index) continue
      one.stored = false
      one.owed = false
    }
    world.sent.forEach((list, key) => key.startsWith(`${index} `) && list.splice(0))
    world.devices[index] = startDevice(hub, time, seed, index, user, { generation: device.generation + 1, life: device.life })
  }

  async function apply(step: Step): Promise<void> {
    if (step.do === 'wait') return time.pass(step.ms)
    if (step.do === 'fault') return void hub.faults.add({ on: step.on, do: step.action, times: step.times, delayMs: step.delayMs })
    if (step.do === 'reset') {
      world.wasReset.add(step.c)
      return hub.reset(step.c, { loseLast: step.lose })
    }
    if ('user' in step) return changeMembership(step.do, step.user)
    const device = world.devices[step.d]!
    const { client } = device
    if (step.do === 'off' || step.do === 'on') return hub.setOnline(device.transport, step.do === 'on')
    if (step.do === 'drop') return hub.disconnect(device.transport)
    if (step.do === 'restart' || step.do === 'crash' || step.do === 'fresh') return replace(device, step.do)
    if (step.do === 'shift') return device.clock.shift(step.ms)
    if (step.do === 'receipts') return setReceipts(device, step.to, step.c)
    if (!('c' in step) || step.c === undefined) return
    if (step.c === 'pair' && !PAIR_MEMBERS.includes(device.user)) return
    const { source } = device.shown.get(step.c)!
    switch (step.do) {
      case 'send': {
        const key = `${step.d} ${step.c}`
        const list = world.sent.get(key) ?? []
        world.sent.set(key, list)
        return doing(client.send(step.c, { body: { kind: 'text', text: `from ${device.user} ${list.length}` } }).then((localId) => list.push(localId)))
      }
      case 'read':
      case 'view': return read(device, step.c, step.from, step.count, step.do)
      case 'confirm': {
        // From here on all that the user ever read there may be told; the floor is gone on this device.
        if (visibilityOf(device.index, step.c) !== 'public') return
        oracle.confirmed.add(`${device.user} ${step.c}`)
        return doing(client.publishEarlier(step.c))
      }
      case 'clear': return clear(device, step.c)
      case 'older': return doing(source.loadOlder!())
      case 'jump': {
        const rows = source.getSnapshot().messages.filter(({ at }) => at !== null)
        const row = typeof step.to === 'number' ? rows[Math.floor(step.to * rows.length)] : undefined
        if (typeof step.to !== 'number') return doing(source.loadAround!(step.to))
        return row ? doing(source.loadAround!({ at: row.at! })) : undefined
      }
      case 'recall':
      case 'edit': {
        const own = source.getSnapshot().messages.filter(({ from, at, recalledAt }) => from === device.user && at !== null && recalledAt === undefined).at(-1)
        const id = own?.ids[0]
        if (id === undefined) return
        if (step.do === 'edit') return void device.transport.edit!(step.c, id, { kind: 'text', text: 'edited' }).catch(() => {})
        world.recalled.add(id)
        return doing(client.recall(step.c, id))
      }
    }
  }

  async function changeMembership(how: 'leave' | 'join', user: string): Promise<void> {
    world.left.add(user)
    if (how === 'leave') return hub.removeMember('team', user)
    await hub.ensureConversation({ id: 'team', kind: 'group', members: [user] })
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
      for (const { transport } of world.devices) hub.setOnline(transport, true)
      for (const user of USERS) hub.disconnect(user)
    },
    async goOn() {
      for (const c of world.wasReset) {
        await hub.post({ conversationId: c, from: 'ann', body: 'it goes on', localId: `on-${c}` })
        world.wentOn.add(c)
      }
    },
    async refreshRosters() {
      for (const c of CONVERSATIONS) {
        const asked = world.devices[0]!.transport.members!(c, { limit: 100 })
        await time.pass(1_000)
        world.rosters.set(c, (await asked).items)
      }
    },
    async end() {
      for (const device of world.devices) doing(device.client.dispose())
      await time.pass(60_000)
      await hub.dispose()
    },
  }
}
