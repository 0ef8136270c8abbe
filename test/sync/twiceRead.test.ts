/** A wire may store a send twice; whoever read one of them has read it. */
import type { ChatClient, Message, Point } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

const TWICE = { dense: true, dedupe: { by: 'receiver' }, delivered: RANGES } as const

const rowOf = (client: ChatClient, localId: string): Message | undefined => client.messages('c').getSnapshot().messages.find((each) => each.localId === localId)

/** A message of mine that stands at 1 and 2, of which one was answered. */
async function storedTwice({ client, wire }: Scene, answered: number, told: number): Promise<() => Message> {
  wire.answer = ({ localId }) => Promise.resolve({ localId, id: `m${answered}`, at: at(answered), time: text(answered).time })
  const localId = await client.send('c', { body: { kind: 'text', text: 'mine' } })
  await vi.waitFor(() => expect(rowOf(client, localId)?.at).toEqual(at(answered)))
  wire.emit({ type: 'message', message: text(told, { from: 'me', localId }) as never })
  await vi.waitFor(() => expect(rowOf(client, localId)?.ids).toHaveLength(2))
  return () => rowOf(client, localId)!
}

function readReceipt({ wire }: Scene, by: string, place: Point): void {
  wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ranges: [{ from: place, to: place }], time: text(3).time })
}

describe.each([['first', 1, 2], ['second', 2, 1]])('a send of mine that the wire stored twice and answered for the %s', (_title, answered, told) => {
  it('[RS30] was read by who read it at one of its places: badge, list, statuses', async () => {
    const scene = await start({ ...TWICE, read: RANGES })
    const row = await storedTwice(scene, answered, told)
    readReceipt(scene, 'ada', at(1))
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row())).toMatchObject({ read: 1, of: 2 }))
    readReceipt(scene, 'bo', at(2))
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row())).toMatchObject({ read: 2, of: 2 }))
    expect(scene.client.readStates('c').getStatus(row())).toBe('read')
    // What is shown at once is stored behind it.
    await vi.waitFor(async () => expect((await scene.client.readers(row(), { limit: 5 })).items).toEqual(['ada', 'bo'].map((userId) => ({ userId, kind: 'read', time: text(3).time }))))
    expect((await scene.client.statusRows('m1')).map(({ receiverId, status, time }) => [receiverId, status, time])).toEqual([['ada', 3, text(3).time], ['bo', 3, text(3).time]])
  })

  it('[RS30] was read by whose position has reached the first of them', async () => {
    const scene = await start({ ...TWICE, read: POINT })
    const row = await storedTwice(scene, answered, told)
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', upTo: at(1) })
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row())).toMatchObject({ read: 1 }))
  })
})

describe.each([
  ['only cleared', ({ client }: Scene) => client.clearUnread('c')],
  ['read in private by another device of mine', ({ wire }: Scene) => wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'ownDevices', ranges: [{ from: at(1), to: at(1) }] })],
] as const)('what was %s before the wire stored it again', (_how, clear) => {
  async function cleared(): Promise<Scene> {
    const scene = await start({ ...TWICE, read: RANGES })
    await scene.bring(text(1))
    await clear(scene)
    await vi.waitFor(() => expect(scene.unread()).toBe(0))
    scene.wire.emit({ type: 'message', message: { ...text(2), localId: 'l1' } as never })
    const toldMine = () => scene.wire.reports.some(({ kind, visibility, upTo, ranges }) => kind === 'read' && visibility === 'ownDevices' && (upTo?.id === 'm2' || ranges.some(({ to }) => to.id === 'm2')))
    // One that came later knows the later place alone.
    await vi.waitFor(() => expect(toldMine()).toBe(true))
    return scene
  }

  it('[RS30] [RS23] was read here at neither place, and is not unread at either', async () => {
    const { client, unread } = await cleared()
    expect((await client.receiptReport([rowOf(client, 'l1')!])).messages.map(({ readers }) => readers)).toEqual([[]])
    expect(unread()).toBe(0)
  })

  it('[RS30] [RS15] is told to others of neither place, also where the past is confirmed', async () => {
    const { client, isTold } = await cleared()
    await client.publishEarlier('c')
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect([isTold(1), isTold(2)]).toEqual([false, false])
  })

  it('[RS30] [RS15] is told of both once it is read here', async () => {
    const { isTold, read } = await cleared()
    await read(1)
    await vi.waitFor(() => expect([isTold(1), isTold(2)]).toEqual([true, true]))
  })
})

it('[RS30] [RS15] what was read here in private before the wire stored it again is told of both places once the past is confirmed, and not before', async () => {
  const { client, wire, bring, read, isTold } = await start({ ...TWICE, read: RANGES })
  await client.setReceipts('private')
  await bring(text(1))
  await read(1)
  wire.emit({ type: 'message', message: { ...text(2), localId: 'l1' } as never })
  await vi.waitFor(() => expect(rowOf(client, 'l1')?.ids).toHaveLength(2))
  await client.setReceipts('public')
  expect((await client.receiptReport([rowOf(client, 'l1')!])).messages[0]?.readers.map(({ userId }) => userId)).toEqual(['me'])
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect([isTold(1), isTold(2)]).toEqual([false, false])
  await client.publishEarlier('c')
  await vi.waitFor(() => expect([isTold(1), isTold(2)]).toEqual([true, true]))
})

it.each([['when it comes', false], ['when it is read again', true]])('[RS30] [RS26] nobody is told of the second place of what was read before its group was too large: %s', async (_title, isReadAgain) => {
  const { client, wire, bring, read, isTold } = await start({ ...TWICE, read: RANGES }, {}, { maxGroupSize: 3 })
  await bring(text(1), text(5))
  await read(1)
  expect(isTold(1)).toBe(true)
  wire.emit({ type: 'member', conversationId: 'c', member: { userId: 'cy', role: 'member', intervals: [{ joinedAt: null, leftAt: null }] } })
  wire.emit({ type: 'message', message: { ...text(2), localId: 'l1' } as never })
  await vi.waitFor(() => expect(rowOf(client, 'l1')?.ids).toHaveLength(2))
  if (isReadAgain) await client.markRead([rowOf(client, 'l1')!])
  await read(5)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect([1, 2, 5].map((order) => isTold(order))).toEqual([true, false, false])
})
