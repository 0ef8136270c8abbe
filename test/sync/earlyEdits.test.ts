import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type IncomingMessage, type TransportEvent } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createEarlyEdits } from '../../src/sync/earlyEdits.js'
import type { EditEvent } from '../../src/sync/applyEdits.js'
import { loadCursor } from '../../src/sync/storeEvents.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const message = (order: number): TransportEvent & { message: IncomingMessage } => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
const recalled = (id: string): EditEvent => ({ type: 'recalled', conversationId: 'c', id, by: 'bo', time: 9 })
const reacted = (id: string, on: boolean): EditEvent => ({ type: 'reacted', conversationId: 'c', id, reaction: { emoji: '👍', by: 'bo' }, on })

async function startOn(inOrder: boolean) {
  const wire = scriptedTransport({ inOrder })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  const source = client.messages('c')
  source.subscribe(() => {})
  await client.start()
  const rows = () => source.getSnapshot().messages
  const dropped = async () => (await client.diagnostics()).dropped['edit/unknownMessage'] ?? 0
  return { wire, client, rows, dropped }
}

it('a recall that overtook its message is applied when that comes, and leaves it uncounted', async () => {
  const { wire, client, rows, dropped } = await startOn(false)
  wire.emit(recalled('m2'))
  wire.emit(message(1))
  await vi.waitFor(() => expect(rows()).toHaveLength(1))
  wire.emit(message(2))
  await vi.waitFor(() => expect(rows()).toHaveLength(2))
  expect(rows().map((row) => row.recalledAt)).toEqual([undefined, 9])
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 1, exact: true })
  expect(await dropped()).toBe(0)
})

it('what waited is applied once, in its order', async () => {
  const { wire, rows } = await startOn(false)
  wire.emit(reacted('m1', true))
  wire.emit(reacted('m1', false))
  wire.emit(reacted('m1', true))
  wire.emit(message(1))
  await vi.waitFor(() => expect(rows()[0]?.reactions).toHaveLength(1))
  wire.emit(reacted('m1', false))
  await vi.waitFor(() => expect(rows()[0]?.reactions).toEqual([]))
  wire.emit(message(1))
  wire.emit(message(2))
  await vi.waitFor(() => expect(rows()).toHaveLength(2))
  expect(rows()[0]?.reactions).toEqual([])
})

it('is applied at once to what the list of conversations shows of it', async () => {
  const { wire, client, rows } = await startOn(false)
  const { message: last } = message(7)
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: last.at, lastMessage: last } })
  const shown = () => client.getState().conversations[0]?.lastMessage
  await vi.waitFor(() => expect(shown()?.ids).toEqual(['m7']))
  wire.emit(recalled('m8'))
  wire.emit(recalled('m7'))
  await vi.waitFor(() => expect(shown()?.recalledAt).toBe(9))
  const before = shown()
  wire.emit(recalled('m7'))
  wire.emit(message(7))
  await vi.waitFor(() => expect(rows()[0]?.recalledAt).toBe(9))
  expect([shown()?.recalledAt, before?.recalledAt, client.getState().conversations[0]?.unread]).toEqual([9, 9, { count: 0, exact: true }])
})

it('where nothing overtakes, it is of a message that is missing, and dropped', async () => {
  const { wire, rows, dropped } = await startOn(true)
  wire.emit(recalled('m2'))
  wire.emit(message(1))
  await vi.waitFor(() => expect(rows()).toHaveLength(1))
  expect(await dropped()).toBe(1)
})

