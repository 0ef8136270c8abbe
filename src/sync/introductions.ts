/** Conversations that the app makes: the back end has to know of one before anything is sent in it. */
import type { ConversationId, Stop } from '../model/index.js'
import { TransportError } from '../transport/index.js'
import { answered } from './answered.js'
import { backoffMs } from './backoff.js'
import type { SyncContext } from './context.js'
import { findEnsured, type EnsuredConversation } from './ensure.js'
import { asTransportError } from './sending.js'
import { calling } from './wireCalls.js'

export interface Introductions {
  /** A connection begins, and is given these. */
  begin(given: readonly EnsuredConversation[]): void
  /** Tells the back end of one, if there is a connection; else the next connect does. */
  tell(conversation: EnsuredConversation): Promise<void>
  /** What could not be told yet. What the back end cannot take now is told again; what it refuses is told to the app. */
  tellUntold(attempt?: number): Promise<void>
  /** Before something is sent: another tab may have made the conversation, and its news of it may be lost. Returns what is in the way. */
  introduce(id: ConversationId): Promise<TransportError | null>
  stop(): void
}

/** @param startOver - connects anew: a wire that no call tells of one is told of all when it connects */
export function createIntroductions(ctx: SyncContext, isOnline: () => boolean, startOver: () => Promise<void>): Introductions {
  const { transport, ports } = ctx
  /** Of which the back end knows, over this connection. */
  let known = new Set<ConversationId>()
  /** Made while there was no connection, and perhaps after `connect` was told of the others. */
  let untold: EnsuredConversation[] = []
  let stopTelling: Stop = () => {}
  let stopped = false

  /** Returns why it is to be told again. */
  async function call(ensure: NonNullable<typeof transport.ensureConversation>, each: EnsuredConversation): Promise<TransportError | null> {
    try {
      await answered(ctx, calling(() => ensure.call(transport, each)))
    } catch (cause) {
      const error = asTransportError(cause)
      if (error.retry !== 'no') return error
      ctx.onError(error)
    }
    known.add(each.id)
    return null
  }

  async function tellUntold(attempt = 1): Promise<void> {
    stopTelling()
    const made = untold
    untold = []
    const ensure = transport.ensureConversation
    if (!ensure) return
    await Promise.all(made.map(async (each) => {
      if (await call(ensure, each)) untold.push(each)
    }))
    if (untold.length > 0 && !stopped && isOnline()) stopTelling = ports.clock.setTimer(() => void tellUntold(attempt + 1), backoffMs(attempt, ports.random.next()))
  }

  return {
    begin(given) {
      known = new Set(given.map(({ id }) => id))
    },
    async tell(conversation) {
      if (!transport.ensureConversation) return known.has(conversation.id) ? undefined : startOver()
      untold.push(conversation)
      if (isOnline()) await tellUntold()
    },
    tellUntold,
    async introduce(id) {
      if (known.has(id)) return null
      const made = await ctx.storage.read((tx) => findEnsured(tx, id))
      if (made && transport.ensureConversation) return call(transport.ensureConversation, made)
      if (made) {
        void startOver()
        return new TransportError('transport/offline', 'The back end is told of a conversation first, by connecting anew. What waits in it is sent then.', { stored: 'no', retry: 'yes' })
      }
      known.add(id)
      return null
    },
    stop() {
      stopped = true
      stopTelling()
    },
  }
}
