import { ChatError, createChatClient, type ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { scriptedTransport } from '../sync/scriptedTransport.js'

it.each([[true, 1], [false, 0]])('a conversation made while the stored ones are read, which the database does not take then (passing: %s), does not keep the client from running', async (retryable, kept) => {
  const [database, clock] = [memoryStorage(), createFakeClock()]
  let isReading = false
  let open = () => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  let refusals = 0
  const storage: ChatStorage = {
    ...database,
    async read(run) {
      const result = await database.read(run)
      // The list of conversations.
      if (typeof result !== 'object' || result === null || !('stored' in result) || !('receipts' in result)) return result
      isReading = true
      await gate
      return result
    },
    async write(run, how) {
      if (refusals-- > 0) throw new ChatError('storage/full', 'No room.', { retryable })
      return database.write(run, how)
    },
  }
  const client = createChatClient({ userId: 'me', transport: scriptedTransport(), storage, ports: { clock, locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  const starting = client.start()
  await vi.waitFor(() => expect(isReading).toBe(true))
  const made = ['c', 'd'].map((id) => client.ensureConversation({ id, kind: 'direct', members: ['me', 'bo'] }))
  refusals = 1
  open()
  await Promise.all([starting, ...made])
  expect(client.getState().phase).toBe('running')
  await vi.waitFor(async () => {
    await clock.advanceAsync(3_000)
    expect(client.getState().conversations).toHaveLength(1 + kept)
  })
  await client.send('d', { body: { kind: 'text', text: 'hello' } })
})

it('a new conversation for which the disk has no room keeps nobody from what is stored, and is stored when there is room', async () => {
  const [database, clock] = [memoryStorage(), createFakeClock()]
  let isFull = false
  const storage: ChatStorage = {
    ...database,
    async write(run, how) {
      if (isFull) throw new ChatError('storage/full', 'No room.', { retryable: true })
      return database.write(run, how)
    },
  }
  const client = createChatClient({ userId: 'me', transport: scriptedTransport(), storage, ports: { clock, locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  const ids = () => client.getState().conversations.map(({ id }) => id).sort()
  await client.ensureConversation({ id: 'stored', kind: 'direct', members: ['me', 'bo'] })
  await client.start()
  await client.stop()
  isFull = true
  await client.ensureConversation({ id: 'made', kind: 'direct', members: ['me', 'ada'] })
  await client.start()
  expect([client.getState().phase, ids()]).toEqual(['running', ['stored']])
  isFull = false
  await vi.waitFor(async () => {
    await clock.advanceAsync(3_000)
    expect(ids()).toEqual(['made', 'stored'])
  })
})

it('[RS28] who read before the app said that they are there has read', async () => {
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const at = { epoch: 0, order: 1, id: 'm1' }
  wire.emit({ type: 'message', message: { conversationId: 'c', id: 'm1', at, from: 'me', localId: 'l1', time: 1, body: { kind: 'text', text: '1' } } })
  wire.emit({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', upTo: at })
  await vi.waitFor(() => expect(client.getState().conversations).toHaveLength(1))
  await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'bo'] })
  await vi.waitFor(async () => expect((await client.statusRows('m1')).map(({ receiverId, status }) => [receiverId, status])).toEqual([['bo', 3]]))
})
