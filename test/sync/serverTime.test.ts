/** The server's ten minutes, where the newest message here bears the time of this device: its answer gave a place and no time. */
import type { Accepted, Draft } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { at, MINUTE, POINT, SPARSE, START, start, text, type Scene } from './oneReader.js'

const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const shown = ({ client }: Pick<Scene, 'client'>) => client.messages('c').getSnapshot().messages
/** @param time - of the server, or none: then the row bears that of this device, whose clock is far ahead of it */
const answering = (scene: Scene, order: number, time?: number) => (scene.wire.answer = (draft: Draft): Promise<Accepted> => Promise.resolve({ localId: draft.localId, id: `m${order}`, at: at(order), ...(time === undefined ? {} : { time }) }))
const send = async (scene: Scene, order: number) => {
  await scene.client.send('c', { body: { kind: 'text', text: 'hi' } })
  await vi.waitFor(() => expect(shown(scene).some((row) => row.at?.order === order)).toBe(true))
}

it.each([['bears a time of the server', START + 4], ['bears none', undefined]])('[RS17] [RS6] a number that has not come stops a position for ten minutes of the server, though the answer to a message of mine %s and this clock is ahead', async (_what, time) => {
  const scene = await start({ dense: true, inOrder: false, read: POINT, delivered: POINT })
  await scene.bring(text(1), text(3))
  await scene.read(1, 3).catch(() => {})
  await pause(200)
  expect([scene.isTold(1), scene.isTold(2), scene.isTold(3)]).toEqual([true, false, false])
  answering(scene, 4, time)
  await send(scene, 4)
  await pause(300)
  // It comes at last, and nobody has seen it.
  await scene.bring(text(2))
  await pause(300)
  expect(scene.isTold(2)).toBe(false)
})

it.each([['bears a time of the server', START + 9], ['bears none', undefined]])('[RS18] [RS6] a stretch is not claimed between messages of the last ten minutes, though the answer to a message of mine %s and this clock is ahead', async (_what, time) => {
  const scene = await start({ ...SPARSE, inOrder: false })
  await scene.bring(text(1), text(3))
  answering(scene, 9, time)
  await send(scene, 9)
  await scene.read(1, 3)
  expect([scene.isTold(1), scene.isTold(3)]).toEqual([true, true])
  await scene.bring(text(2, { time: START + 2 + MINUTE }))
  await pause(300)
  expect(scene.isTold(2)).toBe(false)
})
