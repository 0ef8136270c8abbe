import { createChatClient, type Point } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })

/** Who wrote each message, in order. @returns what the last report of delivery says */
async function deliver(authors: readonly string[]) {
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'ada'] })
  await client.start()
  const source = client.messages('c')
  source.subscribe(() => {})
  for (const [i, from] of authors.entries()) {
    wire.emit({ type: 'message', message: { conversationId: 'c', id: `m${i + 1}`, at: at(i + 1), from, localId: `l${i + 1}`, time: i, body: { kind: 'text', text: '' } } })
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(i + 1))
  }
  await vi.waitFor(() => {
    const { upTo, ranges } = wire.reports.findLast(({ kind }) => kind === 'delivered')!
    expect(ranges?.at(-1)?.to ?? upTo).toEqual(at(authors.length))
  })
  await client.dispose()
  const { upTo, ranges } = wire.reports.findLast(({ kind }) => kind === 'delivered')!
  return { upTo, ranges }
}

it.each([1, 7, 8, 40])('what arrives behind %i messages of mine joins what was delivered before them', async (mine) => {
  const report = await deliver(['ada', ...Array.from({ length: mine }, () => 'me'), 'ada'])
  expect(report).toEqual({ upTo: null, ranges: [{ from: at(1), to: at(mine + 2) }] })
})
