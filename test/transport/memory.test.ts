import { expect, it } from 'vitest'
import { memoryHub } from 'readback/transport/memory'

it('accepts, orders, distributes and remembers', async () => {
  const hub = memoryHub()
  await hub.ensureConversation({ id: 'c', kind: 'direct', members: ['ann', 'bob'] })
  const ann = hub.transport()
  const bob = hub.transport()
  const got: unknown[] = []
  bob.on((event) => got.push(event))
  const options = { token: async () => undefined, conversations: [] }
  await ann.connect({ ...options, userId: 'ann' })
  await bob.connect({ ...options, userId: 'bob' })
  const accepted = await ann.send({ localId: 'l1', conversation: { id: 'c', kind: 'direct' }, body: { kind: 'text', text: 'hi' } })
  expect(accepted.at).toEqual({ epoch: 0, order: 1, id: accepted.id })
  await Promise.resolve()
  expect(got).toContainEqual(expect.objectContaining({ type: 'message', message: expect.objectContaining({ id: accepted.id, from: 'ann' }) }))
  await bob.report({ conversation: { id: 'c', kind: 'direct' }, kind: 'read', visibility: 'published', upTo: accepted.at!, ranges: [], messages: [], ageMs: 0 })
  expect((await ann.readers!('c', accepted.id, { limit: 10 })).items).toEqual([{ userId: 'bob', kind: 'read', time: expect.any(Number) }])
  await hub.dispose()
})
