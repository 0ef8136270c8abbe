import { createChatClient, TransportError } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

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
