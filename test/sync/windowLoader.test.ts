import { createChatClient, type ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

it('a list that was asked to go elsewhere while it opened ends there, though the first page is read last', async () => {
  const inner = memoryStorage()
  let held: (() => void) | null = null
  let holdNext = false
  const storage: ChatStorage = {
    ...inner,
    get name() {
      return inner.name
    },
    async read(fn) {
      const isHeld = holdNext
      holdNext = false
      const result = await inner.read(fn)
      if (isHeld) await new Promise<void>((resolve) => (held = resolve))
      return result
    },
  }
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  for (let order = 1; order <= 150; order++) wire.emit({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
  await vi.waitFor(() => expect(client.getState().conversations[0]?.unread?.count).toBe(99), 5_000)
  const source = client.messages('c')
  holdNext = true
  source.subscribe(() => {})
  await client.openAt('c', 'newest')
  const last = () => source.getSnapshot().messages.at(-1)?.at?.order
  expect([last(), source.getSnapshot().hasNewer]).toEqual([150, false])
  await vi.waitFor(() => expect(held).not.toBeNull())
  held!()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([last(), source.getSnapshot().hasNewer]).toEqual([150, false])
  await client.dispose()
})
