import type { Message } from './message.js'

/** Code of the failure of a message that was accepted, and that a restored server does not have any more. */
export const LOST_CODE = 'message/lost'

/** Whether the server had it, and lost it. */
export function isLostByServer({ outgoing, failure }: Pick<Message, 'outgoing' | 'failure'>): boolean {
  return outgoing === 'failed' && failure?.code === LOST_CODE
}
