import { createChatClient, type Report } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const MESSAGES = 25
const EACH = { direct: 'message', group: 'message' } as const

it('a wire that takes so many messages in one report gets them in parts, each message once, the oldest first', async () => {
  const wire = scriptedTransport({ read: EACH, delivered: { direct: 'none', group: 'none' }, limits: { reportBatch: 10 } })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20 }, ports: { locks: null, openChannel: () => null } })
  void client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  for (let order = 1; order <= MESSAGES; order += 1) {
    wire.emit({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'ada', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
  }
  const source = client.messages('c')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(MESSAGES))
  await client.markRead(source.getSnapshot().messages)
  const read = (): readonly Report[] => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')
  await vi.waitFor(() => expect(read()).toHaveLength(3))
  expect(read().map(({ messages }) => messages.length)).toEqual([10, 10, 5])
  expect(read().flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(Array.from({ length: MESSAGES }, (_, n) => `m${n + 1}`))
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  expect(read()).toHaveLength(3)
  await client.dispose()
})
