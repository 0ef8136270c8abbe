/** Attempts to have "read" told of what nobody saw, by what lies between the messages that were: late, broken, only being deleted, of another epoch. */
import { TransportError } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, LATER, MINUTE, POINT, RANGES, SPARSE, START, start, text } from './oneReader.js'

describe('a message that comes late between two that were read', () => {
  it('[RS49] [RS18] is unread, where orders are not consecutive and messages may overtake each other', async () => {
    const { bring, read, unread, isTold } = await start(SPARSE)
    await bring(text(3), text(9))
    await read(3, 9)
    expect([isTold(3), isTold(6), isTold(9)]).toEqual([true, false, true])
    await bring(text(6))
    expect(unread()).toBe(1)
  })

  it('[RS49] [RS18] and what was read one by one grows together once nothing can come late, or where nothing overtakes', async () => {
    const late = await start(SPARSE)
    await late.bring(text(3), text(9))
    await late.read(3)
    await late.bring(LATER)
    await late.read(9)
    expect(late.isTold(6)).toBe(true)
    const inOrder = await start({ ...SPARSE, inOrder: true })
    await inOrder.bring(text(3), text(9))
    await inOrder.read(3, 9)
    expect(inOrder.isTold(6)).toBe(true)
  })

  it('[RS48] [RS17] is not told as read by a position, where its number is missing', async () => {
    const { bring, read, unread, isTold } = await start({ dense: true, read: POINT, delivered: POINT })
    await bring(text(1), text(2), text(4))
    await read(1, 2, 4)
    expect([isTold(2), isTold(3), isTold(4)]).toEqual([true, false, false])
    await bring(text(3))
    expect(unread()).toBe(1)
    await read(3)
    expect(isTold(4)).toBe(true)
  })

  it('[RS48] [RS17] a number that never comes holds the position up no longer than anything could be late', async () => {
    const { bring, read, isTold } = await start({ dense: true, read: POINT, delivered: POINT })
    await bring(text(1), text(2), text(4), text(49, { time: START + 59 * MINUTE }), LATER)
    await read(1, 2, 4)
    expect([isTold(3), isTold(4), isTold(49)]).toEqual([true, true, false])
  })
})

describe('a message that the server lost before anybody else had it', () => {
  it('[RS39] [RS18] is not told as read by a stretch over the gap in which it was', async () => {
    const page = () => Promise.resolve({ messages: [text(3), text(4)], contiguousTo: null })
    const { client, wire, bring, read, isTold } = await start({ ...SPARSE, inOrder: true }, { history: page })
    wire.emit({ type: 'gap', conversationId: 'c', after: null, before: at(9) })
    await bring(text(9))
    wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await client.messages('c').loadOlder!()
    await bring()
    await read(4, 9)
    expect([isTold(4), isTold(6), isTold(9)]).toEqual([true, false, true])
  })

  it('[RS39] [RS18] and a gap that closes without a reset holds nothing apart', async () => {
    const page = () => Promise.resolve({ messages: [text(3), text(4)], contiguousTo: null })
    const { client, wire, bring, read, isTold } = await start({ ...SPARSE, inOrder: true }, { history: page })
    wire.emit({ type: 'gap', conversationId: 'c', after: null, before: at(9) })
    await bring(text(9))
    await client.messages('c').loadOlder!()
    await read(4, 9)
    expect(isTold(6)).toBe(true)
  })
})

describe('a message that the wire stored twice, of which the later place came first, as in history from above', () => {
  const twice = (order: number) => text(order, { localId: 'twice' })

  it('[RS52] [RS18] is not told as read at the earlier place by a stretch', async () => {
    const { bring, read, unread, isTold } = await start({ ...SPARSE, inOrder: true })
    await bring(text(7), twice(10))
    await bring(text(3), twice(5))
    await read(3, 7)
    expect([isTold(3), isTold(5), isTold(7), unread()]).toEqual([true, false, true, 1])
    await read(10)
    expect([isTold(10), unread()]).toEqual([true, 0])
  })

  it('[RS17] nor by a position, which moves on once it is read', async () => {
    const { bring, read, isTold } = await start({ dense: true, read: POINT, delivered: POINT })
    await bring(text(1), text(3), twice(4), LATER)
    await bring(twice(2))
    await read(1, 3)
    expect([isTold(1), isTold(2)]).toEqual([true, false])
    await read(4)
    expect(isTold(4)).toBe(true)
  })
})

