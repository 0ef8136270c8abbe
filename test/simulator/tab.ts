/** One tab: a real client on the disk that the tabs of a device share. It can be frozen, and can die in the middle of whatever it does. */
import { createChatClient, type ChatClient, type ChatError, type IncomingReceipt, type Keepsakes, type MessageSource, type ReadStateSource, type ReceiptPolicy, type Transport } from 'readback/core'
import { createFakeVisibility, type FakeVisibility } from 'readback/testing'
import type { Hub } from 'readback/transport/memory'
import type { BrowserTab } from './browser.js'
import { tabDisk, type Disk, type TabDisk } from './disk.js'
import type { Mailbox } from './catchUp.js'
import { archivingSoon } from './archived.js'
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

/** What a tab handed over to its wire, and what hurried it; milliseconds of virtual time. */
export interface Reporting {
  /** By conversation, kind and visibility: when one last left, and when one last failed that did not leave again. */
  readonly leftAt: Map<string, number>
  readonly failedAt: Map<string, number>
  /** Calls without an answer, by conversation. */
  readonly underWay: Map<string, number>
  hiddenAt: number
  /** Of all that left in one moment, and the most that ever did. */
  bytes: { at: number; sum: number; most: number }
  /** By conversation: as many were read at once as fit in a report. */
  readonly fullAt: Map<string, number>
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
  readonly reporting: Reporting
  readonly errors: ChatError[]
  readonly dropped: string[]
  isFrozen(): boolean
  isDead(): boolean
  /** Its client is ending, as the other tabs can tell: it says nothing more to them. */
  hasHungUp(): boolean
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
  readonly policy: Partial<ReceiptPolicy>
  readonly disk: Disk
  readonly clock: DeviceClock
  readonly keepsakes?: Keepsakes | null
  /** Null where a device has but one tab: nothing is shared, and nobody else could lead. */
  readonly browser: BrowserTab | null
  /** Once it has signed out it may not look at the disk again. */
  readonly accounts?: boolean
  /** It did on the wire what is not its own to do. */
  onBreach?: ((what: string) => void) | undefined
  /** A message came without anything that could be shown. */
  onSpoiled?(id: string): void
  /** Where the server keeps what was missed. */
  readonly mailbox?: Mailbox | undefined
  /** A message came by itself, over a wire without a cursor. */
  onMessage?(id: string): void
  /** Somebody's reading was told, over a wire that tells of it once. */
  onReceipt?(receipt: IncomingReceipt): void
  /** Told before a send leaves the tab. */
  onSend?(tab: Tab, localId: string): void
}

export function startTab({ hub, wire, time, seed, index, user, life, policy, disk, clock: wall, keepsakes = null, browser, accounts = false, onSend, onBreach, onSpoiled, mailbox, onMessage, onReceipt }: TabOptions): Tab {
  const gate = createGate()
  const clock = wall.tab()
  const own = tabDisk(disk, gate, time, browser !== null, accounts)
  const random = createPrng(seed, `device ${index} life ${life}`)
  const prefix = `d${index}-${life}-`
  let ids = 0
  const transport = hub.transport()
  const reporting: Reporting = { leftAt: new Map(), failedAt: new Map(), underWay: new Map(), hiddenAt: -Infinity, bytes: { at: -Infinity, sum: 0, most: 0 }, fullAt: new Map() }
  const line = wire.over(transport, createPrng(seed, `wire ${index} life ${life}`), onSpoiled, { whenHanded: (fn) => gate.whenOpen(fn), onMessage: (id) => onMessage?.(id), ...(onReceipt && { onReceipt }), ...(mailbox && { mailbox }) })
  const wired = noting(onBreach ? ownedBy(user, line, () => tab.client.getState().phase, (what) => onBreach(`${prefix}: ${what}`)) : line, reporting, time.now)
  const visibility = createFakeVisibility()
  const client = createChatClient({
    userId: user,
    transport: browser === null ? wired : behind(gate, wired, (localId) => onSend?.(tab, localId)),
    storage: own.storage,
    policy,
    ports: {
      clock: policy.archiveAfterMs === undefined ? clock : archivingSoon(clock),
      random: { next: random.next, id: () => `${prefix}${(ids += 1)}` },
      visibility,
      keepsakes,
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
    life, client, transport, disk: own, visibility, reporting, errors, dropped,
    shown: new Map(CONVERSATIONS.map((id) => [id as string, show(client, id)])),
    isFrozen: () => gate.isShut,
    isDead: () => gate.isDead,
    hasHungUp: () => browser?.hasHungUp() ?? false,
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
      own.leave()
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

function noting(wire: Transport, { leftAt, failedAt, underWay, bytes }: Reporting, now: () => number): Transport {
  return {
    ...wire,
    report(report, signal) {
      const { id } = report.conversation
      const key = `${id} ${report.kind} ${report.visibility}`
      leftAt.set(key, now())
      bytes.sum = (bytes.at === now() ? bytes.sum : 0) + JSON.stringify(report).length
      bytes.at = now()
      bytes.most = Math.max(bytes.most, bytes.sum)
      failedAt.delete(key)
      underWay.set(id, (underWay.get(id) ?? 0) + 1)
      const call = wire.report(report, signal)
      let isOver = false
      const end = (hasFailed: boolean) => {
        if (isOver) return
        isOver = true
        underWay.set(id, underWay.get(id)! - 1)
        if (hasFailed) failedAt.set(key, now())
      }
      // Nobody waits any more for a call that was given up.
      signal?.addEventListener('abort', () => end(true))
      call.then(() => end(false), () => end(true))
      return call
    },
  }
}

/** A tab speaks for its user and nobody else, and not once it has signed out. */
function ownedBy(user: string, wire: Transport, phase: () => string, onBreach: (what: string) => void): Transport {
  const calls = Object.entries(wire).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function' || name === 'on' || name === 'close') return [name, value]
    return [name, (...args: readonly unknown[]) => {
      if (name === 'connect' && (args[0] as { userId: string }).userId !== user) onBreach(`connects as ${(args[0] as { userId: string }).userId}, and is of ${user}`)
      if (phase() === 'stopped') onBreach(`calls ${name} for ${user}, and has stopped`)
      return (value as (...given: readonly unknown[]) => unknown)(...args)
    }]
  })
  return Object.fromEntries(calls) as Transport
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
