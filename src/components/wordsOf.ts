/** What somebody who looks at a message has seen of it. */
import type { Attachment, Message } from '../model/index.js'

/**
 * The same for the same words: whoever saw others has not seen these. Hosts with data of their own change a body without an
 * `editedAt`: a placeholder is decrypted, an answer streams in. A file's address, which may be signed anew each time, and an
 * app's own `data`, which may be a new object each time, say nothing of it. A body that a host made badly has no file.
 */
export function wordsOf({ body, editedAt }: Message): string {
  const said = 'text' in body ? body.text : 'file' in body ? (body.file as Attachment | null)?.name : `${body.type} ${body.fallback ?? ''}`
  return `${editedAt ?? ''} ${body.kind} ${said ?? ''}`
}
