/** Server-sent events, read with `fetch`: `EventSource` sends no header, so its token would stand in the address. */
import { systemClock, type Clock } from '../model/index.js'

/** @public */
export interface ServerEvent {
  /** Of this event, or of the last one before it that had one; '' = none yet. */
  readonly id: string
  /** Its lines, joined. */
  readonly data: string
}

/** More than this without an end, characters: not an event. */
const MAX_EVENT_LENGTH = 1_048_576

/**
 * The events of an answer, one after another. It ends with the stream, and when nothing at all came for `silenceMs` (default 45,000): let the server write a comment every 15 s.
 * @throws whatever reading throws when the connection breaks
 * @see HTML Standard, "Server-sent events"
 * @public
 */
export async function* readServerEvents({ body }: Response, { silenceMs = 45_000, clock = systemClock }: { readonly silenceMs?: number; readonly clock?: Clock } = {}): AsyncGenerator<ServerEvent, void, undefined> {
  if (!body) return
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let id = ''
  try {
    for (;;) {
      const stopTimer = clock.setTimer(() => void reader.cancel().catch(() => {}), silenceMs)
      const { value, done } = await reader.read().finally(stopTimer)
      if (done) return
      rest += decoder.decode(value, { stream: true })
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/)
      rest = blocks.pop()!
      if (rest.length > MAX_EVENT_LENGTH) throw new Error(`An event of more than ${MAX_EVENT_LENGTH} characters does not end.`)
      for (const block of blocks) {
        const fields = block.split(/\r\n|\n|\r/).map((line) => /^([^:]*): ?(.*)$/s.exec(line)?.slice(1) ?? [line, ''])
        id = fields.findLast(([name]) => name === 'id')?.[1] ?? id
        const data = fields.filter(([name]) => name === 'data').map(([, text]) => text)
        if (data.length > 0) yield { id, data: data.join('\n') }
      }
    }
  } finally {
    // Also when the reader of the events goes away.
    await reader.cancel().catch(() => {})
  }
}
