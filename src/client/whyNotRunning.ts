import { ChatError } from '../model/index.js'

/** @param wanted - the client was started @param failure - why that came to nothing, if it is known */
export function whyNotRunning(verb: string, wanted: boolean, failure: unknown): ChatError {
  if (!wanted) return new ChatError('client/notStarted', `client.${verb}() was called while the client is not running, so its database is closed. Mount <ChatProvider client={client}>, or await client.start() first.`)
  if (failure instanceof ChatError) return failure
  return new ChatError('storage/blocked', `client.${verb}() could not be done: another tab keeps the database from being opened. Nothing was stored. Close the other tabs of this site; opening goes on by itself then.`, { retryable: true, cause: failure })
}
