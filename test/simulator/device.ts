/** One account on one device: its rows on the disk, and the tabs in which its user has the app open. Others that sign in on the same device share all but the rows: `accounts.ts`. */
import type { Message, ReceiptPolicy } from 'readback/core'
import type { Hub } from 'readback/transport/memory'
import { createBrowser, createKeepsakes, type Browser, type DeviceKeepsakes } from './browser.js'
import { openDisk, type Disk } from './disk.js'
import { createMailbox, type Mailbox } from './catchUp.js'
import type { ForeignRows } from './foreignRows.js'
import type { Heard } from './lostReceipts.js'
import { createPrng } from './prng.js'
import { TABS, type TabWorld } from './schedule.js'
import type { SignOut } from './signOut.js'
import { startTab, type Tab } from './tab.js'
import type { DeviceClock, VirtualTime } from './virtualTime.js'
import type { Wire } from './wire.js'

export interface Device {
  readonly index: number
  /** Index of the account that was there first; where nobody else ever signs in, its own. */
  readonly machine: number
  readonly user: string
  /** By place; null where none is open. */
  readonly tabs: (Tab | null)[]
  readonly clock: DeviceClock
  /** What is on its disk. */
  readonly disk: Disk
  /** Null where a device has but one tab. */
  readonly browser: Browser | null
  /** Grows when the disk is replaced, or its rows are thrown away: then nothing that was known before binds it. */
  generation: number
  /** That of the disk when it was new: where they differ, rows were thrown away, and what stands beside them was not. */
  firstGeneration: number
  /** What stands beside the database; null where a device has but one tab, whose rows nobody shares. */
  readonly keepsakes: DeviceKeepsakes | null
  /** Tabs that ran when the database was thrown away. */
  readonly evicted: Set<Tab>
  readonly foreign: ForeignRows[]
  /** Until then what is on screen may be of rows that were thrown away, milliseconds of virtual time. */
  unsureUntil: number
  /** Clients that ran here. */
  lives: number
  /** When tabs of it died or froze in the middle of something, milliseconds of virtual time. */
  readonly halts: number[]
  isOnline: boolean
  /** Whether the app would open this account in a new tab. */
  isSignedIn: boolean
  /** Its last sign-out. */
  signOut: SignOut | null
  /** Everybody here has been told all, and has told all, since trouble stopped. */
  hasSettled: boolean
  /** How often its rows were deleted, and whether somebody has asked for it since. */
  wipes: number
  mayBeWiped: boolean
  /** Ids of messages that it had before they were. */
  readonly had: Set<string>
  /** Settings of receipts that its user asked for. */
  readonly chosen: Set<string>
  /** What its user began to write, by conversation. */
  readonly drafts: Map<string, Draft>
  /** Sends of tabs that had seen another one named in the lease. */
  readonly trespasses: string[]
  /** Ids of messages that came to it as nonsense; it may have got them sound since. */
  readonly spoiled: Set<string>
  /** What the server keeps for it, where the wire has no cursor; a new disk is a new device. */
  readonly mailbox: Mailbox
  /** Messages that came by themselves over such a wire, and when, milliseconds of virtual time. */
  readonly came: Map<string, number>
  /** What it was told of reading over a wire that tells of it once. */
  readonly heard: Heard[]
  /** Every send as it left a tab, where there are several. */
  readonly sends: { readonly tab: Tab; readonly localId: string; /** Milliseconds of virtual time. */ readonly at: number; readonly isOnline: boolean }[]
}

export interface Draft {
  /** How often its user wrote there. */
  count: number
  /** One of these drafts must be there. */
  isStored: boolean
}

export interface DeviceOptions {
  readonly hub: Hub
  readonly wire: Wire
  readonly time: VirtualTime
  readonly seed: number
  readonly index: number
  readonly machine?: number
  readonly user: string
  readonly tabs?: TabWorld | undefined
  /** What differs from the default. */
  readonly policy?: Partial<ReceiptPolicy>
  /** Others may sign in here: then a tab that signed out has nothing of the disk any more. */
  readonly accounts?: boolean
  /** What it did on the wire that is not its own to do. */
  onBreach?(what: string): void
}

