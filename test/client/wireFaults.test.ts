/** What the wire does to reading, seen by the client. */
import { createChatClient, type ChatClient, type IncomingMessage, type Member, type Message, type Point, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const PATIENCE = 5_000
const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const member = (userId: string, leftAt: Point | null = null): Member => ({ userId, role: 'member', intervals: [{ joinedAt: null, leftAt }] })
const message = (order: number, from: string): TransportEvent => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from, localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } satisfies IncomingMessage })

async function start(members: readonly Member[], flushMs = 10) {
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs, maxFlushMs: flushMs * 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete: true } })
  const source = client.messages('c')
  source.subscribe(() => {})
  const readStates = client.readStates('c')
  readStates.subscribe(() => {})
  const rows = async (count: number): Promise<readonly Message[]> => vi.waitFor(() => {
    expect(source.getSnapshot().messages).toHaveLength(count)
    return source.getSnapshot().messages
  })
  return { client, wire, rows, readStates, unread: () => client.getState().conversations[0]?.unread }
}

it('[F49] a late receipt of who has left counts for what they were there for, and for nothing that came after', async () => {
  const { wire, rows, readStates } = await start([member('me'), member('ada'), member('bo', { epoch: 0, order: 2, id: '' })])
  wire.emit(message(1, 'me'))
  wire.emit(message(2, 'me'))
  const [before, after] = await rows(2)
  wire.emit({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', upTo: at(2) })
  await vi.waitFor(() => expect(readStates.getTally(before!)).toMatchObject({ read: 1, of: 2 }))
  expect(readStates.getTally(after!)).toMatchObject({ read: 0, of: 1 })
})

it.each([
  ['edited', { type: 'edited', conversationId: 'c', id: 'm2', body: { kind: 'text', text: 'better' }, time: 50 }],
  ['recalled', { type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: 50 }],
  ['deleted', { type: 'deleted', conversationId: 'c', id: 'm2', by: 'ada', time: 50 }],
  ['gone for good', { type: 'deleted', conversationId: 'c', id: 'm2', by: 'ada', time: 50, hard: true }],
] as const)('[F50] a message that is %s between dwell and report: the report leaves once, and nothing is unread', async (_what, event) => {
  const { client, wire, rows, unread } = await start([member('me'), member('ada')], 150)
  for (const order of [1, 2]) wire.emit(message(order, 'ada'))
  const shown = await rows(2)
  await client.markRead(shown)
  wire.emit(event as TransportEvent)
  const read = () => wire.reports.filter(({ kind }) => kind === 'read')
  await vi.waitFor(() => expect(read().length).toBeGreaterThan(0))
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  expect(read()).toHaveLength(1)
  expect(unread()).toEqual({ count: 0, exact: true })
})

it('[F43] a server that lost its tail: nothing new is born read, nothing read before is unread again, and both devices of one person agree once the conversation goes on', async () => {
  const hub = memoryHub()
  const conversation = { id: 'c', kind: 'group', members: ['me', 'ada'] } as const
  await hub.ensureConversation(conversation)
  for (const text of ['one', 'two', 'three', 'four']) await hub.post({ conversationId: 'c', from: 'ada', body: text })
  const device = async () => {
    const client = createChatClient({ userId: 'me', transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null } })
    running.push(client)
    await client.start()
    const source = client.messages('c')
    source.subscribe(() => {})
    const texts = () => source.getSnapshot().messages.map(({ body }) => (body.kind === 'text' ? body.text : body.kind))
    const unread = () => client.getState().conversations.find(({ id }) => id === 'c')?.unread
    return { client, source, texts, unread }
  }
  const [old, other] = [await device(), await device()]
  await vi.waitFor(() => expect([old.texts(), other.texts()]).toEqual(Array(2).fill(['one', 'two', 'three', 'four'])), PATIENCE)
  await old.client.markRead(old.source.getSnapshot().messages)
  await vi.waitFor(() => expect([old.unread(), other.unread()]).toEqual(Array(2).fill({ count: 0, exact: true })), PATIENCE)
  const published = () => hub.readStates('c', 'ada').filter(({ by, kind, visibility }) => by === 'me' && kind === 'read' && visibility === 'published')
  await vi.waitFor(() => expect(published()).toHaveLength(1), PATIENCE)

  await hub.reset('c', { loseLast: 2 })
  // As many as were lost, so that by their numbers alone they would be taken for those.
  for (const text of ['five', 'six']) await hub.post({ conversationId: 'c', from: 'ada', body: text })
  for (const { texts, unread } of [old, other]) {
    await vi.waitFor(() => expect(texts().filter((text) => text === 'five' || text === 'six')).toEqual(['five', 'six']), PATIENCE)
    expect(texts().slice(0, 2)).toEqual(['one', 'two'])
    expect(unread()).toEqual({ count: 2, exact: true })
  }
  // What I write goes on behind them, and what is read now is told in the new count.
  await old.client.send('c', { body: { kind: 'text', text: 'seven' } })
  await vi.waitFor(() => expect(other.texts().at(-1)).toBe('seven'), PATIENCE)
  const fresh = await device()
  await vi.waitFor(() => expect(fresh.texts()).toEqual(['one', 'two', 'five', 'six', 'seven']), PATIENCE)
  expect(fresh.unread()).toEqual({ count: 2, exact: true })
  await other.client.markRead(other.source.getSnapshot().messages.filter(({ at: place }) => place?.epoch === 1))
  await vi.waitFor(() => expect([old, other, fresh].map(({ unread }) => unread()?.count)).toEqual([0, 0, 0]), PATIENCE)
  await vi.waitFor(() => expect(JSON.stringify(published())).toContain('"epoch":1'), PATIENCE)
}, 30_000)
