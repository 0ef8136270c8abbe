import { messageKey, type Clock, type ConversationId, type ConversationKind, type Message, type MessageStatus, type UserId } from '../model/index.js'
import { coversPoint, keepTally, raiseStatus, statusOf, tallyOf, type ReadStateSource, type ReceiptPolicy, type Tally, type TallyConditions } from '../receipts/index.js'
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
    if (before && before.view === now && before.message === message) return before
    const next = compute(options, message, now, before)
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

function compute({ store, id, me, policy, capabilities }: ReadStateSourceOptions, message: Message, view: ReadView | undefined, before: Shown | undefined): Shown {
  if (message.from !== me || !view) return { view, message, status: message.from === me ? (before?.status ?? message.outgoing ?? 'sent') : null, tally: before?.tally ?? UNKNOWN }
  const conversation = store.getState().conversations.get(id)
  const kind: ConversationKind = conversation?.kind ?? 'group'
  const rosterComplete = conversation?.rosterComplete ?? false
  const tally = tallyOf(view.index, message, conditionsFor(message, kind, rosterComplete, policy, capabilities))
  const next = statusOf(message, { me, kind, rule: policy.groupStatus, reach: tally }) ?? 'sent'
  return { view, message, status: raiseStatus(before?.status ?? null, next), tally: keepTally(before?.tally, tally) }
}

function conditionsFor(message: Message, kind: ConversationKind, rosterComplete: boolean, policy: ReceiptPolicy, capabilities: TransportCapabilities): TallyConditions {
  const limited = kind === 'direct' ? Number.MAX_SAFE_INTEGER : Math.min(policy.maxGroupSize, capabilities.limits.groupSize ?? Number.MAX_SAFE_INTEGER)
  return {
    requested: kind === 'direct' || capabilities.groupReceipts === 'always' || message.receiptRequested === true,
    supported: capabilities.read[kind] !== 'none' && (kind === 'direct' || capabilities.groupReceipts !== 'none'),
    sizeLimit: limited,
    off: false,
    rosterComplete,
  }
}

/** The first change is told at once, what follows within a frame together. */
function subscribeByFrame({ store, clock }: ReadStateSourceOptions, view: () => ReadView | undefined, listener: () => void): () => void {
  let seen = view()
  let told = -Infinity
  let stopTimer: (() => void) | null = null
  const tell = () => {
    stopTimer = null
    told = clock.monotonic()
    seen = view()
    listener()
  }
  const stop = store.subscribe(() => {
    if (view() === seen || stopTimer) return
    const wait = told + FRAME_MS - clock.monotonic()
    if (wait <= 0) tell()
    else stopTimer = clock.setTimer(tell, wait)
  })
  return () => {
    stop()
    stopTimer?.()
  }
}
