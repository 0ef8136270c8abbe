import { createChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { expect, it, vi } from 'vitest'

it('a row that is recalled by now is not taken off the count again when it is read as it was before', async () => {
  const hub = memoryHub()
  await hub.ensureConversation({ id: 'team', kind: 'group', members: ['ann', 'bob'] })
  const ann = hub.transport()
  await ann.connect({ userId: 'ann', token: async () => undefined, conversations: [] })
  const bob = createChatClient({ userId: 'bob', transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  const source = bob.messages('team')
  source.subscribe(() => {})
  await bob.start()
  const [stale] = [await hub.post({ conversationId: 'team', from: 'ann', body: 'one' }), await hub.post({ conversationId: 'team', from: 'ann', body: 'two' })]
  const unread = () => bob.getState().conversations.find(({ id }) => id === 'team')?.unread
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(2))
  const before = source.getSnapshot().messages[0]!
  await ann.recall!('team', stale.id)
  await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
  await bob.markRead([before])
  expect(unread()).toEqual({ count: 1, exact: true })
  await Promise.all([bob.dispose(), hub.dispose()])
})
