/** [I33] Rows of another version of the app stand among ours: one that nobody can read, and one with a field that nobody here knows. The one goes to quarantine, the other keeps its field, whatever is done to it. */
import type { Message } from 'readback/core'
import { isErased } from '../../src/sync/erased.js'
import type { Device } from './device.js'
import { prunedBefore } from './pruning.js'
import { Violation } from './stored.js'
import type { World } from './world.js'

/** Name of the field. */
const FIELD = 'fromLater'

/** What was put on a device's disk, by the generation of its rows. */
export interface ForeignRows {
  readonly generation: number
  readonly key: { readonly conversationId: string; readonly from: string; readonly localId: string }
}

export async function putForeign(device: Device, c: string): Promise<void> {
  if (!device.browser) return
  const { disk, generation, foreign } = device
  const key = await disk.write(async (tx) => {
    const [newest] = await tx.messages.page({ conversationId: c, limit: 1 })
    if (!newest) return null
    await tx.messages.put([{ ...newest, [FIELD]: { of: newest.localId } } as never, { ...newest, localId: `torn-${foreign.length}`, ids: 7 } as never])
    return { conversationId: c, from: newest.from, localId: newest.localId }
  })
  if (key) foreign.push({ generation, key })
}

export async function checkForeign(world: World, device: Device): Promise<void> {
  const { index, generation, disk, foreign } = device
  const mine = foreign.filter((each) => each.generation === generation)
  if (mine.length === 0) return
  const { rows, torn, kept } = await disk.read(async (tx) => ({
    rows: await tx.messages.getMany(mine.map(({ key }) => key)),
    torn: await tx.messages.getMany(foreign.map((_, n) => ({ ...mine[0]!.key, localId: `torn-${n}` }))),
    kept: await tx.quarantine.list(),
  }))
  const name = `device ${index}.${generation}`
  // What room was made of comes back from the wire, which never knew the field.
  const mayBeBack = (row: Message) => row.time < prunedBefore(world, device, row.conversationId)
  // Of what was deleted for good nothing is left.
  const bare = rows.find((row, n) => row && !isErased(row) && !mayBeBack(row) && (row as { fromLater?: { of: string } }).fromLater?.of !== mine[n]!.key.localId)
  if (bare) throw new Violation('I33', `${name}: ${bare.localId} has lost a field that is not known here`)
  if (torn.some((row) => row !== undefined)) throw new Violation('I33', `${name}: a row that nobody can read stands among the others`)
  const inQuarantine = new Set(kept.map(({ row }) => (row as { localId?: string }).localId))
  if (mine.some((each) => !inQuarantine.has(`torn-${foreign.indexOf(each)}`))) throw new Violation('I33', `${name}: a row that nobody can read is in no quarantine`)
}
