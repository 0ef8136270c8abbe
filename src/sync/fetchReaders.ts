/** Who read a message, asked of the wire where that knows more than what reached this device, and joined like any other receipt: list, badge and icon then say the same. */
import { messageKey, type Message } from '../model/index.js'
import { wireIdOf } from '../model/wireIdOf.js'
import type { Reader } from '../transport/index.js'
import { applyReceipts, receiptRules } from './applyReceipts.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { cleanReceipt } from './receiptShape.js'

/** Members that are asked for at once. */
const PAGE = 200
/** More are asked for when the list is opened again. */
const MAX_PAGES = 50
/** A list that is read again while receipts stream in asks the wire no more often than this, milliseconds. */
const AGAIN_MS = 30_000

export interface ReaderFetch {
  /** Returns at once; what the wire answers is joined page by page. What it does not answer leaves what is known here. */
  ask(message: Message): void
}

export function createReaderFetch(ctx: SyncContext, onStored: (changes: Changes) => void): ReaderFetch {
  const { capabilities } = ctx.transport
  const askedAt = new Map<string, number>()

  async function page(message: Message, id: string, cursor: string | undefined): Promise<string | undefined> {
    const { items, next } = await ctx.transport.readers!(message.conversationId, id, cursor === undefined ? { limit: PAGE } : { cursor, limit: PAGE })
    if (items.length > 0) onStored(await storeReaders(ctx, message, id, items))
    return next
  }

  async function all(message: Message, id: string): Promise<void> {
    let cursor = await page(message, id, undefined)
    for (let pages = 1; cursor !== undefined && pages < MAX_PAGES; pages++) cursor = await page(message, id, cursor)
  }

  return {
    ask(message) {
      const id = wireIdOf(message)
      // Whoever is told every receipt knows what the wire knows.
      if (id === undefined || message.recalledAt !== undefined || capabilities.readerLists === 'none' || capabilities.receiptsCatchUp === 'replay' || ctx.transport.readers === undefined) return
      const key = messageKey(message)
      const now = ctx.ports.clock.monotonic()
      if (now - (askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
      askedAt.set(key, now)
      // Offline, the wire of another tab, a list that is over: asked again at the next look.
      all(message, id).catch(() => askedAt.delete(key))
    },
  }
}

async function storeReaders(ctx: SyncContext, message: Message, id: string, readers: readonly Reader[]): Promise<Changes> {
  // One that is none keeps nobody else out of the list.
  const receipts = (readers as readonly (Reader | null | undefined)[]).flatMap((reader) => cleanReceipt({ by: reader?.userId, kind: reader?.kind, visibility: 'published', ids: [id], time: reader?.time, content: reader?.content }) ?? [])
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    await applyReceipts(tx, receiptRules(ctx), message.conversationId, receipts, changes)
    return changes
  })
}
