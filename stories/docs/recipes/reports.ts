/** Reports over receipts, from what this device knows. Copy what you need. */
import type { ChatClient, Message } from 'readback/core'
import { messagesBetween, receiptReport, type ReceiptReport } from 'readback/receipts'

/** Who read these messages of one conversation, how fast, and who has not. */
async function report(client: ChatClient, messages: readonly Message[]): Promise<ReceiptReport> {
  const conversationId = messages[0]?.conversationId ?? ''
  const [members, states] = await Promise.all([client.getMembers(conversationId), client.getMemberStates(conversationId, messages)])
  return receiptReport({ messages, members, states, silentAfterMs: client.policy.silentAfterMs })
}

/** An announcement: how many have read it, and whom to ask again. */
export async function announcement(client: ChatClient, message: Message): Promise<string> {
  const { messages: [of] } = await report(client, [message])
  return of ? `${of.read} of ${of.of} have read it; not yet: ${of.unread.join(', ') || 'nobody'}` : 'It is not there any more'
}

/** Homework: what each pupil has not read of a stretch of messages, the last one included. */
export async function homework(client: ChatClient, first: Message, last: Message): Promise<string> {
  const { messages } = client.messages(first.conversationId).getSnapshot()
  if (!first.at || !last.at) return ''
  const { members } = await report(client, messagesBetween(messages, first.at, last.at))
  return members.map(({ userId, read, of }) => `${userId} ${read} of ${of}`).join('\n')
}

/** A quote sent to a customer: how long it took them to read it, milliseconds; null while nobody has, or where the time is unknown. */
export async function quoteReadAfterMs(client: ChatClient, message: Message): Promise<number | null> {
  const { timeToRead } = await report(client, [message])
  return timeToRead.medianMs
}
