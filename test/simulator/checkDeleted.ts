/**
 * [RS32] A message that was deleted for good: nothing is left of it where that was heard, and nothing brings it back. That it is in nobody's way,
 * and counted nowhere, the other rules say, to which it is nothing that could be read.
 */
import type { Message } from 'readback/core'
import type { Device } from './device.js'
import { nameOfDevice, readDisk, say, Violation, type StoredPart } from './stored.js'
import type { RunningWorld } from './world.js'

/** A row as it may be left: where it stands, who it is, and when it went. */
const KEPT: ReadonlySet<string> = new Set(['conversationId', 'from', 'localId', 'ids', 'at', 'otherPlaces', 'time', 'body', 'hidden', 'recalledAt', 'deletedAt', 'fromLater'])

export function createDeletionChecker(world: RunningWorld) {
  /** Ids of rows that were gone, by the rows of a device. */
  const gone = new Map<string, Set<string>>()
  const versions = new Map<Device, number>()

  function idsGone(name: string): Set<string> {
    const ids = gone.get(name) ?? new Set<string>()
    gone.set(name, ids)
    return ids
  }

  function checkGone(device: Device, { id, conversation, rows, outbox }: StoredPart): void {
    const name = nameOfDevice(device, id)
    const known = idsGone(name)
    for (const row of rows) {
      const isGone = isForGood(row)
      // Of what its user made room nothing is known any more: history gives what the server has, a tombstone without words.
      const isTombstone = row.deletedAt !== undefined && wordsOf(row) === '' && world.prunings.some((each) => each.device === device.index && each.c === id)
      if (!isGone && !isTombstone && row.ids.some((each) => known.has(each))) throw new Violation('RS32', `${name}: ${say(row.at)} was deleted for good, and is there again`)
      if (!isGone) continue
      for (const each of row.ids) known.add(each)
      const left = Object.keys(row).filter((field) => !KEPT.has(field))
      if (left.length > 0 || wordsOf(row) !== '') throw new Violation('RS32', `${name}: ${say(row.at)} was deleted for good, and "${wordsOf(row)}" and ${left.join()} are left of it`)
      if (conversation?.lastMessage?.ids.some((each) => known.has(each))) throw new Violation('RS32', `${name}: ${say(row.at)} was deleted for good, and is the last message`)
      const waiting = outbox.find((entry) => entry.lane === 'intent' && entry.action !== 'send' && row.ids.includes(entry.messageId))
      if (waiting) throw new Violation('RS32', `${name}: ${say(row.at)} was deleted for good, and ${JSON.stringify(waiting)} waits`)
    }
  }

  /** What nobody could miss is heard by now: no words of it are anywhere, and no receipt waits for it. */
  async function checkHeard(device: Device, { id, rows }: StoredPart): Promise<void> {
    const name = nameOfDevice(device, id)
    const { held, archived } = await device.disk.read(async (tx) => ({ held: await tx.held.list(id), archived: await tx.archive.get(id, [...idsGone(name)].map((each) => `message ${each}`)) }))
    if (archived.some((each) => each !== undefined)) throw new Violation('RS32', `${name}: who read what was deleted for good is archived`)
    if (!mayBeUnheard(world, device, id)) {
      const deleted = new Set(world.hub.log(id).flatMap((message) => (message.deletedAt === undefined ? [] : [message.id])))
      const row = rows.find((each) => each.at !== null && each.ids.some((id) => deleted.has(id)) && wordsOf(each) !== '' && !isToldAsState(device, each))
      if (row) throw new Violation('RS32', `${name}: ${say(row.at)} was deleted for good, and still says "${wordsOf(row)}"`)
    }
    const here = new Set(rows.flatMap(({ ids }) => ids))
    const waiting = held.find(({ event }) => [...idsGone(name)].some((each) => here.has(each) && ((event as { ids?: readonly string[] }).ids ?? []).includes(each)))
    if (waiting) throw new Violation('RS32', `${name}: ${JSON.stringify(waiting)} waits for what was deleted for good`)
  }

  return {
    async check(): Promise<void> {
      for (const device of world.devices) {
        if (versions.get(device) === device.disk.version()) continue
        versions.set(device, device.disk.version())
        for (const part of await readDisk(device)) checkGone(device, part)
      }
    },
    async checkSettled(): Promise<void> {
      for (const device of world.devices) for (const part of await readDisk(device)) await checkHeard(device, part)
    },
  }
}

/** A client that died before it had stored a cursor is told how everything stands, not what happened: that it was deleted for all, and not that it was for good. */
function isToldAsState({ lives, tabs }: Device, { deletedAt = Number.MAX_SAFE_INTEGER }: Message): boolean {
  return lives > tabs.length && deletedAt !== Number.MAX_SAFE_INTEGER
}

/** Both at the same time, which nothing else is once the server has said so. */
export const isForGood = ({ recalledAt, deletedAt }: Message) => recalledAt !== undefined && recalledAt === deletedAt && recalledAt !== Number.MAX_SAFE_INTEGER

const wordsOf = ({ body }: Pick<Message, 'body'>) => (body.kind === 'text' ? body.text : body.kind)

/** It was told once, to who was there, and may have been lost. */
export function mayBeUnheard({ catchUp, losses, left, wasReset }: RunningWorld, { user, hasSettled }: Device, c: string): boolean {
  return catchUp !== undefined || losses.size > 0 || left.has(user) || wasReset.has(c) || !hasSettled
}
