import { createChatClient, type Accepted } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { expect, it, vi } from 'vitest'
import { SEND_TIMEOUT_MS } from '../../src/sync/outbox.js'
import { scriptedTransport } from './scriptedTransport.js'

it('[F52] a call that never settles is tried again, and what waits behind it goes out', async () => {
  const clock = createFakeClock()
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { clock, locks: null, openChannel: () => null } })
  void client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const answer = wire.answer
  wire.answer = () => new Promise<Accepted>(() => {})
  const first = await client.send('c', { body: { kind: 'text', text: 'first' } })
  const second = await client.send('c', { body: { kind: 'text', text: 'second' } })
  await vi.waitFor(() => expect(wire.sent.map(({ localId }) => localId)).toEqual([first]))
  wire.answer = answer
  await vi.waitFor(() => {
    clock.advance(SEND_TIMEOUT_MS)
    expect(wire.sent.map(({ localId }) => localId)).toEqual([first, first, second])
  })
  await client.dispose()
})
