/** Pure: of which messages a content is that came with a receipt, and what of it waits. It is of single messages; of a position or a stretch nobody could say which was meant. */
import type { MessageId } from '../model/index.js'
import { isBefore, MAX_CONTENT_CHARS } from '../receipts/contents.js'
import type { IncomingReceipt } from '../transport/index.js'

/**
 * The receipt with its content beside the ids that it is of: those named, or else the one at the end of the prefix. What is too long or of no message is left out, and told.
 * What I said myself is for others.
 */
export function withPlacedContent(receipt: IncomingReceipt, me: string, onDropped: () => void): IncomingReceipt {
  const { content, ...rest } = receipt
  if (content === undefined) return receipt
  const ids = receipt.ids?.length ? receipt.ids : receipt.upTo ? [receipt.upTo.id] : []
  if (receipt.by === me) return rest
  if (ids.length > 0 && content !== '' && content.length <= MAX_CONTENT_CHARS) return { ...receipt, ids }
  onDropped()
  return rest
}

/** What a receipt of this message waits as: with something said, apart from those without, for two that wait are joined. */
export function subjectOf({ content }: IncomingReceipt, id: MessageId): string {
  return `${content === undefined ? 'id' : 'content'} ${id}`
}

/** Which of two that say something of one message stays; undefined where one of them says nothing. */
export function firstSaid(a: IncomingReceipt, b: IncomingReceipt): IncomingReceipt | undefined {
  if (!hasContent(a) || !hasContent(b)) return undefined
  return isBefore(b, a) ? b : a
}

function hasContent(receipt: IncomingReceipt): receipt is IncomingReceipt & { readonly content: string } {
  return receipt.content !== undefined
}
