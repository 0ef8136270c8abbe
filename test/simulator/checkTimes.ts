/** No clock of a device orders or dates anything: devices' clocks jump by hours and days here, and what they show is the server's. */
import type { Device } from './device.js'
import { isBefore } from './oracle.js'
import { nameOfDevice, say, Violation, type StoredPart } from './stored.js'
import type { World } from './world.js'

const KINDS = ['delivered', 'read', 'viewed'] as const

export function timeChecks(world: World) {
  return function checkTimes(device: Device, { id, rows, states }: StoredPart): void {
    const name = nameOfDevice(device, id)
    const known = world.accepted.get(id)!
    for (const [index, row] of rows.entries()) {
      if (index > 0 && !isBefore(rows[index - 1]!.at!, row.at!)) throw new Violation('I11', `${name}: ${say(row.at)} stands behind ${say(rows[index - 1]!.at)}`)
      const message = known.get(row.ids[0]!)
      if (message && message.time !== row.time) throw new Violation('I11', `${name}: ${say(row.at)} is dated ${row.time}, and the server says ${message.time}`)
    }
    const now = world.time.now()
    for (const state of states) for (const kind of KINDS) for (const { to, time } of state.times[kind]) {
      // What a server has lost it cannot date.
      const sentAt = world.wasReset.has(id) ? 0 : (known.get(to.id)?.time ?? 0)
      if (time > now || time < sentAt) throw new Violation('I11', `${name}: ${state.memberId} has ${kind} ${say(to)} at ${time}, which is ${time > now ? `after now, ${now}` : `before it was sent, ${sentAt}`}`)
    }
  }
}
