import type { ConversationId, IncomingMessage, Point, Transport } from 'readback/core'

/** All messages of a conversation as the server has them, the oldest first. */
export async function wholeLog(transport: Transport, conversationId: ConversationId): Promise<IncomingMessage[]> {
  const log: IncomingMessage[] = []
  let before: Point | undefined
  for (;;) {
    const page = await transport.history!(conversationId, { limit: 500, ...(before ? { before } : {}) })
    log.unshift(...page.messages)
    if (page.contiguousTo === null) return log
    before = page.messages[0]!.at
  }
}
