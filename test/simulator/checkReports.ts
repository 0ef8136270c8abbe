/** What is told, and when: it ends at messages that somebody saw, never at their own; and where nothing is in the way it leaves within a second. */
import type { OutboxEntry } from 'readback/core'
import type { Device } from './device.js'
import { covers, type Place, type Reached, type Seen } from './oracle.js'
import { placesOf } from './places.js'
import { prunedBefore } from './pruning.js'
import { isPrefixRead, isSamePlace, nameOfDevice, say, Violation, type StoredPart } from './stored.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

/** The window of a batch, at its widest. */
const FLUSH_MS = 1_000
/** A report behind another one waits for its answer, twice the longest way. */
const SLACK_MS = 300
/** What failed is tried again after this long at the latest. */
const BACK_OFF_MS = 60_000
/** What leaves a page that is hidden or left, in sum: a browser sends no more. */
const MOST_BYTES = 60 * 1_024

export function reportChecks(world: World) {
  /** When a report was first seen in the outbox with nothing that holds it back. */
  const since = new Map<string, number>()

  /** Where prefixes end because room was made up to there. */
  const prunedTo = new Set<string>()

  /** Sending, and whatever else is not reading, moves nobody's read state. */
  function checkEnds(name: string, user: string, c: string, { upTo, ranges }: Reached, isPart = (_end: Place) => false): void {
    for (const end of [...(upTo ? [upTo] : []), ...ranges.map(({ to }) => to)]) {
      if (!isSeenEnd(user, c, end) && !isPart(end)) throw new Violation('I7', `${name}: it is read up to ${say(end)}, and ${user} read nothing there`)
    }
  }

  function isSeenEnd(user: string, c: string, end: Place): boolean {
    const { seen, cleared } = world.oracle
    const places = placesOf(world, c, end)
    const readsBefore = ({ isPrefix = false }: Seen) => isPrefix || isPrefixRead(world, c)
    if (seen.some((one) => one.user === user && one.conversation === c && places.some((place) => isSamePlace(one.at, place)))) return true
    // Where a file brought what was never here a position ends before it, and goes on behind.
    if (end.id === '' && seen.some((one) => one.user === user && one.conversation === c && readsBefore(one) && covers({ upTo: one.at, ranges: [] }, end))) return true
    // What was reached, or cleared, where it stood first is so where it was sent again.
    const isReached = (upTo: Place) => places.some((place) => !isSamePlace(place, end) && covers({ upTo, ranges: [] }, place))
    if (seen.some((one) => one.user === user && one.conversation === c && readsBefore(one) && isReached(one.at))) return true
    const isCleared = (upTo: Place) => isSamePlace(upTo, end) || places.some((place) => !isSamePlace(place, end) && covers({ upTo, ranges: [] }, place))
    if (cleared.some((one) => one.user === user && one.conversation === c && isCleared(one.upTo))) return true
    const message = world.accepted.get(c)!.get(end.id)
    // Of a prefix that reaches beyond what a server lost, what a file brings from there is cut out: between it stands what is theirs, and the last that was kept.
    const kept = world.wasReset.has(c) ? world.hub.log(c).findLast(({ at }) => at.epoch === end.epoch) : undefined
    const isCutThere = world.wasReset.has(c) && (message?.from === user || (kept && isSamePlace(kept.at, end)))
    const reachesBeyond = (upTo: Place) => upTo.epoch > end.epoch
    if (isCutThere && (seen.some((one) => one.user === user && one.conversation === c && readsBefore(one) && reachesBeyond(one.at)) || cleared.some((one) => one.user === user && one.conversation === c && reachesBeyond(one.upTo)))) return true
    // A wire of single messages names each that lies before; none of them is theirs. What a reset took at once is not known here.
    if (world.wireKind?.scope !== 'message' || message?.from === user) return false
    const isBeforeEnd = (at: Place) => covers({ upTo: at, ranges: [] }, end)
    return seen.some((one) => one.user === user && one.conversation === c && readsBefore(one) && isBeforeEnd(one.at)) || cleared.some((one) => one.user === user && one.conversation === c && isBeforeEnd(one.upTo))
  }

  /** The outbox could do nothing about it: no line, an answer that it waits for, a pause after a failure. */
  function isHeldBack(tab: Tab, id: string, entry: OutboxEntry): boolean {
    if (entry.action !== 'report' || entry.wait !== undefined || tab.client.getState().connection.status !== 'online') return true
    const { underWay, failedAt } = tab.reporting
    return (underWay.get(id) ?? 0) > 0 || world.time.now() - (failedAt.get(`${id} ${entry.kind} ${entry.visibility}`) ?? -Infinity) < BACK_OFF_MS
  }

  return {
    checkDevice(device: Device, { id, own, outbox, gaps, missing }: StoredPart): void {
      const name = nameOfDevice(device, id)
      // All that went was read, and says so as a prefix up to the last one, which stays.
      if (world.prunings.some(({ device: index }) => index === device.index)) for (const { after, before } of [...gaps, ...missing]) if (after === null && before && isSamePlace(own?.synced.read.upTo ?? null, before)) prunedTo.add(`${id} ${device.user} ${before.id}`)
      // What went may be fetched again before anybody looks.
      const until = prunedBefore(world, device, id)
      const isPrunedTo = (end: Place) => prunedTo.has(`${id} ${device.user} ${end.id}`) || (world.accepted.get(id)!.get(end.id)?.time ?? Infinity) < until
      // Of what another device told, a device has what reaches up to the newest message that it has.
      const isToldByUser = (end: Place) => world.hub.readStates(id, device.user).some(({ by, kind, upTo = null, ranges = [] }) => by === device.user && kind !== 'delivered' && covers({ upTo, ranges }, end))
      if (own) checkEnds(name, device.user, id, own.synced.read, (end) => isPrunedTo(end) || isToldByUser(end))
      const large = device.tabs.find((each) => each && each.reporting.bytes.most > MOST_BYTES)
      if (large) throw new Violation('I17', `${name}: ${large.reporting.bytes.most} bytes of reports left in one moment`)
      const waiting = new Set<string>()
      for (const entry of outbox) {
        // What was delivered waits on purpose: most likely it is told as read.
        if (entry.action !== 'report' || entry.kind === 'delivered') continue
        const [tab] = device.tabs
        // Of several tabs one leads, and hears of the others' reading by news that may be lost.
        if (!tab || device.browser !== null) continue
        const key = `${name} ${tab.life} ${entry.kind} ${entry.visibility} ${entry.seq}`
        waiting.add(key)
        const now = world.time.now()
        if (isHeldBack(tab, id, entry)) {
          since.delete(key)
          continue
        }
        const first = since.get(key) ?? now
        since.set(key, first)
        const leftAt = tab.reporting.leftAt.get(`${id} ${entry.kind} ${entry.visibility}`) ?? 0
        const waitedMs = now - Math.max(first, leftAt)
        const what = `${name}: a report of ${entry.kind} to ${entry.visibility}`
        if (waitedMs > FLUSH_MS + SLACK_MS) throw new Violation('I17', `${what} has waited for ${waitedMs} ms`)
        const { hiddenAt } = tab.reporting
        const fullAt = tab.reporting.fullAt.get(id) ?? -Infinity
        if (first < hiddenAt && leftAt < hiddenAt) throw new Violation('I17', `${what} did not leave when the page was hidden`)
        // A position that says nothing yet is let go, and waits anew with the next message. What is of the same moment may have come after it.
        if (world.wireKind?.scope !== 'point' && first < fullAt && leftAt < fullAt) throw new Violation('I17', `${what} is full and did not leave`)
      }
      for (const key of since.keys()) if (key.startsWith(`${name} `) && !waiting.has(key)) since.delete(key)
    },
    checkHub(c: string): void {
      for (const receipt of world.hub.readStates(c, '')) {
        if (receipt.kind !== 'delivered') checkEnds(`hub ${c} ${receipt.by} ${receipt.kind}`, receipt.by, c, { upTo: receipt.upTo ?? null, ranges: receipt.ranges ?? [] })
      }
    },
  }
}
