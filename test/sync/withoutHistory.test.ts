/** What a wire without history never brought, nobody can be asked for: no position and no stretch passes it. */
import { createChatClient, type Point, type TransportCapabilities, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { contextOf } from './contextOf.js'
import { at, MINUTE, POINT, RANGES, START, start, text, type Scene } from './oneReader.js'

type Caps = Partial<TransportCapabilities>
/** Positions, in a sequence that is not consecutive, in which nothing overtakes. */
const WIRE: Caps = { dense: false, inOrder: true, history: false, read: POINT, delivered: POINT }
const QUEUE: Caps = { ...WIRE, catchUp: 'queue' }
const NONE: Caps = { ...WIRE, catchUp: 'none', conversations: false, receiptsCatchUp: 'none' }
const CURSOR: Caps = { ...WIRE, catchUp: 'cursor' }

function tell({ wire }: Scene, head: Point | null): void {
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head } })
}

/** Back after an absence. */
async function comeBack({ wire, client }: Scene): Promise<void> {
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('offline'))
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
}

const count = ({ client }: Scene) => client.getState().conversations[0]?.unread
const told = (scene: Scene, ...orders: readonly number[]) => orders.map((order) => scene.isTold(order))

describe('a device without the beginning of a conversation', () => {
  it.each([['queue', QUEUE], ['none', NONE]] as const)('[RS44] [RS17] tells no position over it, and counts what is unread inexactly (%s)', async (_how, caps) => {
    const scene = await start(caps)
    await scene.bring(text(6), text(8))
    expect(count(scene)).toEqual({ count: 2, exact: false })
    await scene.read(6, 8)
    expect(told(scene, 5, 6, 8)).toEqual([false, false, false])
    expect(count(scene)).toEqual({ count: 0, exact: false })
    expect(scene.client.messages('c').getSnapshot().messages).toHaveLength(2)
  })

  it.each([['queue', QUEUE, false], ['none', NONE, false], ['cursor', CURSOR, true]] as const)('[RS13] does not say that nothing is unread of what the wire told of and did not bring (%s)', async (_how, caps, exact) => {
    const scene = await start(caps)
    tell(scene, at(5))
    await vi.waitFor(() => expect(count(scene)).toEqual({ count: 0, exact }))
    // Another device of mine had it all.
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(5) })
    await scene.bring(text(6))
    expect(count(scene)).toEqual({ count: 1, exact: true })
  })

  it.each([['queue', QUEUE], ['none', NONE], ['cursor', CURSOR]] as const)('[RS17] nor where the wire told how far it went (%s)', async (_how, caps) => {
    const scene = await start(caps)
    tell(scene, at(5))
    await scene.bring(text(6))
    expect(count(scene)).toEqual({ count: 1, exact: false })
    await scene.read(6)
    expect(told(scene, 5, 6)).toEqual([false, false])
  })

  it.each([['queue', QUEUE], ['none', NONE], ['cursor', CURSOR]] as const)('[RS44] [RS17] does where the wire told that there was nothing before (%s)', async (_how, caps) => {
    const scene = await start(caps)
    tell(scene, null)
    await scene.bring(text(6))
    expect(count(scene)).toEqual({ count: 1, exact: true })
    await scene.read(6)
    expect(told(scene, 6)).toEqual([true])
  })

  it.each([['queue', QUEUE], ['none', NONE], ['cursor', CURSOR]] as const)('[RS44] [RS17] does where another device of mine has told of all that was before (%s)', async (_how, caps) => {
    const scene = await start(caps)
    tell(scene, at(5))
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(5) })
    await scene.bring(text(6))
    await scene.read(6)
    expect(told(scene, 6)).toEqual([true])
  })

  it.each([['queue', QUEUE], ['none', NONE], ['cursor', CURSOR]] as const)('[RS17] does where its user joined behind it (%s)', async (_how, caps) => {
    const scene = await start(caps)
    tell(scene, at(5))
    const joined: TransportEvent = { type: 'member', conversationId: 'c', member: { userId: 'me', role: 'member', intervals: [{ joinedAt: at(6, 0, ''), leftAt: null }] } }
    scene.wire.emit(joined)
    await scene.bring(text(6), text(9))
    expect(count(scene)).toEqual({ count: 2, exact: true })
    await scene.read(6, 9)
    expect(told(scene, 9)).toEqual([true])
  })

  it('[RS44] [RS17] does where the wire with a cursor has brought all from the beginning', async () => {
    const scene = await start(CURSOR)
    tell(scene, at(6))
    await scene.bring(text(2), text(6), text(9))
    await scene.read(2, 6, 9)
    expect(told(scene, 9)).toEqual([true])
    expect(count(scene)).toEqual({ count: 0, exact: true })
  })

  it('[RS44] [RS17] knows by consecutive numbers what is missing', async () => {
    const whole = await start({ ...NONE, dense: true })
    await whole.bring(text(1), text(2))
    await whole.read(1, 2)
    expect(told(whole, 2)).toEqual([true])
    expect(count(whole)).toEqual({ count: 0, exact: true })
    const scene = await start({ ...NONE, dense: true })
    // Long before: no number is waited for so long.
    await scene.bring(text(2), text(3, { time: START + 60 * MINUTE }))
    await scene.read(2, 3)
    expect(told(scene, 1, 2)).toEqual([false, false])
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(1) })
    await vi.waitFor(() => expect(told(scene, 3)).toEqual([true]))
  })

  it('[RS17] knows no more of it for a message of mine that was answered before anything came', async () => {
    const scene = await start(QUEUE)
    scene.wire.answer = ({ localId }) => Promise.resolve({ localId, id: 'm7', at: at(7), time: START + 7 })
    await scene.client.send('c', { body: { kind: 'text', text: 'mine' } })
    await scene.bring(text(8))
    await scene.read(8)
    expect(told(scene, 8)).toEqual([false])
  })

  it('[RS17] nor after it was started again', async () => {
    const scene = await start(QUEUE)
    await scene.bring(text(6))
    await scene.client.dispose()
    const client = createChatClient({ userId: 'me', transport: scene.wire, storage: scene.storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
    onTestFinished(() => client.dispose())
    client.messages('c').subscribe(() => {})
    await client.start()
    scene.wire.emit({ type: 'message', message: text(8) })
    await vi.waitFor(() => expect(client.messages('c').getSnapshot().messages).toHaveLength(2))
    await client.markRead(client.messages('c').getSnapshot().messages)
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
    expect(told(scene, 6, 8)).toEqual([false, false])
  })
})

