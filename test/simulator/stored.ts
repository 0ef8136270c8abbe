/** What a device holds, as far as a rule speaks of it, and how a rule says that it was broken. */
import { storedMissing } from '../../src/sync/notedMissing.js'
import type { Device } from './device.js'
import type { Place } from './oracle.js'
import { CONVERSATIONS } from './schedule.js'
import type { World } from './world.js'

export class Violation extends Error {
  constructor(readonly rule: string, message: string) {
    super(`[${rule}] ${message}`)
  }
}

export async function readDisk(device: Device) {
  return device.disk.read(async (tx) => {
    const parts = []
    for (const id of CONVERSATIONS) {
      parts.push({
        id: id as string,
        conversation: await tx.conversations.get(id),
        rows: await tx.messages.page({ conversationId: id, limit: 100_000 }),
        echoes: await tx.messages.echoes(id),
        own: await tx.readStates.getOwn(id),
        states: await tx.readStates.list(id),
        members: await tx.members.list(id),
        outbox: await tx.outbox.list({ conversationId: id }),
        gaps: await tx.gaps.list(id),
        /** What no window waits for. */
        missing: await storedMissing(tx, id),
      })
    }
    return parts
  })
}

/** Of both conversations. */
export type Stored = Awaited<ReturnType<typeof readDisk>>
export type StoredPart = Stored[number]

/** Whether reading a message reads all that stands before it. */
export const isPrefixRead = ({ reading }: Pick<World, 'reading'>, c: string): boolean => reading[c === 'pair' ? 'direct' : 'group'] === 'upTo'

export const nameOfDevice = ({ index, generation }: Device, id: string): string => `device ${index}.${generation} ${id}`

export function say(place: Place | null | undefined): string {
  return place ? `${place.epoch}/${place.order}` : 'nothing'
}

export function isSamePlace(a: Place | null, b: Place | null): boolean {
  return a === b || (a !== null && b !== null && a.epoch === b.epoch && a.order === b.order && a.id === b.id)
}
