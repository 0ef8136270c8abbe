/** What people say with their receipt: "Confirmed", "I will be there". Copy what you need. */
import { ChatError, type ChatClient, type Message, type UserId } from 'readback/core'

/**
 * Says it once, with the receipt of this message alone, also of one that was read before. Nobody can take it back.
 * @returns why it was not said, for the person who pressed the button; null when it was
 */
export async function confirm(client: ChatClient, message: Message, said: string): Promise<string | null> {
  try {
    await client.markRead([message], 'read', { content: said })
    return null
  } catch (cause) {
    // The back end carries none, or the receipts of this person are private.
    if (cause instanceof ChatError && cause.code.startsWith('receipt/content')) return cause.message
    throw cause
  }
}

/** What everybody said of a message of mine, as far as this device knows. Plain text of others: set it as text, never as HTML. */
export async function answers(client: ChatClient, message: Message): Promise<ReadonlyMap<UserId, string>> {
  const said = new Map<UserId, string>()
  let cursor: string | undefined
  do {
    const page = await client.readers(message, { limit: 100, ...(cursor !== undefined && { cursor }) })
    for (const { userId, content } of page.items) if (content !== undefined) said.set(userId, content)
    cursor = page.next
  } while (cursor !== undefined)
  return said
}
