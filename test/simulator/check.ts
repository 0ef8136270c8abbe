/**
 * What must hold after every step, and what must hold once all trouble has stopped. Reads what is stored and shown; decides by the oracle and by counting on fingers.
 * Only settling shows what needs everybody to have heard everything: that devices hold the same bytes (I2; after a step, that each holds the one form there is), that X of N is
 * what the server has (I10; after a step, that X is no less than what is stored here says and no more than what was ever told), and that nothing is owed or missing (I19, I24).
 */
import type { Member, Message, OutboxEntry, Tally } from 'readback/core'
import { noteAccepted } from './accepted.js'
import { withArchived, type Known } from './archived.js'
import { isDue, isPresent } from './accounts.js'
import { awake, isCountableFor, type Device } from './device.js'
import { lateByFile } from './carrying.js'
import { isForGood } from './checkDeleted.js'
import { checkContents } from './checkContents.js'
import { checkForm } from './checkForm.js'
import { checkHeard, isToldToServer } from './checkHeard.js'
import { unreadChecks } from './checkUnread.js'
import { timeChecks } from './checkTimes.js'
import { reportChecks } from './checkReports.js'
import { covers, isBefore, wasMember, type Place, type Reached, type Seen } from './oracle.js'
import { CONVERSATIONS, USERS } from './schedule.js'
import { placesOf } from './places.js'
import { isPrunedHidden } from './pruning.js'
import { isPrefixRead, isSamePlace, readDisk, say, Violation, type Stored } from './stored.js'
import type { Tab } from './tab.js'
import { PAIR_MEMBERS, type RunningWorld, type World } from './world.js'

interface Looked {
  readonly version: number
  readonly parts: Known
  /** Read now, and not known from before. */
  readonly isNew: boolean
}
const KINDS = ['delivered', 'read', 'viewed'] as const
/** Longest that a receipt is on screen before it is stored. */
const SHOWN_AHEAD_MS = 500
/** Longest that a device takes to store what came. */
const STORED_MS = 5_000
const NOTHING: Reached = { upTo: null, ranges: [] }
const RANK: Readonly<Record<string, number>> = { failed: 0, sending: 0, sent: 1, delivered: 2, read: 3 }

/**
 * A position is one place: it also passes what was said while its reader was away, and after the server began an epoch anew what was lost at the end of the
 * one before, which nobody but its author, who asks, can tell apart from what was not: by the server, or by a wire against its word, where no number of the old epoch follows that would show it.
 */
function isPassedOver(world: World, c: string, user: string, { upTo }: Reached, { at, ids, from }: Message, author?: string): boolean {
  if (scopeOf(world) !== 'point') return false
  return world.notFor.has(`${user} ${ids[0]!}`) || (from !== author && upTo !== null && at!.epoch < upTo.epoch && (world.losses.size > 0 || !world.hub.log(c).some(({ id }) => ids.includes(id))))
}

const membersOf = (c: string): readonly string[] => (c === 'pair' ? PAIR_MEMBERS : USERS)

/** Who viewed has read, and who read has it. */
const IMPLIED_BY = { delivered: ['delivered', 'read', 'viewed'], read: ['read', 'viewed'], viewed: ['viewed'] } as const

