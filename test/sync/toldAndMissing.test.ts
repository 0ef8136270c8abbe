/** Other ways in which a read is told that was none, or lost. */
import { expect, it, vi } from 'vitest'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

const MINE = { from: 'me' }
const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const shown = ({ client }: Pick<Scene, 'client'>) => client.messages('c').getSnapshot().messages
const statuses = (scene: Pick<Scene, 'client'>) => Object.fromEntries(shown(scene).filter(({ from }) => from === 'me').map((m) => [m.localId, scene.client.readStates('c').getStatus(m)]))

it.each([['by its conversation', { conversationId: 'c' }], ['by nothing else', {}]])('[RS28] a position told with the id of its message, which is found %s, waits for that message and counts whole', async (_how, where) => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT })
  await scene.bring(text(1, MINE), text(2, MINE))
  for (const by of ['ada', 'bo']) scene.wire.emit({ type: 'receipt', ...where, by, kind: 'read', visibility: 'published', upTo: at(3), ids: ['m3'] })
  await pause()
  await scene.bring(text(3, MINE))
  await pause(300)
  expect(statuses(scene)).toEqual({ l1: 'read', l2: 'read', l3: 'read' })
})

it('[RS30] who reached the place of a message that only the file knows has read it', async () => {
  const scene = await start({ dense: false, read: RANGES, delivered: RANGES })
  await scene.bring(text(10, { ...MINE, localId: 'twice' }), text(11))
  const { id, ...rest } = text(2, { ...MINE, localId: 'twice' })
  const none = { upTo: null, ranges: [] }
  const states = ['ada', 'bo'].map((memberId) => line({ readState: { memberId, delivered: none, read: { upTo: null, ranges: [{ from: at(2), to: at(2) }] }, viewed: none, times: { delivered: [], read: [], viewed: [] } } }))
  await scene.client.importConversation(line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + states.join('') + line({ message: { ids: [id], ...rest } }))
  await pause(200)
  expect(statuses(scene)).toEqual({ twice: 'read' })
})

it('[RS32] what was deleted for all, and not for good, before I saw it keeps its receipts, and mine is none of them', async () => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  await scene.bring(text(1), text(2), text(3))
  scene.wire.emit({ type: 'deleted', conversationId: 'c', id: 'm2', time: 5, by: 'ada' } as never)
  await vi.waitFor(() => expect(shown(scene).find(({ localId }) => localId === 'l2')).toMatchObject({ deletedAt: 5 }))
  await scene.read(1, 3)
  expect([scene.isTold(1), scene.isTold(3)]).toEqual([true, true])
  expect(scene.isTold(2)).toBe(false)
})
