import { createChatClient, type ChatClient, type Transport } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { at, POINT, start, text } from './oneReader.js'

const GROUP = { id: 'team', kind: 'group', members: ['ada', 'bo', 'cleo', 'dot'] } as const
const running: ChatClient[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** A wire that tells nobody's receipts, and lists readers to whoever asks: one a page. */
function listing(transport: Transport, readers: NonNullable<Transport['readers']> = (id, message, page) => transport.readers!(id, message, { ...page, limit: 1 })): Transport {
  return { ...transport, capabilities: { ...transport.capabilities, receiptsCatchUp: 'none' }, on: (listener) => transport.on((event) => event.type !== 'receipt' && listener(event)), readers, readStates: undefined as never }
}

async function scene(wrap: (transport: Transport) => Transport) {
  const hub = memoryHub()
  const make = (userId: string, transport: Transport) => {
    const client = createChatClient({ userId, transport, storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20 }, ports: { locks: null, openChannel: () => null } })
    running.push(client)
    return client
  }
  const ada = make('ada', wrap(hub.transport()))
  const [bo, cleo] = [make('bo', hub.transport()), make('cleo', hub.transport())]
  await ada.ensureConversation(GROUP)
  await Promise.all([ada.start(), bo.start(), cleo.start()])
  const source = ada.messages(GROUP.id)
  const states = ada.readStates(GROUP.id)
  source.subscribe(() => {})
  states.subscribe(() => {})
  await ada.send(GROUP.id, { body: { kind: 'text', text: 'all here?' } })
  for (const client of [bo, cleo]) {
    const there = client.messages(GROUP.id)
    there.subscribe(() => {})
    await vi.waitFor(() => expect(there.getSnapshot().messages).toHaveLength(1))
    await client.markRead(there.getSnapshot().messages)
  }
  await vi.waitFor(() => expect(source.getSnapshot().messages[0]?.ids).toHaveLength(1))
  // Both reports have left by then.
  await new Promise((resolve) => setTimeout(resolve, 80))
  const message = () => source.getSnapshot().messages[0]!
  return { ada, message, tally: () => states.getTally(message()), list: async () => (await ada.readers(message(), { limit: 10 })).items.map(({ userId, kind }) => [userId, kind]) }
}

describe('who read a message', () => {
  it('is asked of a wire that has lists and tells no receipts, page by page, and the badge agrees', async () => {
    const { tally, list } = await scene((transport) => listing(transport))
    expect(tally()).toMatchObject({ read: 0, of: 3 })
    expect(await list()).toEqual([])
    await vi.waitFor(async () => expect(await list()).toEqual([['bo', 'read'], ['cleo', 'read']]))
    expect(tally()).toMatchObject({ read: 2, of: 3 })
  })
  it('is whoever is named, also beside what is nobody', async () => {
    const { list } = await scene((transport) => listing(transport, async () => ({ items: [null, { userId: 'bo', kind: 'read', time: -5, content: 7 }, {}, { userId: 'cleo', kind: 'seen', time: null }, { userId: 'dot', kind: 'delivered', time: null }] as never })))
    await list()
    await vi.waitFor(async () => expect(await list()).toEqual([['bo', 'read'], ['dot', 'delivered']]))
  })
  it('is asked once for a list that is read again and again', async () => {
    const asked = vi.fn(() => Promise.resolve({ items: [] }))
    const { list } = await scene((transport) => listing(transport, asked))
    for (let times = 0; times < 5; times++) await list()
    expect(asked).toHaveBeenCalledTimes(1)
  })
  it('is asked again after the wire failed, and what is known here is shown meanwhile', async () => {
    const asked = vi.fn(() => Promise.reject(new Error('offline')))
    const { list } = await scene((transport) => listing(transport, asked))
    expect(await list()).toEqual([])
    await vi.waitFor(async () => {
      await list()
      expect(asked.mock.calls.length).toBeGreaterThan(1)
    })
  })
  it('takes nothing from a wire that lists nonsense', async () => {
    const { list, tally } = await scene((transport) => listing(transport, () => Promise.resolve({ items: [null, {}, { userId: 'eve', kind: 'read', time: 1 }, { userId: 'bo', kind: 'licked', time: 1 }] as never })))
    await list()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([await list(), tally()]).toEqual([[], expect.objectContaining({ read: 0 })])
  })
  it('is not asked where every receipt is told anyway', async () => {
    const asked = vi.fn(() => Promise.resolve({ items: [] }))
    const { list } = await scene((transport) => ({ ...transport, readers: asked }))
    await vi.waitFor(async () => expect(await list()).toHaveLength(2))
    expect(asked).not.toHaveBeenCalled()
  })
  it('[RS31] is asked by the id that the server knows now, where it had lost the message and got it again', async () => {
    const readers = vi.fn((_conversationId: string, _id: string) => Promise.resolve({ items: [{ userId: 'bo', kind: 'read' as const, time: null }] }))
    const { client, wire, bring } = await start({ dense: true, read: POINT, delivered: POINT, readerLists: 'full', receiptsCatchUp: 'none' }, { readers })
    await bring(text(1, { from: 'me' }))
    wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await bring(text(1, { from: 'me', id: 'n1', at: at(1, 1, 'n1') }))
    const message = client.messages('c').getSnapshot().messages[0]!
    expect(message.ids).toEqual(['m1', 'n1'])
    await vi.waitFor(async () => expect((await client.readers(message, { limit: 10 })).items).toEqual([{ userId: 'bo', kind: 'read', time: null }]))
    expect(readers.mock.calls.map(([, id]) => id)).toEqual(['n1'])
  })
})
