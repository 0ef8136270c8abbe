import { createChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { at, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

it('[RS16] what was read before it was known that the conversation is a direct one is told by its rules, once', async () => {
  const wire = scriptedTransport({ read: { direct: 'ranges', group: 'none' }, delivered: { direct: 'none', group: 'none' }, ownDeviceReports: false })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'message', message: text(1) })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm1')).not.toBeNull())
  await client.markRead([(await client.getMessage('c', 'm1'))!])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.reports).toEqual([])
  const tell = () => wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct', members: [], rosterComplete: true } })
  tell()
  await vi.waitFor(() => expect(wire.reports.map(({ kind, conversation, ranges }) => [kind, conversation.kind, ranges])).toEqual([['read', 'direct', [{ from: at(1), to: at(1) }]]]))
  tell()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.reports).toHaveLength(1)
})
