/** What must hold of every tab for itself: what it says of its database, how patient its outbox is, and what it shows before it has read. One idea with `check.ts`, which looks at disks. */
import { isPresent } from './accounts.js'
import { Violation } from './stored.js'
import { awake, type Device } from './device.js'
import { CONVERSATIONS } from './schedule.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

/** Opening is decided within this long. */
const OPEN_MS = 3_000
/** With a disk that fails or is slow several times in a row. */
const OPEN_TROUBLED_MS = 25_000
/** Back-off: full jitter up to half a second, doubled each time, up to half a minute. Nobody in these worlds asks for more. */
const ceilingMs = (tries: number) => Math.min(30_000, 500 * 2 ** (tries - 1))
/** So many waits in a row, each under a fiftieth of what it might be, are none. */
const [FEW_WAITS, LEAST_SHARE] = [4, 0.02]

interface Life {
  /** Since when it has run without a rest, milliseconds of virtual time. */
  since: number
  /** How often its wire was connected. */
  connections: number
}

export function createTabChecker(world: World) {
  const lives = new Map<Tab, Life>()
  const looked = new Map<Device['sends'], number>()
  /** Last try of a message by a tab, over which of its connections, and the wait that was noted after it. */
  const tries = new Map<string, { readonly at: number; readonly connection: number; readonly isOnline: boolean; waitMs: number | null }>()
  const versions = new Map<string, number>()
  const shares: number[] = []

  function lifeOf(tab: Tab): Life {
    const now = world.time.now()
    const life = lives.get(tab) ?? begin(tab, now)
    if (tab.isFrozen()) life.since = now
    return life
  }

  function begin(tab: Tab, since: number): Life {
    const life: Life = { since, connections: 0 }
    lives.set(tab, life)
    tab.transport.on((event) => {
      if (event.type === 'state' && event.state.status === 'online') life.connections += 1
    })
    return life
  }

  /** The screen says what is wrong with the database, and nothing else. */
  function checkState(name: string, tab: Tab): void {
    const { phase, storage } = tab.client.getState()
    const { status } = tab.disk.storage.getState()
    if ((phase === 'running' || phase === 'starting') && storage.status !== status) throw new Violation('I28', `${name} says that its database is ${storage.status}, and it is ${status}`)
  }

  function checkOpening(name: string, tab: Tab, { since }: Life): void {
    const { phase, storage } = tab.client.getState()
    const limit = tab.disk.wasTroubled() ? OPEN_TROUBLED_MS : OPEN_MS
    const isExplained = storage.status === 'blocked' || storage.status === 'reopening' || storage.status === 'full'
    if (phase !== 'running' && !isExplained && world.time.now() - since > limit) throw new Violation('I29', `${name} is ${phase} after ${world.time.now() - since} ms, and its database ${storage.status}`)
  }

  /** Nothing is said of what has not been read: neither "0 unread" nor a list without somebody. */
  function checkHydration(name: string, tab: Tab): void {
    const { phase, hydrated, conversations } = tab.client.getState()
    if (!hydrated && conversations.length > 0) throw new Violation('I32', `${name} shows ${conversations.length} conversations before it has read them`)
    if (!hydrated && phase === 'running') throw new Violation('I32', `${name} runs and has not read its list`)
  }

  function noteTries(device: Device): void {
    const from = looked.get(device.sends) ?? 0
    looked.set(device.sends, device.sends.length)
    for (const { tab, localId, at, isOnline } of device.sends.slice(from)) {
      const key = nameOf(device, tab, localId)
      const before = tries.get(key)
      const { connections: connection } = lifeOf(tab)
      tries.set(key, { at, connection, isOnline, waitMs: null })
      if (before?.connection !== connection) continue
      if (before.waitMs !== null && at < before.at + before.waitMs) throw new Violation('I25', `${key} was tried again after ${at - before.at} ms, and was to wait ${before.waitMs} ms`)
      if (!before.isOnline && !isOnline) throw new Violation('I25', `${key} was tried again while there was no network`)
    }
  }

  /** What the outbox says of its waits, where it was written since. */
  async function noteWaits(device: Device): Promise<void> {
    const disk = `${device.index}.${device.generation}`
    if (versions.get(disk) === device.disk.version()) return
    versions.set(disk, device.disk.version())
    for (const entry of await device.disk.read((tx) => tx.outbox.list({ lane: 'intent' }))) {
      if (entry.action !== 'send' || !entry.wait) continue
      const { ms, tries: failed } = entry.wait
      if (!(ms >= 0 && ms <= ceilingMs(failed))) throw new Violation('I25', `device ${disk}: ${entry.localId} is to wait ${ms} ms after ${failed} tries`)
      const last = device.tabs.flatMap((tab) => (tab && tries.get(nameOf(device, tab, entry.localId))) || []).toSorted((a, b) => a.at - b.at).at(-1)
      const [anyTab] = device.tabs.filter((tab) => tab !== null)
      if (!last || !anyTab || last.waitMs === ms) continue
      // It may have been tried once more since; a clock that was set meanwhile says nothing either.
      const now = world.time.now()
      const failedAt = entry.notBefore - ms - (anyTab.client.ports.clock.now() - now)
      if (failedAt < last.at || failedAt > now) continue
      last.waitMs = ms
      shares.push(ms / ceilingMs(failed))
      if (shares.length >= FEW_WAITS && shares.every((share) => share < LEAST_SHARE)) throw new Violation('I25', `${shares.length} waits, and none of them worth the name`)
    }
  }

  /** After every step. */
  async function check(): Promise<void> {
    for (const device of world.devices) {
      if (!device.browser) continue
      for (const tab of device.tabs) {
        if (!tab) continue
        const life = lifeOf(tab)
        if (tab.isFrozen() || tab.isDead()) continue
        const name = `device ${device.index}.${device.generation} tab ${tab.life}`
        checkState(name, tab)
        // Who signs out while it is opened opens no more.
        if (device.signOut?.by !== tab) checkOpening(name, tab, life)
        checkHydration(name, tab)
      }
      noteTries(device)
      await noteWaits(device)
    }
  }

  /** Once trouble has stopped. */
  async function checkSettled(): Promise<void> {
    await check()
    for (const device of world.devices) {
      if (!device.browser || !isPresent(device)) continue
      const { stored, outbox } = await device.disk.read(async (tx) => ({ stored: await Promise.all(CONVERSATIONS.map((id) => tx.conversations.get(id))), outbox: await tx.outbox.list() }))
      for (const tab of awake(device)) {
        const name = `device ${device.index}.${device.generation} tab ${tab.life}`
        const { phase, storage, conversations, pendingCount } = tab.client.getState()
        if (phase !== 'running' || storage.status === 'reopening') throw new Violation('I28', `${name} is ${phase}, and its database still ${storage.status}`)
        for (const conversation of stored) {
          if (!conversation) continue
          const shown = conversations.find(({ id }) => id === conversation.id)
          if (plain(shown) !== plain(conversation)) throw new Violation('I32', `${name} shows ${plain(shown)} of ${conversation.id}, and the disk has ${plain(conversation)}`)
        }
        const waiting = outbox.filter(({ lane, failed }) => lane === 'intent' && !failed).length
        if (pendingCount !== waiting) throw new Violation('I25', `${name} says that ${pendingCount} wait to be sent, and ${waiting} do`)
      }
    }
  }

  return { check, checkSettled }
}

const nameOf = (device: Device, tab: Tab, localId: string) => `device ${device.index} tab ${tab.life}: ${localId}`

/** As text, in whatever order its fields are. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner)) ?? 'nothing'
}
