/** A wire that names messages and no conversation: `conversationId` is absent. */
import type { IncomingReceipt, TransportEvent } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { at, start, text, type Scene } from './oneReader.js'

const receipt = (changes: Partial<IncomingReceipt>): TransportEvent => ({ type: 'receipt', by: 'bo', kind: 'read', visibility: 'published', ...changes })
const member = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })
/** How bo has each message with this id. */
const statuses = async ({ client }: Scene, id: string) => (await client.statusRows(id)).filter(({ receiverId }) => receiverId === 'bo').map(({ status }) => status)
const held = ({ storage }: Scene) => storage.read((tx) => tx.held.list())

async function startWithTwo(): Promise<Scene> {
  const scene = await start({ dense: true })
  scene.wire.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members: [member('me'), member('bo')], rosterComplete: true } })
  return scene
}

const mine = (order: number, changes: object = {}) => ({ type: 'message', message: text(order, { from: 'me', ...changes }) }) as TransportEvent

it('[RS28] a receipt that is faster than its message waits for it, whichever way that comes, and so does a count', async () => {
  const scene = await startWithTwo()
  const { wire, client } = scene
  wire.answer = async ({ localId }) => ({ localId, id: 'm9', at: at(9), time: 9 })
  wire.emit(receipt({ ids: ['m5', 'm9'] }))
  wire.emit(receipt({ by: 'ada', count: { id: 'm5', n: 2 } }))
  await vi.waitFor(async () => expect(await held(scene)).toHaveLength(3))
  await client.send('c', { body: { kind: 'text', text: '9' } })
  await vi.waitFor(async () => expect(await statuses(scene, 'm9')).toEqual([3]))
  wire.emit(mine(5))
  await vi.waitFor(async () => expect(await statuses(scene, 'm5')).toEqual([3]))
  expect([(await client.getMessage('c', 'm5'))?.readCount, await held(scene), (await client.diagnostics()).dropped]).toEqual([2, [], {}])
})

it('[RS4] what it names may be of several conversations; a prefix is of the one that it names', async () => {
  const scene = await startWithTwo()
  const { wire, client } = scene
  for (const event of [mine(4), mine(5), mine(7, { conversationId: 'd' })]) wire.emit(event)
  await vi.waitFor(async () => expect(await client.getMessage('d', 'm7')).not.toBeNull())
  wire.emit(receipt({ ids: ['m5', 'm7', 'm5'], upTo: at(5) }))
  await vi.waitFor(async () => expect(await statuses(scene, 'm7')).toEqual([3]))
  expect([await statuses(scene, 'm5'), await statuses(scene, 'm4')]).toEqual([[3], [1]])
  wire.emit(receipt({ ids: ['m5'], upTo: at(5), ranges: [{ from: at(5), to: at(5) }] }))
  wire.emit(receipt({ count: { id: 'm7', n: 1 } }))
  await vi.waitFor(async () => expect(await statuses(scene, 'm4')).toEqual([3]))
  await vi.waitFor(async () => expect((await client.getMessage('d', 'm7'))?.readCount).toBe(1))
})

it('an id that stands for messages of two conversations names neither, and what names nothing is dropped', async () => {
  const scene = await startWithTwo()
  const { wire, client } = scene
  for (const event of [mine(5), mine(5, { conversationId: 'd', localId: 'other' })]) wire.emit(event)
  await vi.waitFor(async () => expect(await client.getMessage('d', 'm5')).not.toBeNull())
  wire.emit(receipt({ ids: ['m5'] }))
  wire.emit(receipt({ upTo: at(5) }))
  await vi.waitFor(async () => expect((await client.diagnostics()).dropped).toEqual({ 'receipt/unknownConversation': 1 }))
  wire.emit(mine(6))
  wire.emit({ type: 'reacted', conversationId: 'd', id: 'm5', reaction: { emoji: 'x', by: 'bo' }, on: true })
  await vi.waitFor(async () => expect((await client.getMessage('d', 'm5'))?.reactions).toHaveLength(1))
  expect([await statuses(scene, 'm5'), (await held(scene)).length]).toEqual([[1, 1], 1])
})

it('[RS28] what a receipt waits for may come with a file', async () => {
  const scene = await startWithTwo()
  scene.wire.emit(receipt({ ids: ['m5'] }))
  scene.wire.emit(receipt({ by: 'ada', count: { id: 'm5', n: 2 } }))
  await vi.waitFor(async () => expect(await held(scene)).toHaveLength(2))
  const { id, ...rest } = text(5, { from: 'me' })
  const lines = [{ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }, { message: { ids: [id], ...rest } }]
  await scene.client.importConversation(lines.map((line) => `${JSON.stringify(line)}\n`))
  expect([await statuses(scene, 'm5'), (await scene.client.getMessage('c', 'm5'))?.readCount, await held(scene)]).toEqual([[3], 2, []])
})

it('[RS28] or be another id that a file gives to what is here', async () => {
  const scene = await startWithTwo()
  scene.wire.emit(mine(5))
  for (const conversationId of ['c', undefined]) scene.wire.emit(receipt({ by: conversationId ? 'bo' : 'ada', ids: ['m6'], ...(conversationId ? { conversationId } : {}) }))
  await vi.waitFor(async () => expect(await held(scene)).toHaveLength(2))
  const { id, ...rest } = text(5, { from: 'me' })
  const lines = [{ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }, { message: { ...rest, ids: [id, 'm6'], otherPlaces: [at(6)] } }]
  await scene.client.importConversation(lines.map((line) => `${JSON.stringify(line)}\n`))
  expect([(await scene.client.statusRows('m5')).map(({ status }) => status), await held(scene)]).toEqual([[3, 3], []])
})

it('[RS36] what names no conversation, and nothing that comes, is dropped as of none', async () => {
  const scene = await startWithTwo()
  const dropped: object[] = []
  scene.client.on('dropped', (each) => dropped.push(each))
  scene.wire.emit(receipt({ ids: ['never'] }))
  await vi.waitFor(async () => expect(await held(scene)).toHaveLength(1))
  await scene.storage.write(async (tx) => tx.held.put((await tx.held.list()).map((each) => ({ ...each, heldAt: each.heldAt - 8 * 86_400_000 }))))
  for (const status of ['offline', 'online']) scene.wire.emit({ type: 'state', state: { status } } as TransportEvent)
  await vi.waitFor(() => expect(dropped).toEqual([{ reason: 'receipt/unresolved' }]))
})
