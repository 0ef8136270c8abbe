/** What one device has of a conversation is carried to another in a file, and what must hold then: all that is in it is there, and who read what is in it is known there, too. */
import type { Member, Message } from 'readback/core'
import { awake, type Device } from './device.js'
import { covers, isBefore, wasMember, type Place } from './oracle.js'
import type { People } from './people.js'
import { nameOfDevice, readDisk, say, Violation, type StoredPart } from './stored.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

interface Wish {
  readonly tab: Tab
  readonly to: Device
  readonly c: string
}

/** What a file says, as far as it is looked at here. */
interface Said {
  readonly messages: readonly Message[]
  readonly states: StoredPart['states']
}

export function carry(world: World, { doing }: People, { tab, to, c }: Wish): void {
  const written = linesOf(tab, c)
  doing(tab, 'export', written)
  void written.then(async (lines) => {
    const reader = awake(to)[0]
    if (!reader) return
    const { generation } = to
    const isMine = to.user === tab.client.userId
    const said = saidIn(lines, isMine)
    const { rows } = (await readDisk(to)).find(({ id }) => id === c)!
    for (const id of untoldIn(world, c, lines)) world.untoldByFile.add(`${to.index} ${id}`)
    const here = new Set(rows.flatMap(({ ids }) => ids))
    for (const id of said.messages.flatMap(({ ids }) => ids)) if (!here.has(id)) world.broughtByFile.add(`${to.index} ${id}`)
    const newest = [...rows, ...said.messages].reduce<Message | null>((last, row) => (last && !isBefore(last.at!, row.at!) ? last : row), null)
    if (newest) world.newestByFile.set(`${to.index} ${c}`, newest.ids[0]!)
    // What its writer deleted for themselves stands hidden in the file, and where that is read by themselves.
    for (const { hidden, ids } of said.messages) if (hidden && isMine) for (const id of ids) world.hidden.add(`${to.user} ${id}`)
    doing(reader, 'import', reader.client.importConversation(lines).then(async (done) => {
      if (done.added + done.known !== said.messages.length || done.skipped > 0) world.badFiles.push(`of ${said.messages.length} messages ${done.added} were added and ${done.known} known, and ${done.skipped} lines said nothing`)
      const part = (await readDisk(to)).find(({ id }) => id === c)!
      if (to.generation === generation) world.badFiles.push(...missingOf(world, to, said, part))
    }))
  }, () => {})
}

/** Those that a file brought here and that stand before a reset: what is said of places behind it says nothing of them until the server has told what it lost. */
export function lateByFile({ wasReset, accepted, broughtByFile }: World, { index }: Device, c: string, rows: readonly Message[]): readonly Message[] {
  if (!wasReset.has(c)) return []
  const epoch = Math.max(...[...accepted.get(c)!.values()].map(({ at }) => at!.epoch))
  return rows.filter(({ at, ids }) => at!.epoch < epoch && ids.some((each) => broughtByFile.has(`${index} ${each}`)))
}

async function linesOf(tab: Tab, c: string): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of tab.client.exportConversation(c)) lines.push(line)
  return lines
}

/** What its writer deleted for themselves is missing to anybody else. */
function saidIn(lines: readonly string[], isMine: boolean): Said {
  const said = lines.map((line) => JSON.parse(line) as { readonly message?: Message; readonly readState?: StoredPart['states'][number] })
  const isSaid = ({ hidden, recalledAt, deletedAt }: Message) => isMine || !hidden || (recalledAt !== undefined && recalledAt === deletedAt)
  return { messages: said.flatMap(({ message }) => (message && isSaid(message) ? message : [])), states: said.flatMap(({ readState }) => readState ?? []) }
}

/** What stands before all that is in the file, and is not missing by what that says: on its way to who wrote it, with nothing before it that would show so. */
function untoldIn({ hub }: World, c: string, lines: readonly string[]): readonly string[] {
  const said = lines.map((line) => JSON.parse(line) as { readonly message?: Message; readonly gap?: Gap; readonly gaps?: readonly Gap[] })
  const first = said.find(({ message }) => message)?.message?.at
  const gaps = said.flatMap(({ gap, gaps: first }) => [...(gap ? [gap] : []), ...(first ?? [])])
  const isIn = (at: Place, { after, before }: Gap) => (after === null || isBefore(after, at)) && (before === null || isBefore(at, before))
  return hub.log(c).flatMap(({ id, at }) => (first && isBefore(at, first) && !gaps.some((gap) => isIn(at, gap)) ? [id] : []))
}

type Gap = Record<'after' | 'before', Place | null>

function missingOf(world: World, to: Device, { messages, states }: Said, part: StoredPart): readonly string[] {
  // Made room of meanwhile.
  if (world.prunings.some(({ device }) => device === to.index)) return []
  const name = nameOfDevice(to, part.id)
  const rows = new Map(part.rows.flatMap((row) => row.ids.map((id) => [id, row] as const)))
  // One of mine that the server lost waits here to be sent again.
  const isWaiting = ({ from, localId }: Message) => part.echoes.some((echo) => echo.from === from && echo.localId === localId)
  const missing = messages.filter((message) => message.ids.some((id) => !rows.has(id)) && !isWaiting(message))
  if (missing.length > 0) return [`${name}: ${say(missing[0]!.at)} is in the file, and not here`]
  // What a server lost, and what came of it since, waits until it has told; who is in no roster is not believed, and old receipts are bits.
  if (world.wasReset.has(part.id) || world.left.size > 0 || world.archives) return []
  const placed = messages.flatMap(({ at, ids }) => (rows.has(ids[0]!) ? [{ said: at, at: rows.get(ids[0]!)!.at! }] : []))
  return states.flatMap((state) => {
    const known = part.states.find(({ memberId }) => memberId === state.memberId)
    const unknown = state.memberId === to.user || !isIn(part.members, state.memberId) ? undefined : placed.find(({ at }) => covers(state.read, at) && !(known && covers(known.read, at)))
    return unknown ? [`${name}: by the file ${state.memberId} has read ${say(unknown.said)}, and it is not known here`] : []
  })
}

const isIn = (members: readonly Member[], user: string) => members.some(({ userId, intervals }) => userId === user && wasMember(intervals, { epoch: 0, order: 0, id: '' }))

export function checkFiles({ badFiles }: World): void {
  if (badFiles.length > 0) throw new Violation('RS28', badFiles[0]!)
}
