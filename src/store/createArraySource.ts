/** A message source over plain arrays: what somebody with their own state hands to `<MessageList>`. */
import {
  ChatError, comparePoints, maxPoint, messageKey, type ConversationId, type Message, type MessageSnapshot, type MessageSource, type Point, type SourceAnchor, type Stop,
} from '../model/index.js'
import { sameItems } from '../model/sameItems.js'
import { telling } from '../model/telling.js'
import { compareRows, placeOf } from './rowOrder.js'

/** Pages that are loaded at most for one jump to a message that is not there: an id says not how far back it is. */
const MAX_PAGES_TO_ID = 50

/** @public */
export interface ArraySourceOptions {
  /** Key (`messageKey`) of the first unread message; the list opens there, below a separator. Default null: the list opens at the newest. */
  readonly firstUnreadKey?: string | null
  /** Gives the page before `oldest`, in any order; an empty page says that history begins here. Without it there is nothing older. */
  readonly loadOlder?: (oldest: Message | null) => Promise<readonly Message[]>
  /** Gives the page after `newest`; an empty page says that it is the newest. Without it the array reaches the newest message. */
  readonly loadNewer?: (newest: Message | null) => Promise<readonly Message[]>
}

/** @public */
export interface ArraySource extends MessageSource {
  /** Replaces everything. An array changed in place is not noticed: hand over a new one. */
  set(messages: readonly Message[]): void
  /** Adds or, where the key is known, replaces messages. */
  append(...messages: readonly Message[]): void
  /** The same as `append`: place is decided by each message's point. It reads better beside a page of history. */
  prepend(...messages: readonly Message[]): void
  /** Moves the unread separator; null takes it away. */
  setFirstUnread(key: string | null): void
}

/**
 * Makes a message source of an array of messages of one conversation.
 *
 * Messages are shown by point, those without one last, in the order given. A failed one keeps its place: behind `failedAfter`, or else
 * behind what stood before it when it was handed over as failed. Of two with the same key (`messageKey`) the later
 * replaces the earlier. The source keeps what it was given: a message changes by handing over a new object.
 *
 * @throws ChatError `source/invalid` when something is not a message, `source/foreign` when two conversations are mixed
 * @public
 */
