/** Somebody signs out in one tab: what that promises, to that tab, to the others that were open, and to the disk. */
import type { ChatError } from 'readback/core'
import type { Device } from './device.js'
import type { Tab } from './tab.js'
import type { VirtualTime } from './virtualTime.js'

export interface SignOut {
  readonly data: 'keep' | 'wipe'
  /** Where. */
  readonly by: Tab
  /** Clients that ran here before it was done, and so may be ended by it. */
  lives: number
  /** Tabs that were running. */
  readonly told: Set<Tab>
  /** When it was done, milliseconds of virtual time; null: it is not, or its tab was gone before. */
  doneAt: number | null
  /** All tabs must hear of it, by news that may be lost or by a row that could be written. */
  readonly isSure: boolean
}

/** Whether it may end a client: one that was opened before it was done. */
export function mayEnd({ data, by, lives, doneAt }: SignOut, { life }: Tab): boolean {
  const isUnderWay = doneAt === null && (data === 'wipe' || !by.isDead())
  return isUnderWay || life <= lives
}

/** @returns what the client promised, or why it did not */
export async function signOutIn(device: Device, tab: Tab, data: 'keep' | 'wipe', time: VirtualTime): Promise<void> {
  const told = new Set(device.tabs.filter((each): each is Tab => each !== null && each.client.getState().phase === 'running'))
  // A tab that heard of a sign-out ends, for as long as its database takes: signed out already, it tells those nothing who have signed in since.
  const isSure = told.has(tab) && !tab.hasHungUp() && !tab.disk.wasTroubled()
  const current: SignOut = { data, by: tab, lives: device.lives, told, doneAt: null, isSure }
  const before = device.signOut
  device.signOut = current
  device.isSignedIn = false
  device.mayBeWiped ||= data === 'wipe'
  const note = () => {
    current.doneAt = time.now()
    current.lives = device.lives
  }
  try {
    await tab.client.signOut({ data })
    note()
  } catch (error) {
    // Only a frozen tab is in the way of deleting: it is done when that tab has gone.
    if ((error as ChatError).code === 'storage/blocked' && tab.client.getState().phase === 'stopped') note()
    else if (device.signOut === current) {
      device.signOut = before
      device.isSignedIn = true
    }
    throw error
  }
}
