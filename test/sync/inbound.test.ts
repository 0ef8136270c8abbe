import { createChatClient, type ChatClient, type ChatStorage, type Clock, type IncomingMessage, type Point, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const at = (order: number, epoch = 0): Point => ({ epoch, order, id: `m${order}` })
const message = (order: number, changes: Partial<IncomingMessage> = {}): TransportEvent => ({
  type: 'message',
  message: { conversationId: 'c', id: `m${order}`, at: at(order), from: 'ada', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` }, ...changes },
})
const conversation = (changes: object = {}): TransportEvent => ({
  type: 'conversation',
  conversation: { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })), rosterComplete: true, ...changes },
})
const receipt = (changes: object): TransportEvent => ({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'ownDevices', ...changes }) as TransportEvent

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function start(clock?: Clock): Promise<{ client: ChatClient; wire: ScriptedTransport; storage: ChatStorage; dropped: string[]; unread: () => unknown; texts: () => string[] }> {
  const wire = scriptedTransport()
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { ...(clock && { clock }), locks: null, openChannel: () => null } })
  running.push(client)
  const dropped: string[] = []
  client.on('dropped', ({ reason }) => dropped.push(reason))
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const source = client.messages('c')
  source.subscribe(() => {})
  return {
    client, wire, storage, dropped,
    unread: () => client.getState().conversations[0]?.unread,
    texts: () => source.getSnapshot().messages.map(({ body }) => (body.kind === 'text' ? body.text : body.kind)),
  }
}

describe('inbound', () => {
  it('[F47] a hundred receipts before their messages leave exactly the unread one', async () => {
    const { wire, unread, texts } = await start()
    wire.emit(conversation())
    for (let order = 1; order <= 100; order++) wire.emit(receipt({ ids: [`m${order}`] }))
    for (let order = 101; order >= 1; order--) wire.emit(message(order))
    await vi.waitFor(() => expect(texts()).toHaveLength(101))
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
    expect(texts()).toEqual(Array.from({ length: 101 }, (_, i) => `${i + 1}`))
  })

  it('a receipt does not wait behind a flood of messages in another conversation, and none overtakes what it is about', async () => {
    const { client, wire } = await start()
    const count = 3_000
    const flood = (order: number): TransportEvent => message(order, { conversationId: 'flood', localId: `f${order}` })
    wire.emit(conversation())
    wire.emit(conversation({ id: 'flood' }))
    wire.emit(message(1, { from: 'me' }))
    const readStates = client.readStates('c')
    readStates.subscribe(() => {})
    const source = client.messages('c')
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
    const floodHead = () => client.getState().conversations.find(({ id }) => id === 'flood')?.head?.order ?? 0
    let headWhenRead: number | null = null
    client.subscribe(() => {
      const own = source.getSnapshot().messages[0]!
      if (headWhenRead === null && readStates.getStatus(own) === 'read') headWhenRead = floodHead()
    })
    for (let order = 1; order <= count; order++) wire.emit(flood(order))
    wire.emit(receipt({ by: 'ada', visibility: 'published', upTo: at(1) }))
    wire.emit(receipt({ by: 'bo', visibility: 'published', upTo: at(1) }))
    // Its message is behind the flood, and so is it: held nowhere, applied after it.
    wire.emit(message(2, { from: 'me' }))
    wire.emit(receipt({ by: 'ada', visibility: 'published', upTo: at(2) }))
    wire.emit({ type: 'cursor', cursor: 'end' })
    await vi.waitFor(() => expect(floodHead()).toBe(count), { timeout: 10_000 })
    expect(headWhenRead).not.toBeNull()
    expect(headWhenRead).toBeLessThan(count)
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(2))
    expect((await client.diagnostics()).dropped).toEqual({})
  })

  it('a message does not wait with a flood of receipts: not for the pace at which they are stored, nor for more transactions than they fill', async () => {
    const { client, wire, storage, texts } = await start(createFakeClock())
    const count = 3_000
    const last = 50
    wire.emit(conversation())
    wire.emit(conversation({ id: 'flood' }))
    for (let order = 1; order <= last; order++) wire.emit(message(order, { conversationId: 'flood', from: 'me' }))
    const flooded = client.messages('flood')
    flooded.subscribe(() => {})
    const readStates = client.readStates('flood')
    readStates.subscribe(() => {})
    await vi.waitFor(() => expect(flooded.getSnapshot().messages).toHaveLength(last))
    const writes = vi.spyOn(storage, 'write')
    const read = (n: number) => wire.emit(receipt({ conversationId: 'flood', by: n % 2 ? 'ada' : 'bo', visibility: 'published', upTo: at(Math.ceil((last * n) / count)) }))
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50))
    read(1)
    await vi.waitFor(() => expect(writes).toHaveBeenCalled())
    await pause()
    const before = writes.mock.calls.length
    for (let n = 2; n <= count; n++) read(n)
    // The clock stands still: receipts that follow each other wait for it.
    await pause()
    expect(writes).toHaveBeenCalledTimes(before)
    wire.emit(message(1))
    await vi.waitFor(() => expect(texts()).toEqual(['1']))
    expect(writes.mock.calls.length).toBeLessThan(before + 8)
    await vi.waitFor(() => expect(readStates.getTally(flooded.getSnapshot().messages.at(-1)!)).toMatchObject({ read: 2, of: 2 }))
  })

  it('[RS28] a receipt beyond the head reads what is here, is held, and reads nothing that comes later than it says', async () => {
    const { wire, unread } = await start()
    wire.emit(conversation())
    wire.emit(message(1))
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
    wire.emit(receipt({ upTo: at(3) }))
    await vi.waitFor(() => expect(unread()).toEqual({ count: 0, exact: true }))
    for (const order of [2, 3, 4]) wire.emit(message(order))
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
  })

  it('receipts of strangers are dropped and counted; those of a member not yet known wait for the roster', async () => {
    const { client, wire, dropped } = await start()
    wire.emit(conversation({ members: [], rosterComplete: false }))
    wire.emit(message(1, { from: 'me' }))
    wire.emit(receipt({ by: 'bo', visibility: 'published', upTo: at(1) }))
    wire.emit(conversation())
    const [row] = await vi.waitFor(() => {
      const { messages } = client.messages('c').getSnapshot()
      expect(messages).toHaveLength(1)
      return messages
    })
    await vi.waitFor(() => expect(client.readStates('c').getTally(row!)).toMatchObject({ read: 1, of: 2 }))
    wire.emit(receipt({ by: 'mallory', visibility: 'published', upTo: at(1) }))
    await vi.waitFor(() => expect(dropped).toEqual(['receipt/notMember']))
    expect(client.readStates('c').getTally(row!)).toMatchObject({ read: 1, of: 2 })
  })

  it('malformed messages are dropped and counted, and the rest is shown', async () => {
    const { wire, dropped, texts } = await start()
    wire.emit(conversation())
    const bad: unknown[] = [null, {}, { conversationId: 'c', id: 'x', from: 'ada', at: { epoch: 0, order: NaN, id: 'x' }, time: 1, body: { kind: 'text', text: '' } }, { conversationId: 'c', id: 'x', from: 'ada', at: at(9), time: Infinity, body: { kind: 'text', text: '' } }]
    for (const each of bad) wire.emit({ type: 'message', message: each as IncomingMessage })
    wire.emit(message(1))
    await vi.waitFor(() => expect(texts()).toEqual(['1']))
    expect(dropped).toEqual(bad.map(() => 'message/malformed'))
  })

  it('everything may come twice and in any order', async () => {
    const { wire, unread, texts } = await start()
    const events = [conversation(), message(2), message(1), message(2), receipt({ upTo: at(1) }), receipt({ upTo: at(1) }), message(1)]
    for (const event of [...events, ...[...events].reverse()]) wire.emit(event)
    await vi.waitFor(() => expect(texts()).toEqual(['1', '2']))
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
  })

  it('a recalled message that was unread lowers the count by one; an edit changes nothing', async () => {
    const { wire, unread } = await start()
    for (const event of [conversation(), message(1), message(2)]) wire.emit(event)
    await vi.waitFor(() => expect(unread()).toEqual({ count: 2, exact: true }))
    wire.emit({ type: 'edited', conversationId: 'c', id: 'm1', body: { kind: 'text', text: 'better' }, time: 50 })
    wire.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: 60 })
    wire.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: 61 })
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
  })
})

describe('reports', () => {
  it('[RS15] what was only cleared is never published with what is read next', async () => {
    const { client, wire, texts, unread } = await start()
    wire.emit(conversation())
    for (let order = 1; order <= 5; order++) wire.emit(message(order))
    await vi.waitFor(() => expect(texts()).toHaveLength(5))
    await client.clearUnread('c')
    await vi.waitFor(() => expect(unread()).toEqual({ count: 0, exact: true }))
    wire.emit(message(6))
    await vi.waitFor(() => expect(texts()).toHaveLength(6))
    await client.markRead([client.messages('c').getSnapshot().messages[5]!])
    const published = () => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')
    await vi.waitFor(() => expect(published()).toHaveLength(1), { timeout: 3000 })
    expect(published()[0]).toMatchObject({ upTo: null, ranges: [{ from: { order: 6 }, to: { order: 6 } }] })
  })

  it('[RD10] what was received is told as delivered at most once, and reads leave together', async () => {
    const { client, wire, texts } = await start()
    wire.emit(conversation())
    for (let order = 1; order <= 20; order++) wire.emit(message(order))
    await vi.waitFor(() => expect(texts()).toHaveLength(20))
    const rows = client.messages('c').getSnapshot().messages
    for (const row of rows) await client.markRead([row])
    await vi.waitFor(() => expect(wire.reports.some(({ kind }) => kind === 'read')).toBe(true), { timeout: 3000 })
    const reads = wire.reports.filter(({ kind }) => kind === 'read')
    expect(reads).toHaveLength(1)
    expect(reads[0]).toMatchObject({ visibility: 'published', upTo: null, ranges: [{ from: { order: 1 }, to: { order: 20 } }] })
    // A reading says that it was delivered.
    expect(wire.reports.filter(({ kind }) => kind === 'delivered').length).toBeLessThanOrEqual(1)
    const before = wire.reports.length
    await client.markRead(rows)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(wire.reports).toHaveLength(before)
  })
})
