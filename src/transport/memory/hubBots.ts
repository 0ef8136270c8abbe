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

export function createHubBots(world: HubWorld, lockName: string, locks: Locks | null): HubBots {
  /** All that were added in this tab. */
  const added = new Map<UserId, Stop>()
  /** Those that act here. */
  const acting = new Map<UserId, Bot>()
  const circle = {
    isBot: (userId: UserId) => added.has(userId),
    countIn: (conversation: Parameters<typeof isMember>[0]) => [...added.keys()].filter((userId) => isMember(conversation, userId)).length,
  }

  // Without locks the tab that accepted a message lets its own bots answer it.
  const stopHearing = world.core.subscribe((rows, ours) => {
    if (acting.size === 0 || (!ours && !locks)) return
    for (const id of touched(rows)) for (const bot of acting.values()) bot.notice(id)
  })

  function act(options: BotOptions): Bot {
    const bot = createBot(world, options, circle)
    acting.set(options.userId, bot)
    // Loads what is stored, then looks at what came while nobody acted.
    void world.core.pull().then(() => bot.wake(), () => {})
    return bot
  }

  async function holdUntil(options: BotOptions, gone: Promise<void>): Promise<void> {
    const bot = act(options)
    await gone
    bot.stop()
    if (acting.get(options.userId) === bot) acting.delete(options.userId)
  }

  function remove(userId: UserId, leave: () => void): void {
    leave()
    added.delete(userId)
    world.presenceChanged(userId)
  }

  return {
    add(options) {
      const { userId } = options
      added.get(userId)?.()
      const waiting = new AbortController()
      let leave = () => {}
      const gone = new Promise<void>((resolve) => { leave = resolve })
      if (locks) {
        // Waiting ends by abort when the bot is removed before its turn; that is no failure.
        locks.request(`${lockName}:${userId}`, { signal: waiting.signal }, () => holdUntil(options, gone)).catch(() => {})
      } else void holdUntil(options, gone)
      const stop = () => {
        waiting.abort()
        if (added.get(userId) === stop) remove(userId, leave)
        else leave()
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
