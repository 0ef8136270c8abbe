/**
 * Where a wire tells of reading once, nobody can be asked to know what they were not told: two devices may know different things for good. What is asked instead is
 * that all that was to be told has reached the server, and that a device keeps, and counts, whatever it was told.
 */
import type { Message } from 'readback/core'
import { isCountableFor, type Device } from './device.js'
import { covers, type Place, type Reached } from './oracle.js'
import type { Known } from './archived.js'
import type { Heard } from './lostReceipts.js'
import { nameOfDevice, say, Violation } from './stored.js'
import type { World } from './world.js'

/** Longest that a device takes to store what came: what is told once waits for nothing. */
const STORED_MS = 150
/** Who viewed has read, and who read has it. */
const IMPLIED_BY = { delivered: ['delivered', 'read', 'viewed'], read: ['read', 'viewed'], viewed: ['viewed'] } as const
const NOTHING: Reached = { upTo: null, ranges: [] }

/** What the server was told of somebody's reading there, by this place or one of the others of the same message. */
export function isToldToServer({ hub }: World, c: string, user: string, places: readonly Place[], isForAll: boolean): boolean {
  const told = hub.readStates(c, user).filter(({ by, kind, visibility }) => by === user && kind !== 'delivered' && (!isForAll || visibility === 'published'))
  return told.some(({ upTo = null, ranges = [] }) => places.some((place) => covers({ upTo, ranges }, place)))
}

/** Of a device with one tab: what was given to one that led no more, nobody brings again. */
export function checkHeard(world: World, device: Device, { id, own, known, rows }: Known[number]): void {
  if (device.browser !== null || world.left.size > 0) return
  const log = new Map(world.hub.log(id).map((message) => [message.id, message.at]))
  // Who died in the middle of it may not have stored it.
  const isSure = ({ c, at }: Heard) => c === id && !device.halts.some((halt) => halt >= at && halt - at < STORED_MS)
  const here = rows.filter((row) => row.ids.some((each) => log.has(each)) && !world.recalled.has(row.ids[0]!))
  for (const heard of device.heard.filter(isSure)) {
    const state = heard.by === device.user ? own?.synced : known.find(({ memberId }) => memberId === heard.by)
    const isKnown = (place: Place) => IMPLIED_BY[heard.kind].some((kind) => covers(state?.[kind] ?? NOTHING, place))
    // Lost and sent again, it stands where the server has it now: a position behind the loss says nothing of where it stood.
    const placesNow = ({ ids }: Message) => ids.flatMap((each) => log.get(each) ?? [])
    const isTold = (row: Message) => placesNow(row).some((at) => covers(heard, at)) || heard.ids.includes(row.ids[0]!)
    const missing = here.find((row) => isCountableFor(row, heard.by) && isTold(row) && ![row.at!, ...(row.otherPlaces ?? [])].some(isKnown))
    if (missing) throw new Violation('I24', `${nameOfDevice(device, id)}: it was told at ${heard.at} that ${heard.by} has ${heard.kind} ${say(missing.at)}, which is told once, and does not know it`)
  }
}
