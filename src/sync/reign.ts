/** What the leading tab does, from taking the lead to losing it: holds the wire, stores what it tells, drains the outbox, and fetches for the other tabs. */
import { ChatError, type ConversationId, type Point, type Stop } from '../model/index.js'
import { archiveReceipts } from './archiving.js'
import { backoffMs } from './backoff.js'
import { catchUp, pullUnheard, type LeftOver } from './catchUp.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { isEphemeral, type EphemeralEvent } from './ephemeral.js'
import { loadEnsured, type EnsuredConversation } from './ensure.js'
import { whyNoEvent } from './eventShape.js'
import { expireHeld } from './expireHeld.js'
import { closeGapAbove, closeGapBelow } from './gapFilling.js'
import { createInbound } from './inbound.js'
import { createIntroductions } from './introductions.js'
import { findLostTails } from './lostTail.js'
import { missesAbsences } from './neverCame.js'
import { createOutbox, type Outbox } from './outbox.js'
import { asksForAbsences } from './overtaking.js'
import { redoTorn, requeueTorn } from './requeueing.js'
import { queueStopped } from './ripeReports.js'
import { pullUnsureRosters } from './rosters.js'
import { createServerClock, mayComeLate, newestShown } from './serverClock.js'
import { createMemory, loadCursor } from './storeEvents.js'
import type { Connection } from './unasked.js'
import { asksForRosters } from './unsureRosters.js'
import { calling, closeWire } from './wireCalls.js'

export interface Reign extends Pick<Outbox, 'nudge' | 'nudgeReports' | 'noteReads' | 'flush' | 'cancel'> {
  setTyping(id: ConversationId, on: boolean): void
  /** Tells the back end how the user wishes to be seen; every connect does so again. */
  tellPresence(): void
  /** Makes a conversation known to the back end, if there is a connection; else the next connect does. */
  tellEnsured(conversation: EnsuredConversation): Promise<void>
  /** Fetches one page next to a place where history is known to be missing. */
  fetchGap(id: ConversationId, edge: Point, end: 'older' | 'newer', limit: number): Promise<void>
  /** Looks for what the server lost, and who read what in conversations that became known, if there is a connection; else the next connect does. */
  look(news: { readonly epochs: boolean; readonly unheard: readonly ConversationId[] }): void
  /** The rows are others than before: everything is asked for again. */
  startOver(): Promise<void>
  /** Resolves when the wire is closed. */
  stop(): Promise<void>
}

export interface ReignOptions {
  onChanged(changes: Changes): void
  /** The back end has told its conversations. */
  onCaughtUp(): void
  /** Shows what is not kept. */
  onEphemeral(event: EphemeralEvent): void
}

/** Old receipt detail is archived this long after a tab began to lead, when the first rush is over, and then again and again, milliseconds. */
const FIRST_ARCHIVE_MS = 10 * 60_000
const ARCHIVE_EVERY_MS = 6 * 3_600_000

