/** A file is believed no more than a wire, and what it brings is told apart in the same way. */
import type { HistoryQuery, Message, MemberState } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { at, POINT, readStored, SPARSE, start, text, type Scene } from './oneReader.js'

const line = (value: unknown) => `${JSON.stringify(value)}\n`
const HEADER = line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] })

function row(order: number, changes: object = {}): string {
  const { id, ...rest } = text(order)
  return line({ message: { ids: [id], ...rest, ...changes } })
}

const shown = ({ client }: Scene): readonly Message[] => client.messages('c').getSnapshot().messages
const stateOf = (memberId: string, order: number): string => {
  const none = { upTo: null, ranges: [] }
  const read = { upTo: at(order), ranges: [] }
  return line({ readState: { memberId, delivered: none, read, viewed: none, times: { delivered: [], read: [{ from: null, to: at(order), time: 7 }], viewed: [] } } satisfies MemberState })
}

it('[I20] a message that a wire told without its local id is the same in the file of the device that sent it', async () => {
  const scene = await start(SPARSE)
  await scene.bring(text(1), { ...text(5, { from: 'me' }), localId: undefined })
  expect(await scene.client.importConversation(HEADER + row(1) + row(5, { from: 'me', localId: 'r123' }) + row(6, { from: 'me', localId: 'r124' }))).toMatchObject({ added: 1, known: 2 })
  await vi.waitFor(() => expect(shown(scene).map(({ ids }) => ids)).toEqual([['m1'], ['m5'], ['m6']]))
})

it('[RS52] [RS18] [RS30] the other place of a message that comes in a file is not claimed with what stands around it, nor a hole', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(1))
  await scene.client.importConversation(HEADER + line({ hole: { from: at(8), to: at(8) } }) + line({ hole: 8 }) + row(2) + row(3, { ids: ['m3', 'm5'], otherPlaces: [at(5)] }) + row(4) + row(6) + row(7) + row(9))
  await readStored(scene, 4, 6, 7, 9)
  expect([3, 4, 5, 6, 7, 8, 9].map((order) => scene.isTold(order))).toEqual([false, true, false, true, true, false, true])
})

it('[RS52] [RS18] [RS30] nor where the message itself was here, at its first place', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(1), text(3), text(4), text(6))
  await scene.client.importConversation(HEADER + row(3, { ids: ['m3', 'm5'], otherPlaces: [at(5)] }))
  await scene.read(4, 6)
  expect([3, 4, 5, 6].map((order) => scene.isTold(order))).toEqual([false, true, false, true])
})

it('[RS28] a message that is here, and that a file knows under another id, is found under that id, too', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(3), text(7, { at: at(7, 1) }))
  // Where a server lost it before, it stands no more.
  await scene.client.importConversation(HEADER + row(3, { ids: ['m5'], at: at(8, 1, 'm5') }) + row(7, { ids: ['m4'], at: at(4) }))
  for (const id of ['m5', 'm4']) scene.wire.emit({ type: 'recalled', conversationId: 'c', id, by: 'ada', time: 7 })
  await vi.waitFor(() => expect(shown(scene)).toMatchObject([{ ids: ['m3', 'm5'], at: at(3), otherPlaces: [at(8, 1, 'm5')], recalledAt: 7 }, { ids: ['m7', 'm4'], at: at(7, 1), recalledAt: 7 }]))
})

it('[RS45] [RS18] a file tells where a message stood that its device could not show', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(1), text(2, { body: null }), text(3))
  let file = ''
  for await (const each of scene.client.exportConversation('c')) file += each
  const other = await start({ ...SPARSE, inOrder: true })
  expect(await other.client.importConversation(file)).toMatchObject({ added: 2, skipped: 0 })
  await readStored(other, 1, 3)
  expect([1, 2, 3].map((order) => other.isTold(order))).toEqual([true, false, true])
})

