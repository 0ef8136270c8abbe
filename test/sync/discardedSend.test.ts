import { createChatClient, TransportError } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'
import { incoming } from './storedWorld.js'

it('[I23] a message that is taken back while it is under way, and then refused, leaves nothing that waits for ever', async () => {
  const wire = scriptedTransport()
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  let refuse = () => {}
  wire.answer = () => new Promise((_, reject) => {
    refuse = () => reject(new TransportError('transport/refused', 'You are no member.', { stored: 'no', retry: 'no' }))
  })
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  await client.send('c', { body: { kind: 'text', text: 'no, wait' } })
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  await client.discard('c', wire.sent[0]!.localId)
  refuse()
  // What is sent next goes out behind the refusal.
  wire.answer = async ({ localId }) => ({ localId, id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, time: 1 })
  await client.send('c', { body: { kind: 'text', text: 'what I meant' } })
  await vi.waitFor(() => expect(wire.sent).toHaveLength(2))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.list())).toEqual([]))
})

it('a message that was taken back leaves its conversation where it stood in the list', async () => {
  const wire = scriptedTransport()
  wire.answer = () => new Promise(() => {})
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  const last = () => { const { lastActivityAt, lastMessage } = client.getState().conversations[0]!; return [lastActivityAt, lastMessage?.time] }
  await client.discard('c', await client.send('c', { body: { kind: 'text', text: 'the first' } }))
  expect(last()).toEqual([0, undefined])
  wire.emit({ type: 'message', message: incoming(7) })
  await vi.waitFor(() => expect(last()).toEqual([7, 7]))
  const localId = await client.send('c', { body: { kind: 'text', text: 'no, wait' } })
  expect(last()[0]).toBeGreaterThan(7)
  await client.discard('c', localId)
  expect(last()).toEqual([7, 7])
})
