import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type Report, type Transport } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { faultyFactory } from '../storage/faultyFactory.js'

const CONVERSATIONS = ['a', 'b', 'c', 'd'].map((id) => ({ id, kind: 'group', members: ['ada', 'bo'] }) as const)
const READS_EACH = 500
const SENDS = 500
/** Transactions that write, from the network being there to an empty outbox, for each message sent: time would say how busy the machine is. */
const WRITES_EACH = 1.5

let running: ChatClient | null = null
afterEach(() => running?.dispose())

/** Writes down what was reported as read. */
function listening(transport: Transport, reports: Report[]): Transport {
  return { ...transport, report: (report, signal) => (report.kind === 'read' && reports.push(report), transport.report(report, signal)) }
}

it('[A12] 500 messages written and 2,000 read offline, over 3 reloads, leave in order and in a handful of requests', async () => {
  const hub = memoryHub({ backfill: READS_EACH })
  const factory = faultyFactory()
  const reports: Report[] = []
  let storage: ChatStorage
  const rowsOf = async (id: string) => (await storage.read((tx) => tx.messages.page({ conversationId: id, limit: 2 * READS_EACH }))).filter(({ from }) => from === 'bo')
  async function visit(): Promise<ChatClient> {
    await running?.dispose()
    storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, openTimeoutMs: 60_000, writeTimeoutMs: 60_000 })
    const client = createChatClient({ userId: 'ada', transport: listening(hub.transport(), reports), storage, ports: { locks: null, openChannel: () => null } })
    running = client
    for (const each of CONVERSATIONS) await client.ensureConversation(each)
    await client.start()
    return client
  }
  const unreadOf = (client: ChatClient) => client.getState().conversations.map(({ unread }) => unread?.count ?? null)

  for (const { id } of CONVERSATIONS) {
    await hub.seed({ conversation: { id, kind: 'group', members: ['ada', 'bo'] }, messages: Array.from({ length: READS_EACH }, (_, i) => ({ from: 'bo', body: `${i}`, time: i })) })
  }
  let client = await visit()
  for (const { id } of CONVERSATIONS) {
    await vi.waitFor(async () => expect(await rowsOf(id)).toHaveLength(READS_EACH), { timeout: 60_000, interval: 100 })
  }
  hub.setOnline('ada', false)
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('offline'))
  reports.length = 0

  const sent: string[] = []
  for (let visitNo = 0; visitNo < 4; visitNo++) {
    if (visitNo > 0) client = await visit()
    for (const { id } of CONVERSATIONS) {
      const rows = await rowsOf(id)
      const part = rows.slice((visitNo * READS_EACH) / 4, ((visitNo + 1) * READS_EACH) / 4)
      for (let i = 0; i < part.length; i += 25) await client.markRead(part.slice(i, i + 25))
    }
    for (let i = 0; i < SENDS / 4; i++) {
      const text = `${visitNo}-${i}`
      sent.push(text)
      await client.send('a', { body: { kind: 'text', text } })
    }
  }
  expect(unreadOf(client)).toEqual([0, 0, 0, 0])
  expect(reports).toEqual([])

  hub.setOnline('ada', true)
  let writes = 0
  factory.onTransaction = ({ mode }) => void (mode === 'readwrite' && writes++)
  await vi.waitFor(() => expect(hub.log('a').filter(({ from }) => from === 'ada')).toHaveLength(SENDS), { timeout: 120_000, interval: 100 })
  expect(hub.log('a').filter(({ from }) => from === 'ada').map(({ body }) => (body as { text: string }).text)).toEqual(sent)
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), { timeout: 60_000, interval: 100 })
  expect(writes).toBeLessThanOrEqual(WRITES_EACH * SENDS)
  expect(reports.length).toBeGreaterThanOrEqual(CONVERSATIONS.length)
  expect(reports.length).toBeLessThanOrEqual(8)
}, 240_000)
