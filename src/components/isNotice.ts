import type { Message } from '../model/index.js'

/** Whether a message stands in the middle of the list, as a sentence of its own: what the system says, and what is left of one that was taken back. It bears no name and no receipt. */
export function isNotice({ body, recalledAt, deletedAt }: Message): boolean {
  return body.kind === 'system' || recalledAt !== undefined || deletedAt !== undefined
}
