import { createChatClient, type ChatClient, type ChatStorage, type Transport } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function started(storage: ChatStorage): Promise<ChatClient> {
  const client = createChatClient({ userId: 'ada', transport: memoryHub().transport(), storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.ensureConversation({ id: 'pair', kind: 'direct', members: ['ada', 'bo'] })
  await client.start()
  return client
}
const here = (client: ChatClient) => client.getState().conversations.find(({ id }) => id === 'pair')?.receipts

describe('who is told what I read', () => {
  it('is everybody until somebody chose', async () => {
    const client = await started(memoryStorage())
    expect([client.getState().receipts, here(client)]).toEqual(['public', undefined])
  })
  it('is shown at once, and subscribers hear of it', async () => {
    const client = await started(memoryStorage())
    const seen: string[] = []
    client.on('state', ({ receipts }) => seen.push(receipts))
    await client.setReceipts('private')
    expect(client.getState().receipts).toBe('private')
    expect(seen).toContain('private')
  })
  it('can be another in one conversation, and follow the user again', async () => {
    const client = await started(memoryStorage())
    await client.setReceipts('off', 'pair')
    expect([client.getState().receipts, here(client)]).toEqual(['public', 'off'])
    await client.setReceipts(null, 'pair')
    expect([client.getState().receipts, here(client)]).toEqual(['public', undefined])
    await client.setReceipts('private')
    await client.setReceipts(null)
    expect(client.getState().receipts).toBe('public')
  })
  it('is refused for a conversation that this device does not know yet, rather than forgotten', async () => {
    const client = await started(memoryStorage())
    await expect(client.publishEarlier('team')).rejects.toMatchObject({ code: 'client/unknownConversation', message: expect.stringContaining('nothing of it can be published') })
    await expect(client.setReceipts('off', 'team')).rejects.toMatchObject({
      code: 'client/unknownConversation',
      message: 'There is no conversation "team" here, so its receipts cannot be switched. Call client.ensureConversation({ id, kind, members }) first, or wait until the back end has listed it.',
    })
  })
  it('survives a restart', async () => {
    const storage = () => dexieStorage(options)
    const options = { indexedDB: new IDBFactory(), IDBKeyRange }
    const first = await started(storage())
    await first.setReceipts('off')
    await first.dispose()
    const second = await started(storage())
    expect(second.getState().receipts).toBe('off')
  })

  it('[RS15] what was read in private is told once the user has confirmed it, and not before', async () => {
    const hub = memoryHub()
    const published = () => hub.readStates('pair', 'ada').filter(({ by, kind, visibility }) => by === 'bo' && kind === 'read' && visibility === 'published')
    const bo = createChatClient({ userId: 'bo', transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null } })
    await hub.ensureConversation({ id: 'pair', kind: 'direct', members: ['ada', 'bo'] })
    await hub.post({ conversationId: 'pair', from: 'ada', body: 'hi' })
    await bo.start()
    const source = bo.messages('pair')
    source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
    await bo.setReceipts('private')
    await bo.markRead(source.getSnapshot().messages)
    await bo.publishEarlier('pair')
    await bo.setReceipts('public')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(published()).toEqual([])
    await bo.publishEarlier('pair')
    await vi.waitFor(() => expect(published()).toHaveLength(1))
    await bo.dispose()
  })
  it.each(['all conversations', 'this conversation'])('[RS15] off for %s, nobody is told anything, not even that a message came, and my own devices are told what I read', async (where) => {
    const hub = memoryHub()
    await hub.ensureConversation({ id: 'pair', kind: 'direct', members: ['ada', 'bo'] })
    await hub.post({ conversationId: 'pair', from: 'ada', body: 'before anything is chosen' })
    const transport = hub.transport()
    const told: string[] = []
    const report: Transport['report'] = (each, signal) => {
      told.push(`${each.kind} to ${each.visibility}`)
      return transport.report(each, signal)
    }
    const storage = memoryStorage()
    const bo = createChatClient({ userId: 'bo', transport: { ...transport, report }, storage, policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null } })
    running.push(bo)
    const source = bo.messages('pair')
    source.subscribe(() => {})
    const bring = async (count: number) => {
      for (let n = 0; n < count; n += 1) await hub.post({ conversationId: 'pair', from: 'ada', body: `${n}` })
      await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(hub.log('pair').length))
    }
    const allLeft = () => vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
    await bo.start()
    await bring(0)
    await vi.waitFor(() => expect(told).toEqual(['delivered to published']))
    await allLeft()
    const before = hub.readStates('pair', 'ada')
    await bo.setReceipts('off', where === 'this conversation' ? 'pair' : undefined)
    await bring(3)
    await allLeft()
    await bo.markRead(source.getSnapshot().messages.slice(0, 2))
    await bo.markRead(source.getSnapshot().messages.slice(2, 3), 'viewed')
    await bring(1)
    await allLeft()
    expect(hub.readStates('pair', 'ada')).toEqual(before)
    expect([...new Set(told)].toSorted()).toEqual(['delivered to published', 'read to ownDevices', 'viewed to ownDevices'])
    expect(told.filter((each) => each === 'delivered to published')).toHaveLength(1)
  })
  it('[RS15] what was only cleared is never told, and does not grow together with what was read beside it', async () => {
    const hub = memoryHub()
    const published = () => hub.readStates('team', 'ada').filter(({ by, kind, visibility }) => by === 'bo' && kind === 'read' && visibility === 'published')
    const bo = createChatClient({ userId: 'bo', transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null } })
    await hub.ensureConversation({ id: 'team', kind: 'group', members: ['ada', 'bo'] })
    for (let n = 0; n < 5; n += 1) await hub.post({ conversationId: 'team', from: 'ada', body: `${n}` })
    await bo.start()
    const source = bo.messages('team')
    source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(5))
    await bo.setReceipts('private')
    const [first, second] = source.getSnapshot().messages
    await bo.markRead([second!])
    await bo.clearUnread('team')
    await bo.markRead([first!])
    await bo.setReceipts('public')
    await bo.publishEarlier('team')
    await vi.waitFor(() => expect(published()).toHaveLength(1))
    expect(published().map(({ upTo, ranges }) => [upTo ?? null, ranges])).toEqual([[null, [{ from: first!.at, to: second!.at }]]])
    await bo.dispose()
  })
})