describe('a notice between two messages that were read', () => {
  it('[RS13] is no message after an edit of it, which somebody would have read unseen, nor when it comes again', async () => {
    const { client, wire, bring, read, unread, isTold } = await start({ dense: true, read: RANGES })
    await bring(text(1), text(2, { body: { kind: 'system', text: 'Ada renamed the group' } }), text(3), text(4))
    await read(1, 3)
    expect([isTold(2), unread()]).toEqual([true, 1])
    wire.emit({ type: 'edited', conversationId: 'c', id: 'm2', body: { kind: 'text', text: 'I owe you all a thousand' }, time: START + 60 })
    wire.emit({ type: 'message', message: text(2, { editedAt: START + 70, body: { kind: 'text', text: 'I owe you' } }) as never })
    wire.emit({ type: 'edited', conversationId: 'c', id: 'm4', body: { kind: 'system', text: 'nothing' }, time: START + 60 })
    await bring(text(5))
    expect((await client.getMessage('c', 'm2'))?.body.kind).toBe('system')
    expect((await client.getMessage('c', 'm4'))?.body.kind).toBe('text')
    expect(unread()).toBe(2)
  })
})

describe('a message of mine whose answer overtook what others wrote before', () => {
  it('[RS18] says nothing of whether that is here: it was not delivered', async () => {
    const { client, wire, bring } = await start({ ...SPARSE, inOrder: true })
    await bring(text(7))
    wire.answer = async ({ localId }) => ({ localId, id: 'm10', at: at(10), time: START + 10 })
    await client.send('c', { body: { kind: 'text', text: '10' } })
    await vi.waitFor(async () => expect((await client.getMessage('c', 'm10'))?.at).toEqual(at(10)))
    await bring(text(8))
    const delivered = () => wire.reports.filter(({ kind }) => kind === 'delivered').flatMap(({ ranges }) => ranges.map(({ from, to }) => [from.order, to.order]))
    await vi.waitFor(() => expect(delivered().at(-1)).toEqual([7, 8]))
    await bring(text(9))
    await vi.waitFor(() => expect(delivered().at(-1)).toEqual([7, 9]))
  })
})

describe('missing history without an end', () => {
  it('[RS18] does not end at a message of mine that was answered before: nothing is told as read over what comes after', async () => {
    const { client, wire, storage, bring, isTold } = await start({ ...SPARSE, inOrder: true })
    await bring(text(3))
    wire.answer = async ({ localId }) => ({ localId, id: 'm10', at: at(10), time: START + 10 })
    await client.send('c', { body: { kind: 'text', text: '10' } })
    await vi.waitFor(async () => expect((await client.getMessage('c', 'm10'))?.at).toEqual(at(10)))
    wire.emit({ type: 'gap', conversationId: 'c', after: at(3), before: null })
    await vi.waitFor(() => expect(client.messages('c').getSnapshot().hasNewer).toBe(true))
    await client.messages('c').loadNewer!()
    await bring(text(30))
    await client.markRead((await Promise.all(['m3', 'm30'].map((id) => client.getMessage('c', id)))).map((row) => row!))
    await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
    expect([3, 20, 30].map((order) => isTold(order))).toEqual([true, false, true])
  })
})

describe('a message that was taken back between two that were read', () => {
  it('[RS13] is not unread again when it comes once more as it was', async () => {
    const { wire, bring, read, unread } = await start({ dense: true, read: RANGES })
    await bring(text(1), text(2), text(3))
    wire.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: START + 50 })
    await vi.waitFor(() => expect(unread()).toBe(2))
    await read(1, 3)
    wire.emit({ type: 'message', message: text(2) })
    await bring(text(4))
    expect(unread()).toBe(1)
  })
})

