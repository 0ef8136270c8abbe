/** Several people use one device, one after the other: its browser, its clock and what stands beside the databases are the same, each has a database of their own. What must hold then: `checkAccounts.ts`. */
import { awake, openTab, startDevice, type Device, type DeviceOptions } from './device.js'
import { forgetStored, type People } from './people.js'
import { mayEnd, signOutIn } from './signOut.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

/** Longest that a tab shows rows that were deleted under it: it has to find that, with a slow disk, and to read again. */
const UNSURE_MS = 20_000
/** Longest that signing out takes, where a frozen tab is in the way of deleting. */
const SIGN_OUT_MS = 8_000

/** What the client of an account on a device is made with. */
export type OptionsOf = (device: Pick<Device, 'index' | 'machine' | 'user'>) => DeviceOptions

export function createAccounts(world: World, people: People, optionsOf: OptionsOf) {
  const { time } = world
  const { closeReader, doing } = people

  /** All who ever signed in on a device, the first one first. */
  const on = (machine: number) => world.devices.filter((device) => device.machine === machine)

  /** Whose tab stands at this place; where none does, whoever is signed in. */
  function at(machine: number, place: number): Device {
    const all = on(machine)
    return all.find(({ tabs }) => tabs[place]) ?? all.find(({ isSignedIn }) => isSignedIn) ?? all[0]!
  }

  /** The page of a tab is left, whatever its client is doing. */
  async function leave(device: Device, place: number): Promise<void> {
    const tab = device.tabs[place]
    if (!tab) return
    closeReader(tab)
    if (!tab.isFrozen()) doing(tab, 'dispose', tab.client.dispose())
    await time.settle()
    tab.crash()
    device.halts.push(time.now())
    device.tabs[place] = null
  }

  function signOut(device: Device, tab: Tab, data: 'keep' | 'wipe'): void {
    if (!device.isSignedIn) return
    closeReader(tab)
    doing(tab, 'signOut', signOutIn(device, tab, data, time))
  }

  async function accountOf(machine: number, user: string): Promise<Device> {
    const all = on(machine)
    const before = all.find((device) => device.user === user)
    if (before) return before
    const device = await startDevice(optionsOf({ index: world.devices.length, machine, user }), undefined, all[0]!)
    device.isOnline = all[0]!.isOnline
    world.devices.push(device)
    watch(device)
    return device
  }

  async function signIn(machine: number, place: number, user: string): Promise<void> {
    const device = await accountOf(machine, user)
    if (device.isSignedIn) return
    for (const other of on(machine)) await leave(other, place)
    device.isSignedIn = true
    // A tab that has not looked yet meets the rows made anew, and the word beside them: to it they were thrown away, and who is signed in goes on.
    if (device.signOut?.data === 'wipe') device.signOut.told.clear()
    openTab(device, place, optionsOf(device))
  }

  /** What a wipe takes: nothing that was known before binds these rows. */
  function forgetRows(index: number, ids: readonly string[]): void {
    const device = world.devices[index]!
    if (!device.mayBeWiped) world.breaches.push(`device ${index}: the rows of ${device.user} were deleted, and nobody asked for it`)
    device.mayBeWiped = false
    forgetStored(world, people, index)
    for (const id of ids) device.had.add(id)
    device.generation += 1
    device.firstGeneration = device.generation
    device.wipes += 1
    device.unsureUntil = time.now() + UNSURE_MS
    device.spoiled.clear()
    device.drafts.clear()
  }

  function watch({ index, disk }: Device): void {
    disk.handles.onDeleted((ids) => forgetRows(index, ids))
  }

  /** Where a client has signed out, the app shows another page. */
  function leaveSignedOut(): void {
    for (const { tabs, signOut: last } of world.devices) for (const [place, tab] of tabs.entries()) {
      if (!tab || !last || !mayEnd(last, tab) || tab.isFrozen() || tab.client.getState().phase !== 'stopped') continue
      closeReader(tab)
      tab.crash()
      tabs[place] = null
    }
  }

  /** Who has not been back since trouble stopped comes back, one on each device. Returns whether anybody did. */
  async function comeHome(): Promise<boolean> {
    const homes = [...new Set(world.devices.map(({ machine }) => machine))].flatMap((machine) => on(machine).find(({ hasSettled }) => !hasSettled) ?? [])
    for (const { machine } of homes) for (const device of on(machine)) {
      const [tab] = awake(device)
      if (tab) signOut(device, tab, 'keep')
      else device.isSignedIn = false
    }
    if (homes.length === 0) return false
    await time.pass(SIGN_OUT_MS)
    leaveSignedOut()
    for (const { machine, user } of homes) await signIn(machine, 0, user)
    return true
  }

  /** Unfinished words, which nobody else may read. */
  async function draft(device: Device, tab: Tab, c: string): Promise<void> {
    const isKnown = (await device.disk.read((tx) => tx.conversations.get(c))) !== undefined
    if (!isKnown) return
    const { generation } = device
    const drafts = device.drafts.get(c) ?? { count: 0, isStored: false }
    device.drafts.set(c, drafts)
    drafts.count += 1
    const text = `draft ${drafts.count} of ${device.user} on ${device.machine}`
    doing(tab, 'draft', tab.client.setDraft(c, text).then(() => {
      if (device.generation === generation) drafts.isStored = true
    }))
  }

  return { at, comeHome, draft, leaveSignedOut, on, signIn, signOut, watch }
}

export type Accounts = ReturnType<typeof createAccounts>

/** Somebody looks at this account, or did so once trouble had stopped: what it knew and had to say is known. */
export const isDue = (device: Device): boolean => device.hasSettled || isPresent(device)

/** Somebody is signed in here and has a tab, or a tab has not heard yet that it is signed out. */
export function isPresent(device: Device): boolean {
  // A frozen tab keeps rows from being deleted, and everybody from opening those that come after.
  if (device.disk.handles.isDeleting()) return false
  return awake(device).some(({ client }) => device.isSignedIn || client.getState().phase === 'running')
}

