import { expect, it } from 'vitest'
import { memoryHub } from 'readback/transport/memory'
import { createFakeClock } from 'readback/testing'
import { annAndBob, connect, DIRECT, draft, record } from './hubHarness.js'

it('seeds twenty thousand messages at once, and only once', async () => {
  const hub = memoryHub({ clock: createFakeClock() })
  const messages = Array.from({ length: 20_000 }, (_, n) => ({ from: n % 3 === 0 ? 'ann' : 'bob', body: `m${n}`, time: n }))
  await hub.seed({ conversation: { ...DIRECT, members: ['ann', 'bob'] }, messages })
  await hub.seed({ conversation: { ...DIRECT, members: ['ann', 'bob'] }, messages })
  const log = hub.log('c')
  expect(log).toHaveLength(20_000)
  expect(log[19_999]).toMatchObject({ from: 'bob', body: { kind: 'text', text: 'm19999' }, time: 19_999, at: { epoch: 0, order: 20_000 } })
  expect(new Set(log.map((message) => message.id)).size).toBe(20_000)
})

it('a first connect gives the newest messages and says that there are more', async () => {
  const { hub, clock } = await annAndBob({ backfill: 3 })
  for (let n = 0; n < 10; n += 1) await hub.post({ from: 'ann', conversationId: 'c', body: `m${n}` })
  const bob = await connect(hub, 'bob')
  await clock.advanceAsync(0)
  expect(bob.of('message').map(({ message }) => message.at.order)).toEqual([8, 9, 10])
  expect(bob.of('gap')).toEqual([{ type: 'gap', conversationId: 'c', after: null, before: hub.log('c')[7]!.at }])
})

it('who missed too much gets a gap between what they have and the newest', async () => {
  const { hub, clock } = await annAndBob({ backfill: 2, replayLimit: 5 })
  const bob = await connect(hub, 'bob')
  await hub.post({ from: 'ann', conversationId: 'c', body: 'seen' })
  await clock.advanceAsync(0)
  await bob.transport.close()
  for (let n = 0; n < 6; n += 1) await hub.post({ from: 'ann', conversationId: 'c', body: `m${n}` })
  const later = await connect(hub, 'bob', bob.of('cursor').at(-1)!.cursor)
  await clock.advanceAsync(0)
  const log = hub.log('c')
  expect(later.of('gap')).toEqual([{ type: 'gap', conversationId: 'c', after: log[0]!.at, before: log[5]!.at }])
  expect(later.of('message').map(({ message }) => message.at.order)).toEqual([6, 7])
  const page = await later.transport.history!('c', { after: log[0]!.at, limit: 10 })
  expect(page.messages.map((message) => message.at.order)).toEqual([2, 3, 4, 5, 6, 7])
})

it('a hub that was emptied goes beyond the epoch that a device has seen, so that nothing new is born read', async () => {
  const first = await annAndBob()
  const ann = await connect(first.hub, 'ann')
  for (let n = 0; n < 5; n += 1) await ann.transport.send(draft(`m${n}`))
  await first.clock.advanceAsync(0)
  await first.hub.post({ from: 'bob', conversationId: 'c', body: 'last' })
  await first.clock.advanceAsync(0)
  const second = memoryHub({ clock: createFakeClock() })
  const transport = second.transport()
  const events = record(transport)
  await transport.connect({ userId: 'ann', token: async () => undefined, conversations: [{ ...DIRECT, members: ['ann', 'bob'] }], since: ann.of('cursor').at(-1)!.cursor })
  expect((await transport.send(draft('new'))).at).toMatchObject({ epoch: 1, order: 1 })
  expect(events).toContainEqual({ type: 'reset', conversationId: 'c', epoch: 1 })
})

it('[F43] a hub that lost its tail forgets the messages, and takes them again', async () => {
  const { hub } = await annAndBob()
  const ann = await connect(hub, 'ann')
  const kept = await ann.transport.send(draft('kept', 'l1'))
  await ann.transport.send(draft('lost', 'l2'))
  await hub.reset('c', { loseLast: 1 })
  expect(hub.log('c').map((message) => message.id)).toEqual([kept.id])
  expect(await ann.transport.send(draft('lost', 'l2'))).toMatchObject({ at: { epoch: 1, order: 1 } })
  expect(await ann.transport.send(draft('kept', 'l1'))).toMatchObject({ at: kept.at, repeat: true })
})

