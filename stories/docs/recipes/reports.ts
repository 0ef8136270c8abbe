/** Reports over receipts, from what this device knows. Copy what you need. */
import type { ChatClient, Message } from 'readback/core'
import { messagesBetween } from 'readback/receipts'

/** An announcement: how many have read it, and whom to ask again. */
export async function announcement(client: ChatClient, message: Message): Promise<string> {
  const { messages: [of], untracked: [unknown] } = await client.receiptReport([message])
  // A group too large, receipts that were not asked for: not known is not "nobody".
  if (unknown) return `Who has read it is not known (${unknown.reason})`
  return of ? `${of.read} of ${of.of} have read it; not yet: ${of.unread.join(', ') || 'nobody'}` : 'It is not there any more'
}

/** Homework: what each pupil has not read of a stretch of messages, the last one included. */
export async function homework(client: ChatClient, first: Message, last: Message): Promise<string> {
  const { messages } = client.messages(first.conversationId).getSnapshot()
  if (!first.at || !last.at) return ''
  const { members } = await client.receiptReport(messagesBetween(messages, first.at, last.at))
  return members.map(({ userId, read, of }) => `${userId} ${read} of ${of}`).join('\n')
}

/** A quote sent to a customer: how long it took them to read it, milliseconds; null while nobody has, or where the time is unknown. */
export async function quoteReadAfterMs(client: ChatClient, message: Message): Promise<number | null> {
  const { timeToRead } = await client.receiptReport([message])
  return timeToRead.medianMs
}
