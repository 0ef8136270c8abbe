/** What somebody deleted for themselves is in no file with its words, and deleted for nobody else by it. */
import type { HistoryQuery, Message } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { at, POINT, SPARSE, start, text, type Scene } from './oneReader.js'

const SAME = { ...SPARSE, inOrder: true }
const shown = ({ client }: Scene): readonly Message[] => client.messages('c').getSnapshot().messages
const orders = (scene: Scene) => shown(scene).map((row) => row.at?.order)
const idsOf = (scene: Scene) => scene.storage.read(async (tx) => (await tx.messages.page({ conversationId: 'c', limit: 50 })).map(({ ids }) => ids[0]))
const rowOf = (scene: Scene, id: string) => scene.storage.read((tx) => tx.messages.byId('c', id))

async function exported({ client }: Scene): Promise<string> {
  let file = ''
  for await (const each of client.exportConversation('c')) file += each
  return file
}

/** As an earlier version wrote it: it did not say whose it is, and had the words of what they deleted. */
function early(file: string): string {
  return file.replace(/,"by":"[^"]*"/, '').replace('"body":{"kind":"text","text":""}', '"body":{"kind":"text","text":"a secret"}')
}

const ofAnother = (file: string) => file.replace('"by":"me"', '"by":"bo"')

async function withDeleted(capabilities = SAME) {
  const scene = await start(capabilities)
  await scene.bring(text(1), text(2, { body: { kind: 'text', text: 'a secret' }, reactions: [{ emoji: '🤫', by: 'bo' }] }), text(3))
  await scene.client.delete('c', 'm2', { for: 'me' })
  return { scene, file: await exported(scene) }
}

it('[RS38] a file has no word of what its writer deleted for themselves, and keeps its place on their other device', async () => {
  const { file } = await withDeleted()
  expect(file).not.toContain('secret')
  expect(file).not.toContain('🤫')
  const other = await start(SAME)
  expect(await other.client.importConversation(file)).toMatchObject({ added: 3, skipped: 0 })
  await vi.waitFor(() => expect(orders(other)).toEqual([1, 3]))
  await other.read(1, 3)
  expect([1, 2, 3].map((order) => other.isTold(order))).toEqual([true, false, true])
  other.wire.emit({ type: 'message', message: text(2) as never })
  await other.bring(text(4))
  expect(orders(other)).toEqual([1, 3, 4])
})

it('[RS38] [RS17] no position passes what a file says was deleted before it was read', async () => {
  const numbered = { dense: true, inOrder: true, read: POINT, delivered: POINT }
  const { file } = await withDeleted(numbered)
  const other = await start(numbered)
  await other.client.importConversation(file)
  await vi.waitFor(() => expect(orders(other)).toEqual([1, 3]))
  await other.read(1, 3)
  expect([1, 2, 3].map((order) => other.isTold(order))).toEqual([true, false, false])
})

it('[RS38] what was deleted is nobody\'s last message on the device that takes the file in', async () => {
  const { scene } = await withDeleted()
  await scene.client.delete('c', 'm3', { for: 'me' })
  const other = await start(SAME)
  await other.client.importConversation(await exported(scene))
  await vi.waitFor(() => expect(other.client.getState().conversations[0]?.lastMessage?.ids).toEqual(['m1']))
})

it('[RS38] nor is it when the back end says that it is', async () => {
  const { scene } = await withDeleted()
  await scene.client.delete('c', 'm3', { for: 'me' })
  const other = await start(SAME)
  await other.client.importConversation(await exported(scene))
  other.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', lastMessage: text(3) as never } })
  const listed = () => other.client.getState().conversations[0]!
  await vi.waitFor(() => expect(listed().lastActivityAt).toBe(text(3).time))
  expect(listed().lastMessage?.ids).toEqual(['m1'])
})

it('[RS38] the file of an earlier version: what it has of words is not taken in, and the message stays deleted', async () => {
  const { file } = await withDeleted()
  const other = await start(SAME)
  await other.client.importConversation(early(file))
  await vi.waitFor(() => expect(orders(other)).toEqual([1, 3]))
  expect(await rowOf(other, 'm2')).toMatchObject({ hidden: true, body: { kind: 'text', text: '' } })
})

it('[RS38] what somebody else deleted for themselves is missing here, not deleted: it is fetched', async () => {
  const { file } = await withDeleted()
  const history = vi.fn(async (_id: string, _query: HistoryQuery) => ({ messages: [text(1), text(2)], contiguousTo: at(1) }))
  const other = await start(SAME, { history: history as never })
  await other.client.importConversation(ofAnother(file))
  expect(await idsOf(other)).toEqual(['m1', 'm3'])
  expect(await other.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(1), before: at(3) }])
  await other.read(3)
  expect([1, 2, 3].map((order) => other.isTold(order))).toEqual([false, false, true])
  for (let page = 0; page < 2; page++) await other.client.messages('c').loadOlder!()
  await vi.waitFor(() => expect(orders(other)).toEqual([1, 2, 3]))
})

it.each([['of this version', ofAnother], ['of an earlier version, that tells how far I got', (file: string) => early(file).replace('\n', `\n${readStateOfMine}\n`)]])('[RS38] what I have stays, whatever somebody else deleted for themselves: a file %s', async (_, from) => {
  const { file } = await withDeleted()
  const other = await start(SAME)
  await other.bring(text(1), text(2), text(3))
  await other.client.importConversation(from(file))
  expect(orders(other)).toEqual([1, 2, 3])
  const fresh = await start(SAME)
  await fresh.client.importConversation(from(file))
  expect(await idsOf(fresh)).toEqual(['m1', 'm3'])
})

const none = { upTo: null, ranges: [] }
const readStateOfMine = JSON.stringify({ readState: { memberId: 'me', delivered: none, read: none, viewed: none, times: { delivered: [], read: [], viewed: [] } } })

it('[RS38] nobody tells in a file how far they got themselves', async () => {
  const { scene } = await withDeleted()
  await scene.read(1, 3)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(3) } as never)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', upTo: at(3) } as never)
  await vi.waitFor(async () => expect((await exported(scene)).match(/"memberId":"[^"]*"/g)).toEqual(['"memberId":"bo"']))
})

it('[RS38] [RS32] what was deleted for good is that for whoever takes the file in', async () => {
  const { scene } = await withDeleted()
  scene.wire.emit({ type: 'deleted', conversationId: 'c', id: 'm3', by: 'ada', time: 9, hard: true } as never)
  await vi.waitFor(() => expect(orders(scene)).toEqual([1]))
  const other = await start(SAME)
  await other.client.importConversation(ofAnother(await exported(scene)))
  expect(await idsOf(other)).toEqual(['m1', 'm3'])
  expect(orders(other)).toEqual([1])
})
