/** What a wire's list of conversations does not say: one that it names no more, and a list that it refuses. */
import { createChatClient, TransportError, type HistoryQuery } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { at, POINT, SPARSE, start, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: { dispose(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))
const member = (userId: string, intervals: readonly object[] = [{ joinedAt: null, leftAt: null }]) => ({ userId, role: 'member', intervals }) as never
const WIRE = { inOrder: true, catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true, members: false } as const

it('[RS43] [RS17] [RS18] a conversation that the wire names no more is asked for by nobody: who is let in again misses what was said before', async () => {
  let isListed = true
  const log = [10, 11, 12]
  const asked: HistoryQuery[] = []
  const scene = await start({ ...SPARSE, ...WIRE }, {
    conversations: async () => ({ items: isListed ? [{ id: 'c', kind: 'group' as const, head: at(10), members: ['me', 'ada', 'bo'].map((id) => member(id)), rosterComplete: true }] : [] }),
    async history(_id, query) {
      asked.push(query)
      return { messages: (isListed ? [10] : log).map((order) => text(order)), contiguousTo: null }
    },
  })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm10')).not.toBeNull())
  isListed = false
  asked.length = 0
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(asked).toEqual([])
  const mine = member('me', [{ joinedAt: null, leftAt: at(13, 0, '') }, { joinedAt: at(20, 0, ''), leftAt: null }])
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: at(13), members: [mine, member('ada'), member('bo')], rosterComplete: true } })
  scene.wire.emit({ type: 'message', message: text(21) as never })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm21')).not.toBeNull())
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(10), before: at(21) }])
  await scene.client.markRead((await Promise.all(['m10', 'm21'].map((id) => scene.client.getMessage('c', id)))).map((row) => row!))
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect([10, 11, 21].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

it('[RS43] [RS17] of a list that is refused for good nobody believes that it names all that there is', async () => {
  const wire = Object.assign(scriptedTransport({ ...WIRE, dense: false, read: POINT, delivered: POINT }), {
    conversations: async () => { throw new TransportError('transport/forbidden', 'Not to you.', { stored: 'no', retry: 'no' }) },
    history: async () => ({ messages: Array.from({ length: 50 }, (_, n) => text(52 + n)), contiguousTo: at(52) }),
  })
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire as never, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  wire.emit({ type: 'message', message: text(101) as never })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm101')).not.toBeNull())
  expect(await storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: null, before: at(101) }])
  await client.markRead([(await client.getMessage('c', 'm101'))!])
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(wire.reports.filter(({ kind, visibility, upTo }) => kind === 'read' && visibility === 'published' && upTo !== null)).toEqual([])
})