export function createChecker(world: RunningWorld) {
  const lastReached = new Map<string, Reached>()
  const lastStatus = new Map<string, { readonly status: string; readonly rank: number; readonly of: number; readonly deliveredOf: number; readonly life: number; readonly at: number; readonly epoch: number }>()
  const hadRow = new Map<string, Set<string>>()
  /** Ids of all rows that a device ever had when it was looked at. */
  const hadHere = new Map<string, Set<string>>()
  const publishedBefore = new Map<string, Reached>()
  const lastRead = new Map<string, { readonly read: number; readonly at: number }>()
  const lastShown = new Map<object, number>()
  const lastEpoch = new Map<string, number>()
  const lastLog = new Map<string, number>()
  const looked = new Map<Device, Looked>()
  const checkUnread = unreadChecks(world)
  const checkTimes = timeChecks(world)
  const reports = reportChecks(world)

  /**
   * Everything in `before` is in `now`: by every message there ever was.
   * @param mayBeParts - a position may become the stretches that it consists of
   */
  function requireGrowth(name: string, c: string, now: Reached, isLeftOut = (_message: Message) => false, mayBeParts = false): void {
    const before = lastReached.get(name)
    lastReached.set(name, now)
    if (!before || isSame(before, now)) return
    if (!mayBeParts && before.upTo && (!now.upTo || isBefore(now.upTo, before.upTo))) throw new Violation('I1', `${name}: upTo fell from ${say(before.upTo)} to ${say(now.upTo)}`)
    for (const message of world.accepted.get(c)!.values()) {
      if (covers(before, message.at!) && !covers(now, message.at!) && !isLeftOut(message)) throw new Violation('I1', `${name}: ${say(message.at)} was reached and is not any more`)
    }
  }

  /** What the hub would tell others of somebody's reading is what that person really saw, in public. */
  function checkPublished(): void {
    for (const c of CONVERSATIONS) {
      for (const receipt of world.hub.readStates(c, '')) {
        const reached: Reached = { upTo: receipt.upTo ?? null, ranges: receipt.ranges ?? [] }
        const name = `hub ${c} ${receipt.by} ${receipt.kind}`
        const before = publishedBefore.get(name)
        if (before && isSame(before, reached)) continue
        publishedBefore.set(name, reached)
        requireGrowth(name, c, reached)
        for (const message of world.accepted.get(c)!.values()) {
          if (!isCountableFor(message, receipt.by) || world.recalled.has(message.ids[0]!) || !covers(reached, message.at!)) continue
          if (receipt.kind === 'delivered') {
            // A position that others number and reorder as they like passes what is still on its way.
            if (isPassedOver(world, c, receipt.by, reached, message) || (scopeOf(world) === 'point' && world.wireKind!.sparse && (world.wireKind!.late || !world.catchUp))) continue
            // What was on its way when they were put out comes no more; where nobody can be asked for it, nothing says so.
            if (world.catchUp?.history === false && world.left.has(receipt.by)) continue
            if (!hadRow.get(receipt.by)?.has(message.ids[0]!)) throw new Violation('I9', `${receipt.by} is said to have received ${say(message.at)} of ${c}, and no device of theirs ever had it`)
            if (!world.received.mayBeTold(receipt.by, message.ids[0]!)) throw new Violation('I18', `${receipt.by} is told to have received ${say(message.at)} of ${c}, and had it only while nobody was to be told anything`)
          } else if (!isPassedOver(world, c, receipt.by, reached, message) && !placesOf(world, c, message.at!).some((at) => world.oracle.mayBePublished(receipt.by, c, at, isPrefixRead(world, c), message.at!))) {
            throw new Violation('I18', `${receipt.by} is told to have ${receipt.kind} ${say(message.at)} of ${c}, and never saw it in public`)
          }
        }
      }
    }
  }

  function checkOwn(device: Device, { id, own, rows, outbox, gaps }: Stored[number]): void {
    if (!own) return
    const name = `device ${device.index}.${device.generation} ${id}`
    // What a file brings of others from before a reset nobody saw here: it is taken out of a position behind it, row by row, with what of mine stands between. Whatever else was here stays read.
    const had = hadHere.get(name) ?? new Set<string>()
    hadHere.set(name, had)
    const mayBeParts = lateByFile(world, device, id, rows).length > 0
    const wasNotHere = ({ ids, from }: Message) => mayBeParts && (from === device.user || !ids.some((each) => had.has(each)))
    for (const kind of KINDS) {
      requireGrowth(`${name} own ${kind}`, id, own.synced[kind], wasNotHere, mayBeParts)
      // What is to be told has a row that will tell it.
      const isTold = (place: Place) => KINDS.slice(kind === 'delivered' ? 0 : KINDS.indexOf(kind), kind === 'delivered' ? 3 : KINDS.indexOf(kind) + 1).some((each) => covers(own.acked.published[each], place))
      // A file is read and nothing is reported: a wire of single messages hears of what it brought with what is read next.
      const isOfFile = ({ ids }: Message) => scopeOf(world) === 'message' && ids.some((each) => world.broughtByFile.has(`${device.index} ${each}`))
      // Nor does a position move by a file that brings what was missing: it does with what comes next.
      const isByFile = scopeOf(world) === 'point' && rows.length > 0 && world.newestByFile.get(`${device.index} ${id}`) === rows.at(-1)!.ids[0]
      const due = sayable(device, { id, rows, own, gaps }, kind).find((row) => !isOfFile(row) && covers(own.wanted[kind], row.at!) && !isTold(row.at!))
      const queued = outbox.filter((entry) => entry.action === 'report' && entry.kind === kind && entry.visibility === 'published')
      if (due && queued.length === 0 && !isByFile && !world.left.has(device.user)) throw new Violation('I15', `${name}: ${kind} of ${say(due.at)} is to be told, and nothing waits to tell it`)
      const isTwice = queued.length > 1 || outbox.filter((entry) => entry.action === 'report' && entry.kind === kind && entry.visibility === 'ownDevices').length > 1
      if (isTwice) throw new Violation('I16', `${name}: more than one report of ${kind} waits, and one would do`)
    }
    for (const each of rows.flatMap(({ ids }) => ids)) had.add(each)
    for (const row of rows) {
      if (!isCountableFor(row, device.user) || world.recalled.has(row.ids[0]!) || !covers(own.synced.read, row.at!) || isPassedOver(world, id, device.user, own.synced.read, row) || isPrunedHidden(world, device.user, row)) continue
      if (!placesOf(world, id, row.at!).some((at) => world.oracle.mayBeMine(device.user, id, at, isPrefixRead(world, id)))) throw new Violation('I12', `${name}: ${say(row.at)} is read here, and ${device.user} never saw it`)
    }
  }

  /** Rows of which such a wire can tell: where it names messages, those for which somebody waits; where it knows a position only, those before the first that is in its way. */
  function sayable(device: Device, { id, rows, own, gaps }: Pick<Stored[number], 'id' | 'rows' | 'gaps'> & { readonly own: NonNullable<Stored[number]['own']> }, kind: (typeof KINDS)[number]): readonly Message[] {
    if (scopeOf(world) === 'message') return rows.filter((row) => isCountableFor(row, device.user))
    if (scopeOf(world) !== 'point') return rows
    // What stands between is not looked at here: late numbers, holes, what is from before joining.
    if (world.catchUp || gaps.length > 0 || own.publishFloor !== null || world.wireKind!.late || (world.wireKind!.sparse && (kind === 'viewed' || (kind === 'read' && !isPrefixRead(world, id)))) || device.spoiled.size > 0 || world.left.size > 0 || world.wasReset.has(id)) return []
    const orders = rows.map(({ at }) => at!.order)
    if (!world.wireKind!.sparse && orders.some((order, i) => order > (orders[i - 1] ?? 0) + 1)) return []
    const stop = rows.findIndex((row) => isCountableFor(row, device.user) && !covers(own.wanted[kind], row.at!))
    return (stop < 0 ? rows : rows.slice(0, stop)).filter((row) => isCountableFor(row, device.user))
  }

  function checkOthers(device: Device, { id, conversation, known, rows }: Known[number]): void {
    // What was archived of a message that was deleted for good goes with it, and of one of mine that the server lost: sent again, it may bear the same id.
    const isLost = ({ from, ids }: Message) => from === device.user && world.wasReset.has(id) && !world.hub.log(id).some((message) => ids.includes(message.id))
    const mayBeForgotten = (message: Message) => world.archives && ((world.deletions === 'forGood' && world.recalled.has(message.ids[0]!)) || isLost(message))
    // One of mine from before a reset that comes late: what others said behind that says nothing of what was sent before it, until it is known what was lost.
    const epoch = Math.max(conversation?.head?.epoch ?? 0, ...rows.map(({ at }) => at!.epoch))
    const isDoubted = world.wasReset.has(id) && rows.some(({ from, at }) => from === device.user && at!.epoch < epoch)
    const isOfBefore = ({ at }: Pick<Message, 'at'>) => isDoubted && at!.epoch < epoch
    for (const state of known) {
      const name = `device ${device.index}.${device.generation} ${id} of ${state.memberId}`
      if (!membersOf(id).includes(state.memberId)) throw new Violation('I40', `${name}: a read state of somebody who never was a member`)
      for (const kind of KINDS) requireGrowth(`${name} ${kind}`, id, state[kind], (message) => mayBeForgotten(message) || isOfBefore(message), isDoubted)
      for (const row of rows) {
        if (!isCountableFor(row, state.memberId) || world.recalled.has(row.ids[0]!) || !covers(state.read, row.at!) || isPassedOver(world, id, state.memberId, state.read, row, device.user)) continue
        if (!placesOf(world, id, row.at!).some((at) => world.oracle.mayBePublished(state.memberId, id, at, isPrefixRead(world, id), row.at!))) throw new Violation('I18', `${name}: ${say(row.at)} counts as read, and was never seen in public`)
      }
    }
  }

  function checkUnreadShown(device: Device, tab: Tab, { id, conversation }: Stored[number]): void {
    if (!conversation?.unread) return
    const name = nameOf(device, tab, id)
    const shown = tab.client.getState().conversations.find((each) => each.id === id)
    if (shown && JSON.stringify(shown.unread) !== JSON.stringify(conversation.unread)) throw new Violation('I15', `${name}: the screen says ${JSON.stringify(shown.unread)} unread and the disk ${JSON.stringify(conversation.unread)}`)
  }

  /** What waits to be sent has its row and its entry, or neither; both say whether it failed. */
  function checkQueued(device: Device, { id, rows, echoes, outbox }: Stored[number]): void {
    const name = `device ${device.index}.${device.generation} ${id}`
    const sends = new Map(outbox.flatMap((entry) => (entry.action === 'send' ? [[entry.localId, entry] as const] : [])))
    const own = new Map([...rows, ...echoes].filter(({ from }) => from === device.user).map((row) => [row.localId, row]))
    for (const { localId } of sends.values()) if (!own.has(localId)) throw new Violation('I23', `${name}: ${localId} waits to be sent, and there is no such message`)
    for (const { localId, outgoing } of own.values()) {
      if (outgoing === undefined) continue
      const entry = sends.get(localId)
      if (!entry || (outgoing === 'failed') !== (entry.failed !== undefined)) throw new Violation('I23', `${name}: ${localId} is ${outgoing}, and the outbox has ${JSON.stringify(entry ?? null)}`)
    }
  }

  function checkRows(device: Device, { id, rows, echoes, conversation }: Stored[number]): void {
    const name = `device ${device.index}.${device.generation} ${id}`
    const ids = [...rows, ...echoes].flatMap((row) => row.ids)
    const locals = [...rows, ...echoes].map((row) => `${row.from} ${row.localId}`)
    if (new Set(ids).size !== ids.length || new Set(locals).size !== locals.length) throw new Violation('I20', `${name}: a message is there twice`)
    const newest = rows.at(-1)?.at
    if (newest && (!conversation?.head || isBefore(conversation.head, newest))) throw new Violation('I8', `${name}: ${say(newest)} is stored and the head is ${say(conversation?.head)}`)
    const had = hadRow.get(device.user) ?? new Set<string>()
    hadRow.set(device.user, had)
    for (const each of device.had) had.add(each)
    for (const row of rows) for (const each of row.ids) had.add(each)
  }

  /**
   * Every row that is sound is on screen, whatever lies beside it.
   * @param isLevel - so it must be now: a tab that hears of others by news may lag behind
   */
  function checkShown(device: Device, tab: Tab, { id, rows, known, members }: Known[number], isNew: boolean, isLevel: boolean): void {
    const { source, readStates, version } = tab.shown.get(id)!
    if (!isNew && !isLevel && lastShown.get(source) === version()) return
    lastShown.set(source, version())
    const { messages, status } = source.getSnapshot()
    if (status !== 'ready') return
    const name = nameOf(device, tab, id)
    const placed = messages.filter(({ at }) => at !== null)
    const [first, last] = [placed[0]?.at, placed.at(-1)?.at]
    const between = first && last ? rows.filter((row) => !row.hidden && !isBefore(row.at!, first) && !isBefore(last, row.at!)) : []
    if (isLevel && between.map((row) => row.ids[0]).join() !== placed.map((row) => row.ids[0]).join()) throw new Violation('I33', `${name}: the list shows ${placed.length} rows where ${between.length} are stored`)
    const isDoubted = lateByFile(world, device, id, rows).length > 0
    for (const message of messages) {
      if (message.from !== device.user) continue
      const status = readStates.getStatus(message) ?? 'sent'
      const rank = RANK[status]!
      const key = `${name} ${message.localId}`
      const before = lastStatus.get(key) ?? { status: 'sending', rank: 0, of: 0, deliveredOf: 0, life: tab.life, at: 0, epoch: Infinity }
      // Receipts are shown up to so long before they are stored: a crash takes these back until they are replayed, and no others.
      const isTakenBackSince = (shownAt: number) => device.halts.some((at) => shownAt > at - SHOWN_AHEAD_MS && shownAt <= at)
      const isTakenBack = isTakenBackSince(before.at)
      // Who starts anew may learn of somebody who had joined before it was written, and whose joining had not come.
      const tally = readStates.getTally(message)
      const [of, deliveredOf] = tally.tracked ? [tally.of, tally.deliveredOf ?? tally.of] : [0, 0]
      const isForMore = (of > before.of || deliveredOf > before.deliveredOf) && tab.life !== before.life
      // Lost by the server, it was sent again, perhaps by another device: nobody has it yet where it stands now.
      const epoch = message.at?.epoch ?? Infinity
      const isLost = world.wasReset.has(id) && (message.failure?.code === 'message/lost' || epoch > before.epoch)
      // Its receipts stopped counting: what was shown of it stays, and who starts anew shows none.
      const isRecalled = message.recalledAt !== undefined && tab.life !== before.life
      // Shown of rows that were thrown away; what is in their place is asked for anew.
      const isOfEvicted = (shownAt: number) => shownAt < device.unsureUntil
      // What is doubted is kept on screen, and not by who starts anew.
      const isDoubtedAnew = isDoubted && tab.life !== before.life
      const mayFall = isOfEvicted(before.at) || isTakenBack || isForMore || isLost || isRecalled || isDoubtedAnew
      if (rank < before.rank && !mayFall) throw new Violation('I9', `${name}: the status of ${message.localId} fell from ${before.rank} to ${rank}`)
      if (before.status === 'failed' && status === 'sending' && !world.retried.has(message.localId)) throw new Violation('I9', `${name}: ${message.localId} had failed and is being sent again, and nobody asked for that`)
      if (status !== before.status) lastStatus.set(key, { status, rank, of, deliveredOf, life: tab.life, at: world.time.now(), epoch })
      if (tally.tracked && !(tally.read >= 0 && tally.read <= tally.of && tally.viewed <= tally.read)) throw new Violation('I10', `${name}: ${JSON.stringify(tally)} for ${message.localId}`)
      // Where it was failed, and nobody sees who had read it, it may have been lost before. What a file brings from before a reset is doubted until the server has told what it lost.
      if (isLost || isDoubted) lastRead.delete(key)
      const told = lastRead.get(key)
      if (told && tally.tracked && tally.read < told.read && !isOfEvicted(told.at) && !isRecalled && !isTakenBackSince(told.at)) throw new Violation('I9', `${name}: ${told.read} had read ${say(message.at)}, and now ${tally.read} have`)
      if (tally.tracked && tally.read !== told?.read) lastRead.set(key, { read: tally.read, at: world.time.now() })
      if (tally.tracked && isLevel && message.at) checkReadersShown(name, id, message, tally.read, known, members)
    }
  }

  /** Who is told of is told by a receipt: what is stored here says so already, or will say so as soon as it is stored. */
  function checkReadersShown(name: string, c: string, message: Message, read: number, states: Stored[number]['states'], members: readonly Member[]): void {
    const places = [message.at!, ...(message.otherPlaces ?? [])]
    const others = membersOf(c).filter((user) => user !== message.from)
    const wasThere = (user: string) => c === 'pair' || wasMember(members.find(({ userId }) => userId === user)?.intervals ?? [], message.at!)
    const stored = others.filter((user) => states.some((state) => state.memberId === user && places.some((place) => covers(state.read, place))) && wasThere(user))
    if (read < stored.length) throw new Violation('I10', `${name}: ${read} have read ${say(message.at)}, and by what is stored ${stored.join()} have`)
    // More is rare, and takes longer to ask.
    if (read === stored.length || world.wasReset.has(c)) return
    const told = others.filter((user) => KINDS.some((kind) => kind !== 'delivered' && placesOf(world, c, message.at!).some((place) => covers(publishedBefore.get(`hub ${c} ${user} ${kind}`) ?? NOTHING, place))))
    if (read > told.length) throw new Violation('I10', `${name}: ${read} have read ${say(message.at)}, and by all that was told ${told.join()} have`)
  }

  /** What is on a device's disk, read again only when it was written since. */
  async function look(device: Device): Promise<Looked> {
    const before = looked.get(device)
    const version = device.disk.version()
    if (before?.version === version) return { ...before, isNew: false }
    const now = { version, parts: await withArchived(world, device, await readDisk(device)), isNew: true }
    looked.set(device, now)
    return now
  }

  /**
   * Every device after a step. A disk that was not written since it was last looked at still keeps the rules that it kept:
   * what the oracle allows, and what the hub had, only grows.
   */
  async function check(): Promise<void> {
    if (world.wire.breaches.length > 0) throw new Violation('I18', world.wire.breaches[0]!)
    noteAccepted(world)
    const disks = await Promise.all(world.devices.map(look))
    world.devices.forEach((device, index) => {
      if (!disks[index]!.isNew) return
      for (const part of disks[index]!.parts) {
        checkRows(device, part)
        world.received.note(device, part.id, part.rows)
        checkTimes(device, part)
        checkQueued(device, part)
        checkForm(device, part)
      }
    })
    checkPublished()
    for (const c of CONVERSATIONS) reports.checkHub(c)
    world.devices.forEach((device, index) => {
      const { parts, isNew } = disks[index]!
      for (const part of parts) {
        if (isNew) checkOwn(device, part)
        reports.checkDevice(device, part)
        if (isNew) checkOthers(device, part)
        const running = awake(device).filter((tab) => tab.client.getState().phase === 'running')
        if (running.length > 0 && isNew) checkUnread(device, part)
        for (const tab of running) {
          const isLevel = device.browser === null
          if (isLevel) checkUnreadShown(device, tab, part)
          checkShown(device, tab, part, isNew, isLevel && isNew)
        }
      }
    })
    for (const device of world.devices) checkLead(device)
    for (const reader of world.readers.values()) reader.check()
    for (const c of CONVERSATIONS) checkLog(c)
  }

  /** The epoch only grows, and whoever has seen that another leads sends nothing. */
  function checkLead({ index, generation, disk, trespasses }: Device): void {
    const lease = disk.lease()
    if (lease === null) return
    const name = `device ${index}.${generation}`
    if (lease.epoch < (lastEpoch.get(name) ?? 0)) throw new Violation('I22', `${name}: the epoch fell from ${lastEpoch.get(name)} to ${lease.epoch}`)
    lastEpoch.set(name, lease.epoch)
    if (trespasses.length > 0) throw new Violation('I22', `${name}: ${trespasses[0]}`)
  }

  function checkLog(c: string): void {
    const log = world.hub.log(c)
    if (log.length === lastLog.get(c)) return
    lastLog.set(c, log.length)
    if (new Set(log.map(({ from, localId }) => `${from} ${localId}`)).size !== log.length) throw new Violation('I20', `the hub has a message of ${c} twice`)
  }

  /** Once trouble has stopped and time has passed: everybody knows everything, and nothing more is said. */
  async function checkSettled(): Promise<void> {
    await check()
    const disks = await Promise.all(world.devices.map(async (device) => withArchived(world, device, await readDisk(device))))
    for (const [index, device] of world.devices.entries()) {
      if (!isPresent(device)) continue
      device.hasSettled = true
      await checkTabs(device)
      for (const part of disks[index]!) {
        for (const tab of awake(device)) {
          checkUnreadShown(device, tab, part)
          checkShown(device, tab, part, true, true)
          checkNewestShown(device, tab, part)
        }
        if (!isCurrent(world, part.id, device.user)) continue
        checkDrained(device, part)
        checkExact(device, part)
        checkLost(device, part)
        checkContents(world, device, part)
        if (world.lostReceipts && !mayWait(world, device, part.id)) checkHeard(world, device, part)
        checkComplete(device, part, (reader) => disks[reader]!.find(({ id }) => id === part.id)!.rows)
        for (const tab of awake(device)) checkTallies(device, tab, part)
      }
    }
    for (const c of CONVERSATIONS) {
      for (const user of membersOf(c)) if (isCurrent(world, c, user)) checkSameEverywhere(c, user, disks)
      checkOrder(c)
    }
    checkPromises()
  }

  /** One tab leads, and all that run are online through it. */
  async function checkTabs(device: Device): Promise<void> {
    const tabs = awake(device)
    const reports = await Promise.all(tabs.map((tab) => tab.client.diagnostics()))
    const leaders = tabs.filter((_, i) => reports[i]!.leader)
    for (const tab of device.browser && !device.browser.hasChannel ? leaders : tabs) {
      const { connection } = tab.client.getState()
      if (connection.status !== 'online') throw new Violation('I24', `device ${device.index}, tab ${tab.life} is not online again: ${JSON.stringify(connection)}`)
    }
    if (!device.browser) return
    const holder = device.disk.lease()?.holder ?? null
    if (leaders.length !== 1 || !leaders[0]!.isCalled(holder)) throw new Violation('I22', `device ${device.index}: ${leaders.length} of ${tabs.length} tabs lead, and the lease is of ${holder}`)
  }

  /** A list that reaches to the newest has it, and what waits to be sent. What is stored on the other side of missing history is not next to it. */
  function checkNewestShown(device: Device, tab: Tab, { id, rows, echoes, gaps }: Stored[number]): void {
    const { messages, status, hasNewer } = tab.shown.get(id)!.source.getSnapshot()
    if (status !== 'ready' || hasNewer) return
    const shown = new Set(messages.map(({ from, localId }) => `${from} ${localId}`))
    const newest = rows.slice(-1).filter(({ at }) => gaps.every(({ before }) => before !== null && !isBefore(at!, before)))
    // A message that failed stands where it failed.
    const waiting = echoes.filter(({ outgoing }) => outgoing !== 'failed')
    const missing = [...newest, ...waiting].filter((row) => !row.hidden && !shown.has(`${row.from} ${row.localId}`))
    if (missing.length > 0) throw new Violation('I33', `${nameOf(device, tab, id)}: ${missing.length} of the newest rows are not on screen`)
  }

  /** What a user began is done, or refused with a name. */
  function checkPromises(): void {
    for (const { tab, what, since } of world.pending.values()) {
      if (!tab.isDead() && !tab.isFrozen()) throw new Violation('I27', `${what} of tab ${tab.life}, begun at ${since} ms, has not ended`)
    }
    const nameless = world.rejections.find((error) => typeof (error as { code?: unknown }).code !== 'string')
    if (nameless !== undefined) throw new Violation('I27', `refused without a name: ${(nameless as Error).stack}`)
  }

  /** What I sent is on the server, or told as lost by it; and told so only while it is. Of one that has nothing before it any more, nobody can say why. */
  function checkLost(device: Device, { id, rows, echoes }: Stored[number]): void {
    if (!world.wasReset.has(id) || mayWait(world, device, id)) return
    const log = world.hub.log(id).filter(({ from }) => from === device.user)
    const kept = new Set(log.map(({ localId }) => localId))
    const first = world.hub.log(id)[0]?.at
    const gone = rows.find((row) => row.from === device.user && first && isBefore(first, row.at!) && !kept.has(row.localId) && row.recalledAt === undefined && row.deletedAt === undefined && !row.hidden)
    // A wire that keeps nothing tells once that the server began anew: who was not there then hears of it when the conversation goes on.
    const isUntold = world.catchUp?.how === 'none' && !world.wentOn.has(id)
    // It is found by asking for what was before.
    if (gone && hasHistory(world) && !isUntold) throw new Violation('I19', `device ${device.index} ${id}: the server lost ${gone.localId}, which stands at ${say(gone.at!)} as if nothing had happened`)
    const back = echoes.find(({ localId, failure }) => failure?.code === 'message/lost' && kept.has(localId))
    if (back) throw new Violation('I19', `device ${device.index} ${id}: ${back.localId} is told as lost, and the server has it`)
  }

  function checkDrained(device: Device, { id, outbox, echoes, rows, gaps }: Stored[number]): void {
    const name = `device ${device.index} ${id}`
    const waiting = outbox.filter((entry: OutboxEntry) => !entry.failed)
    if (waiting.length > 0) throw new Violation('I24', `${name}: the outbox still holds ${JSON.stringify(waiting)}`)
    if (echoes.some((row) => row.outgoing !== 'failed')) throw new Violation('I24', `${name}: an echo has no place yet`)
    if (gaps.some(({ before }) => before === null)) return
    const stored = new Set(rows.flatMap((row) => row.ids))
    if (!hasHistory(world)) return checkCame(device, id, stored)
    for (const message of world.hub.log(id)) {
      // Taken back while it was on its way, by a client that died before it heard that it was too late.
      // Nor does anybody hear it of a wire that tells nothing again, where the answer was lost.
      if (world.discarded.has(message.localId ?? '') && (device.lives > device.tabs.length || world.catchUp?.how === 'none')) continue
      // A file says nothing of what its writer did not know to be missing.
      if (world.untoldByFile.has(`${device.index} ${message.id}`)) continue
      // A sender who was put out before the answer came is told that nothing was stored.
      if (message.from === device.user && world.left.has(device.user)) continue
      const inGap = gaps.some(({ after, before }) => (after === null || isBefore(after, message.at)) && (before === null || isBefore(message.at, before)))
      if (!stored.has(message.id) && !device.spoiled.has(message.id) && !inGap && isAudience(world, id, message.at, device.user)) throw new Violation('I24', `${name}: ${say(message.at)} is missing, and no gap says so`)
    }
  }

  /** What a wire without history did not bring is lost for this device; what it brought is here. */
  function checkCame(device: Device, id: string, stored: ReadonlySet<string>): void {
    // A wire that keeps nothing does not bring again what a tab was given that led no more, or whose disk took nothing.
    if (world.catchUp?.how === 'none' && device.browser !== null) return
    // Of what its user made room nobody brings anything again.
    if (wasPruned(world, device.index, id)) return
    // Who died, or froze, in the middle of it may not have stored it.
    const isUnsure = (at: number) => device.halts.some((halt) => Math.abs(halt - at) < STORED_MS)
    const lost = world.hub.log(id).find((message) => device.came.has(message.id) && !stored.has(message.id) && !device.spoiled.has(message.id) && !isUnsure(device.came.get(message.id)!))
    if (lost) throw new Violation('I24', `device ${device.index} ${id}: ${say(lost.at)} came, and is not here`)
  }

  /** [RS13] Where a wire without history did not bring something that would count, the count says that it is not exact. */
  function checkExact(device: Device, { id, conversation, own, rows }: Stored[number]): void {
    // Where each message is told by itself it is counted by itself.
    if (!world.catchUp || scopeOf(world) === 'message' || !conversation?.unread?.exact) return
    if (world.losses.size > 0 || world.wasReset.has(id) || world.left.has(device.user)) return
    const stored = new Set(rows.flatMap(({ ids }) => ids))
    const absent = world.hub.log(id).find((message) => isCountableFor(message, device.user) && !stored.has(message.id) && !device.spoiled.has(message.id) && !covers(own?.synced.read ?? NOTHING, message.at))
    if (absent) throw new Violation('I3', `device ${device.index} ${id}: ${conversation.unread.count} are said to be all that is unread, and ${say(absent.at)} is not here`)
  }

  /** What somebody saw is read on all their devices, and known to everybody who may know. */
  function checkComplete(device: Device, { id, own, known, rows }: Known[number], rowsOf: (device: number) => readonly Message[]): void {
    const stored = new Set(rows.flatMap(({ ids }) => ids))
    const log = new Set(world.hub.log(id).map((message) => message.id))
    for (const seen of world.oracle.seen) {
      const one = seen.conversation === id ? whereItIs(seen, rowsOf(seen.device), log) : null
      // What the server lost is nobody's to know who came later; what was recalled, unheard by the tab that shows it, is not read by an answer or a reaction.
      if (!one || world.recalled.has(one.at.id) || mayWait(world, device, id) || !one.stored || !isDue(world.devices[one.device]!) || world.left.has(one.user)) continue
      if (!canBeTold(world, one, stored, rowsOf(one.device))) continue
      // Only cleared, it was made room of, and read on a tab that had not heard of that: it is told once it is there again.
      if (scopeOf(world) === 'message' && one.user !== device.user && wasPruned(world, one.device, id) && !rowsOf(one.device).some(({ ids }) => ids.includes(one.at.id))) continue
      // What a file brought into what was read is told with what is read next.
      if (scopeOf(world) === 'message' && one.user !== device.user && world.broughtByFile.has(`${one.device} ${one.at.id}`)) continue
      // A receipt for what nobody can bring here any more waits for it.
      if (!hasHistory(world) && !stored.has(one.at.id)) continue
      // Sent again after the server lost it, a message stays here where it first stood; whoever read either place read it.
      const row = scopeOf(world) === 'message' ? rows.find(({ ids }) => ids.includes(one.at.id)) : undefined
      const places = [one.at, ...(row ? [row.at!, ...(row.otherPlaces ?? [])] : [])]
      // Where it is told once, who was away does not know it; what each was told, `checkHeard` asks for.
      const isOfServer = world.lostReceipts && one.device !== device.index
      const isReached = (reached: Reached, isForAll: boolean) => (isOfServer ? isToldToServer(world, id, one.user, places, isForAll) : places.some((place) => covers(reached, place)))
      if (one.user === device.user && !isReached(own?.synced.read ?? NOTHING, false)) throw new Violation('I24', `device ${device.index} ${id}: ${one.user} read ${say(one.at)} on device ${one.device}, and it is unread here`)
      // Also where it stood when it was seen: what was read of what came when nobody was to be told is not told where that is sent again.
      const isBelow = [one.at, seen.at].some((place) => one.floor && !isBefore(one.floor, place))
      if (one.user === device.user || !one.owed || isBelow) continue
      const state = known.find(({ memberId }) => memberId === one.user)
      if (!isReached(state?.read ?? NOTHING, true)) throw new Violation('I24', `device ${device.index} ${id}: ${one.user} read ${say(one.at)} on device ${one.device}, and it is not known here`)
    }
  }

  function checkTallies(device: Device, tab: Tab, { id }: Stored[number]): void {
    if (mayWait(world, device, id)) return
    const { source, readStates } = tab.shown.get(id)!
    const log = new Set(world.hub.log(id).map((message) => message.id))
    for (const message of source.getSnapshot().messages) {
      if (message.from !== device.user || message.at === null || !log.has(message.ids[0]!)) continue
      // Told by its id at its place before, it is read here, and not where only places are told.
      if (scopeOf(world) === 'message' && placesOf(world, id, message.at).length > 2) continue
      const tally: Tally = readStates.getTally(message)
      if (message.recalledAt !== undefined) {
        if (tally.tracked || tally.reason !== 'recalled') throw new Violation('I10', `device ${device.index} ${id}: ${JSON.stringify(tally)} for ${say(message.at)}, which was recalled`)
        continue
      }
      const expected = countOnFingers(world, id, message)
      // Of what it was not told a device counts nothing: never more than the server knows, and at least who has stayed. No less than is stored here, `checkReadersShown` says.
      const isWithin = tally.tracked && tally.read <= expected.read && tally.of <= expected.of && tally.of >= expected.stay
      if (world.lostReceipts && isWithin) continue
      if (!tally.tracked || tally.read !== expected.read || tally.of !== expected.of) throw new Violation('I10', `device ${device.index} ${id}: ${JSON.stringify(tally)} for ${say(message.at)}, and ${expected.read} of ${expected.of} read it`)
    }
  }

  function checkSameEverywhere(c: string, user: string, disks: readonly Known[]): void {
    // Where reading is told once, who was away never learns of it; what each was told, `checkHeard` asks for.
    if (world.lostReceipts) return
    const mine = world.devices.filter((device) => device.user === user && isPresent(device) && !mayWait(world, device, c))
    const parts = mine.map((device) => disks[device.index]!.find(({ id }) => id === c)!)
    for (const message of world.hub.log(c)) {
      if (scopeOf(world) === 'point' && (!isPrefixRead(world, c) || isReadByItself(world, c, user, message.at))) continue
      const isEverywhere = parts.every(({ rows }) => rows.some(({ ids }) => ids.includes(message.id)))
      if (scopeOf(world) === 'message' && (placesOf(world, c, message.at).length > 2 || !isEverywhere)) continue
      // What nobody brings to one of them waits there for ever.
      if (!hasHistory(world) && !isEverywhere) continue
      // What a file brought into what was read or cleared is told with what is read next.
      if (scopeOf(world) === 'message' && mine.some(({ index }) => world.broughtByFile.has(`${index} ${message.id}`))) continue
      // Deleted by its user and made room of, it counts as read there; the others hear of that with what is read next.
      if (world.hidden.has(`${user} ${message.id}`) && mine.some(({ index }) => wasPruned(world, index, c))) continue
      const reads = parts.map(({ own }) => Boolean(own && covers(own.synced.read, message.at)))
      if (new Set(reads).size > 1 && isCountableFor(message, user) && !world.left.has(user)) throw new Violation('I24', `${user}'s devices do not agree whether ${say(message.at)} of ${c} is read: ${reads.join()}`)
    }
    // Where receipts name messages, a device knows of those that it has.
    if (scopeOf(world) === 'message') return
    for (const other of membersOf(c)) {
      const parts = world.devices.filter((device) => isPresent(device) && !mayWait(world, device, c) && device.user !== other && isCurrent(world, c, device.user)).map((device) => disks[device.index]!.find(({ id }) => id === c)!)
      const states = parts.map((part) => part.known.find(({ memberId }) => memberId === other))
      // What came malformed to one of them raises nothing there: what reaches to it waits.
      const everywhere = world.hub.log(c).filter((message) => parts.every(({ rows }) => rows.some(({ ids }) => ids.includes(message.id))) && !isForgotten(world, parts, message.id))
      const reachedOf = (state: (typeof states)[number], kind: (typeof KINDS)[number]) => everywhere.filter(({ at }) => IMPLIED_BY[kind].some((each) => covers(state?.[each] ?? NOTHING, at))).map(({ id }) => id)
      for (const kind of KINDS) {
        const known = states.map((state) => (kind === 'read' && hasHistory(world) ? asKnown(world, c, state?.read ?? NOTHING, (id) => isForgotten(world, parts, id)) : String(reachedOf(state, kind))))
        if (new Set(known).size > 1 && world.left.size === 0) throw new Violation('I2', `what devices know of what ${other} in ${c} has ${kind} is not the same: ${known.join(' | ')}`)
      }
    }
  }

  /** Each device's messages are in the order in which they were queued. */
  function checkOrder(c: string): void {
    const log = world.hub.log(c)
    for (const [key, list] of world.sent) {
      if (!key.endsWith(` ${c}`)) continue
      const kept = list.flatMap(({ localId }) => (localId === null || world.discarded.has(localId) ? [] : localId))
      const placeOf = (localId: string) => log.findIndex((message) => message.localId === localId)
      // What is tried again after it had failed goes to the end.
      const places = kept.filter((localId) => !world.retried.has(localId)).map(placeOf).filter((index) => index >= 0)
      if (places.some((place, index) => index > 0 && place < places[index - 1]!)) throw new Violation('I21', `device ${key}: sent in another order than queued`)
      if (world.left.size === 0 && !world.wasReset.has(c) && isDue(world.devices[Number(key.split('.')[0])]!) && kept.some((localId) => placeOf(localId) < 0)) throw new Violation('I19', `device ${key}: ${kept.filter((localId) => placeOf(localId) < 0).join()} lost`)
    }
  }

  return { check, checkSettled }
}