it('who joins later is a member from the next message on', async () => {
  const { hub, clock } = await annAndBob()
  await hub.post({ from: 'ann', conversationId: 'c', body: 'before' })
  const cat = await connect(hub, 'cat')
  await hub.ensureConversation({ ...DIRECT, members: ['ann', 'bob', 'cat'] })
  await hub.post({ from: 'ann', conversationId: 'c', body: 'after' })
  await clock.advanceAsync(0)
  expect(cat.of('conversation')[0]!.conversation.members?.find(({ userId }) => userId === 'cat')?.intervals).toEqual([{ joinedAt: { epoch: 0, order: 2, id: '' }, leftAt: null }])
  expect(cat.of('gap')).toEqual([{ type: 'gap', conversationId: 'c', after: null, before: { epoch: 0, order: 2, id: '' } }])
  expect(cat.of('message').map(({ message }) => message.at.order)).toEqual([2])
  await hub.removeMember('c', 'cat')
  await clock.advanceAsync(0)
  expect(cat.of('member').at(-1)!.member.intervals).toEqual([{ joinedAt: { epoch: 0, order: 2, id: '' }, leftAt: { epoch: 0, order: 3, id: '' } }])
})

it('receipts of many at once are one delivery', async () => {
  const hub = memoryHub({ clock: createFakeClock() })
  const readers = Array.from({ length: 499 }, (_, n) => `u${n}`)
  await hub.ensureConversation({ id: 'g', kind: 'group', members: ['ann', ...readers] })
  const ann = await connect(hub, 'ann')
  const { id } = await hub.post({ from: 'ann', conversationId: 'g', body: 'to all' })
  await hub.receipt(readers.map((by) => ({ by, conversationId: 'g' })))
  await Promise.resolve()
  expect(ann.of('receipt')).toHaveLength(499)
  const found: string[] = []
  for (let cursor: string | undefined = '0'; cursor !== undefined;) {
    const page: { items: readonly { userId: string }[]; next?: string } = await ann.transport.readers!('g', id, { limit: 100, cursor })
    found.push(...page.items.map((reader) => reader.userId))
    cursor = page.next
  }
  expect(found.sort()).toEqual(readers.sort())
})

it('a token that is not accepted is asked for again, and then the app is told', async () => {
  const hub = memoryHub({ clock: createFakeClock(), accepts: (_userId, token) => token === 'good' })
  const asked: string[] = []
  const renewing = hub.transport()
  await renewing.connect({ userId: 'ann', conversations: [], token: async (reason) => (asked.push(reason), reason === 'expired' ? 'good' : 'old') })
  expect(asked).toEqual(['connect', 'expired'])
  const transport = hub.transport()
  const events = record(transport)
  await expect(transport.connect({ userId: 'eve', conversations: [], token: async () => 'bad' })).rejects.toMatchObject({ code: 'transport/unauthorized', stored: 'no', retry: 'no' })
  await Promise.resolve()
  expect(events.at(-1)).toEqual({ type: 'state', state: { status: 'offline', reason: 'unauthorized' } })
})

it('a listener that throws keeps nothing from the others, and is not hidden', async () => {
  const { hub, clock } = await annAndBob()
  const bob = hub.transport()
  const thrown: unknown[] = []
  const catcher = (error: unknown) => thrown.push(error)
  bob.on((event) => { if (event.type === 'message') throw new Error('broken listener') })
  const events = record(bob)
  await bob.connect({ userId: 'bob', token: async () => undefined, conversations: [] })
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', catcher)
  await hub.post({ from: 'ann', conversationId: 'c', body: 'one' })
  await clock.advanceAsync(0)
  await new Promise((resolve) => setTimeout(resolve, 5))
  process.removeAllListeners('uncaughtException')
  for (const other of others) process.on('uncaughtException', other)
  expect(events.some((event) => event.type === 'message')).toBe(true)
  expect(thrown.map(String)).toEqual(['Error: broken listener'])
})

it('a small file becomes a data URL, and a large one is refused', async () => {
  const { hub } = await annAndBob()
  const ann = await connect(hub, 'ann')
  const options = { signal: new AbortController().signal, onProgress: () => {} }
  expect(await ann.transport.upload!(new Blob(['hi'], { type: 'text/plain' }), options)).toEqual({ url: 'data:text/plain;base64,aGk=', mime: 'text/plain', sizeBytes: 2 })
  await expect(ann.transport.upload!(new Blob([new Uint8Array(5 * 1024 * 1024 + 1)]), options)).rejects.toMatchObject({ code: 'transport/tooLarge' })
})

it('nothing is left running after dispose', async () => {
  const { hub, clock } = await annAndBob()
  hub.addBot({ userId: 'bob' })
  const ann = await connect(hub, 'ann')
  await ann.transport.send(draft('one'))
  await hub.dispose()
  expect(clock.pending).toBe(0)
  await expect(hub.post({ from: 'ann', conversationId: 'c', body: 'two' })).rejects.toMatchObject({ code: 'transport/closed' })
})

