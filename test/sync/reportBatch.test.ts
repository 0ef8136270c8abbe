import { createChatClient, type Report } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const EACH = { direct: 'message', group: 'message' } as const

/** Somebody reads as many messages over such a wire. Returns what it is told of reading. */
async function readAll(limits: { readonly reportBatch?: number }, messages: number, idOf: (order: number) => string) {
  const wire = scriptedTransport({ read: EACH, delivered: { direct: 'none', group: 'none' }, limits })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20 }, ports: { locks: null, openChannel: () => null } })
  void client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  for (let order = 1; order <= messages; order += 1) {
    const id = idOf(order)
    wire.emit({ type: 'message', message: { conversationId: 'c', id, at: { epoch: 0, order, id }, from: 'ada', localId: id, time: order, body: { kind: 'text', text: `${order}` } } })
  }
  const source = client.messages('c')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages.length).toBeGreaterThanOrEqual(Math.min(messages, 50)))
  while (source.getSnapshot().hasOlder) await source.loadOlder!()
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(messages))
  await client.markRead(source.getSnapshot().messages)
  const read = (): readonly Report[] => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')
  await vi.waitFor(() => expect(read().flatMap((report) => report.messages)).toHaveLength(messages), 10_000)
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  expect(read().flatMap((report) => report.messages.map(({ id }) => id))).toEqual(Array.from({ length: messages }, (_, n) => idOf(n + 1)))
  await client.dispose()
  return read()
}

it('a wire that takes so many messages in one report gets them in parts, each message once, the oldest first', async () => {
  const read = await readAll({ reportBatch: 10 }, 25, (order) => `m${order}`)
  expect(read.map(({ messages }) => messages.length)).toEqual([10, 10, 5])
})

it('[RD7] what one report names is no more than a page that is left can send', async () => {
  const read = await readAll({}, 150, (order) => `${order}`.padStart(300, 'm'))
  expect(read.length).toBeGreaterThan(2)
  for (const report of read) expect(JSON.stringify(report).length).toBeLessThanOrEqual(60 * 1_024)
})
