import { messageKey, type Clock, type ConversationId, type ConversationKind, type Message, type MessageStatus, type UserId } from '../model/index.js'
import { coversPoint, isReceiptExpired, keepTally, raiseStatus, statusOf, silentIn, tallyOf, type ReadStateSource, type ReceiptPolicy, type Tally, type TallyConditions } from '../receipts/index.js'
import type { TransportCapabilities } from '../transport/index.js'
import type { ChatStore, ReadView } from './chatStore.js'

/** A little over one frame at 60 Hz, milliseconds: listeners are told no more often, so never twice in a frame. */
const FRAME_MS = 17

export interface ReadStateSourceOptions {
  readonly store: ChatStore
  readonly id: ConversationId
  readonly me: UserId
  readonly policy: ReceiptPolicy
  readonly capabilities: TransportCapabilities
  readonly clock: Clock
}

interface Shown {
  readonly view: ReadView | undefined
  readonly settings: string
  readonly message: Message
  readonly status: MessageStatus | null
  readonly tally: Tally
}

/** Statuses and tallies of one conversation, computed when a row asks and kept until something moved. A shown status never falls. */
export function createReadStateSource(options: ReadStateSourceOptions): ReadStateSource {
  const { store, id } = options
  const shown = new Map<string, Shown>()
  const view = () => store.getState().readViews.get(id)

  function look(message: Message): Shown {
    const key = messageKey(message)
    const before = shown.get(key)
    const now = view()
    const settings = settingsOf(options)
    if (before && before.view === now && before.settings === settings && before.message === message) return before
    const next = { ...compute(options, message, now, before), settings }
    shown.set(key, next)
    if (shown.size > MAX_SHOWN) shown.delete(shown.keys().next().value!)
    return next
  }

  return {
    getStatus: (message) => look(message).status,
    getTally: (message) => look(message).tally,
    isRead: (message) => message.at !== null && coversPoint(view()?.own.synced.read ?? NOTHING, message.at),
    subscribe: (listener) => subscribeByFrame(options, view, listener),
  }
}

/** Rows whose last shown status is remembered: more than a window holds. */
const MAX_SHOWN = 2_000
const NOTHING = { upTo: null, ranges: [] } as const
const UNKNOWN: Tally = Object.freeze({ tracked: false, reason: 'rosterUnknown' })

function compute({ store, id, me, policy, capabilities, clock }: ReadStateSourceOptions, message: Message, view: ReadView | undefined, before: Shown | undefined): Omit<Shown, 'settings'> {
  if (message.from !== me || !view) return { view, message, status: message.from === me ? (before?.status ?? message.outgoing ?? 'sent') : null, tally: before?.tally ?? UNKNOWN }
  const { conversations, receipts } = store.getState()
  const conversation = conversations.get(id)
  const kind: ConversationKind = conversation?.kind ?? 'group'
  const conditions = conditionsFor(message, kind, conversation?.rosterComplete ?? false, policy, capabilities)
  const off = policy.reciprocal && (conversation?.receipts ?? receipts) !== 'public'
  // Receipts that came in time are shown for ever; only that none came cannot be told from that none was taken.
  const expired = isExpired(message, kind, policy, capabilities, clock.now()) && view.index.reach(message).read === 0 && !message.readCount
  const silent = silentIn(view.index, message, kind === 'group' ? view.members : [], (userId) => view.signs?.get(userId), policy.silentAfterMs)
  const tally = tallyOf(view.index, message, { ...conditions, off, expired }, message.readCount, silent)
  const next = statusOf(message, { me, kind, rule: policy.groupStatus, reach: tally }) ?? 'sent'
  return { view, message, status: raiseStatus(before?.status ?? null, next), tally: keepTally(before?.tally, tally) }
}

/** What of the conversation, beside its read state, decides what is shown. */
function settingsOf({ store, id }: ReadStateSourceOptions): string {
  const { conversations, receipts } = store.getState()
  const conversation = conversations.get(id)
  return `${conversation?.receipts ?? receipts} ${conversation?.rosterComplete} ${conversation?.kind}`
}

function conditionsFor(message: Message, kind: ConversationKind, rosterComplete: boolean, policy: ReceiptPolicy, capabilities: TransportCapabilities): TallyConditions {
  const limited = kind === 'direct' ? Number.MAX_SAFE_INTEGER : Math.min(policy.maxGroupSize, capabilities.limits.groupSize ?? Number.MAX_SAFE_INTEGER)
  return {
    requested: kind === 'direct' || areReceiptsAlways(policy, capabilities) || message.receiptRequested === true,
    supported: capabilities.read[kind] !== 'none' && (kind === 'direct' || capabilities.groupReceipts !== 'none'),
    sizeLimit: limited,
    off: false,
    rosterComplete,
  }
}

function areReceiptsAlways(policy: ReceiptPolicy, capabilities: TransportCapabilities): boolean {
  return policy.groupReceipts === 'asWire' && capabilities.groupReceipts === 'always'
}

/** A wire may take receipts for a while only; receipts that have to be asked for end by policy too. */
function isExpired({ time }: Message, kind: ConversationKind, policy: ReceiptPolicy, capabilities: TransportCapabilities, now: number): boolean {
  if (kind === 'direct') return false
  const byPolicy = areReceiptsAlways(policy, capabilities) ? null : policy.validForMs
  return isReceiptExpired(time, now, byPolicy) || isReceiptExpired(time, now, capabilities.limits.receiptWindowMs ?? null)
}

/** The first change is told at once, what follows within a frame together. */
function subscribeByFrame(options: ReadStateSourceOptions, view: () => ReadView | undefined, listener: () => void): () => void {
  const { store, clock } = options
  let seen = view()
  let settings = settingsOf(options)
  let told = -Infinity
  let stopTimer: (() => void) | null = null
  const tell = () => {
    stopTimer = null
    told = clock.monotonic()
    seen = view()
    settings = settingsOf(options)
    listener()
  }
  const stop = store.subscribe(() => {
    if ((view() === seen && settingsOf(options) === settings) || stopTimer) return
    const wait = told + FRAME_MS - clock.monotonic()
    if (wait <= 0) tell()
    else stopTimer = clock.setTimer(tell, wait)
  })
  return () => {
    stop()
    stopTimer?.()
  }
}
