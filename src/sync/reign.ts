/** What the leading tab does, from taking the lead to losing it: holds the wire, stores what it tells, drains the outbox, and fetches for the other tabs. */
import { ChatError, type ConversationId, type Point, type Stop } from '../model/index.js'
import { archiveReceipts } from './archiving.js'
import { catchUp, closeGapAbove, closeGapBelow } from './catchUp.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { isEphemeral, type EphemeralEvent } from './ephemeral.js'
import { loadEnsured, type EnsuredConversation } from './ensure.js'
import { expireHeld } from './expireHeld.js'
import { createInbound } from './inbound.js'
import { createOutbox, type Outbox } from './outbox.js'
import { CURSOR_KEY } from './storeEvents.js'

export interface Reign extends Pick<Outbox, 'nudge' | 'noteReads' | 'flush' | 'cancel'> {
  setTyping(id: ConversationId, on: boolean): void
  /** Tells the back end how the user wishes to be seen; every connect does so again. */
  tellPresence(): void
  /** Makes a conversation known to the back end, if there is a connection; else the next connect does. */
  tellEnsured(conversation: EnsuredConversation): Promise<void>
  /** Fetches one page next to a place where history is known to be missing. */
  fetchGap(id: ConversationId, edge: Point, end: 'older' | 'newer', limit: number): Promise<void>
  /** The rows are others than before: everything is asked for again. */
  startOver(): Promise<void>
  /** Resolves when the wire is closed. */
  stop(): Promise<void>
}

export interface ReignOptions {
  onChanged(changes: Changes): void
  /** Shows what is not kept. */
  onEphemeral(event: EphemeralEvent): void
}

/** Old receipt detail is archived this long after a tab began to lead, when the first rush is over, and then again and again, milliseconds. */
const FIRST_ARCHIVE_MS = 10 * 60_000
const ARCHIVE_EVERY_MS = 6 * 3_600_000

/** @param ctx - with a storage that refuses once another tab leads */
export function startReign(ctx: SyncContext, { onChanged, onEphemeral }: ReignOptions): Reign {
  const { transport, store } = ctx
  let stopped = false
  let first = true
  /** Made while there was no connection, and perhaps after `connect` was told of the others. */
  let untold: EnsuredConversation[] = []
  const isOnline = () => store.getState().connection.status === 'online'
  const inbound = createInbound(ctx, onChanged, () => void startOver())
  const outbox = createOutbox(ctx, { canSend: () => !stopped && isOnline(), onChanged })

  const stopHearing = transport.on((event) => {
    if (stopped) return
    if (typeof event?.type !== 'string') return ctx.onDropped('event/malformed')
    if (!isEphemeral(event)) return inbound.handle(event)
    onEphemeral(event)
    if (event.type === 'state' && isOnline()) void pull()
  })

  async function connect(): Promise<void> {
    const { ensured, since } = await ctx.storage.read(async (tx) => ({ ensured: await loadEnsured(tx), since: await tx.meta.get<string>(CURSOR_KEY) }))
    if (stopped) return
    first = since === undefined
    await transport.connect({ userId: ctx.me, token: ctx.getToken, conversations: ensured, ...(since === undefined ? {} : { since }) })
  }

  function dial(): void {
    connect().catch((cause: unknown) => {
      if (stopped) return
      ctx.onError(cause instanceof ChatError ? cause : new ChatError('transport/connect', 'The transport could not connect, and gave no reason that it can be tried again for. Messages wait in the outbox. See the cause.', { retryable: true, cause }))
    })
  }

  /** After every connect: what changed meanwhile, then what waits here. */
  async function pull(): Promise<void> {
    const made = untold
    untold = []
    // A wire takes everybody who connects for there.
    if (store.getState().myPresence !== 'online') tellPresence()
    const { ensureConversation } = transport
    if (ensureConversation) await Promise.all(made.map((each) => ensureConversation.call(transport, each).catch(() => void untold.push(each))))
    if (stopped) return
    outbox.resume()
    try {
      await catchUp(ctx, inbound, first)
      first = false
      await inbound.idle()
      await expireHeld(ctx)
    } catch (cause) {
      if (!stopped && isOnline()) ctx.onDropped(`catchUp/${cause instanceof ChatError ? cause.code : 'failed'}`)
    }
    if (!stopped && isOnline()) ctx.store.setState({ caughtUp: true })
  }

  function tellPresence(): void {
    if (isOnline()) transport.presence?.(store.getState().myPresence).catch(() => {})
  }

  let stopArchiving: Stop = () => {}

  function archiveIn(delayMs: number): void {
    stopArchiving = ctx.ports.clock.setTimer(() => {
      // Not done is done the next time.
      archiveReceipts(ctx).catch(() => ctx.onDropped('archive/failed')).finally(() => {
        if (!stopped) archiveIn(ARCHIVE_EVERY_MS)
      })
    }, delayMs)
  }

  let starting: Promise<void> | null = null

  function startOver(): Promise<void> {
    starting ??= transport.close().catch(() => {}).then(() => {
      starting = null
      if (!stopped) dial()
    })
    return starting
  }

  dial()
  archiveIn(FIRST_ARCHIVE_MS)
  return {
    nudge: outbox.nudge,
    noteReads: outbox.noteReads,
    flush: outbox.flush,
    cancel: outbox.cancel,
    setTyping(id, on) {
      if (isOnline()) transport.typing?.(id, on).catch(() => {})
    },
    tellPresence,
    async tellEnsured(conversation) {
      if (isOnline()) await transport.ensureConversation?.(conversation)
      else untold.push(conversation)
    },
    async fetchGap(id, edge, end, limit) {
      await (end === 'older' ? closeGapBelow : closeGapAbove)(ctx, inbound, id, edge, limit)
    },
    startOver,
    async stop() {
      stopped = true
      stopArchiving()
      stopHearing()
      outbox.stop()
      inbound.stop()
      await starting
      await transport.close().catch(() => {})
      await inbound.idle()
    },
  }
}