/**
 * @param before - the device of which this is another start: on the same disk, or on a new one
 * @param beside - another account on the same device, which runs already
 */
export async function startDevice(options: DeviceOptions, before?: { readonly device: Device; readonly keepsDisk: boolean }, beside?: Device): Promise<Device> {
  const { time, seed, index, machine = index, user, tabs } = options
  const lives = before?.device.lives ?? 0
  const generation = before ? before.device.generation + (before.keepsDisk ? 0 : 1) : 0
  const device: Device = {
    index, machine, user, tabs: [], lives, halts: before?.keepsDisk ? before.device.halts : [], isOnline: true, clock: beside?.clock ?? time.device(), trespasses: [], sends: [], spoiled: new Set(before?.keepsDisk ? before.device.spoiled : []),
    mailbox: before?.keepsDisk ? before.device.mailbox : createMailbox(time), came: before?.keepsDisk ? before.device.came : new Map(), heard: before?.keepsDisk ? before.device.heard : [],
    disk: before?.keepsDisk ? before.device.disk : await openDisk(beside?.disk.name ?? `disk-${index}-${lives}`, time, user),
    generation, firstGeneration: before?.keepsDisk ? before.device.firstGeneration : generation,
    keepsakes: before?.keepsDisk ? before.device.keepsakes : (beside?.keepsakes ?? (tabs ? createKeepsakes() : null)),
    isSignedIn: before ? before.device.isSignedIn : beside === undefined, signOut: null, hasSettled: false, wipes: before?.device.wipes ?? 0, mayBeWiped: before?.device.mayBeWiped ?? false, had: before?.device.had ?? new Set(),
    chosen: before?.keepsDisk ? before.device.chosen : new Set(), drafts: before?.keepsDisk ? before.device.drafts : new Map(),
    foreign: before?.keepsDisk ? before.device.foreign : [], evicted: new Set(), unsureUntil: 0,
    browser: beside?.browser ?? (tabs ? createBrowser(time, createPrng(seed, `browser ${index} life ${lives}`), tabs) : null),
  }
  if (!device.isSignedIn) return device
  for (let place = 0; place < (tabs ? TABS : 1); place += 1) openTab(device, place, options)
  return device
}

export function openTab(device: Device, place: number, { hub, wire, time, seed, policy = {}, accounts = false, onBreach }: DeviceOptions): Tab {
  const { index, user, disk, clock, browser, keepsakes } = device
  device.lives += 1
  const onSend = (from: Tab, localId: string) => {
    device.sends.push({ tab: from, localId, at: time.now(), isOnline: device.isOnline })
    noteSend(device, from, localId)
  }
  const tab = startTab({ hub, wire, time, seed, index, user, policy, disk, clock, keepsakes, life: device.lives, browser: browser?.openTab() ?? null, accounts, onSend, onBreach, onSpoiled: (id) => device.spoiled.add(id), mailbox: device.mailbox, onMessage: (id) => device.came.set(id, time.now()), onReceipt: ({ conversationId = '', by, kind, upTo = null, ranges = [], ids = [] }) => device.heard.push({ c: conversationId, by, kind, upTo, ranges, ids, at: time.now() }) })
  hub.setOnline(tab.transport, device.isOnline)
  device.tabs[place] = tab
  return tab
}

/** The lead may change between a tab's last look and its call of the wire; who has seen that it did sends nothing more. */
function noteSend(device: Device, tab: Tab, localId: string): void {
  const seen = tab.disk.lastSeen()
  if (seen && !tab.isCalled(seen.holder)) device.trespasses.push(`tab ${tab.life} sent ${localId} in epoch ${seen.epoch} of ${seen.holder}`)
}

/** Tabs that run. */
export function awake(device: Device): Tab[] {
  return device.tabs.filter((tab): tab is Tab => tab !== null && !tab.isFrozen())
}

/** Whether somebody else's message has content, by a rule written down again here. */
export function isCountableFor(message: Pick<Message, 'from' | 'body' | 'recalledAt' | 'deletedAt'>, user: string): boolean {
  return message.from !== user && message.body.kind !== 'system' && message.recalledAt === undefined && message.deletedAt === undefined
}