it.each([true, false])('what was faster than the answer to sending is applied with it, whether or not messages overtake each other (inOrder: %s)', async (inOrder) => {
  const { wire, client, rows, dropped } = await startOn(inOrder)
  let answer = () => {}
  wire.answer = ({ localId }) => new Promise((resolve) => (answer = () => resolve({ localId, id: 'm9', at: { epoch: 0, order: 9, id: 'm9' }, time: 9 })))
  const localId = await client.send('c', { body: { kind: 'text', text: 'mine' } })
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  wire.emit(reacted('m9', true))
  wire.emit(recalled('m9'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(rows()[0]?.recalledAt).toBeUndefined()
  answer()
  await vi.waitFor(() => expect(rows()[0]).toMatchObject({ ids: ['m9'], recalledAt: 9, reactions: [{ emoji: '👍', by: 'bo' }] }))
  expect(client.getState().conversations[0]?.lastMessage?.recalledAt).toBe(9)
  // Once: what comes again of the message says nothing new.
  wire.emit(reacted('m9', false))
  wire.emit({ type: 'message', message: { ...message(9).message, from: 'me', localId } })
  wire.emit(message(10))
  await vi.waitFor(() => expect(rows()).toHaveLength(2))
  expect(rows()[0]?.reactions).toEqual([])
  expect(await dropped()).toBe(0)
})

it.each([true, false])('is applied with the answer also where the page was closed before it came, and the cursor has passed it (inOrder: %s)', async (inOrder) => {
  const indexedDB = new IDBFactory()
  async function load(answer: ScriptedTransport['answer']) {
    const wire = Object.assign(scriptedTransport({ inOrder }), { answer })
    const storage = dexieStorage({ indexedDB, IDBKeyRange })
    const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
    onTestFinished(() => client.dispose())
    await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
    await client.start()
    const kept = () => storage.read(async (tx) => [await loadCursor(tx), await tx.meta.get('earlyEdits')])
    return { wire, client, kept }
  }
  const first = await load(() => new Promise(() => {}))
  const localId = await first.client.send('c', { body: { kind: 'text', text: 'mine' } })
  await vi.waitFor(() => expect(first.wire.sent).toHaveLength(1))
  // Told twice, as wires may: the last word counts.
  for (const on of [true, false, true, false, true]) first.wire.emit(reacted('m9', on))
  first.wire.emit(recalled('m9'))
  first.wire.emit(recalled('m9'))
  first.wire.emit({ type: 'cursor', cursor: 'after' })
  await vi.waitFor(async () => expect(await first.kept()).toEqual(['after', [reacted('m9', false), reacted('m9', true), recalled('m9')]]))
  await first.client.dispose()
  const second = await load(async () => ({ localId, id: 'm9', at: { epoch: 0, order: 9, id: 'm9' }, time: 9, repeat: true }))
  await vi.waitFor(async () => expect(await second.client.getMessage('c', 'm9')).toMatchObject({ ids: ['m9'], recalledAt: 9, reactions: [{ emoji: '👍', by: 'bo' }] }))
  expect(await second.kept()).toEqual(['after', []])
})

it('of what cannot be of a message of mine nothing is kept in the database, and of the rest two hundred', async () => {
  const storage = memoryStorage()
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  const kept = () => storage.read((tx) => tx.meta.get<readonly EditEvent[]>('earlyEdits'))
  const stored = async (cursor: string) => {
    wire.emit({ type: 'cursor', cursor })
    await vi.waitFor(async () => expect(await storage.read(loadCursor)).toBe(cursor))
  }
  wire.emit(recalled('m1'))
  await stored('1')
  expect(await kept()).toBeUndefined()
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  wire.answer = () => new Promise(() => {})
  await client.send('c', { body: { kind: 'text', text: 'mine' } })
  for (let n = 2; n <= 260; n++) wire.emit(recalled(`m${n}`))
  await stored('2')
  expect((await kept())!.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, n) => `m${61 + n}`))
})

it('keeps a thousand, and lets the oldest go', () => {
  const early = createEarlyEdits()
  const first = recalled('m0')
  expect(early.hold(first)).toBeUndefined()
  for (let n = 1; n < 1_000; n++) expect(early.hold(recalled(`m${n}`))).toBeUndefined()
  expect(early.hold(recalled('m1000'))).toBe(first)
  expect(early.waitingFor([])).toEqual([])
})
