/** Conversations that the app made go into the hello as far as it has room; the others are made known by calls, before anything is sent to them. */
import type { ConnectOptions } from '../transport.js'
import type { MadeConversation } from './protocol.js'

/** A hello names so many at most. */
const MOST = 500

export interface HelloConversations {
  readonly inHello: readonly MadeConversation[]
  readonly byCall: readonly MadeConversation[]
}

/** @param roomBytes - what all of them may take in the hello, as JSON */
export function splitConversations(conversations: ConnectOptions['conversations'], roomBytes: number): HelloConversations {
  const made = conversations.map(({ id, kind, members, title }): MadeConversation => ({ id, kind, members, ...(title === undefined ? {} : { title }) }))
  let left = roomBytes
  // Three bytes are the most that one unit of text takes.
  const until = made.findIndex((one, index) => index >= MOST || (left -= JSON.stringify(one).length * 3) < 0)
  return until < 0 ? { inHello: made, byCall: [] } : { inHello: made.slice(0, until), byCall: made.slice(until) }
}
