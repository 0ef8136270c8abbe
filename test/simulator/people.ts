/** What a person does at a tab, and what the oracle has to know of it. */
import type { Message } from 'readback/core'
import { isCountableFor, type Device } from './device.js'
import { covers, isBefore, wasMember, type Place, type Seen } from './oracle.js'
import { openReader } from './reader.js'
import { createReceived } from './received.js'
import { CONVERSATIONS, type Step } from './schedule.js'
import { isPrefixRead } from './stored.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

interface Setting {
  user: Visibility
  own: Map<string, Visibility>
  floors: Map<string, Place>
  /** Where the floor may lie above the one that is known here, so that nobody can say what is owed. */
  isAbove: Set<string>
}
/** As many transactions as go wrong in a row. */
const MOST_SLOW = 3
type Visibility = 'public' | 'private' | 'off'

export function createPeople(world: World, batch: number | undefined) {
  const { hub, oracle, time } = world
  /** By device. */
  const settings = new Map<number, Setting>()

  function settingOf(index: number): Setting {
    const setting = settings.get(index) ?? { user: 'public', own: new Map(), floors: new Map(), isAbove: new Set() }
    settings.set(index, setting)
    return setting
  }

  const visibilityOf = (index: number, c: string): Visibility => settingOf(index).own.get(c) ?? settingOf(index).user

  const received = createReceived(visibilityOf)

  /** What a person did is done or refused; either way it must settle. */
  function doing(tab: Tab, what: string, work: Promise<unknown>): void {
    world.pending.set(work, { tab, what, since: time.clock.monotonic() })
    work.catch((error: unknown) => world.rejections.push(error)).finally(() => world.pending.delete(work))
  }

  function read(device: Device, tab: Tab, c: string, from: number, count: number, kind: 'read' | 'view'): void {
    const { messages } = tab.shown.get(c)!.source.getSnapshot()
    const readable = messages.filter((row) => row.at !== null && isCountableFor(row, device.user))
    const start = Math.min(readable.length - 1, Math.floor(from * readable.length))
    markRead(device, tab, c, start < 0 ? [] : readable.slice(start, start + count), kind)
  }

  function markRead(device: Device, tab: Tab, c: string, rows: readonly Message[], kind: 'read' | 'view'): void {
    const seen = noteSeen(device, tab, c, rows)
    const { readStates } = tab.shown.get(c)!
    const isFull = rows.length >= (batch ?? Infinity) && rows.some((row) => !readStates.isRead(row))
    const { wipes } = device
    doing(tab, kind, tab.client.markRead(rows, kind === 'view' ? 'viewed' : 'read').then(() => {
      if (device.wipes === wipes) for (const one of seen) one.stored = true
      if (isFull && (tab.reporting.underWay.get(c) ?? 0) === 0) tab.reporting.fullAt.set(c, time.now())
    }))
  }

  /** Of a list on the screen of one tab; another one takes its place. */
  function look(device: Device, tab: Tab, { c, act, at, ms }: Extract<Step, { do: 'page' }>): void {
    if (act === 'close' || act === 'open') closeReader(tab)
    if (act === 'close') return
    const name = `device ${device.index}.${device.generation} tab ${tab.life} ${c}`
    const reader = world.readers.get(tab) ?? openReader({ tab, user: device.user, shown: tab.shown.get(c)!, world: time.clock, name, onRead: (rows) => markRead(device, tab, c, rows, 'read') })
    world.readers.set(tab, reader)
    if (act === 'hide' && tab.visibility.isVisible() && [...tab.reporting.underWay.values()].every((calls) => calls === 0)) tab.reporting.hiddenAt = time.now()
    reader.act(act, at, ms)
  }

  function closeReader(tab: Tab | null | undefined): void {
    if (!tab) return
    world.readers.get(tab)?.close()
    world.readers.delete(tab)
  }

  function noteSeen(device: Device, tab: Tab, c: string, rows: readonly Message[], isPrefix = false): readonly Seen[] {
    const isPublic = visibilityOf(device.index, c) === 'public'
    // Until the wire says otherwise it is a group.
    const kind = tab.client.getState().conversations.find(({ id }) => id === c)?.kind ?? 'group'
    const isByItself = isPrefixRead(world, c) && world.reading[kind] !== 'upTo'
    // What is still on screen of rows that were thrown away may be seen, and is stored nowhere.
    const isUnsure = time.now() < device.unsureUntil
    const seen = rows.filter((row) => row.at !== null && isCountableFor(row, device.user)).map((row) => ({
      user: device.user, device: device.index, conversation: c, at: row.at!, isPublic, floor: settingOf(device.index).floors.get(c) ?? null, isByItself, ...(isPrefix ? { isPrefix } : {}), stored: false, owed: isPublic && !isUnsure && !settingOf(device.index).isAbove.has(c),
    }))
    oracle.seen.push(...seen)
    return isUnsure ? [] : seen
  }

  /** Whoever enters a direct conversation has reached all that is here, where the policy has it so. */
  async function enter(device: Device, tab: Tab, c: string): Promise<void> {
    await time.settle()
    const before = await readConversation(device, c)
    const isDirect = tab.client.getState().conversations.find(({ id }) => id === c)?.kind === 'direct'
    const isReached = isDirect && world.reading.entering === 'all'
    const unread = unreadOf(device, before)
    const seen = isReached ? [...noteSeen(device, tab, c, unread.slice(0, -1)), ...noteSeen(device, tab, c, unread.slice(-1), true)] : []
    const { wipes } = device
    doing(tab, 'enter', tab.client.markReached(c).then(async () => {
      if (device.wipes !== wipes) return
      for (const one of seen) one.stored = true
      if (!isReached) return
      // What came between looking and entering was reached, too.
      const now = await readConversation(device, c)
      const later = unreadOf(device, { ...before, rows: now.rows }).filter(({ ids, at }) => !unread.some((row) => row.ids[0] === ids[0]) && covers(now.own?.synced.read ?? { upTo: null, ranges: [] }, at!))
      for (const one of noteSeen(device, tab, c, later.slice(-1), true)) one.stored = true
    }))
  }

  function readConversation({ disk }: Device, c: string) {
    return disk.read(async (tx) => ({ rows: await tx.messages.page({ conversationId: c, limit: 100_000 }), own: await tx.readStates.getOwn(c), members: await tx.members.list(c) }))
  }

  function unreadOf({ user }: Device, { rows, own, members }: Awaited<ReturnType<typeof readConversation>>): readonly Message[] {
    const intervals = members.find(({ userId }) => userId === user)?.intervals ?? []
    return rows.filter((row) => !row.hidden && isCountableFor(row, user) && wasMember(intervals, row.at!) && ![row.at!, ...(row.otherPlaces ?? [])].some((place) => covers(own?.synced.read ?? { upTo: null, ranges: [] }, place)))
  }

  function send(device: Device, tab: Tab, c: string, replyTo?: Message): void {
    const key = `${device.index}.${tab.life} ${c}`
    const list = world.sent.get(key) ?? []
    world.sent.set(key, list)
    // Whoever answers a message has read it.
    const seen = noteSeen(device, tab, c, replyTo ? [replyTo] : [])
    const id = replyTo?.ids[0]
    const one: { localId: string | null } = { localId: null }
    list.push(one)
    const { wipes } = device
    doing(tab, 'send', tab.client.send(c, { body: { kind: 'text', text: `from ${device.user} ${list.length}` }, ...(id === undefined ? {} : { replyTo: id }) }).then((localId) => {
      one.localId = localId
      if (device.wipes === wipes) for (const each of seen) each.stored = true
    }))
  }

  /** As it is stored, where several tabs may show older ones. */
  async function headsOf({ disk }: Device): Promise<ReadonlyMap<string, Place | null>> {
    return new Map((await disk.read((tx) => tx.conversations.list())).map(({ id, head }) => [id, head]))
  }

  function rowsOf({ disk }: Device, conversationId: string): Promise<readonly Message[]> {
    return disk.read((tx) => tx.messages.page({ conversationId, limit: 100_000 }))
  }

  async function clear(device: Device, tab: Tab, c: string): Promise<void> {
    await time.settle()
    // What its tab shows, which may know less than the disk. A client that is only just starting has no list yet; then it is at most what the hub has.
    const stored = (await headsOf(device)).get(c) ?? hub.log(c).at(-1)?.at
    const shown = tab.client.getState().conversations.find(({ id }) => id === c)?.head
    const head = stored && shown && isBefore(shown, stored) ? shown : stored
    if (head) oracle.cleared.push({ user: device.user, device: device.index, conversation: c, upTo: head })
    doing(tab, 'clear', tab.client.clearUnread(c))
  }

  async function setReceipts(device: Device, tab: Tab, to: Visibility, c?: string): Promise<void> {
    await time.settle()
    // Whether it is done must be known here.
    tab.disk.calm()
    const setting = settingOf(device.index)
    device.chosen.add(to)
    const affected = c === undefined ? CONVERSATIONS.filter((id) => !setting.own.has(id)) : [c]
    const before = new Map(affected.map((id) => [id, visibilityOf(device.index, id)]))
    const heads = await headsOf(device)
    let done = false
    doing(tab, 'receipts', tab.client.setReceipts(to, c).then(() => (done = true)))
    await time.settle()
    // It waits until the tab knows which rows it has, or stands behind what a slow disk does.
    if (!done && tab.disk.storage.getState().status === 'reopening') await time.pass(4_000)
    for (let waits = 0; !done && tab.disk.wasTroubled() && waits < MOST_SLOW; waits += 1) await time.pass(4_000)
    if (!done) return
    // What came before the switch may have been told by then.
    for (const id of affected) received.note(device, id, await rowsOf(device, id))
    if (c === undefined) setting.user = to
    else setting.own.set(c, to)
    for (const [id, was] of before) {
      // Receipts are on again before a lost conversation is back: its floor lies at the head at which that will be, so at this one or above.
      const isAway = device.generation > device.firstGeneration && !heads.has(id)
      const head = heads.get(id) ?? (isAway ? hub.log(id).at(-1)?.at : undefined)
      if (isAway && was !== 'public' && to === 'public') setting.isAbove.add(id)
      const floor = setting.floors.get(id)
      if (was !== 'public' && to === 'public' && head && (!floor || isBefore(floor, head))) setting.floors.set(id, head)
      if (was === 'public' && to !== 'public') for (const one of oracle.seen) if (one.device === device.index && one.conversation === id) one.owed = false
    }
  }

  return { clear, closeReader, doing, enter, forget: (index: number) => void settings.delete(index), look, noteSeen, read, received, send, setReceipts, visibilityOf }
}

export type People = ReturnType<typeof createPeople>

/** What a disk held and nobody else knew is gone. */
export function forgetStored({ oracle, sent }: World, people: People, index: number): void {
  people.forget(index)
  for (const one of oracle.seen) {
    if (one.device !== index) continue
    one.stored = false
    one.owed = false
  }
  sent.forEach((list, key) => key.startsWith(`${index}.`) && list.splice(0))
}