describe('a device that was away', () => {
  it('[RS44] [RS17] from a wire that keeps nothing tells no position over what was said meanwhile', async () => {
    const scene = await start(NONE)
    tell(scene, null)
    await scene.bring(text(1), text(2))
    await comeBack(scene)
    await scene.bring(text(6), text(7))
    expect(count(scene)).toEqual({ count: 4, exact: false })
    expect(scene.client.messages('c').getSnapshot().messages).toHaveLength(4)
    await scene.read(1, 2, 6, 7)
    expect(told(scene, 2, 6, 7)).toEqual([true, false, false])
  })

  it('[RS17] also where the page was closed before anything came', async () => {
    const scene = await start(NONE)
    tell(scene, null)
    await scene.bring(text(1), text(2))
    await comeBack(scene)
    await comeBack(scene)
    await scene.bring(text(6))
    await comeBack(scene)
    await scene.bring(text(7))
    await scene.read(1, 2, 6, 7)
    expect(told(scene, 2, 6)).toEqual([true, false])
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(6) })
    await vi.waitFor(async () => expect((await scene.storage.read((tx) => tx.readStates.getOwn('c')))?.acked.published.read.upTo).toEqual(at(6)))
    expect(told(scene, 7)).toEqual([false])
  })

  it('[RS13] and that was cleared may have missed something again with the next absence', async () => {
    const { wire, client, ...scene } = await start(NONE)
    // Nobody looks at this one.
    wire.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', head: null } })
    wire.emit({ type: 'message', message: text(1, { conversationId: 'd' }) })
    const unread = () => client.getState().conversations.find(({ id }) => id === 'd')?.unread
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: true }))
    await comeBack({ wire, client, ...scene })
    await vi.waitFor(() => expect(unread()).toEqual({ count: 1, exact: false }))
    await client.clearUnread('d')
    await vi.waitFor(() => expect(unread()).toEqual({ count: 0, exact: true }))
    await comeBack({ wire, client, ...scene })
    await vi.waitFor(() => expect(unread()).toEqual({ count: 0, exact: false }))
  })

  it.each([['none', NONE], ['queue', QUEUE]] as const)('[RS13] in which the wire told of a newest message behind the answer to one of mine: that never came (%s)', async (_how, caps) => {
    const scene = await start(caps)
    scene.wire.answer = async ({ localId }) => ({ localId, id: 'm3', at: at(3), time: START + 3 })
    await scene.client.send('c', { body: { kind: 'text', text: '3' } })
    await vi.waitFor(async () => expect((await scene.client.getMessage('c', 'm3'))?.at).toEqual(at(3)))
    tell(scene, at(5))
    await scene.bring(text(7))
    // Another device of mine has read as far as the answer.
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(3) })
    await vi.waitFor(async () => expect((await scene.storage.read((tx) => tx.readStates.getOwn('c')))?.synced.read.upTo).toEqual(at(3)))
    expect(count(scene)).toEqual({ count: 1, exact: false })
    await scene.read(7)
    expect(told(scene, 5, 7)).toEqual([false, false])
  })

  it('[RS17] does where the wire tells that nothing was said', async () => {
    const scene = await start(NONE)
    tell(scene, null)
    await scene.bring(text(1), text(2))
    await comeBack(scene)
    tell(scene, at(2))
    await scene.bring(text(6))
    expect(count(scene)).toEqual({ count: 3, exact: true })
    await scene.read(1, 2, 6)
    expect(told(scene, 6)).toEqual([true])
  })

  it('[RS17] not though a message of mine, answered meanwhile, is the newest that the wire tells of', async () => {
    const scene = await start(NONE)
    tell(scene, null)
    await scene.bring(text(1), text(2))
    let answer = () => {}
    scene.wire.answer = ({ localId }) => new Promise((resolve) => (answer = () => resolve({ localId, id: 'm9', at: at(9), time: START + 9 })))
    await scene.client.send('c', { body: { kind: 'text', text: 'mine' } })
    await vi.waitFor(() => expect(scene.wire.sent).toHaveLength(1))
    scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    answer()
    await vi.waitFor(async () => expect((await scene.storage.read((tx) => tx.messages.byId('c', 'm9')))?.at).toEqual(at(9)))
    scene.wire.emit({ type: 'state', state: { status: 'online' } })
    tell(scene, at(9))
    await scene.bring(text(10))
    await scene.read(1, 2, 10)
    expect(told(scene, 2, 6, 10)).toEqual([true, false, false])
  })

  it('[RS17] does on a wire that brings all since', async () => {
    for (const caps of [QUEUE, CURSOR]) {
      const scene = await start(caps)
      tell(scene, null)
      await scene.bring(text(1), text(2))
      await comeBack(scene)
      tell(scene, at(7))
      await scene.bring(text(6), text(7))
      await scene.read(1, 2, 6, 7)
      expect(told(scene, 7)).toEqual([true])
      expect(count(scene)).toEqual({ count: 0, exact: true })
    }
  })

  it('[RS17] by consecutive numbers only over those that are missing', async () => {
    const scene = await start({ ...NONE, dense: true })
    await scene.bring(text(1), text(2))
    await comeBack(scene)
    await scene.bring(text(3))
    await comeBack(scene)
    await scene.bring(text(5), text(9, { time: START + 60 * MINUTE }))
    await scene.read(1, 2, 3, 5, 9)
    expect(told(scene, 3, 4, 5)).toEqual([true, false, false])
  })

  it('[RS17] nor what may have been overtaken when it went, where messages do', async () => {
    const { inOrder: _inOrder, ...overtaking } = NONE
    const scene = await start(overtaking)
    tell(scene, null)
    await scene.bring(text(1), text(30, { time: START + 30 * MINUTE }), text(31, { time: START + 31 * MINUTE }))
    await comeBack(scene)
    await scene.bring(text(90, { time: START + 90 * MINUTE }), text(120, { from: 'me', time: START + 120 * MINUTE }))
    await scene.read(1, 30, 31, 90)
    expect(told(scene, 1, 30, 31)).toEqual([true, false, false])
  })
})

