/** What somebody is told by a file: nothing by the import itself, and later only what was read. */
import { expect, it, vi } from 'vitest'
import { at, start, text, type Scene } from './oneReader.js'

const MESSAGE = { direct: 'message', group: 'message' } as const
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const file = (...orders: readonly number[]) => line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + orders.map((order) => {
  const { id, ...rest } = text(order)
  return line({ message: { ids: [id], ...rest } })
}).join('')
const published = ({ wire }: Scene, kind: string) => wire.reports.filter((report) => report.kind === kind && report.visibility === 'published').flatMap(({ messages }) => messages.map(({ at: place }) => place.order))
const queued = ({ storage }: Scene) => storage.read(async (tx) => (await tx.outbox.list({ lane: 'receipt' })).length)
const settled = async (scene: Scene) => vi.waitFor(async () => expect(await queued(scene)).toBe(0))
/** Over a wire that is told of single messages. */
const begin = () => start({ dense: true, read: MESSAGE, delivered: MESSAGE })

/** My other device read up to four, and told; here is only the fourth. */
async function readElsewhere(): Promise<Scene> {
  const scene = await begin()
  await scene.bring(text(4))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(4) } as never)
  await vi.waitFor(() => expect(scene.unread()).toBe(0))
  await settled(scene)
  return scene
}

it('[RS27] an import by itself tells nobody anything, and queues nothing', async () => {
  const scene = await readElsewhere()
  const before = [...scene.wire.reports]
  await scene.client.importConversation(file(1, 2, 3))
  expect(await queued(scene)).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(scene.wire.reports).toEqual(before)
})

it('[RS27] that it is here is told with what comes next; what my other device has told of is not told again', async () => {
  const scene = await readElsewhere()
  await scene.client.importConversation(file(1, 2, 3, 6))
  await scene.bring(text(5))
  await scene.read(5)
  expect(published(scene, 'read')).toEqual([5])
  expect(published(scene, 'delivered')).toEqual([4, 1, 2, 3, 5, 6])
})

it('[RS27] [RS14] where a read message reads everything before it, what a file brings there is told with what is read next, and not what lies behind', async () => {
  const scene = await start({ dense: true, read: MESSAGE, delivered: MESSAGE }, {}, { readMode: { direct: 'upTo', group: 'upTo' } })
  await scene.bring(text(4))
  await scene.read(4)
  await scene.client.importConversation(file(1, 2, 3, 6))
  expect([await queued(scene), published(scene, 'read')]).toEqual([0, [4]])
  await scene.bring(text(5))
  await scene.read(5)
  expect(published(scene, 'read')).toEqual([4, 1, 2, 3, 5])
})

it('[RS27] what was only cleared is told neither by a file nor after it', async () => {
  const scene = await begin()
  await scene.bring(text(4))
  await scene.client.clearUnread('c')
  await settled(scene)
  await scene.client.importConversation(file(1, 2, 3))
  await scene.bring(text(5))
  await scene.read(5)
  expect(published(scene, 'read')).toEqual([5])
})
