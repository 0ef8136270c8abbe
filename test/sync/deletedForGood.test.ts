/** What a wire says is deleted for good: nothing of it is left, and its receipts go with it. */
import { expect, it, vi } from 'vitest'
import { erased } from '../../src/sync/erased.js'
import { at, POINT, start, START, text, type Scene } from './oneReader.js'

const GONE = { type: 'deleted', conversationId: 'c', id: 'm2', by: 'ada', time: START + 100, hard: true } as const
const receipt = (ids: readonly string[]) => ({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', ids }) as const

async function erase({ client, wire }: Scene, event: object = GONE): Promise<void> {
  wire.emit(event as never)
  await vi.waitFor(async () => expect((await client.getMessage('c', 'm2'))?.hidden).toBe(true))
}
const shown = ({ client }: Scene) => client.messages('c').getSnapshot().messages.filter(({ hidden }) => !hidden).map(({ ids }) => ids[0])
const listed = ({ client }: Scene) => client.getState().conversations[0]?.lastMessage?.ids[0]

it('[RS32] nothing of it is shown, counted or kept, and it is in nobody’s way', async () => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT })
  await scene.bring(text(1), text(2, { body: { kind: 'text', text: 'a secret' }, reactions: [{ by: 'bo', emoji: '👍' }] }))
  expect([scene.unread(), listed(scene)]).toEqual([2, 'm2'])
  await erase(scene)
  expect(shown(scene)).toEqual(['m1'])
  await vi.waitFor(() => expect([scene.unread(), listed(scene)]).toEqual([1, 'm1']))
  expect(JSON.stringify(await scene.storage.read((tx) => Promise.all([tx.messages.page({ conversationId: 'c', limit: 10 }), tx.conversations.get('c')])))).not.toMatch(/a secret|👍/)
  await scene.bring(text(3))
  await scene.read(1, 3)
  expect([scene.isTold(3), scene.unread()]).toEqual([true, 0])
})

it('[RS32] its receipts go with it: no number, no readers, no rows, and what comes later for it is dropped and counted', async () => {
  const scene = await start({ dense: true })
  const { client, wire } = scene
  await scene.bring(text(1, { from: 'me' }), text(2, { from: 'me', receiptRequested: true }))
  wire.emit(receipt(['m2']))
  const message = (await client.getMessage('c', 'm2'))!
  const named = async () => (await client.readers(message, { limit: 9 })).items.map(({ userId }) => userId)
  await vi.waitFor(async () => expect(await named()).toEqual(['ada']))
  await erase(scene)
  expect([await named(), await client.statusRows('m2')]).toEqual([[], []])
  expect(client.readStates('c').getTally((await client.getMessage('c', 'm2'))!).tracked).toBe(false)
  wire.emit(receipt(['m2', 'm1']))
  wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', count: { id: 'm2', n: 2 } } as never)
  await vi.waitFor(async () => expect((await client.diagnostics()).dropped['receipt/messageGone']).toBe(2))
  expect((await client.getMessage('c', 'm2'))?.readCount).toBeUndefined()
  expect(await client.statusRows('m1')).toContainEqual(expect.objectContaining({ receiverId: 'ada', status: 3 }))
  expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
})

it('[RS32] nothing that comes late, nor what waited to be done to it, brings it back', async () => {
  const scene = await start({ dense: true }, { edit: () => new Promise(() => {}) })
  const { client, wire } = scene
  await scene.bring(text(1), text(2, { from: 'me', body: { kind: 'text', text: 'before' } }))
  await client.edit('c', 'm2', { kind: 'text', text: 'after' })
  await vi.waitFor(() => expect(client.getState().pendingCount).toBe(1))
  await erase(scene)
  await vi.waitFor(() => expect(client.getState().pendingCount).toBe(0))
  const gone = await client.getMessage('c', 'm2')
  wire.emit({ type: 'edited', conversationId: 'c', id: 'm2', by: 'me', time: START + 200, body: { kind: 'text', text: 'again' } } as never)
  wire.emit({ type: 'reacted', conversationId: 'c', id: 'm2', on: true, reaction: { by: 'bo', emoji: '👍' } } as never)
  wire.emit({ type: 'message', message: text(2, { from: 'me', editedAt: START + 300, reactions: [{ by: 'bo', emoji: '👍' }] }) } as never)
  await scene.bring(text(3))
  expect(await client.getMessage('c', 'm2')).toEqual(gone)
  expect(gone).toMatchObject({ at: at(2), body: { kind: 'text', text: '' } })
})

it('[RS32] nor does who sends it again, not having heard of that: its second place is known, and in nobody’s way', async () => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT })
  const now = Date.now()
  await scene.bring(text(1, { time: now }), text(2, { time: now }))
  await erase(scene)
  scene.wire.emit({ type: 'message', message: text(3, { localId: 'l2', time: now }) })
  await scene.bring(text(4, { time: now }))
  expect(shown(scene)).toEqual(['m1', 'm4'])
  expect(await scene.client.getMessage('c', 'm3')).toMatchObject({ ids: ['m2', 'm3'], at: at(2), body: { kind: 'text', text: '' } })
  await scene.read(1, 4)
  await vi.waitFor(() => expect(scene.isTold(4)).toBe(true))
  scene.wire.emit(receipt(['m3']))
  await vi.waitFor(async () => expect((await scene.client.diagnostics()).dropped['receipt/messageGone']).toBe(1))
})

it('[RS32] nor what is done to it where that has not been heard: another tab has', async () => {
  const done: string[] = []
  const note = (what: string) => async () => void done.push(what)
  const scene = await start({ dense: true }, { edit: note('edit'), recall: note('recall'), delete: note('delete'), react: note('react') })
  const { client, storage } = scene
  await scene.bring(text(1), text(2, { from: 'me' }))
  const gone = erased((await client.getMessage('c', 'm2'))!, START + 100)
  await storage.write((tx) => tx.messages.put([gone]))
  expect(shown(scene)).toEqual(['m1', 'm2'])
  await client.react('c', 'm2', '👍', true)
  await vi.waitFor(() => expect(shown(scene)).toEqual(['m1']))
  await client.edit('c', 'm2', { kind: 'text', text: 'after' })
  await client.recall('c', 'm2')
  await client.delete('c', 'm2', { for: 'all' })
  expect(await storage.read((tx) => tx.outbox.list())).toEqual([])
  expect([await client.getMessage('c', 'm2'), client.getState().pendingCount, done]).toEqual([gone, 0, []])
})

it('[RS32] a last message that is not here is the last no more', async () => {
  const scene = await start({ dense: true })
  await scene.bring(text(1))
  scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: at(2), lastMessage: text(2) } } as never)
  await vi.waitFor(() => expect(listed(scene)).toBe('m2'))
  scene.wire.emit(GONE as never)
  await vi.waitFor(() => expect(listed(scene)).toBe('m1'))
})

it('a message that was deleted for all and not for good keeps its place, its notice and its receipts', async () => {
  const scene = await start({ dense: true })
  await scene.bring(text(1, { from: 'me' }), text(2, { from: 'me' }))
  scene.wire.emit(receipt(['m2']))
  scene.wire.emit({ ...GONE, hard: false } as never)
  await vi.waitFor(async () => expect((await scene.client.getMessage('c', 'm2'))?.deletedAt).toBe(GONE.time))
  expect(shown(scene)).toEqual(['m1', 'm2'])
  await vi.waitFor(async () => expect(await scene.client.statusRows('m2')).toContainEqual(expect.objectContaining({ receiverId: 'ada', status: 3 })))
})