it('[RS18] no stretch is claimed over an absence', async () => {
  const scene = await start({ ...NONE, read: RANGES, delivered: RANGES })
  tell(scene, null)
  await scene.bring(text(1), text(3))
  await comeBack(scene)
  await scene.bring(text(6), text(8))
  await scene.read(1, 3, 6, 8)
  expect(told(scene, 1, 2, 3, 5, 6, 7, 8)).toEqual([true, true, true, false, true, true, true])
})

it.each([['queue', QUEUE], ['cursor', CURSOR]] as const)('[RS51] [RS18] no stretch is claimed over a time in which I was no member, which brings nothing (%s)', async (_how, caps) => {
  const scene = await start({ ...caps, read: RANGES, delivered: RANGES })
  tell(scene, null)
  await scene.bring(text(1), text(2))
  const away = [{ joinedAt: null, leftAt: at(4, 0, '') }, { joinedAt: at(7, 0, ''), leftAt: null }]
  for (const intervals of [away.slice(0, 1), away]) scene.wire.emit({ type: 'member', conversationId: 'c', member: { userId: 'me', role: 'member', intervals } })
  await scene.bring(text(8), text(9))
  await scene.read(1, 2, 8, 9)
  expect(told(scene, 1, 2, 5, 8, 9)).toEqual([true, true, false, true, true])
  const delivered = scene.wire.reports.filter(({ kind }) => kind === 'delivered').flatMap(({ ranges }) => ranges)
  expect(delivered.some(({ from, to }) => from.order < 5 && to.order > 5)).toBe(false)
})

