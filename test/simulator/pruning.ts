/** Room is made on a device, and what must hold then: only what is old and read goes, what is told message by message is told before, what is missing is known to be, and the count stays what it was. */
import type { Message } from 'readback/core'
import { isCountableFor, type Device } from './device.js'
import { covers, isBefore, type Place } from './oracle.js'
import type { People } from './people.js'
import { isPrefixRead, nameOfDevice, readDisk, say, Violation, type StoredPart } from './stored.js'
import type { Tab } from './tab.js'
import type { RunningWorld, World } from './world.js'

export interface Pruning {
  readonly device: number
  readonly generation: number
  readonly c: string
  /** Milliseconds of virtual time. */
  readonly before: number
}

/** Up to when room was made of messages on a device, epoch milliseconds; -Infinity where it never was. */
export function prunedBefore({ prunings }: Pick<World, 'prunings'>, { index, generation }: Pick<Device, 'index' | 'generation'>, c: string): number {
  return Math.max(...prunings.filter((each) => each.device === index && each.generation === generation && each.c === c).map(({ before }) => before))
}

interface Wish {
  readonly device: Device
  readonly tab: Tab
  readonly c: string
  readonly keptMs: number
}

export function prune({ prunings, time }: World, { doing }: People, { device: { index, generation }, tab, c, keptMs }: Wish): void {
  const before = time.now() - keptMs
  prunings.push({ device: index, generation, c, before })
  doing(tab, 'prune', tab.client.pruneHistory(c, { before }))
}

/** Whether its user deleted it for themselves on some device, which has made room of it: then it counts as read on all of theirs. */
export function isPrunedHidden({ prunings, hidden }: World, user: string, { ids }: Message): boolean {
  return prunings.length > 0 && ids.some((id) => hidden.has(`${user} ${id}`))
}

/** For a while, and for good. */
const missingOf = ({ gaps, missing }: StoredPart) => [...gaps, ...missing]

/** Whether a number between the rows up to a place is not here, and not read either. */
function lacksNumber({ rows, own }: StoredPart, end: Place | null | undefined): boolean {
  const isRead = (place: Place) => own !== undefined && covers(own.synced.read, place)
  return rows.slice(1).some(({ at }, i) => {
    const last = rows[i]!.at!
    if (end && isBefore(end, at!)) return false
    // Numbers begin anew with an epoch.
    const from = at!.epoch === last.epoch ? last.order : 0
    return Array.from({ length: Math.max(0, at!.order - from - 1) }, (_, n) => ({ epoch: at!.epoch, order: from + n + 1, id: '' })).some((place) => !isRead(place))
  })
}

export function createPruningChecker(world: RunningWorld) {
  const last = new Map<Device, { readonly version: number; readonly generation: number; readonly parts: readonly StoredPart[] }>()

  function checkGone(device: Device, before: StoredPart, now: StoredPart): void {
    const here = new Set(now.rows.flatMap(({ ids }) => ids))
    // A row of mine that the server lost is a failed message again, where it failed, or discarded by then: that is no room.
    const isLost = ({ from, localId }: Message) => world.discarded.has(localId) || now.echoes.some((echo) => echo.from === from && echo.localId === localId)
    const gone = before.rows.filter((row) => !row.ids.some((id) => here.has(id)) && !isLost(row))
    for (const row of gone) checkRow(device, row, before, now)
    if (gone.length > 0) checkCount(device, before, now, gone)
  }

  function checkRow(device: Device, row: Message, before: StoredPart, now: StoredPart): void {
    const name = `${nameOfDevice(device, now.id)}: ${say(row.at)}`
    const at = row.at!
    if (!(row.time < prunedBefore(world, device, now.id))) throw new Violation('RS27', `${name} has gone, and nobody made room of it`)
    if (row.failure !== undefined) throw new Violation('RS27', `${name} has gone with what failed of it`)
    const isUnread = isCountableFor(row, device.user) && !row.hidden && !world.recalled.has(row.ids[0]!) && !isPrunedHidden(world, device.user, row) && !world.oracle.mayBeMine(device.user, now.id, at, isPrefixRead(world, now.id))
    if (isUnread) throw new Violation('RS27', `${name} has gone, and ${device.user} never saw it`)
    const isTold = (place: Place) => covers(now.own!.acked.published.read, place)
    // What a file brought into what was read is told with what is read next, if it is still here then.
    const isByFile = row.ids.some((id) => world.broughtByFile.has(`${device.index} ${id}`))
    if (world.wireKind?.scope === 'message' && !isByFile && !world.left.has(device.user) && isCountableFor(row, device.user) && before.own && covers(before.own.wanted.read, at) && !isTold(at)) throw new Violation('RS27', `${name} has gone, and its author was not told that it was read`)
    if (!missingOf(now).some(({ after, before: end }) => (after === null || isBefore(after, at)) && (end === null || isBefore(at, end)))) throw new Violation('RS27', `${name} has gone, and no gap says so`)
  }

  /** Making room counts nothing away, and makes nothing inexact: all that went was read. Unless a number between it had not come, and was not read: it may be unread, and come yet. */
  function checkCount(device: Device, before: StoredPart, now: StoredPart, gone: readonly Message[]): void {
    // Between messages of the last ten minutes, and at what came malformed, something may still come where numbers do not tell.
    if (world.wireKind?.sparse && (world.wireKind.late || world.wireKind.timing || world.wireKind.garbled)) return
    // Nor where it stands before all that is here: nobody has read it.
    if (device.spoiled.size > 0) return
    const known = new Set(before.rows.flatMap(({ ids }) => ids))
    const beyond = (part: StoredPart) => missingOf(part).filter((gap) => gap.before === null || gone.every(({ at }) => isBefore(at!, gap.before!)))
    const isQuiet = now.rows.every(({ ids }) => known.has(ids[0]!)) && beyond(now).length === beyond(before).length + 1
    if (!world.wireKind?.sparse && lacksNumber(before, now.rows[0]?.at)) return
    if (isQuiet && before.conversation?.unread?.exact && !now.conversation?.unread?.exact) throw new Violation('RS27', `${nameOfDevice(device, now.id)}: ${gone.length} rows have gone, and the count is not exact any more`)
  }

  return {
    async check(): Promise<void> {
      for (const device of world.devices) {
        const then = last.get(device)
        const version = device.disk.version()
        if (then?.version === version) continue
        const parts = await readDisk(device)
        last.set(device, { version, generation: device.generation, parts })
        if (then?.generation !== device.generation) continue
        for (const [n, part] of parts.entries()) checkGone(device, then.parts[n]!, part)
      }
    },
    async checkSettled(): Promise<void> {},
  }
}