describe('a message that came and cannot be shown', () => {
  it.each([
    ['[RS18] malformed', SPARSE],
    ['[RS17] malformed, before a position', { dense: false, read: POINT, delivered: POINT }],
    ['[RS17] malformed, where its number is missing for good', { dense: true, read: POINT, delivered: POINT }],
  ])('%s', async (_title, capabilities) => {
    const { bring, read, isTold } = await start(capabilities)
    await bring(text(1), text(2, { body: null }), text(3), LATER)
    await read(1, 3)
    expect([isTold(1), isTold(2)]).toEqual([true, false])
    // It comes again, whole, and is read.
    await bring(text(2))
    await read(2)
    expect(isTold(2)).toBe(true)
  })

  it('[RS46] [RS18] whose row does not parse any more', async () => {
    const { storage, bring, read, isTold } = await start(SPARSE)
    await bring(text(1), text(3), LATER)
    const row = text(2)
    await storage.write((tx) => tx.quarantine.add([{ table: 'messages', reason: 'body: not a body', row: { ...row, ids: ['m2'], body: 5 }, at: 0 }, { table: 'messages', reason: 'nothing', row: null, at: 0 }, { table: 'members', reason: 'x', row, at: 0 }]))
    await read(1, 3)
    expect([isTold(1), isTold(2), isTold(3)]).toEqual([true, false, true])
  })

  it('[RS46] [RS18] however many there are, and whatever they are', async () => {
    const { bring, read, isTold, storage } = await start(SPARSE)
    const strange = [{}, { conversationId: '', at: at(2) }, text(2, { at: null, body: null }), text(2, { body: null, from: 'me' }), Object.defineProperty({}, 'conversationId', { get: () => { throw new Error('no') } })]
    await bring(text(1), ...strange, text(3), text(1_000, { time: START + 60 * MINUTE }))
    await read(1, 3)
    expect(isTold(2)).toBe(true)
    const many = Array.from({ length: 260 }, (_, n) => text(10 + n, { body: null }))
    await bring(...many, ...many, text(300), text(1_001, { from: 'me', time: START + 120 * MINUTE }))
    await read(300)
    expect((await storage.read((tx) => tx.meta.get<unknown[]>('holes c')))?.length).toBe(200)
    expect(many.filter(({ at: place }) => isTold(place.order))).toEqual([])
  })
})

describe('a message that is not there for a while', () => {
  it('[RS46] [RS18] because I am deleting it for all: when that is refused it is unread', async () => {
    let refuse = (): void => {}
    const refused = new Promise<never>((_resolve, reject) => (refuse = () => reject(new TransportError('transport/forbidden', 'no', { stored: 'no', retry: 'no' }))))
    const { client, bring, read, unread, isTold } = await start({ ...SPARSE, dense: true, delete: true, moderation: true }, { delete: () => refused })
    await bring(text(1), text(2), text(3))
    await client.delete('c', 'm2', { for: 'all' })
    await read(1, 3)
    expect([unread(), isTold(2)]).toEqual([0, false])
    refuse()
    await vi.waitFor(() => expect(unread()).toBe(1))
    expect(isTold(2)).toBe(false)
  })
})

describe('a message of another epoch', () => {
  it('[RS18] with the same id as one that is read is another message', async () => {
    const { bring, read, isTold, unread } = await start(SPARSE)
    await bring({ ...text(1), id: 'x', at: at(1, 0, 'x') }, text(2), { ...text(2), id: 'y', localId: 'again', at: at(2, 1, 'x') }, text(50, { from: 'me', at: at(50, 1), time: START + 60 * MINUTE }))
    await read(2)
    expect([isTold(2), isTold(2, 1, 'x'), isTold(1, 0, 'x'), unread()]).toEqual([true, true, false, 1])
  })
})
