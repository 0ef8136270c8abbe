/** Reports of what was read further back than one page of rows: nothing read stays untold, whatever the wire can be told. */
import { createChatClient, type ChatClient, type Message, type Report, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const each = (scope: 'message' | 'point' | 'none') => ({ direct: scope, group: scope }) as const

interface Scene {
  /** These messages come. */
  emit(from: number, to: number): void
  readonly client: ChatClient
  readonly rows: readonly Message[]
  /** Published reports of what was read. */
  reports(): readonly Report[]
  ownDevices(): readonly Report[]
  /** Nothing waits any more. */
  idle(): Promise<void>
}

/** A conversation of as many messages as there are authors, of which those before `start` are not here yet. */
async function scene(authors: readonly string[], capabilities: Partial<TransportCapabilities>, readMode: 'upTo' | 'perMessage' = 'perMessage', start = 1): Promise<Scene> {
  const wire = scriptedTransport({ delivered: each('none'), ...capabilities })
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 10, maxFlushMs: 20, readMode: { direct: readMode, group: readMode } }, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  void client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const emit = (from: number, to: number) =>
    orders(from, to).forEach((order) => wire.emit({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: authors[order - 1]!, localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } }))
  emit(start, authors.length)
  if (start > 1) wire.emit({ type: 'gap', conversationId: 'c', after: null, before: { epoch: 0, order: start, id: `m${start}` } })
  const stored = () => storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: authors.length }))
  await vi.waitFor(async () => expect(await stored()).toHaveLength(authors.length - start + 1))
  const readReports = (to: Report['visibility']) => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === to)
  return {
    emit,
    client,
    rows: await stored(),
    reports: () => readReports('published'),
    ownDevices: () => readReports('ownDevices'),
    idle: () => vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([])),
  }
}

const of = (count: number, from: string) => Array.from({ length: count }, () => from)
const named = (reports: readonly Report[]) => reports.flatMap(({ messages }) => messages.map(({ at }) => at.order))
const orders = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('a wire that acknowledges single messages', () => {
  it('[RS27] is told of each that was read, once and the oldest first, however many', async () => {
    const { client, rows, reports, idle } = await scene(of(1_200, 'ada'), { read: each('message') })
    await client.markRead(rows)
    await idle()
    expect(named(reports())).toEqual(orders(1, 1_200))
  })

  it('[RS27] is told of one that was read far back, beyond hundreds that were not', async () => {
    const { client, rows, reports, idle } = await scene(of(1_200, 'ada'), { read: each('message') })
    await client.markRead([rows[3]!, rows[900]!])
    await idle()
    expect(named(reports())).toEqual([4, 901])
    await client.markRead([rows[5]!])
    await idle()
    expect(named(reports())).toEqual([4, 901, 6])
  })

  it('[RS27] is told of what comes later into a stretch that was read, and of nothing twice', async () => {
    const { rows, emit, client, reports, ownDevices, idle } = await scene(of(40, 'ada'), { read: each('message'), ownDeviceReports: true, dense: true }, 'upTo', 31)
    await client.markRead([rows.at(-2)!])
    await idle()
    expect(named(reports())).toEqual(orders(31, 39))
    emit(11, 30)
    await idle()
    emit(1, 10)
    await vi.waitFor(() => expect(named(reports())).toHaveLength(39))
    await client.clearUnread('c')
    await vi.waitFor(() => expect(named(ownDevices())).toEqual([40]))
    await idle()
    expect(named(reports())).toEqual([...orders(31, 39), ...orders(11, 30), ...orders(1, 10)])
  })

  it('[RS27] is asked nothing for a stretch in which nobody waits for word', async () => {
    const { client, rows, reports, idle } = await scene([...of(1_100, 'me'), 'ada'], { read: each('message') }, 'upTo')
    await client.markRead([rows.at(-1)!])
    await idle()
    expect(reports().map(({ messages }) => messages.length)).toEqual([1])
    expect(named(reports())).toEqual([1_101])
  })
})

describe('a wire that knows only a position', () => {
  it('[RS17] is told the last of three thousand that were read', async () => {
    const { client, rows, reports, idle } = await scene(of(3_000, 'ada'), { read: each('point') })
    await client.markRead(rows)
    await idle()
    expect(reports().at(-1)?.upTo?.order).toBe(3_000)
    expect(named(reports())[0]).toBe(1)
  })

  it('[RS17] is told nothing past an unread one, and all of it once that is read', async () => {
    const { client, rows, reports, idle } = await scene(of(1_500, 'ada'), { read: each('point') })
    await client.markRead(rows.slice(500))
    await idle()
    expect(reports()).toEqual([])
    await client.markRead(rows.slice(0, 500))
    await idle()
    expect(reports().at(-1)?.upTo?.order).toBe(1_500)
  })

  it('[RS16] is not told again where it is', async () => {
    const { client, rows, reports, idle } = await scene(of(20, 'ada'), { read: each('point') })
    await client.markRead(rows.slice(0, 5))
    await idle()
    await client.markRead(rows.slice(10, 12))
    await idle()
    expect(reports().map(({ upTo }) => upTo?.order)).toEqual([5])
    await client.markRead(rows.slice(5, 10))
    await idle()
    expect(reports().map(({ upTo }) => upTo?.order)).toEqual([5, 12])
  })
})

describe('a wire without receipts', () => {
  it('[RS27] tells my own devices also where nobody waits for word of what was read', async () => {
    const { client, rows, ownDevices, idle } = await scene([...of(1_100, 'me'), 'ada'], { read: each('none'), ownDeviceReports: true }, 'upTo')
    await client.markRead([rows.at(-1)!])
    await idle()
    expect(ownDevices().map(({ upTo }) => upTo?.order)).toEqual([1_101])
  })
})
