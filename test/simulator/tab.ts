/** One tab: a real client on the disk that the tabs of a device share. It can be frozen, and can die in the middle of whatever it does. */
import { createChatClient, type ChatClient, type ChatError, type MessageSource, type ReadStateSource, type Report, type Transport } from 'readback/core'
import { createFakeVisibility, type FakeVisibility } from 'readback/testing'
import type { Hub } from 'readback/transport/memory'
import type { BrowserTab } from './browser.js'
import { tabDisk, type Disk, type TabDisk } from './disk.js'
import { createGate, through, type Gate } from './gate.js'
import { createPrng } from './prng.js'
import { CONVERSATIONS } from './schedule.js'
import type { DeviceClock, VirtualTime } from './virtualTime.js'
import type { Wire } from './wire.js'

export interface Shown {
  readonly source: MessageSource
  readonly readStates: ReadStateSource
  /** How often its subscribers were told that something changed. */
  version(): number
}

export interface Tab {
  /** Clients that ran on this device, up to and including this one. */
  readonly life: number
  readonly client: ChatClient
  /** The line to the hub, under the wire. */
  readonly transport: Transport
  readonly shown: ReadonlyMap<string, Shown>
  readonly disk: TabDisk
  readonly visibility: FakeVisibility
  /** When a report last left, by conversation, kind and visibility; milliseconds of virtual time. */
  readonly reportedAt: ReadonlyMap<string, number>
  readonly errors: ChatError[]
  readonly dropped: string[]
  isFrozen(): boolean
  isDead(): boolean
  /** Whether this tab gave itself that name. */
  isCalled(name: string | null): boolean
  freeze(): void
  wake(): void
  crash(): void
}

export interface TabOptions {
  readonly hub: Hub
  readonly wire: Wire
  readonly time: VirtualTime
  readonly seed: number
  readonly index: number
  readonly user: string
  readonly life: number
  readonly disk: Disk
  readonly clock: DeviceClock
  /** Null where a device has but one tab: nothing is shared, and nobody else could lead. */
  readonly browser: BrowserTab | null
  /** A message came without anything that could be shown. */
  onSpoiled?(id: string): void
  /** Told before a send leaves the tab. */
  onSend?(tab: Tab, localId: string): void
}

export function startTab({ hub, wire, time, seed, index, user, life, disk, clock: wall, browser, onSend, onSpoiled }: TabOptions): Tab {
  const gate = createGate()
  const clock = wall.tab()
  const own = tabDisk(disk, gate, time, browser !== null)
  const random = createPrng(seed, `device ${index} life ${life}`)
  const prefix = `d${index}-${life}-`
  let ids = 0
  const transport = hub.transport()
  const reportedAt = new Map<string, number>()
  const wired = noting(wire.over(transport, createPrng(seed, `wire ${index} life ${life}`), onSpoiled), ({ conversation, kind, visibility }) => reportedAt.set(`${conversation.id} ${kind} ${visibility}`, time.now()))
  const visibility = createFakeVisibility()
  const client = createChatClient({
    userId: user,
    transport: browser === null ? wired : behind(gate, wired, (localId) => onSend?.(tab, localId)),
    storage: own.storage,
    ports: {
      clock,
      random: { next: random.next, id: () => `${prefix}${(ids += 1)}` },
      visibility,
      locks: browser?.locks ?? null,
      connectivity: { isOnline: () => true, subscribe: () => () => {} },
      openChannel: (name) => browser?.openChannel(name) ?? null,
    },
  })
  const errors: ChatError[] = []
  const dropped: string[] = []
  client.on('error', (error) => errors.push(error))
  client.on('dropped', ({ reason }) => dropped.push(reason))
  const tab: Tab = {
    life, client, transport, disk: own, visibility, reportedAt, errors, dropped,
    shown: new Map(CONVERSATIONS.map((id) => [id as string, show(client, id)])),
    isFrozen: () => gate.isShut,
    isDead: () => gate.isDead,
    isCalled: (name) => name?.startsWith(prefix) ?? false,
    freeze() {
      gate.shut()
      clock.freeze()
      browser?.freeze()
    },
    wake() {
      clock.wake()
      browser?.wake()
      gate.open()
    },
    crash() {
      gate.kill()
      clock.kill()
      browser?.crash()
      hub.setOnline(transport, false)
      void wired.close()
    },
  }
  client.start().catch((error: ChatError) => errors.push(error))
  return tab
}

function show(client: ChatClient, id: string): Shown {
  const source = client.messages(id)
  const readStates = client.readStates(id)
  let version = 0
  source.subscribe(() => (version += 1))
  readStates.subscribe(() => (version += 1))
  return { source, readStates, version: () => version }
}

function noting(wire: Transport, onReport: (report: Report) => void): Transport {
  return { ...wire, report: (report, signal) => (onReport(report), wire.report(report, signal)) }
}

/** The wire as a tab sees it that may be frozen: what comes meanwhile comes when it wakes. */
function behind(gate: Gate, raw: Transport, onSend: (localId: string) => void): Transport {
  const calls = Object.entries(raw).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function' || name === 'on') return [name, value]
    return [name, (...args: readonly unknown[]) => {
      if (name === 'send') onSend((args[0] as { localId: string }).localId)
      return through(gate, () => (value as (...given: readonly unknown[]) => Promise<unknown>)(...args))
    }]
  })
  return {
    ...(Object.fromEntries(calls) as Transport),
    on: (listener) => raw.on((event) => gate.whenOpen(() => listener(event))),
  }
}
