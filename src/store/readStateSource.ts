import { messageKey, type Clock, type ConversationId, type Message, type MessageStatus, type Stop, type UserId } from '../model/index.js'
import type { ReadStateSource, ReceiptPolicy, Tally } from '../receipts/index.js'
import type { TransportCapabilities } from '../transport/index.js'
import type { ChatStore, ReadView } from './chatStore.js'
import type { computeShown } from './computeShown.js'

/** A little over one frame at 60 Hz, milliseconds: listeners are told no more often, so never twice in a frame. */
const FRAME_MS = 17

export interface ReadStateSourceOptions {
  readonly store: ChatStore
  readonly id: ConversationId
  readonly me: UserId
  readonly policy: ReceiptPolicy
  readonly capabilities: TransportCapabilities
  readonly clock: Clock
  /** Comes with the engine, as the views do; null before. */
  readonly computed: () => typeof computeShown | null
  /** Keeps what is known of reading here loaded while somebody listens. */
  readonly retain: () => Stop
}

/** What is shown of a message of mine. */
export interface ShownState {
  readonly status: MessageStatus | null
  readonly tally: Tally
}

/** With the epoch of the place that it had; what had none may get any. */
interface Remembered extends ShownState {
  readonly epoch: number
}

interface Shown extends ShownState {
  readonly view: ReadView | undefined
  readonly settings: string
}

/** Statuses and tallies of one conversation, computed when a row asks and kept until something moved. A shown status never falls. */
export function createReadStateSource(options: ReadStateSourceOptions): ReadStateSource {
  const { store, id } = options
  const shown = memories.get(store) ?? new Map<string, Remembered>()
  memories.set(store, shown)
  /** Two versions of a message may be on one page (a dialog is older than its row): each keeps its own. */
  const looks = new WeakMap<Message, Shown>()
  const view = () => store.getState().readViews.get(id)

  function look(message: Message): Shown {
    const known = looks.get(message)
    const now = view()
    const settings = settingsOf(options)
    if (known && known.view === now && known.settings === settings) return known
    const key = messageKey(message)
    const remembered = shown.get(key)
    // Only what the server has lost is nowhere any more, or in a later epoch: it is another message to those who are to get it.
    const last = remembered && epochOf(message) > remembered.epoch ? undefined : remembered
    const before = last && { ...(known ?? last), status: last.status }
    const compute = options.computed()
    const isMine = message.from === options.me
    const state: ShownState = isMine && compute ? compute(options, message, now, before) : { status: isMine ? (message.outgoing ?? 'sent') : null, tally: UNKNOWN }
    const next = { ...state, view: now, settings }
    looks.set(message, next)
    shown.set(key, { ...state, epoch: epochOf(message) })
    if (shown.size > MAX_SHOWN) shown.delete(shown.keys().next().value!)
    return next
  }

  return {
    // Nothing is above it, and nothing shown falls: most messages of mine are read, and need no look at whatever comes.
    getStatus: (message) => (looks.get(message)?.status === 'read' ? 'read' : look(message).status),
    getTally: (message) => look(message).tally,
    isRead: (message) => view()?.isRead(message) ?? false,
    isSeen: (message) => view()?.isSeen(message) ?? false,
    subscribe: (listener) => subscribeByFrame(options, view, listener),
  }
}

/** Rows whose last shown status is remembered: more than a window holds. */
const MAX_SHOWN = 2_000
/** By key, in all conversations of a client: what a later version of a message must not fall below, nor a list that comes when its conversation was closed. */
const memories = new WeakMap<ChatStore, Map<string, Remembered>>()
const UNKNOWN: Tally = Object.freeze({ tracked: false, reason: 'rosterUnknown' })

function epochOf({ at }: Message): number {
  return at?.epoch ?? Infinity
}

/** What of the conversation, beside its read state, decides what is shown. */
function settingsOf({ store, id }: ReadStateSourceOptions): string {
  const { conversations, receipts } = store.getState()
  const conversation = conversations.get(id)
  return `${conversation?.receipts ?? receipts} ${conversation?.rosterComplete} ${conversation?.kind}`
}

/** The first change is told at once, what follows within a frame together. */
function subscribeByFrame(options: ReadStateSourceOptions, view: () => ReadView | undefined, listener: () => void): () => void {
  const { store, clock } = options
  const release = options.retain()
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
    release()
    stop()
    stopTimer?.()
  }
}
