/** What the hub took, and who was no member then. */
import { CONVERSATIONS } from './schedule.js'
import type { World } from './world.js'

/** Looked at after every step, before a server loses anything, and before and after somebody comes or goes. */
export function noteAccepted(world: World): void {
  for (const c of CONVERSATIONS) {
    const known = world.accepted.get(c)!
    for (const message of world.hub.log(c)) {
      if (!known.has(message.id)) {
        known.set(message.id, { ...message, localId: message.localId ?? '', ids: [message.id] })
        if (c === 'team') for (const user of world.away) world.notFor.add(`${user} ${message.id}`)
      }
      if (message.recalledAt !== undefined || message.deletedAt !== undefined) world.recalled.add(message.id)
    }
  }
}