/** Whether what was said before can be asked for. */
function hasHistory({ catchUp }: World): boolean {
  return catchUp?.history ?? true
}

function scopeOf({ wireKind }: World): 'ranges' | 'point' | 'message' {
  return wireKind?.scope ?? 'ranges'
}

/** Lost and sent again, it is told where the server has it now, by whoever has heard of that. */
function whereItIs(one: Seen, rows: readonly Message[], log: ReadonlySet<string>): Seen | null {
  if (log.has(one.at.id)) return one
  const row = rows.find(({ ids }) => ids.includes(one.at.id))
  // Deleted for good where it was read, it tells of nothing any more.
  if (row && isForGood(row)) return null
  const at = [row?.at, ...(row?.otherPlaces ?? [])].find((place) => place && log.has(place.id))
  // As a second place, which no prefix reaches.
  return at ? { ...one, at, isByItself: true } : null
}

/** Whether no prefix says of this place that it is read: the kind of the conversation was not known, or it is a second place, and nobody has read up to it. Whether such a wire gets there, `canBeTold` says. */
function isReadByItself(world: World, c: string, user: string, place: Place): boolean {
  const mine = world.oracle.seen.filter((one) => one.user === user && one.conversation === c)
  return mine.some((one) => one.isByItself) || (placesOf(world, c, place).length > 2 && !mine.some((one) => one.stored && !isBefore(one.at, place)))
}

