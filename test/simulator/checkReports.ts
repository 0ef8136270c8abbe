/** What is told, and when: it ends at messages that somebody saw, never at their own; and where nothing is in the way it leaves within a second. */
import type { Device } from './device.js'
import { covers, type Place, type Reached } from './oracle.js'
import { isPrefixRead, isSamePlace, nameOfDevice, say, Violation, type StoredPart } from './stored.js'
import type { World } from './world.js'

/** The window of a batch, at its widest. */
const FLUSH_MS = 1_000
/** A report behind another one waits for its answer, twice the longest way. */
const SLACK_MS = 300

export function reportChecks(world: World) {
  /** When a report in the outbox was first seen there. */
  const since = new Map<string, number>()

  /** Sending, and whatever else is not reading, moves nobody's read state. */
  function checkEnds(name: string, user: string, c: string, { upTo, ranges }: Reached): void {
    for (const end of [...(upTo ? [upTo] : []), ...ranges.map(({ to }) => to)]) {
      if (!isSeenEnd(user, c, end)) throw new Violation('I7', `${name}: it is read up to ${say(end)}, and ${user} read nothing there`)
    }
  }

  function isSeenEnd(user: string, c: string, end: Place): boolean {
    const { seen, cleared } = world.oracle
    if (seen.some((one) => one.user === user && one.conversation === c && isSamePlace(one.at, end))) return true
    if (cleared.some((one) => one.user === user && one.conversation === c && isSamePlace(one.upTo, end))) return true
    // A wire of single messages names each that lies before; none of them is theirs. What a reset took at once is not known here.
    const message = world.accepted.get(c)!.get(end.id)
    if (world.wireKind?.scope !== 'message' || message?.from === user) return false
    const isBeforeEnd = (at: Place) => covers({ upTo: at, ranges: [] }, end)
    return (isPrefixRead(c) && seen.some((one) => one.user === user && one.conversation === c && isBeforeEnd(one.at))) || cleared.some((one) => one.user === user && one.conversation === c && isBeforeEnd(one.upTo))
  }

  return {
    /** @param isCalm - nothing keeps reports back: no fault, no connection that breaks, no other tab */
    checkDevice(device: Device, { id, own, outbox }: StoredPart, isCalm: boolean): void {
      const name = nameOfDevice(device, id)
      if (own) checkEnds(name, device.user, id, own.synced.read)
      const waiting = new Set<string>()
      for (const entry of outbox) {
        // What was delivered waits on purpose: most likely it is told as read.
        if (entry.action !== 'report' || entry.kind === 'delivered') continue
        const key = `${name} ${entry.kind} ${entry.visibility} ${entry.seq}`
        waiting.add(key)
        const first = since.get(key) ?? world.time.now()
        const last = Math.max(first, ...device.tabs.map((tab) => tab?.reportedAt.get(`${id} ${entry.kind} ${entry.visibility}`) ?? 0))
        since.set(key, first)
        const waitedMs = world.time.now() - last
        if (isCalm && waitedMs > FLUSH_MS + SLACK_MS) throw new Violation('I17', `${name}: a report of ${entry.kind} to ${entry.visibility} has waited for ${waitedMs} ms`)
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
