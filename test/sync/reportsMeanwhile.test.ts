/** What happens to a report while another one is under way: receipts are switched off, or that one is refused. */
import { createChatClient, TransportError, type Report } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { at, SPARSE, start, text, type Scene } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const pause = (ms = 150) => new Promise((resolve) => setTimeout(resolve, ms))
const rowsOf = ({ storage }: Scene, conversationId: string) => storage.read((tx) => tx.messages.page({ conversationId, limit: 10 }))

/** A wire that answers what is told of reading when it is let. */
async function scene(changes: Parameters<typeof start>[0] = {}) {
  const waiting: { readonly given: Report; answer(): void; refuse(): void }[] = []
  const told: Report[] = []
  const refused = new TransportError('transport/receiptExpired', 'too late', { stored: 'no', retry: 'no' })
  const report = (given: Report): Promise<void> => {
    if (given.kind !== 'read') return Promise.resolve()
    told.push(given)
    return new Promise((resolve, reject) => waiting.push({ given, answer: resolve, refuse: () => reject(refused) }))
  }
  const here = await start({ ...SPARSE, inOrder: true, ...changes }, { report })
  return {
    ...here, told,
    published: () => told.filter(({ visibility }) => visibility === 'published'),
    async answerAll() {
      for (let n = 0; n < 5; n += 1) {
        for (const each of waiting.splice(0)) each.answer()
        await pause()
      }
    },
    refuse() {
      const [each] = waiting.splice(waiting.findIndex(({ given }) => given.visibility === 'published'), 1)
      each!.refuse()
    },
    async bringTo(conversationId: string, id: string) {
      const members = ['me', 'ada'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))
      here.wire.emit({ type: 'conversation', conversation: { id: conversationId, kind: 'group', members, rosterComplete: true } })
      here.wire.emit({ type: 'message', message: text(1, { conversationId, id, at: at(1, 0, id) }) as never })
      await vi.waitFor(async () => expect(await rowsOf(here, conversationId)).toHaveLength(1))
    },
  }
}

it('[RS15] [RD7] what waits for room is not told any more once receipts are switched off', async () => {
  const here = await scene()
  for (const id of ['d', 'e', 'f']) await here.bringTo(id, id.repeat(30_000))
  await here.client.markRead((await Promise.all(['d', 'e', 'f'].map((id) => rowsOf(here, id)))).flat())
  await vi.waitFor(() => expect(here.published()).toHaveLength(1))
  await pause()
  await here.client.setReceipts('off')
  await here.answerAll()
  expect(here.published().map(({ conversation }) => conversation.id)).toEqual(['d'])
  // My own devices are told all the same.
  expect(here.told.filter(({ visibility }) => visibility === 'ownDevices').map(({ conversation }) => conversation.id)).toEqual(expect.arrayContaining(['e', 'f']))
})

it('[RD7] what waits for room says what there is to tell when there is some', async () => {
  const here = await scene()
  await here.bringTo('d', 'd'.repeat(30_000))
  await here.bringTo('e', 'e'.repeat(30_000))
  await here.client.markRead([...(await rowsOf(here, 'd')), ...(await rowsOf(here, 'e'))])
  await vi.waitFor(() => expect(here.published()).toHaveLength(1))
  here.wire.emit({ type: 'message', message: text(2, { conversationId: 'e' }) as never })
  await vi.waitFor(async () => expect(await rowsOf(here, 'e')).toHaveLength(2))
  await here.client.markRead((await rowsOf(here, 'e')).slice(1))
  await here.answerAll()
  expect(here.published().map(({ conversation, ranges }) => [conversation.id, ranges.at(-1)!.to.order])).toEqual([['d', 1], ['e', 2]])
  expect(await here.storage.read((tx) => tx.outbox.list({ lane: 'receipt' }))).toEqual([])
})

it('[RS34] [RS15] what waited to be said when receipts were switched off is not said when they are on again, behind one that was under way all the time', async () => {
  const here = await scene({ receiptContent: true })
  await here.bring(text(1), text(2))
  const [one, two] = await rowsOf(here, 'c')
  await here.client.markRead([one!], 'read', { content: 'first' })
  await here.client.markRead([two!], 'read', { content: 'second' })
  await vi.waitFor(() => expect(here.published().map(({ content }) => content)).toEqual(['first']))
  await here.client.setReceipts('off')
  await here.client.setReceipts('public')
  await here.answerAll()
  expect(here.published().map(({ content }) => content)).toEqual(['first'])
})

it('[RS19] what is read while a report is under way is not refused with it', async () => {
  const here = await scene()
  await here.bring(text(1), text(2))
  const [one, two] = await rowsOf(here, 'c')
  await here.client.markRead([one!])
  await vi.waitFor(() => expect(here.published()).toHaveLength(1))
  await here.client.markRead([two!])
  here.refuse()
  await vi.waitFor(() => expect(here.published().map(({ ranges }) => ranges.at(-1)!.to.order)).toEqual([1, 2]))
  // Refused again, with nothing new, it is not tried any more.
  here.refuse()
  await here.answerAll()
  expect(here.published()).toHaveLength(2)
  expect(await here.storage.read((tx) => tx.outbox.list({ lane: 'receipt' }))).toEqual([])
})

