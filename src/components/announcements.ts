/** What of a conversation is worth saying aloud: each new message of others once, never history, how far my newest one got, and that an earlier one failed. Knows no React. */
import { comparePoints, isCountable, maxPoint, messageKey, type Clock, type Message, type MessageSnapshot, type MessageStatus, type Point, type Stop, type UserId } from '../model/index.js'
import type { Tally } from '../receipts/index.js'

/** Messages that come within this time are said together, milliseconds. */
export const GATHER_MS = 300
/** While messages stream in, those that come before the last ones can have been heard are said together too: so long for each that was read out, and for a count, milliseconds. */
export const HEARD_MS = 1500
export const COUNT_HEARD_MS = 5000
/** More than so many are only counted. */
export const MOST_SAID = 3
/** The first news of a message's receipts waits this long for more, the next ones longer, milliseconds. */
export const RECEIPTS_MS = 1000
export const MORE_RECEIPTS_MS = 5000

export interface Observed {
  readonly snapshot: MessageSnapshot
  /** Newest message of the conversation, also while another stretch is on screen. */
  readonly lastMessage: Message | null
  readonly isRead: (message: Message) => boolean
  readonly getStatus: (message: Message) => MessageStatus | null
  readonly getTally: (message: Message) => Tally
}

export interface Speech {
  message(message: Message): void
  /** Too many to be read out. */
  count(messages: number): void
  receipt(message: Message, status: MessageStatus, tally: Tally): void
}

export interface Announcements {
  /** To be told whenever something may have changed. */
  observe(now: Observed): void
  stop(): void
}

export function createAnnouncements(me: UserId, clock: Clock, speech: Speech): Announcements {
  const arrivals = watchArrivals(me)
  const receipts = watchReceipts(me, clock, speech)
  const failures = watchFailures(me, clock, speech)
  let gathered: Message[] = []
  let shown: MessageSnapshot | null = null
  let stopTimer: Stop | null = null
  let heardAt = -Infinity

  const say = () => {
    stopTimer = null
    const left = gathered.flatMap((message) => asItIs(message, shown)).filter((message) => isCountable(message, me))
    if (left.length > MOST_SAID) speech.count(left.length)
    else left.forEach((message) => speech.message(message))
    gathered = []
    heardAt = clock.monotonic() + (left.length > MOST_SAID ? COUNT_HEARD_MS : left.length * HEARD_MS)
  }
  return {
    observe(now) {
      shown = now.snapshot
      const fresh = arrivals(now)
      gathered.push(...fresh)
      if (gathered.length > 0) stopTimer ??= clock.setTimer(say, Math.max(GATHER_MS, heardAt - clock.monotonic()))
      receipts.observe(now)
      failures.observe(now)
    },
    stop() {
      stopTimer?.()
      receipts.stop()
      failures.stop()
    },
  }
}

/** A message as it is by now; nothing where it is gone. */
function asItIs(message: Message, shown: MessageSnapshot | null): readonly Message[] {
  const key = messageKey(message)
  const now = shown?.messages.find((each) => messageKey(each) === key)
  if (now !== undefined) return now.hidden ? [] : [now]
  return shown?.hasNewer ? [message] : []
}

/** New messages of others: behind everything that was ever there, and not read on another device. What a reader pages to is history. */
function watchArrivals(me: UserId): (now: Observed) => readonly Message[] {
  let newest: Point | null | undefined
  let wasAtEnd = false
  return ({ snapshot, lastMessage, isRead }) => {
    const { messages, hasNewer, status } = snapshot
    if (status !== 'ready') return []
    const before = newest
    const heardAtEnd = wasAtEnd && !hasNewer
    wasAtEnd = !hasNewer
    newest = maxPoint(maxPoint(before ?? null, endOf(messages)), lastMessage?.at ?? null)
    if (before === undefined) return []
    const candidates = heardAtEnd ? messages : lastMessage === null ? [] : [lastMessage]
    const fresh: Message[] = []
    for (let index = candidates.length - 1; index >= 0; index--) {
      const message = candidates[index] as Message
      if (message.at === null) continue
      if (before !== null && comparePoints(message.at, before) <= 0) break
      if (isCountable(message, me) && message.hidden !== true && !isRead(message)) fresh.unshift(message)
    }
    return fresh
  }
}

function endOf(messages: readonly Message[]): Point | null {
  return messages.findLast(({ at }) => at !== null)?.at ?? null
}

interface Told {
  readonly key: string
  readonly status: MessageStatus | null
  readonly read: number
}

function watchReceipts(me: UserId, clock: Clock, speech: Speech) {
  let told: Told | null = null
  let latest: { message: Message; status: MessageStatus; tally: Tally } | null = null
  let stopTimer: Stop | null = null
  let waits = 0

  const drop = () => {
    stopTimer?.()
    stopTimer = null
    waits = 0
  }
  const say = () => {
    stopTimer = null
    if (latest === null) return
    const { message, status, tally } = latest
    told = { key: messageKey(message), status, read: readOf(tally) }
    speech.receipt(message, status, tally)
  }
  return {
    observe({ snapshot, getStatus, getTally }: Observed) {
      const message = snapshot.hasNewer ? undefined : snapshot.messages.findLast((each) => each.from === me && each.recalledAt === undefined && each.deletedAt === undefined)
      const status = message === undefined ? null : getStatus(message)
      if (message === undefined || status === null) return
      const key = messageKey(message)
      const tally = getTally(message)
      if (told?.key !== key) {
        drop()
        // How things stand when a message is first seen is no news.
        told = { key, status, read: readOf(tally) }
        return
      }
      // Tried again: what had become of it is no news any more, and whatever becomes of it now is.
      if (status === 'sending') told = { key, status, read: readOf(tally) }
      // Nothing new, or no more.
      if (told.status === status && readOf(tally) <= told.read) return void (latest = null)
      latest = { message, status, tally }
      stopTimer ??= clock.setTimer(say, waits++ === 0 || status === 'failed' ? RECEIPTS_MS : MORE_RECEIPTS_MS)
    },
    stop: drop,
  }
}

/** Messages of mine before the newest that failed while they were here, as when what waited goes out again. Several are said once: the words name none. */
function watchFailures(me: UserId, clock: Clock, speech: Speech) {
  const sending = new Set<string>()
  const failed = new Set<string>()
  let latest: Observed | null = null
  let stopTimer: Stop | null = null

  const say = () => {
    stopTimer = null
    const mine = latest?.snapshot.messages.filter(({ from }) => from === me) ?? []
    // What became of the newest is said by itself.
    const message = mine.slice(0, -1).findLast((each) => failed.has(messageKey(each)))
    failed.clear()
    if (message !== undefined) speech.receipt(message, 'failed', (latest as Observed).getTally(message))
  }
  return {
    observe(now: Observed) {
      latest = now
      for (const message of now.snapshot.messages) {
        if (message.outgoing === undefined) continue
        const key = messageKey(message)
        if (message.outgoing === 'sending') {
          sending.add(key)
          failed.delete(key)
        } else if (sending.delete(key)) {
          failed.add(key)
          stopTimer ??= clock.setTimer(say, RECEIPTS_MS)
        }
      }
    },
    stop: () => stopTimer?.(),
  }
}

function readOf(tally: Tally): number {
  return tally.tracked ? tally.read : 0
}