/** @param ctx - with a storage that refuses once another tab leads */
export function startReign(given: SyncContext, { onChanged: onStored, onCaughtUp, onEphemeral }: ReignOptions): Reign {
  const { transport, store } = given
  let stopped = false
  /** The wire has replayed nothing, and not all of it has been asked for yet. */
  let first = true
  /** Connections so far. */
  let pulls = 0
  let pulling = false
  /** Tries to connect so far, and ends of connections. */
  let dials = 0
  let stopLater: Stop = () => {}
  let finding: Promise<void> = Promise.resolve()
  /** The wire limits its rate, and is asked for what is missing when its time is over. */
  let isLimited = false
  const isOnline = () => store.getState().connection.status === 'online'
  const serverClock = mayComeLate(given) ? createServerClock({ me: given.me, clock: given.ports.clock, known: () => newestShown(given), onPassed: queueSettled }) : null
  const ctx: SyncContext = { ...given, serverClock }
  const onChanged = (changes: Changes) => {
    serverClock?.note(changes.rows.values())
    onStored(changes)
  }
  const memory = createMemory()
  const inbound = createInbound(ctx, onChanged, () => void startOver(), memory)
  const introductions = createIntroductions(ctx, () => !stopped && isOnline(), () => startOver())
  const outbox = createOutbox(ctx, { canSend: () => !stopped && isOnline(), introduce: introductions.introduce, onChanged, early: memory.early, unasked: memory.unasked })

  const stopHearing = transport.on((event) => {
    if (stopped) return
    const refusal = whyNoEvent(event)
    if (refusal !== null) return ctx.onDropped(refusal)
    if (event.type === 'message') serverClock?.heard(event.message)
    if (!isEphemeral(event)) return inbound.handle(event)
    onEphemeral(event)
    if (event.type !== 'state') return
    serverClock?.end()
    // Another one, though a wire may tell the same object twice.
    const connection = { ...event }
    if (missesAbsences(ctx, memory.hasLost) || asksForAbsences(ctx) || asksForRosters(ctx)) inbound.handle(connection)
    if (isOnline()) void pull(connection)
  })

  async function connect(mine: number): Promise<void> {
    const { ensured, since } = await ctx.storage.read(async (tx) => ({ ensured: await loadEnsured(tx), since: await loadCursor(tx) }))
    if (stopped || mine !== dials) return
    first = since === undefined
    introductions.begin(ensured)
    inbound.listen()
    await transport.connect({ userId: ctx.me, token: ctx.getToken, conversations: ensured, ...(since === undefined ? {} : { since }) })
  }

  function dial(attempt = 1): void {
    const mine = ++dials
    connect(mine).catch((cause: unknown) => {
      if (stopped || mine !== dials) return
      // Nothing else would ever dial again.
      if (isOfStorage(cause)) return later(() => mine === dials && dial(attempt + 1), backoffMs(attempt, ctx.ports.random.next()))
      ctx.onError(cause instanceof ChatError ? cause : new ChatError('transport/connect', 'The transport could not connect, and gave no reason that it can be tried again for. Messages wait in the outbox. See the cause.', { retryable: true, cause }))
    })
  }

  /** After every connect: what changed meanwhile, then what waits here. */
  async function pull(connection: Connection): Promise<void> {
    const mine = ++pulls
    // A wire takes everybody who connects for there.
    if (store.getState().myPresence !== 'online') tellPresence()
    await introductions.tellUntold()
    tellQueued(await redoTorn(ctx).catch(() => null))
    if (stopped) return
    outbox.resume()
    await pullMissed(mine, connection, null, 1)
    tellQueued(await requeueTorn(ctx).catch(() => null))
  }

  function tellQueued(changes: Changes | null): void {
    if (!changes || stopped) return
    onChanged(changes)
    outbox.nudge()
  }

  /** What the wire could not tell, or the database could not be asked, is asked for again, as long as this connection holds: the next one begins anew. */
  async function pullMissed(mine: number, connection: Connection, before: LeftOver | null, attempt: number): Promise<void> {
    const again = (left: LeftOver | null) => later(() => mine === pulls && isOnline() && void pullMissed(mine, connection, left, attempt + 1), Math.max(left?.waitMs ?? 0, backoffMs(attempt, ctx.ports.random.next())))
    pulling = true
    try {
      const left = await catchUp(ctx, inbound, { first, left: before, unasked: memory.unasked, connection, isCurrent: () => mine === pulls })
      if (stopped || mine !== pulls) return
      isLimited = left?.isLimited ?? false
      if (left) again(left)
      else first = false
      await inbound.idle()
      pulling = false
      void findLost()
      if (!left) {
        serverClock?.begin()
        hear()
      }
      await expireHeld(ctx).catch(() => {})
      // Where the list itself is left, nobody knows yet which there are.
      if (left?.only !== null) tellCaughtUp()
    } catch (cause) {
      pulling = false
      if (stopped || !isOnline()) return
      ctx.onDropped(`catchUp/${cause instanceof ChatError ? cause.code : 'failed'}`)
      if (mine === pulls && isOfStorage(cause)) again(before)
    }
  }

  function tellCaughtUp(): void {
    if (stopped || !isOnline()) return
    ctx.store.setState({ caughtUp: true })
    onCaughtUp()
  }

  let stopFinding: Stop = () => {}
  /** A server began anew, and may have forgotten who is in a group. */
  let hasBegun = false

  /** What the wire could not say is asked again, as long as this connection holds. */
  function findLost(attempt = 1): Promise<void> {
    stopFinding()
    if (hasBegun && !isLimited) {
      hasBegun = false
      const mine = pulls
      finding = finding.then(() => inbound.idle()).then(() => pullUnsureRosters(ctx, inbound, () => mine === pulls)).catch(() => {})
    }
    if (transport.history && !isLimited) finding = finding.then(() => inbound.idle()).then(() => findLostTails(ctx, onChanged)).catch(isOfStorage).then((isLeft) => {
      if (isLeft && !stopped && isOnline()) stopFinding = ctx.ports.clock.setTimer(() => void findLost(attempt + 1), backoffMs(attempt, ctx.ports.random.next()))
    }).catch(() => {})
    return finding
  }

  /** What the wire cannot say now the next connect asks for. */
  function hear(among?: readonly ConversationId[]): void {
    const mine = pulls
    if (!isLimited) finding = finding.then(() => inbound.idle()).then(() => pullUnheard(ctx, inbound, () => !stopped && mine === pulls, among)).catch(() => {})
  }

  /** One at a time: dialling again, or asking again. */
  function later(fn: () => void, delayMs: number): void {
    stopLater()
    stopLater = ctx.ports.clock.setTimer(() => {
      if (!stopped) fn()
    }, delayMs)
  }

  /** Nobody reads anything here, and what was read can be told. */
  async function queueSettled(ids: readonly ConversationId[] | null): Promise<void> {
    const changes = await queueStopped(ctx, ids)
    if (!stopped) onChanged(changes)
  }

  function tellPresence(): void {
    if (isOnline()) whisper(() => transport.presence?.(store.getState().myPresence))
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
    // What the connection that ends is still asked for tells nothing of the next.
    pulls += 1
    // Nor does one that is being dialled connect beside the next.
    dials += 1
    starting ??= closeWire(ctx).then(() => {
      starting = null
      if (!stopped) dial()
    })
    return starting
  }

  dial()
  archiveIn(FIRST_ARCHIVE_MS)
  return {
    nudge: outbox.nudge,
    nudgeReports: outbox.nudgeReports,
    noteReads: outbox.noteReads,
    flush() {
      outbox.flush()
      inbound.flush()
    },
    cancel: outbox.cancel,
    setTyping(id, on) {
      if (isOnline()) whisper(() => transport.typing?.(id, on))
    },
    tellPresence,
    tellEnsured: introductions.tell,
    async fetchGap(id, edge, end, limit) {
      await (end === 'older' ? closeGapBelow : closeGapAbove)(ctx, inbound, id, edge, limit)
    },
    look({ epochs, unheard }) {
      hasBegun ||= epochs
      // What is still to be told may have it.
      if (!isOnline() || pulling) return
      if (epochs) void findLost()
      if (unheard.length > 0) hear(unheard)
    },
    startOver,
    async stop() {
      stopped = true
      serverClock?.end()
      stopLater()
      stopFinding()
      introductions.stop()
      stopArchiving()
      stopHearing()
      outbox.stop()
      inbound.stop()
      await starting
      await closeWire(ctx)
      await inbound.idle()
    },
  }
}

/** Tells what may be lost: nobody's keystroke fails for it. */
function whisper(tell: () => Promise<void> | undefined): void {
  void calling(tell).catch(() => {})
}

/** The database is busy, being opened anew, or in a trouble without a name, which may pass too. */
function isOfStorage(cause: unknown): boolean {
  return cause instanceof ChatError && cause.code.startsWith('storage/') && cause.code !== 'storage/closed'
}
