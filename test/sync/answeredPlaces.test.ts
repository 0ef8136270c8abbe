import { createChatClient, type ChatClient, type ChatStorage, type Transport } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { at, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const members = ['me', 'ada'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))

async function start(storage: ChatStorage, wire: Transport): Promise<ChatClient> {
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  return client
}

function line(head: number, history: readonly number[]) {
  return Object.assign(scriptedTransport({ dense: false, inOrder: true, catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true }), {
    conversations: async () => ({ items: [{ id: 'c', kind: 'group' as const, head: at(head), members, rosterComplete: true }] }),
    history: vi.fn(async () => ({ messages: history.map((order) => text(order, order === 10 ? { from: 'me', localId: 'mine', id: 'm10' } : {})) as never, contiguousTo: null })),
  })
}

it('[RS13] what the answer to sending overtook is asked for, also by the page that comes after', async () => {
  const storage = memoryStorage()
  const wire = line(7, [7])
  const client = await start(storage, wire)
  wire.answer = async ({ localId }) => ({ localId, id: 'm10', at: at(10), time: 10 })
  await client.send('c', { body: { kind: 'text', text: 'ten' } })
  await vi.waitFor(async () => expect((await client.getMessage('c', 'm10'))?.at).toEqual(at(10)))
  // 8 and 9 were on their way when the page was closed.
  await client.dispose()
  const again = await start(storage, line(10, [7, 8, 9]))
  expect((await again.getMessage('c', 'm9'))?.at).toEqual(at(9))
  expect(again.getState().conversations[0]?.unread).toEqual({ count: 3, exact: true })
  // What was asked for is here: not again.
  await again.dispose()
  const third = line(10, [7, 8, 9])
  await start(storage, third)
  expect(third.history).not.toHaveBeenCalled()
})