it('[RS19] [RS27] what came too late keeps nothing that stands behind it from being told, however much of it there is', async () => {
  const named: number[] = []
  const report = async ({ kind, visibility, messages }: Report): Promise<void> => {
    if (kind !== 'read' || visibility !== 'published') return
    if (messages.some(({ at }) => at.order < 5)) throw new TransportError('transport/receiptExpired', 'too late', { stored: 'no', retry: 'no' })
    named.push(...messages.map(({ at }) => at.order))
  }
  const message = { direct: 'message', group: 'message' } as const
  const here = await start({ dense: true, read: message, delivered: message, limits: { reportBatch: 2 } }, { report })
  await here.bring(...[1, 2, 3, 4, 5].map((order) => text(order)))
  await here.read(1, 2, 3, 4, 5)
  expect(named).toEqual([5])
  await here.bring(text(6))
  await here.read(6)
  expect(named).toEqual([5, 6])
})

it.each([[[1], 6], [[4], 6], [[6], 6], [[2, 3], 6], [[1, 2, 3, 4, 5, 6], 6], [[5], 9]])('[RS27] a message that the wire does not know any more keeps no other from being told: %j of %i', async (unknown, all) => {
  const named: number[] = []
  let asked = 0
  const report = async ({ kind, visibility, messages }: Report): Promise<void> => {
    if (kind !== 'read' || visibility !== 'published') return
    asked += 1
    if (messages.some(({ at }) => unknown.includes(at.order))) throw new TransportError('transport/notFound', 'no such message', { stored: 'no', retry: 'no' })
    named.push(...messages.map(({ at }) => at.order))
  }
  const message = { direct: 'message', group: 'message' } as const
  const here = await start({ dense: true, read: message, delivered: message, limits: { reportBatch: 6 } }, { report })
  const orders = Array.from({ length: all }, (_, n) => n + 1)
  await here.bring(...orders.map((order) => text(order)))
  await here.read(...orders)
  expect(named).toEqual(orders.filter((order) => !unknown.includes(order)))
  await here.bring(text(10))
  const before = asked
  await here.read(10)
  expect([named.at(-1), asked - before]).toEqual([10, 1])
})

it.each([[[]], [[0]], [[0, 1, 2]], [[63]], [[0, 32]]])('[RS27] [RD10] a wire that knows none of sixty-four messages but %j is asked once about each, and a few times more', async (known: readonly number[]) => {
  const named: number[] = []
  let asked = 0
  const report = async ({ kind, visibility, messages }: Report): Promise<void> => {
    if (kind !== 'read' || visibility !== 'published') return
    asked += 1
    if (messages.some(({ at }) => !known.includes(at.order - 1))) throw new TransportError('transport/notFound', 'no such message', { stored: 'no', retry: 'no' })
    named.push(...messages.map(({ at }) => at.order - 1))
  }
  const message = { direct: 'message', group: 'message' } as const
  const here = await start({ dense: true, read: message, delivered: message, limits: { reportBatch: 50 } }, { report })
  const orders = Array.from({ length: 64 }, (_, n) => n + 1)
  await here.bring(...orders.map((order) => text(order)))
  await here.read(...orders)
  await vi.waitFor(async () => expect(await here.storage.read((tx) => tx.outbox.list({ lane: 'receipt' }))).toEqual([]), 25_000)
  expect(named).toEqual(known)
  expect(asked).toBeLessThanOrEqual(64 + 20)
})

it('[RS27] whom the wire lets tell nothing there is refused once, whatever is named', async () => {
  let asked = 0
  const report = async ({ kind, visibility }: Report): Promise<void> => {
    if (kind !== 'read' || visibility !== 'published') return
    asked += 1
    throw new TransportError('transport/forbidden', 'not a member', { stored: 'no', retry: 'no' })
  }
  const message = { direct: 'message', group: 'message' } as const
  const here = await start({ dense: true, read: message, delivered: message }, { report })
  await here.bring(...[1, 2, 3].map((order) => text(order)))
  await here.read(1, 2, 3)
  expect(asked).toBe(1)
})

it('[RS27] a message that the wire does not know keeps no other from being told where it takes long to say so', async () => {
  const clock = createFakeClock()
  const named: number[] = []
  const report = async ({ kind, messages }: Report): Promise<void> => {
    if (kind !== 'read') return
    await new Promise<void>((resolve) => clock.setTimer(resolve, 6_000))
    if (messages.some(({ at }) => at.order === 1)) throw new TransportError('transport/notFound', 'no such message', { stored: 'no', retry: 'no' })
    named.push(...messages.map(({ at }) => at.order))
  }
  const message = { direct: 'message', group: 'message' } as const
  const wire = Object.assign(scriptedTransport({ dense: true, read: message, delivered: message, ownDeviceReports: false }), { report })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null, clock } })
  onTestFinished(() => client.dispose())
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n += 1) {
      await clock.advanceAsync(1_000)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  }
  void client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  await pass(2)
  const orders = Array.from({ length: 100 }, (_, n) => n + 1)
  for (const order of orders) wire.emit({ type: 'message', message: text(order) as never })
  await pass(2)
  await client.markRead((await Promise.all(orders.map((order) => client.getMessage('c', `m${order}`)))).flatMap((found) => found ?? []))
  await pass(300)
  expect(named).toEqual(orders.slice(1))
})
