/** [I2] What a message says is the same on every device and on the server, once everybody has heard of every change. */
import type { Message } from 'readback/core'
import { mayBeUnheard } from './checkDeleted.js'
import type { Device } from './device.js'
import { nameOfDevice, say, Violation, type StoredPart } from './stored.js'
import type { RunningWorld } from './world.js'

/** Changes are told once, and have no history of their own: where one may have been missed, nobody asks for it. */
export function checkContents(world: RunningWorld, device: Device, { id, rows, outbox }: StoredPart): void {
  if (mayBeUnheard(world, device, id)) return
  const log = new Map(world.hub.log(id).map((message) => [message.id, message]))
  for (const row of rows) {
    const told = row.ids.flatMap((each) => log.get(each) ?? [])[0]
    // What failed of it stands as it was meant to be; deletions for good have a check of their own.
    const isOpen = row.failure !== undefined || outbox.some((entry) => entry.lane === 'intent' && entry.action !== 'send' && row.ids.includes(entry.messageId))
    // A file brings back what its writer knew, also of what was pruned here in a newer form.
    const isOfFile = row.ids.some((each) => world.broughtByFile.has(`${device.index} ${each}`))
    if (!told || isOpen || isOfFile || row.hidden || world.recalled.has(told.id)) continue
    const [here, there] = [contentOf(row, world), contentOf(told, world)]
    if (here !== there) throw new Violation('I2', `${nameOfDevice(device, id)}: ${say(row.at)} says ${here}, and on the server ${there}`)
  }
}

/** Where events overtake each other a message that is told again, with all reactions that it had, may come after one that was put to it since: nothing says which is newer. */
function contentOf({ body, editedAt, reactions: all = [], replyTo }: Pick<Message, 'body' | 'editedAt' | 'reactions' | 'replyTo'>, { wireKind }: RunningWorld): string {
  const reactions = wireKind?.late ? [] : all
  return JSON.stringify([body, editedAt ?? null, reactions.map(({ by, emoji }) => `${by} ${emoji}`).toSorted(), replyTo ?? null])
}
