import { ChatError } from '../model/index.js'
import type { Session } from '../sync/session.js'

/** What takes its time goes on for as long as there is a session: after that the storage may be another account's, whose rows are not to be read or written. */
export async function* whileRunning(lines: AsyncIterable<string> | Iterable<string>, session: () => Session | null): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) {
    check(session)
    yield line
  }
  check(session)
}

function check(session: () => Session | null): void {
  if (session()) return
  throw new ChatError('client/notStarted', 'The client was stopped while a conversation was being exported or imported, so that ended in the middle. Start the client, and do it again: what is there already does no harm.', { retryable: true })
}
