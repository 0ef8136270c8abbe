/** What is told and done in a conversation of a torn database, so that every row of it is read and written. */
import { ChatError, type ChatClient, type Message, type TransportEvent } from 'readback/core'
import { epochOf, incoming, placeOf } from './tornWays.js'

/** Much of it is nothing to a sound client either: malformed, stored twice, of what is not here. */
export function tellings(id: string): readonly TransportEvent[] {
  const epoch = epochOf(id)
  const at = (order: number) => placeOf(id, order, epoch)
  return [
    { type: 'message', message: incoming(id, 511, epoch, { body: null }) },
    { type: 'message', message: incoming(id, 512, epoch) },
    { type: 'message', message: incoming(id, 513, epoch, { localId: `fresh-${id}512` }) },
    { type: 'message', message: incoming(id, 514, epoch, { from: 'me' }) },
    { type: 'message', message: incoming(id, 515, epoch, { from: 'me', localId: `fresh-${id}514` }) },
    { type: 'edited', conversationId: id, id: 'unknown', body: { kind: 'text', text: 'edited' }, time: 1 },
    { type: 'reacted', conversationId: id, id: 'unknown', reaction: { emoji: '+', by: 'bo' }, on: true },
    { type: 'receipt', conversationId: id, by: 'bo', kind: 'read', visibility: 'published', upTo: at(514) },
    { type: 'receipt', conversationId: id, by: 'me', kind: 'read', visibility: 'ownDevices', upTo: at(450) },
    { type: 'gap', conversationId: id, after: at(515), before: at(519) },
    { type: 'conversation', conversation: { id, kind: 'group', head: at(520) } },
    { type: 'reset', conversationId: id, epoch: epoch + 1 },
    { type: 'message', message: incoming(id, 1, epoch + 1) },
    { type: 'cursor', cursor: 'c99' },
  ]
}

type Deed = (client: ChatClient, id: string, messages: readonly Message[]) => unknown

const DEEDS: readonly Deed[] = [
  (client, id) => client.markReached(id),
  (client, _, messages) => client.markRead(messages.filter(({ from }) => from !== 'me')),
  (client, _, messages) => client.receiptReport(messages),
  (client, id, messages) => client.getMemberStates(id, messages),
  (client, _, [message]) => message && client.statusRows(message.ids[0]!),
  (client, id) => client.messages(id).loadOlder?.(),
  (client, id) => client.messages(id).loadAround?.({ time: 1_700_000_000_000 }),
  (client, id) => client.markUnread(id),
  (client, id) => client.clearUnread(id),
  (client, id) => client.setReceipts('private', id),
  (client) => client.setReceipts('public'),
  (client, id) => client.setReceipts(null, id),
  (client, id) => client.publishEarlier(id),
  (client, id, messages) => client.delete(id, messages.find(({ from }) => from === 'bo')?.ids[0] ?? 'unknown', { for: 'me' }),
  async (client, id) => client.importConversation(await all(client.exportConversation(id))),
  (client, id) => client.importConversation(fileOf(id)),
  (client, id) => client.pruneHistory(id, { before: 1_800_000_000_000 }),
]

/** What is older than all that is here, and what lies among it. */
function fileOf(id: string): string {
  const rows = [0.5, 8, 12.5, 13, 31, 460].map(Math.ceil).map((order) => {
    const { id: messageId, ...row } = incoming(id, order, 0)
    return { message: { ...row, ids: [messageId] } }
  })
  return [{ readback: 1, conversation: { id, kind: 'group' }, gaps: [] }, ...rows].map((line) => `${JSON.stringify(line)}\n`).join('')
}

async function all(lines: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const line of lines) text += line
  return text
}

/** @returns what an app could not branch on: an error without a code, by the number of the deed */
export async function doAll(client: ChatClient, id: string, messages: readonly Message[]): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const [n, deed] of DEEDS.entries()) {
    try {
      await deed(client, id, messages)
    } catch (error) {
      if (!(error instanceof ChatError)) wrong.push(`deed ${n}: ${String(error)}`)
    }
  }
  return wrong
}