it.each([['between two messages', [1, 3]], ['before the first', [3]]])('[RS18] and it may be well on the server: it is fetched where it was not here (%s)', async (_, orders) => {
  const scene = await start({ ...SPARSE, inOrder: true }, { history: async () => ({ messages: [text(1), text(2), text(3)], contiguousTo: null }) })
  await scene.client.importConversation(HEADER + line({ hole: { from: at(2), to: at(2) } }) + orders.map((order) => row(order)).join(''))
  void scene.client.messages('c').loadOlder?.()
  await vi.waitFor(() => expect(shown(scene).map(({ ids }) => ids[0])).toEqual(['m1', 'm2', 'm3']))
})

it('[RS18] so it is behind the last, when there is something to ask for', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.client.importConversation(HEADER + line({ hole: { from: at(2), to: at(2) } }) + row(1))
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toMatchObject([{ after: at(1), before: null }])
})

it('[RS18] but not where its place is that of a message that is in the file', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.client.importConversation(HEADER + line({ hole: { from: at(2), to: at(2) } }) + row(1) + row(2) + row(3))
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([])
})

/** Mine at 1 and 3; Ada's at 2. The server has lost what is behind that, and nobody told. */
async function restored() {
  const asked: number[] = []
  const history = async (_id: string, { before }: HistoryQuery) => {
    asked.push(before!.epoch)
    return { messages: [text(2)], contiguousTo: null }
  }
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history })
  await scene.bring(text(1, { from: 'me' }), text(2))
  return { ...scene, asked, statusOf: (localId: string) => shown(scene).find((each) => each.localId === localId)?.outgoing }
}

it('[RS31] a file that knows of a new epoch: what the server lost before it is found', async () => {
  const scene = await restored()
  await scene.bring(text(3, { from: 'me' }))
  await scene.client.importConversation(HEADER + row(5, { at: at(1, 1, 'm5') }))
  await vi.waitFor(() => expect(scene.statusOf('l3')).toBe('failed'))
  expect(scene.asked).toEqual([1])
})

it('[RS31] a file that brings back what was found to be lost: it is found again', async () => {
  const scene = await restored()
  await scene.bring(text(3, { from: 'me' }))
  await scene.bring(text(5, { at: at(1, 1, 'm5') }))
  await vi.waitFor(() => expect(scene.statusOf('l3')).toBe('failed'))
  await scene.client.discard('c', 'l3')
  await scene.client.importConversation(HEADER + row(3, { from: 'me' }))
  await vi.waitFor(() => expect(scene.statusOf('l3')).toBe('failed'))
})

it('[RS31] a file that brings what was lost before this device came', async () => {
  const scene = await restored()
  await scene.client.importConversation(HEADER + row(3, { from: 'me' }) + row(5, { at: at(1, 1, 'm5') }))
  await vi.waitFor(() => expect(scene.statusOf('l3')).toBe('failed'))
})

it('[I8] [RS28] a file says who has read what is here, and nothing of what comes later, nor of who was no member', async () => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT })
  await scene.bring(text(1, { from: 'me' }))
  // Before the messages, as they are exported.
  await scene.client.importConversation(HEADER + stateOf('ada', 2) + stateOf('bo', 999) + stateOf('eve', 2) + row(2, { from: 'me' }))
  const statusOf = (localId: string) => scene.client.readStates('c').getTally(shown(scene).find((each) => each.localId === localId)!)
  await vi.waitFor(() => expect(statusOf('l2')).toMatchObject({ read: 2 }))
  await scene.bring(text(3, { from: 'me' }))
  expect(statusOf('l3')).toMatchObject({ read: 0 })
  expect((await scene.storage.read((tx) => tx.readStates.list('c'))).map(({ memberId, read, times }) => [memberId, read.upTo?.order, times.read])).toEqual(['ada', 'bo'].map((memberId) => [memberId, 2, [{ from: null, to: at(2), time: 7 }]]))
  expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
})