/** As bytes; where some of it is archived, of what there is; where a server lost something, of what it has: who had what was lost knows who read it, or that nobody can say, and who came later has no such question. */
function asKnown(world: World, c: string, reached: Reached, isLeftOut: (id: string) => boolean): string {
  return JSON.stringify(world.archives || world.wasReset.has(c) ? world.hub.log(c).filter(({ id, at }) => covers(reached, at) && !isLeftOut(id)).map(({ id }) => id) : reached)
}

/** What was archived of a message goes where it is heard that it was deleted for good; who came later has the server's tombstone alone, and keeps what is told of that. */
function isForgotten(world: World, parts: Known, id: string): boolean {
  return world.archives && parts.some(({ rows }) => rows.some((row) => row.ids.includes(id) && isForGood(row)))
}

/** Whether such a wire carries this reading to a device that has these messages. */
function canBeTold(world: World, one: Seen, stored: ReadonlySet<string>, readerRows: readonly Message[]): boolean {
  if (scopeOf(world) === 'message') return stored.has(one.at.id)
  if (scopeOf(world) === 'ranges') return true
  // It would also say what was read in private.
  if (one.floor !== null) return false
  // Nor over what nobody can be asked for; whether there is anything only consecutive numbers say.
  if (!hasHistory(world) && (world.wireKind!.sparse || lacksOneBefore(world, one, readerRows))) return false
  // After a loss not even a prefix is whole: a number that came and could not be shown is in the way then, too.
  if (isPrefixRead(world, one.conversation) && !one.isByItself && !(world.wasReset.has(one.conversation) && lacksOneBefore(world, one, readerRows))) return true
  // Nothing settles in the time of a schedule.
  if (world.wireKind!.sparse || (world.wireKind!.late && one.at.epoch > 0)) return false
  if (lacksOneBefore(world, one, readerRows)) return false
  // Where it was sent again no row stands, and a position ends at rows: it is told once what is behind it is read.
  if (readerRows.some(({ at, otherPlaces }) => at?.id !== one.at.id && otherPlaces?.some(({ id }) => id === one.at.id))) return false
  // A position says it only when everything before was read on the same device, and may be told; what the server lost with its tail may still be there, hidden or unread, and its recall unheard, as it may be where a wire tells of none again.
  const lost = world.wasReset.has(one.conversation) || world.catchUp?.how === 'none' ? readerRows.flatMap((row) => (row.at ? { ...row, at: row.at } : [])) : []
  const before = [...world.hub.log(one.conversation), ...lost].filter((message) => isBefore(message.at, one.at) && isCountableFor(message, one.user))
  return before.every(({ at }) => world.oracle.seen.some((each) => each.device === one.device && each.conversation === one.conversation && each.at.id === at.id && each.stored && each.owed && each.floor === null))
}