it('[RS27] on a wire of single messages each is told, and counted, as ever', async () => {
  const scene = await start({ ...NONE, read: { direct: 'message', group: 'message' } })
  await scene.bring(text(6))
  await comeBack(scene)
  await scene.bring(text(8))
  expect(count(scene)).toEqual({ count: 2, exact: true })
  await scene.read(6, 8)
  expect(scene.wire.reports.filter(({ kind }) => kind === 'read').flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(['m6', 'm8'])
})

describe('a file', () => {
  const row = (order: number) => { const { id, ...rest } = text(order); return { message: { ...rest, ids: [id] } } }
  const file = (...orders: readonly number[]) => [{ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }, ...orders.map(row)].map((value) => `${JSON.stringify(value)}\n`).join('')

  it('[RS17] says nothing of what was said after it: before what comes next something may be missing', async () => {
    const scene = await start(QUEUE)
    await scene.client.importConversation(file(1, 3))
    await scene.bring(text(9))
    expect(count(scene)).toEqual({ count: 3, exact: false })
    await scene.read(1, 3, 9)
    expect(told(scene, 3, 9)).toEqual([true, false])
  })

  it('[RS17] brings what was missing at the beginning, and not what lies between it and what is here', async () => {
    const scene = await start(QUEUE)
    await scene.bring(text(6))
    await scene.client.importConversation(file(1, 5))
    await vi.waitFor(() => expect(scene.client.messages('c').getSnapshot().messages).toHaveLength(3))
    await scene.read(1, 5, 6)
    expect(told(scene, 5, 6)).toEqual([true, false])
    const dense = await start({ ...QUEUE, dense: true })
    await dense.bring(text(3))
    await dense.client.importConversation(file(1, 2))
    await vi.waitFor(() => expect(dense.client.messages('c').getSnapshot().messages).toHaveLength(3))
    expect(count(dense)).toEqual({ count: 3, exact: true })
    await dense.read(1, 2, 3)
    expect(told(dense, 3)).toEqual([true])
  })

  it('[RS17] says where history is missing that its device never had', async () => {
    const there = await start(QUEUE)
    await there.bring(text(6))
    const lines: string[] = []
    for await (const line of there.client.exportConversation('c')) lines.push(line)
    const scene = await start(QUEUE)
    await scene.client.importConversation(lines)
    await vi.waitFor(() => expect(scene.client.messages('c').getSnapshot().messages).toHaveLength(1))
    expect(count(scene)).toEqual({ count: 1, exact: false })
    await scene.read(6)
    expect(told(scene, 6)).toEqual([false])
  })
})

it.each([['queue', [{ after: at(9), before: at(12) }]], ['none', [{ after: at(3), before: at(6) }, { after: at(9), before: at(12) }]]] as const)('[RS17] of what was missed in a time in memory the database knows what was before (%s)', async (catchUp, expected) => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const [there, here] = [contextOf('me', database), contextOf('me', memory)].map((ctx) => ({ ...ctx, transport: { ...ctx.transport, capabilities: { ...ctx.transport.capabilities, ...WIRE, catchUp } } })) as [ReturnType<typeof contextOf>, ReturnType<typeof contextOf>]
  for (const [ctx, order] of [[there, 3], [here, 6]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    const { id, ...rest } = text(order)
    await ctx.storage.write((tx) => tx.messages.put([{ ...rest, ids: [id] }]))
  }
  await memory.write((tx) => tx.meta.put('neverCame c', { missing: [{ after: null, before: at(6) }, { after: at(9), before: at(12) }] }))
  await mergeRemembered(there, memory)
  expect(await database.read((tx) => tx.meta.get('neverCame c'))).toEqual({ missing: expected })
  expect(await database.read((tx) => tx.conversations.get('c'))).toMatchObject({ unread: { count: 2, exact: false } })
})

it.each([['torn'], [null], [{ missing: 'torn' }], [{ missing: [{ after: 5 }] }], [{ told: 5 }]])('[RS17] where what is noted of it is torn (%j), the next message goes on', async (value) => {
  const scene = await start(QUEUE)
  await scene.storage.write((tx) => tx.meta.put('neverCame c', value))
  await scene.bring(text(6))
  await scene.read(6)
  expect(scene.client.messages('c').getSnapshot().messages).toHaveLength(1)
})

it('[RS17] what a queue handed over while the database could not keep up is not handed over again: nothing passes it', async () => {
  const scene = await start(QUEUE)
  tell(scene, null)
  await scene.bring(text(1))
  await scene.read(1)
  const connect = vi.spyOn(scene.wire, 'connect')
  // What is stored of it is mine, and in the way of nothing.
  for (let n = 2; n <= 20_010; n += 1) scene.wire.emit({ type: 'message', message: text(n, n < 20_000 ? { from: 'me' } : {}) as never })
  await vi.waitFor(() => expect(connect).toHaveBeenCalled(), { timeout: 20_000 })
  await vi.waitFor(() => expect(scene.client.getState().connection.status).toBe('online'), { timeout: 20_000 })
  await scene.bring(text(30_000))
  await scene.read(30_000)
  expect(told(scene, 1, 20_001, 30_000)).toEqual([true, false, false])
}, 60_000)
