/** Looking after what is stored. Every function is one call or two; copy what you need. */
import type { ChatClient, ConversationId, MessageId } from 'readback/core'

const DAY_MS = 24 * 60 * 60 * 1000

/** Asks the browser not to throw the messages away when room is short; worth a button, as some browsers ask the user. */
export async function keepForGood(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false
}

/** When more than four fifths of the room are used, messages older than a month leave this device. Scrolling up fetches them again. */
export async function makeRoom(client: ChatClient): Promise<number> {
  const room = await client.storageEstimate()
  if (room === null || room.usedBytes < room.quotaBytes * 0.8) return 0
  let taken = 0
  for (const { id } of client.getState().conversations) taken += await client.pruneHistory(id, { before: Date.now() - 30 * DAY_MS })
  return taken
}

/** One conversation as a file that can be downloaded. */
export async function backUp(client: ChatClient, conversationId: ConversationId): Promise<Blob> {
  const lines: string[] = []
  for await (const line of client.exportConversation(conversationId)) lines.push(line)
  return new Blob(lines, { type: 'application/x-ndjson' })
}

/** Takes such a file in, on any device of the same user. What is here already stays as it is. */
export async function bringBack(client: ChatClient, file: Blob): Promise<string> {
  const { conversationId, added, known } = await client.importConversation(await file.text())
  return `${conversationId}: ${added} new, ${known} were here`
}

/** "Mark all as read" without telling anybody: sets the counts to zero on all my devices, and takes back what was marked as unread. */
export async function clearAll(client: ChatClient): Promise<void> {
  for (const { id, unread, manualUnread } of client.getState().conversations) if (manualUnread.on || (unread !== null && unread.count > 0)) await client.clearUnread(id)
}

/** Who has a message how, as a table has it: 1 sent, 2 delivered, 3 read. */
export async function whoHasIt(client: ChatClient, messageId: MessageId): Promise<string> {
  const rows = await client.statusRows(messageId)
  return rows.map(({ receiverId, status, time }) => `${receiverId} ${status} ${time === null ? '' : new Date(time).toISOString()}`.trim()).join('\n')
}

/** What to attach to a bug report: states, counts and reasons, no text of any message. */
export async function bugReport(client: ChatClient): Promise<string> {
  return JSON.stringify(await client.diagnostics(), null, 2)
}