it('the first and the last page of history say that nothing is beyond them', async () => {
  const { hub } = await annAndBob()
  for (let n = 0; n < 4; n += 1) await hub.post({ from: 'ann', conversationId: 'c', body: `m${n}` })
  const { history } = (await connect(hub, 'ann')).transport
  const [first, second, third, last] = hub.log('c').map((message) => message.at)
  expect((await history!('c', { limit: 2 })).contiguousTo).toEqual(third)
  expect((await history!('c', { limit: 2, before: third! })).contiguousTo).toBeNull()
  expect((await history!('c', { limit: 2, after: first! })).contiguousTo).toEqual(third)
  expect((await history!('c', { limit: 2, after: second! })).contiguousTo).toBeNull()
  expect((await history!('c', { limit: 2, after: last! }))).toEqual({ messages: [], contiguousTo: null })
})

it('connecting, closing and connecting again in one breath is one connection', async () => {
  const { hub, clock } = await annAndBob()
  const transport = hub.transport()
  const events = record(transport)
  const options = { userId: 'ann', token: async () => undefined, conversations: [] }
  const first = transport.connect(options).catch((error: unknown) => error)
  await transport.close()
  const second = transport.connect(options)
  expect(await first).toMatchObject({ code: 'transport/offline', stored: 'no' })
  await second
  await hub.post({ from: 'bob', conversationId: 'c', body: 'one' })
  await clock.advanceAsync(0)
  expect(events.filter((event) => event.type === 'message')).toHaveLength(1)
  expect(events.filter((event) => event.type === 'state')).toHaveLength(2)
  await expect(transport.connect(options)).rejects.toMatchObject({ code: 'transport/connected' })
})

it('two connects of one object in one turn dial once', async () => {
  const { hub } = await annAndBob()
  const transport = hub.transport()
  const events = record(transport)
  const options = { userId: 'ann', token: async () => undefined, conversations: [] }
  transport.connect(options).catch(() => {})
  void transport.close()
  await transport.connect(options)
  await Promise.resolve()
  expect(events.filter((event) => event.type === 'state').map((event) => event.state.status)).toEqual(['connecting', 'online'])
})

it('my typing is not told to my other device, and a second device does not come online again', async () => {
  const { hub, clock } = await annAndBob()
  const [bob, phone] = [await connect(hub, 'bob'), await connect(hub, 'ann')]
  const laptop = await connect(hub, 'ann')
  await phone.transport.typing!('c', true)
  await clock.advanceAsync(0)
  expect(bob.of('typing')).toEqual([{ type: 'typing', conversationId: 'c', by: 'ann', on: true }])
  expect(laptop.of('typing')).toEqual([])
  await phone.transport.close()
  await clock.advanceAsync(0)
  expect(bob.of('presence')).toEqual([{ type: 'presence', userId: 'ann', presence: 'online' }])
  await laptop.transport.close()
  await clock.advanceAsync(0)
  expect(bob.of('presence').map(({ presence }) => presence)).toEqual(['online', 'offline'])
})

it('a receipt that also says what another device told before bears no time from before the last of that was sent', async () => {
  const { hub, clock } = await annAndBob()
  const ann = await connect(hub, 'ann')
  const { at: first } = await hub.post({ from: 'ann', conversationId: 'c', body: 'first' })
  await clock.advanceAsync(60_000)
  const { at: second, time } = await hub.post({ from: 'ann', conversationId: 'c', body: 'second' })
  await clock.advanceAsync(1_000)
  await hub.receipt({ by: 'bob', conversationId: 'c', upTo: null, ranges: [{ from: second, to: second }] })
  // Read on another device a minute ago, which was offline.
  await hub.receipt({ by: 'bob', conversationId: 'c', upTo: null, ranges: [{ from: first, to: first }], ageMs: 60_500 })
  await clock.advanceAsync(0)
  expect(ann.of('receipt').map((receipt) => ({ last: receipt.ranges!.at(-1)!.to.order, isAfter: receipt.time! >= time }))).toEqual([{ last: 2, isAfter: true }, { last: 2, isAfter: true }])
})

it('a call for the token that fails because the app closes the connection in it bothers nobody', async () => {
  const { hub, clock } = await annAndBob()
  const transport = hub.transport()
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const connecting = transport.connect({
    userId: 'bob',
    conversations: [],
    token: () => {
      void transport.close()
      return Promise.reject(new Error('signed out'))
    },
  })
  await expect(Promise.all([connecting, clock.advanceAsync(1_000)])).rejects.toMatchObject({ code: expect.stringMatching(/^transport\//) })
  await new Promise((resolve) => setTimeout(resolve, 0))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

it('a body that cannot be measured is refused for good, not tried again for ever', async () => {
  const { hub } = await annAndBob({ limits: { bodyBytes: 1_000 } })
  const ann = await connect(hub, 'ann')
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  for (const data of [circle, 1n]) {
    await expect(ann.transport.send({ ...draft('x'), body: { kind: 'custom', type: 'x', data } })).rejects.toMatchObject({ code: 'transport/invalid', stored: 'no', retry: 'no' })
  }
})
