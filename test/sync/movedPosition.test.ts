/** A position moves when what stood in its way is gone, though nobody reads anything more on this device. */
import { describe, expect, it, vi } from 'vitest'
import type { TransportEvent } from 'readback/core'
import { at, LATER, MINUTE, POINT, SPARSE, START, start, text, type Scene } from './oneReader.js'

const DENSE_POINT = { dense: true, read: POINT, delivered: POINT, viewed: POINT }
const POSITIONS = { ...SPARSE, read: POINT, delivered: POINT }

describe('a wire that knows only a position', () => {
  it('[RS17] hears of all that was read, once another device of mine has read what lay between', async () => {
    const { wire, bring, read, isTold } = await start(DENSE_POINT)
    await bring(text(1), text(2), text(3))
    await read(1, 3)
    expect([isTold(1), isTold(2)]).toEqual([true, false])
    wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(2) })
    await vi.waitFor(() => expect(isTold(3)).toBe(true))
  })

  it.each([['one by one', 'perMessage'], ['with everything before it', 'upTo']] as const)('[RS17] names nothing that was said before its reader joined, or while they were away, where it is read %s', async (_title, group) => {
    const { wire, bring, read } = await start({ ...POSITIONS, inOrder: true }, {}, { readMode: { direct: 'upTo', group } })
    const intervals = [{ joinedAt: at(3, 0, ''), leftAt: at(13, 0, '') }, { joinedAt: at(20, 0, ''), leftAt: null }]
    wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [{ userId: 'me', role: 'member', intervals }, { userId: 'ada', role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }], rosterComplete: true } })
    await bring(text(1), text(5), text(15), text(21))
    await read(5, 21)
    const named = () => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published').flatMap(({ messages }) => messages.map(({ id }) => id))
    expect(named().toSorted()).toEqual(['m21', 'm5'])
  })

  it('[RS46] [RS17] [RD14] but nothing past a message that no list could show: it is here, and unread', async () => {
    const { bring, read, isTold } = await start(DENSE_POINT)
    await bring(text(1), text(2, { body: { kind: 'hologram', watts: 4 } }), text(3))
    await read(1, 3)
    expect([1, 2, 3].map((order) => isTold(order))).toEqual([true, false, false])
    await read(2)
    expect([1, 2, 3].map((order) => isTold(order))).toEqual([true, true, true])
  })

  it('[RS17] once an unread message in between was recalled', async () => {
    const { wire, bring, read, isTold } = await start(DENSE_POINT)
    await bring(text(1), text(2), text(3))
    await read(1, 3)
    wire.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: 5 })
    await vi.waitFor(() => expect(isTold(3)).toBe(true))
  })

  it('[RS39] [RS17] once history that was missing has come, and nothing in it is unread', async () => {
    const history = vi.fn(async () => ({ messages: [text(2, { from: 'me' })], contiguousTo: null }))
    const { client, wire, storage, bring, read, isTold } = await start({ ...POSITIONS, inOrder: true, history: true }, { history })
    await bring(text(1))
    await read(1)
    wire.emit({ type: 'gap', conversationId: 'c', after: at(1), before: at(3) })
    wire.emit({ type: 'message', message: text(3) })
    const third = await vi.waitFor(async () => {
      const row = await storage.read((tx) => tx.messages.byId('c', 'm3'))
      expect(row?.at).toBeTruthy()
      return row!
    })
    await client.markRead([third])
    await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
    expect([isTold(1), isTold(3)]).toEqual([true, false])
    const source = client.messages('c')
    await source.loadAround!({ at: at(3) })
    await source.loadOlder!()
    await vi.waitFor(() => expect(isTold(3)).toBe(true))
    expect(history).toHaveBeenCalled()
  })

  it('[RS17] once the answer to sending says that the number which was missing is an own one', async () => {
    const { client, wire, bring, read, isTold } = await start(DENSE_POINT)
    let answer = () => {}
    wire.answer = ({ localId }) => new Promise((resolve) => {
      answer = () => resolve({ localId, id: 'm2', at: at(2), time: text(2).time })
    })
    await bring(text(1))
    await client.send('c', { body: { kind: 'text', text: 'mine' } })
    await bring(text(3))
    await read(1, 3)
    expect([isTold(1), isTold(3)]).toEqual([true, false])
    answer()
    await vi.waitFor(() => expect(isTold(3)).toBe(true))
  })

  it('[RS15] and what waited for it when receipts were switched off stays untold', async () => {
    const { client, wire, bring, read, isTold } = await start(DENSE_POINT)
    await bring(text(1), text(2), text(3))
    await read(1, 3)
    await client.setReceipts('off')
    wire.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: 5 })
    await bring(text(4))
    expect(client.getState().conversations[0]?.unread?.count).toBe(1)
    await read(4)
    expect(isTold(3)).toBe(false)
  })

  it('[RS49] [RS17] is told nothing past the last ten minutes, where a late message may have its place among them', async () => {
    const { bring, read, isTold } = await start(POSITIONS)
    await bring(text(3), text(9))
    await read(3, 9)
    expect([isTold(3), isTold(9)]).toEqual([false, false])
    await bring(LATER)
    await vi.waitFor(() => expect(isTold(9)).toBe(true))
  })

  it('[RS17] nor beyond what another device of mine has told of these minutes', async () => {
    const { wire, storage, bring, read, isTold } = await start(POSITIONS)
    await bring(text(3))
    wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(3) })
    await vi.waitFor(async () => expect((await storage.read((tx) => tx.readStates.getOwn('c')))?.acked.published.read.upTo).toEqual(at(3)))
    await bring(text(9))
    await read(9)
    expect(isTold(9)).toBe(false)
    await bring(LATER)
    await vi.waitFor(() => expect(isTold(9)).toBe(true))
  })

  it('[RS50] [RS17] and what is old is not held up by the low numbers of a new epoch', async () => {
    const { wire, bring, read, isTold } = await start(POSITIONS)
    await bring(text(3), text(9))
    await read(3, 9)
    wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await bring(text(1, { id: 'n1', localId: 'n1', from: 'me', at: at(1, 1, 'n1'), time: START + 60 * MINUTE }))
    await bring(text(2, { id: 'n2', localId: 'n2', from: 'me', at: at(2, 1, 'n2'), time: START + 120 * MINUTE }))
    await vi.waitFor(() => expect(isTold(9)).toBe(true))
  })

  it('[RS49] [RS17] but where messages never overtake each other', async () => {
    const { bring, read, isTold } = await start({ ...POSITIONS, inOrder: true })
    await bring(text(3), text(9))
    await read(3, 9)
    expect(isTold(9)).toBe(true)
  })

  it('[RS17] is told nothing past a first number that has not come', async () => {
    const { bring, read, isTold } = await start(DENSE_POINT)
    await bring(text(2))
    await read(2)
    expect(isTold(1)).toBe(false)
    await bring(text(1))
    await read(1)
    expect(isTold(2)).toBe(true)
  })

  it('[RS51] [RS17] nor past what was not read before somebody left and came back; what was said meanwhile is not missing', async () => {
    const scene = await start(DENSE_POINT)
    await scene.bring(text(1), text(2))
    scene.wire.emit(CAME_BACK)
    scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(2), before: at(6) })
    await bringBehindGap(scene, 6)
    await readStored(scene, 2, 6)
    expect([scene.isTold(1), scene.isTold(6)]).toEqual([false, false])
    await readStored(scene, 1)
    expect(scene.isTold(6)).toBe(true)
  })

  it('[RS17] nor past numbers that are missing from before they left', async () => {
    const scene = await start(DENSE_POINT)
    await scene.bring(text(1))
    scene.wire.emit(CAME_BACK)
    await scene.bring(text(6))
    await readStored(scene, 1, 6)
    expect([scene.isTold(1), scene.isTold(6)]).toEqual([true, false])
    await scene.bring(text(2))
    await readStored(scene, 2)
    expect(scene.isTold(6)).toBe(true)
  })

  it('[RS17] and where no numbers tell what is missing, history has to come first', async () => {
    const scene = await start({ ...POSITIONS, inOrder: true, history: true }, { history: async () => ({ messages: [text(2), text(6)], contiguousTo: null }) })
    await scene.bring(text(1))
    scene.wire.emit(CAME_BACK)
    scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(1), before: at(6) })
    await bringBehindGap(scene, 6)
    await readStored(scene, 1, 6)
    expect([scene.isTold(1), scene.isTold(6)]).toEqual([true, false])
    const source = scene.client.messages('c')
    await source.loadAround!({ at: at(6) })
    await source.loadOlder!()
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.messages.byId('c', 'm2'))).toBeTruthy())
    expect(scene.isTold(6)).toBe(false)
    await readStored(scene, 2)
    expect(scene.isTold(6)).toBe(true)
  })
})

/** Away for what has the numbers 3, 4 and 5. */
const CAME_BACK: TransportEvent = { type: 'member', conversationId: 'c', member: { userId: 'me', role: 'member', intervals: [{ joinedAt: null, leftAt: at(3, 0, '') }, { joinedAt: at(6, 0, ''), leftAt: null }] } }

/** Not on screen: something is missing between. */
async function bringBehindGap({ wire, storage }: Scene, order: number): Promise<void> {
  wire.emit({ type: 'message', message: text(order) })
  await vi.waitFor(async () => expect((await storage.read((tx) => tx.messages.byId('c', `m${order}`)))?.at).toBeTruthy())
}

async function readStored({ client, storage }: Scene, ...orders: readonly number[]): Promise<void> {
  const rows = await storage.read((tx) => Promise.all(orders.map((order) => tx.messages.byId('c', `m${order}`))))
  await client.markRead(rows.map((row) => row!))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
}
