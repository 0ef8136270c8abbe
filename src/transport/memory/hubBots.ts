/** Hosts bots, each in exactly one tab. */
import type { ConversationId, Locks, Stop, UserId } from '../../model/index.js'
import { createBot, type Bot, type BotOptions } from './bot.js'
import type { JournalRow } from './hubRecords.js'
import { isMember } from './hubState.js'
import type { HubWorld } from './hubWorld.js'

export interface HubBots {
  add(options: BotOptions): Stop
  has(userId: UserId): boolean
  /** Wakes somebody whose network came back. */
  wake(userId: UserId): void
  stop(): void
}

/** @param locksFor - asked when the database is open; null where nobody else could act. */
export function createHubBots(world: HubWorld, lockName: string, locksFor: () => Locks | null): HubBots {
  /** All that were added in this tab. */
  const added = new Map<UserId, Stop>()
  /** Those that act here. */
  const acting = new Map<UserId, Bot>()
  const circle = {
    isBot: (userId: UserId) => added.has(userId),
    countIn: (conversation: Parameters<typeof isMember>[0]) => [...added.keys()].filter((userId) => isMember(conversation, userId)).length,
  }

  const stopHearing = world.core.subscribe((rows, ours) => {
    // Without locks the tab that accepted a message lets its own bots answer it.
    if (acting.size === 0 || (!ours && !locksFor())) return
    for (const id of touched(rows)) for (const bot of acting.values()) bot.notice(id)
  })

  /** Loads what is stored, waits for its turn where tabs share a hub, and acts until it is sent away. */
  async function enrol(options: BotOptions, signal: AbortSignal, gone: Promise<void>): Promise<void> {
    await world.core.pull()
    const locks = locksFor()
    if (signal.aborted) return
    if (locks) await locks.request(`${lockName}:${options.userId}`, { signal }, () => act(options, gone))
    else await act(options, gone)
  }

  async function act(options: BotOptions, gone: Promise<void>): Promise<void> {
    const bot = createBot(world, options, circle)
    acting.set(options.userId, bot)
    // Looks at what came while nobody acted.
    bot.wake()
    await gone
    bot.stop()
    if (acting.get(options.userId) === bot) acting.delete(options.userId)
  }

  return {
    add(options) {
      const { userId } = options
      added.get(userId)?.()
      const waiting = new AbortController()
      let leave = () => {}
      const gone = new Promise<void>((resolve) => { leave = resolve })
      // It ends by abort when the bot is sent away before its turn, and when the hub is closed; neither is a failure.
      enrol(options, waiting.signal, gone).catch(() => {})
      const stop = () => {
        waiting.abort()
        leave()
        if (added.get(userId) !== stop) return
        added.delete(userId)
        world.presenceChanged(userId)
      }
      added.set(userId, stop)
      world.presenceChanged(userId)
      return stop
    },
    has: (userId) => added.has(userId),
    wake: (userId) => acting.get(userId)?.wake(),
    stop() {
      stopHearing()
      for (const stop of [...added.values()]) stop()
    },
  }
}

function touched(rows: readonly JournalRow[]): ReadonlySet<ConversationId> {
  const ids = new Set<ConversationId>()
  for (const row of rows) {
    for (const { event } of row.records) {
      if (event.type === 'message') ids.add(event.message.conversationId)
      else if (event.type === 'member') ids.add(event.conversationId)
    }
  }
  return ids
}
