/**
 * What time it is at the server, at least. Where only time orders, or messages may overtake each other, the newest are settled once the server is ten minutes further
 * (`late.ts`). In a conversation that falls silent no message says that it is: there what was told elsewhere does, and the time that passes over a connection that holds.
 */
import type { Clock, ConversationId, Message, Stop, UserId } from '../model/index.js'
import type { SyncContext } from './context.js'

export interface ServerClock {
  /** Epoch milliseconds, of a time before which everything has come; -Infinity where nothing is known of it. */
  now(): number
  /** `onPassed` is told of a conversation once it is as late as this. */
  waitFor(id: ConversationId, time: number): void
  /** These are stored. */
  note(messages: Iterable<Message>): void
  /** A message comes by itself, sound or not. Where it was sent long ago, more of that time may be on its way. */
  heard(message: unknown): void
  /** The wire has told all that was missed. */
  begin(): void
  /** It may have told less: the connection is another, or none. */
  end(): void
}

interface ServerClockOptions {
  readonly me: UserId
  readonly clock: Clock
  /** The newest of each conversation. */
  known(): Iterable<Message>
  /** Rejects where it could not be noted. @param ids - null: of any conversation in which something waits since before */
  onPassed(ids: readonly ConversationId[] | null): Promise<void>
}

/** Whether a position may have to wait for it. */
export function mayComeLate({ transport: { capabilities } }: Pick<SyncContext, 'transport'>): boolean {
  const { read, viewed, dense, order, inOrder } = capabilities
  return (dense || order === 'time' || !inOrder) && [read, viewed].some(({ direct, group }) => direct === 'point' || group === 'point')
}

/** Of each conversation. */
export function newestShown({ store }: Pick<SyncContext, 'store'>): readonly Message[] {
  return [...store.getState().conversations.values()].flatMap(({ lastMessage }) => lastMessage ?? [])
}

/** How often it is looked whether a time has come, while there is a connection, milliseconds. */
const LOOK_MS = 30_000
/**
 * Within so many milliseconds the wire tells what the server has, or that it is not there. Who looked no more for longer was asleep, or frozen:
 * what came then is on its way. A hidden page may look once a minute only.
 */
const TOLD_WITHIN_MS = 90_000

export function createServerClock({ me, clock, known, onPassed }: ServerClockOptions): ServerClock {
  const waiting = new Map<ConversationId, number>()
  /** The server's time less that of this device, at least. */
  let ahead = -Infinity
  /** Since when all is told as it comes, monotonic; null: it is not. */
  let heardAt: number | null = null
  let lookedAt = -Infinity
  let stopLooking: Stop | null = null
  /** What waited before this tab led is looked for once, and so is all where something could not be noted. */
  let isOfAny = true

  function now(): number {
    const here = clock.monotonic()
    if (heardAt === null || here - heardAt < TOLD_WITHIN_MS || here - lookedAt > TOLD_WITHIN_MS) return -Infinity
    return settledAt(here)
  }

  function settledAt(here: number): number {
    // A message may bear any time: not one that is still to come.
    return Math.min(ahead + here, clock.now()) - TOLD_WITHIN_MS
  }

  function note(messages: Iterable<Message>): void {
    const here = clock.monotonic()
    // What is mine may bear the time of this device.
    for (const { from, time } of messages) if (from !== me) ahead = Math.max(ahead, time - here)
  }

  function look(): void {
    const here = clock.monotonic()
    if (heardAt !== null && here - lookedAt > TOLD_WITHIN_MS) heardAt = here
    lookedAt = here
    stopLooking = null
    const passed = now()
    if (passed > -Infinity) tell(passed)
    lookLater()
  }

  function tell(passed: number): void {
    const ids = [...waiting].flatMap(([id, time]) => (time <= passed ? [id] : []))
    for (const id of ids) waiting.delete(id)
    if (ids.length === 0 && !isOfAny) return
    onPassed(isOfAny ? null : ids).catch(() => (isOfAny = true))
    isOfAny = false
  }

  function lookLater(): void {
    if (heardAt !== null) stopLooking = clock.setTimer(look, LOOK_MS)
  }

  return {
    now,
    note,
    heard(message) {
      const here = clock.monotonic()
      const { time } = (message ?? {}) as { readonly time?: unknown }
      if (heardAt !== null && typeof time === 'number' && time < settledAt(here)) heardAt = here
    },
    waitFor: (id, time) => void waiting.set(id, time),
    begin() {
      note(known())
      if (heardAt !== null) return
      heardAt = lookedAt = clock.monotonic()
      lookLater()
    },
    end() {
      heardAt = null
      stopLooking?.()
      stopLooking = null
    },
  }
}
