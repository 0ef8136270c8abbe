/** What is on screen before it is stored, when what it says is not believed any more. */
import { expect, it, vi } from 'vitest'
import { coversPoint } from '../../src/receipts/coversPoint.js'
import { at, POINT, start, text, type Scene } from './oneReader.js'

const MINE = { from: 'me' }
const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const row = (order: number) => { const { id, ...rest } = text(order, MINE); return line({ message: { ids: [id], ...rest } }) }
const FILE = line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + row(1) + row(4)
const shown = ({ client }: Pick<Scene, 'client'>) => client.messages('c').getSnapshot().messages
const statuses = (scene: Pick<Scene, 'client'>) => Object.fromEntries(shown(scene).filter(({ from }) => from === 'me').map((m) => [m.localId, scene.client.readStates('c').getStatus(m)]))

it.each([['the wire, late', 'wire', 0], ['a file', 'file', 0], ['the wire, late, once all is stored', 'wire', 800]])('[RS31] what %s brings from before an epoch that was the first here is read by nobody who reads on at that moment', async (_how, by, waitMs) => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT })
  const read = (order: number) => ['ada', 'bo'].forEach((who) => scene.wire.emit({ type: 'receipt', conversationId: 'c', by: who, kind: 'read', visibility: 'published', upTo: at(order, 1) }))
  await scene.bring(...[5, 6, 7, 8].map((order) => text(order, { ...MINE, at: at(order, 1) })))
  read(6)
  await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l6: 'read' }))
  await pause(700)
  // Stored at once; those that follow wait for others.
  read(7)
  await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l7: 'read' }))
  read(8)
  await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l8: 'read' }))
  await pause(waitMs)
  if (by === 'file') await scene.client.importConversation(FILE)
  else for (const order of [1, 4]) scene.wire.emit({ type: 'message', message: text(order, MINE) as never })
  await vi.waitFor(() => expect(statuses(scene)).toHaveProperty('l4'))
  await pause(800)
  // The database knows that nobody is known to have read it.
  for (const { read: progress } of await scene.storage.read((tx) => tx.readStates.list('c'))) expect([coversPoint(progress, at(4)), coversPoint(progress, at(8, 1))]).toEqual([false, true])
  expect(statuses(scene)).toMatchObject({ l1: 'sent', l4: 'sent', l8: 'read' })
})