/** A number that has not come, or came and could not be shown, is in the way of a position, whoever wrote it, and also when it was recalled. */
function lacksOneBefore(world: World, { device, conversation, at: end }: Seen, readerRows: readonly Message[]): boolean {
  const { spoiled } = world.devices[device]!
  const here = new Set(readerRows.flatMap(({ ids }) => ids))
  const given = [...world.accepted.get(conversation)!.values()].filter(({ ids: [id] }) => spoiled.has(id!)).map(({ ids, at }) => ({ id: ids[0]!, at: at! }))
  return [...world.hub.log(conversation), ...given].some(({ id, at }) => isBefore(at, end) && !here.has(id))
}

const wasPruned = ({ prunings }: World, device: number, c: string) => prunings.some((each) => each.device === device && each.c === c)

/** A server that lost its tail still has receipts that reach into it; a device that never saw that tail, being new or its user away, holds them until the conversation goes on, and not longer. */
function mayWait(world: World, device: Device, c: string): boolean {
  // What was lost at the end of an epoch, over which a receipt reaches, is found by asking for it.
  if (world.wasReset.has(c) && !hasHistory(world)) return true
  return world.wasReset.has(c) && !world.wentOn.has(c) && (device.generation > 0 || world.left.has(device.user))
}

function isCurrent(world: World, c: string, user: string): boolean {
  if (c === 'pair') return PAIR_MEMBERS.includes(user)
  return (rosterOf(world, c).find(({ userId }) => userId === user)?.intervals ?? []).some(({ leftAt }) => leftAt === null)
}

