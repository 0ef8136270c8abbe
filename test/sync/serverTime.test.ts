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
  const scene = await start({ dense: true, inOrder: false, catchUp: 'none', read: POINT, delivered: POINT })
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

it.each([['bears a time of the server', START + 9], ['bears none', undefined]])('[RS49] [RS18] [RS6] a stretch is not claimed between messages of the last ten minutes, though the answer to a message of mine %s and this clock is ahead', async (_what, time) => {
  const scene = await start({ ...SPARSE, inOrder: false, catchUp: 'none' })
  await scene.bring(text(1), text(3))
  answering(scene, 9, time)
  await send(scene, 9)
  await scene.read(1, 3)
  expect([scene.isTold(1), scene.isTold(3)]).toEqual([true, true])
  await scene.bring(text(2, { time: START + 2 + MINUTE }))
  await pause(300)
  expect(scene.isTold(2)).toBe(false)
})

/** Of a server whose clock is an hour ahead of that of this device. */
const ahead = (order: number, changes: object = {}) => text(order, { time: Date.now() + 60 * MINUTE + order, ...changes })

it.each([['bears a time of the server', 3], ['bears none', undefined]])('[RS17] [RS6] a number that has not come before a message of mine stops a position, though its answer %s and this clock is slow', async (_what, plus) => {
  const scene = await start({ dense: true, inOrder: false, catchUp: 'none', read: POINT, delivered: POINT })
  await scene.bring(ahead(1))
  answering(scene, 3, plus === undefined ? undefined : Date.now() + 60 * MINUTE + plus)
  await send(scene, 3)
  await scene.bring(ahead(4))
  await scene.read(1, 4)
  expect([scene.isTold(1), scene.isTold(2), scene.isTold(4)]).toEqual([true, false, false])
  // Ten minutes of the server later it comes no more.
  await scene.bring(ahead(5, { time: Date.now() + 71 * MINUTE }))
  await scene.read(5)
  expect(scene.isTold(4)).toBe(true)
})

it.each([['has never been lost', 'l9'], ['was lost by the server, and sent again by another device', 'l2']])('[RS18] [RS31] a stretch is not claimed between messages of the last ten minutes before one of mine that %s', async (_what, localId) => {
  const before = text(1)
  const scene = await start({ ...SPARSE, inOrder: false }, { history: () => Promise.resolve({ messages: [before], contiguousTo: null } as never) })
  await scene.bring(before, text(2, { from: 'me' }))
  const late = (order: number, changes: object = {}) => text(order, { at: at(order, 1), time: START + 60 * MINUTE + order, ...changes })
  await scene.bring(late(6, { from: 'me', localId }))
  await vi.waitFor(() => expect(shown(scene).find((row) => row.localId === 'l2')).toMatchObject(localId === 'l2' ? { at: at(6, 1), time: START + 2 } : { outgoing: 'failed' }))
  await scene.bring(late(3), late(5), late(7))
  await scene.read(3, 5, 7)
  expect([scene.isTold(3, 1), scene.isTold(5, 1), scene.isTold(7, 1)]).toEqual([true, true, true])
  await scene.bring(late(4))
  await pause(300)
  expect(scene.isTold(4, 1)).toBe(false)
})