export function createArraySource(messages: readonly Message[] = [], options: ArraySourceOptions = {}): ArraySource {
  const { firstUnreadKey = null, loadOlder, loadNewer } = options
  const listeners = new Set<() => void>()
  let known = keyed(messages)
  /** Behind what a failed message stands that does not say so itself. */
  const failedAfter = new Map<string, Point | null>()
  stand(known, null, failedAfter)
  const placeIn = (message: Message) => {
    const after = failedAfter.get(messageKey(message))
    return after === undefined ? placeOf(message) : after
  }
  const byPlace: Compare = (a, b) => (failedAfter.size === 0 ? compareRows(a, b) : compareRows(a, b, placeIn(a), placeIn(b)))
  let snapshot: MessageSnapshot = {
    messages: inOrder(known, byPlace),
    hasOlder: loadOlder !== undefined,
    hasNewer: loadNewer !== undefined,
    loading: 'none',
    status: 'ready',
    firstUnreadKey,
  }

  const change = (part: Partial<MessageSnapshot>) => {
    snapshot = { ...snapshot, ...part }
    for (const listener of [...listeners]) telling(listener)()
  }
  const show = (ordered: readonly Message[], part: Partial<MessageSnapshot> = {}) => {
    const same = sameItems(ordered, snapshot.messages)
    if (same && !Object.keys(part)[0]) return
    change(same ? part : { ...part, messages: ordered })
  }
  const add = (added: readonly Message[], part?: Partial<MessageSnapshot>) => {
    const fresh = keyed(added, known.values().next().value?.conversationId)
    const before = known.size
    stand(fresh, snapshot.messages.findLast(({ at }) => at !== null)?.at ?? null, failedAfter)
    for (const [key, message] of fresh) known.set(key, message)
    const allNew = known.size === before + fresh.size
    show((allNew ? joined(snapshot.messages, inOrder(fresh, byPlace), byPlace) : null) ?? inOrder(known, byPlace), part)
  }

  const append = (...added: readonly Message[]) => add(added)

  let underWay: Promise<void> | null = null
  const loadPage = (side: 'older' | 'newer', load: (edge: Message | null) => Promise<readonly Message[]>, edge: Message | null = null) =>
    (underWay ??= takePage(side, () => load(edge)))
  const takePage = async (side: 'older' | 'newer', load: () => Promise<readonly Message[]>) => {
    change({ loading: side })
    try {
      const page = await load()
      underWay = null
      const more = page.length > 0
      add(page, side === 'older' ? { loading: 'none', hasOlder: more } : { loading: 'none', hasNewer: more })
    } catch (cause) {
      underWay = null
      change({ loading: 'none' })
      throw new ChatError('source/load', `The ${side} messages could not be loaded. The list shows what it has; scroll there again to try once more.`, { retryable: true, cause })
    }
  }

  const older = loadOlder && (() => (snapshot.hasOlder ? loadPage('older', loadOlder, snapshot.messages[0]) : Promise.resolve()))
  const newer = loadNewer && (() => (snapshot.hasNewer ? loadPage('newer', loadNewer, snapshot.messages.at(-1)) : Promise.resolve()))

  /** Page by page: an array has no gaps, so there is no way to a place but through what lies before it. */
  const loadAround = async (anchor: SourceAnchor) => {
    for (let pages = 0; pages < MAX_PAGES_TO_ID || !isNamed(anchor); pages++) {
      await underWay?.catch(() => {})
      const side = missingSide(anchor, snapshot)
      if (side === null) return
      await (side === 'older' ? older : newer)?.()
    }
  }

  return {
    getSnapshot: () => snapshot,
    getServerSnapshot: () => snapshot,
    subscribe(listener): Stop {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(next) {
      known = keyed(next)
      failedAfter.clear()
      stand(known, null, failedAfter)
      show(inOrder(known, byPlace))
    },
    append,
    prepend: append,
    setFirstUnread(key) {
      if (key !== snapshot.firstUnreadKey) change({ firstUnreadKey: key })
    },
    ...(older && { loadOlder: older }),
    ...(newer && { loadNewer: newer }),
    ...((older ?? newer) && { loadAround }),
  }
}

type Compare = (a: Message, b: Message) => number

const isNamed = (anchor: SourceAnchor) => anchor === 'firstUnread' || (typeof anchor === 'object' && 'id' in anchor)

/** Where the next page towards `anchor` has to come from; null when it is there, or nowhere. */
function missingSide(anchor: SourceAnchor, { messages, hasOlder, hasNewer, firstUnreadKey }: MessageSnapshot): 'older' | 'newer' | null {
  if (anchor === 'newest') return hasNewer ? 'newer' : null
  if (anchor === 'firstUnread') {
    const isThere = firstUnreadKey === null || messages.some((message) => messageKey(message) === firstUnreadKey)
    return isThere || !hasOlder ? null : 'older'
  }
  if ('id' in anchor) {
    const isThere = messages.some(({ ids, localId }) => ids.includes(anchor.id) || localId === (anchor.id as string))
    return isThere ? null : hasOlder ? 'older' : hasNewer ? 'newer' : null
  }
  const isBefore = (message: Message) => ('time' in anchor ? message.time < anchor.time : message.at !== null && comparePoints(message.at, anchor.at) < 0)
  if (hasOlder && !messages.some(isBefore)) return 'older'
  return hasNewer && messages.every(isBefore) ? 'newer' : null
}

/** Messages by key, the later of two winning. Checks all before anything is changed. */
function keyed(messages: readonly Message[], of?: ConversationId): Map<string, Message> {
  const byKey = new Map<string, Message>()
  let conversationId = of
  for (const message of requireArray(messages)) {
    requireMessage(message)
    conversationId ??= message.conversationId
    if (message.conversationId !== conversationId) {
      throw new ChatError(
        'source/foreign',
        `An array source of conversation "${conversationId}" was given message "${message.localId}" of conversation "${message.conversationId}". A list shows one. Make a source for each.`,
      )
    }
    byKey.set(messageKey(message), message)
  }
  return byKey
}

/** Both in one array when one lies wholly before the other, as a page or a new message does; else null. */
function joined(shown: readonly Message[], added: readonly Message[], byPlace: Compare): readonly Message[] | null {
  const [first, last, addedFirst, addedLast] = [shown[0], shown.at(-1), added[0], added.at(-1)]
  if (!addedFirst || !addedLast) return shown
  if (!last || byPlace(last, addedFirst) <= 0) return [...shown, ...added]
  return byPlace(addedLast, first as Message) < 0 ? [...added, ...shown] : null
}

function inOrder(known: ReadonlyMap<string, Message>, byPlace: Compare): readonly Message[] {
  const messages = [...known.values()]
  // Most arrays come sorted; the check is a tenth of the sort.
  return messages.every((message, index) => index === 0 || byPlace(messages[index - 1] as Message, message) <= 0) ? messages : messages.sort(byPlace)
}

/** Remembers behind what failed messages stand: the newest that was given before them, or was there. Where they stood when they failed, they stay. */
function stand(given: ReadonlyMap<string, Message>, newest: Point | null, failedAfter: Map<string, Point | null>): void {
  let before: Point | null = null
  for (const [key, message] of given) {
    before = maxPoint(before, message.at)
    if (message.at !== null || message.outgoing !== 'failed' || message.failedAfter !== undefined) failedAfter.delete(key)
    else if (!failedAfter.has(key)) failedAfter.set(key, before ?? newest)
  }
}

function requireArray(messages: unknown): readonly Message[] {
  if (Array.isArray(messages)) return messages as readonly Message[]
  throw new ChatError('source/invalid', `An array source was given ${describe(messages)} instead of an array of messages, so nothing can be shown. Hand over an array.`)
}

function requireMessage(message: Message): void {
  const { conversationId, from, localId, body } = (message ?? {}) as Partial<Message>
  if (typeof conversationId === 'string' && typeof from === 'string' && typeof localId === 'string' && typeof body === 'object') return
  throw new ChatError(
    'source/invalid',
    `An array source was given ${describe(message)} among its messages. One without conversationId, from, localId and body cannot be shown. Check the rows before.`,
  )
}

function describe(value: unknown): string {
  return value === null || value === undefined ? String(value) : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