function isAudience(world: World, c: string, place: Place, user: string): boolean {
  if (c === 'pair') return PAIR_MEMBERS.includes(user)
  return (rosterOf(world, c).find(({ userId }) => userId === user)?.intervals ?? []).some(
    ({ joinedAt, leftAt }) => (joinedAt === null || !isBefore(place, joinedAt)) && (leftAt === null || isBefore(place, leftAt)),
  )
}

function rosterOf(world: World, c: string): readonly Member[] {
  return world.rosters.get(c) ?? []
}

/** X and N by going through everybody. */
function countOnFingers(world: World, c: string, message: Message): { read: number; of: number; stay: number } {
  const receipts = world.hub.readStates(c, '')
  let read = 0
  let of = 0
  let stay = 0
  for (const user of membersOf(c)) {
    if (user === message.from || !isAudience(world, c, message.at!, user)) continue
    const reached = receipts.filter(({ by, kind }) => by === user && kind !== 'delivered').some((receipt) => covers({ upTo: receipt.upTo ?? null, ranges: receipt.ranges ?? [] }, message.at!))
    if (reached) read += 1
    const isStaying = stays(world, c, message.at!, user)
    if (isStaying) stay += 1
    if (reached || isStaying) of += 1
  }
  return { read, of, stay }
}

function stays(world: World, c: string, place: Place, user: string): boolean {
  if (c === 'pair') return true
  return rosterOf(world, c).find(({ userId }) => userId === user)!.intervals.some(({ joinedAt, leftAt }) => leftAt === null && (joinedAt === null || !isBefore(place, joinedAt)))
}

function isSame(a: Reached, b: Reached): boolean {
  return isSamePlace(a.upTo, b.upTo) && a.ranges.length === b.ranges.length && a.ranges.every(({ from, to }, i) => isSamePlace(from, b.ranges[i]!.from) && isSamePlace(to, b.ranges[i]!.to))
}

/** The status that a tab has shown binds it; a device with one tab is bound by all it ever showed. */
function nameOf(device: Device, tab: Tab, id: string): string {
  return `device ${device.index}.${device.generation}${device.browser ? ` tab ${tab.life}` : ''} ${id}`
}
