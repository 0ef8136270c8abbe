/** Unread is what I have not read of what was said while I was a member, and nothing else; it grows only by what others write, or when I was a member at other times than it seemed. */
import { lateByFile } from './carrying.js'
import { isCountableFor, type Device } from './device.js'
import { covers, wasMember } from './oracle.js'
import { isPrefixRead, isSamePlace, nameOfDevice, say, Violation, type StoredPart } from './stored.js'
import type { World } from './world.js'

export function unreadChecks(world: World) {
  const before = new Map<string, { readonly times: string; readonly known: ReadonlySet<string>; readonly unread: ReadonlySet<string> }>()

  return function checkUnread(device: Device, { id, conversation, own, rows, gaps, members }: StoredPart): void {
    if (!conversation?.unread) return
    const name = nameOfDevice(device, id)
    const countable = rows.filter((row) => isCountableFor(row, device.user))
    const intervals = members.find(({ userId }) => userId === device.user)?.intervals ?? []
    const unread = countable.filter((row) => !row.hidden && wasMember(intervals, row.at!) && !(own && [row.at!, ...(row.otherPlaces ?? [])].some((place) => covers(own.synced.read, place))))
    if (conversation.unread.exact || unread.length < 100) {
      if (conversation.unread.count !== unread.length) throw new Violation('I3', `${name}: unread says ${conversation.unread.count}, and ${unread.length} of the rows are (${gaps.length} gaps)`)
    }
    const now = { times: JSON.stringify(intervals), known: new Set(rows.map((row) => row.ids[0]!)), unread: new Set(unread.map((row) => row.ids[0]!)) }
    const then = before.get(name)
    before.set(name, now)
    // By each message, not by how many: what was read, is mine, was recalled, edited or reacted to never counts again.
    const again: string | undefined = then?.times === now.times ? [...now.unread].find((key) => then.known.has(key) && !then.unread.has(key)) : undefined
    if (again !== undefined) throw new Violation('I4', `${name}: ${again} was here and not unread, and now it is`)
    const mine: string | undefined = [...now.unread].find((key) => {
      const message = world.accepted.get(id)!.get(key)
      return message !== undefined && !isCountableFor(message, device.user) && !world.recalled.has(key)
    })
    if (mine !== undefined) throw new Violation('I5', `${name}: ${mine} is nothing that could be unread`)
    // What was seen one by one is read one by one, also where no prefix is.
    const seenHere = world.oracle.seen.filter((one) => one.device === device.index && one.conversation === id && one.stored)
    const seen = unread.find((row) => seenHere.some((one) => isSamePlace(one.at, row.at)))
    if (seen) throw new Violation('I6', `${name}: ${say(seen.at)} was seen here, and is unread`)
    const newest = countable.at(-1)
    const isNewestSeen = newest && world.oracle.seen.some((one) => one.device === device.index && one.conversation === id && one.stored && !one.isByItself && isSamePlace(one.at, newest.at))
    // Of what a file brought from before a reset the newest says nothing: nobody saw it here.
    const said = conversation.unread.count - lateByFile(world, device, id, unread).length
    if (isPrefixRead(world, id) && isNewestSeen && said > 0) throw new Violation('I6', `${name}: the newest message was seen here, and ${said} are unread`)
  }
}
