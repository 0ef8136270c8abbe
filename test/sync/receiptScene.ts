/** Where receipts of every kind are handed over: five messages of mine and of Ada's in a group of four, of which she has read the first. */
import type { Point, TransportEvent } from 'readback/core'
import { expect, vi } from 'vitest'
import { startEmpty, stateOf, type Scene } from './badScene.js'

export const ROWS = 5
export const PEOPLE = ['me', 'ada', 'bo', 'cy'] as const
export const at = (order: number, epoch = 0): Point => ({ epoch, order, id: `m${order}` })
export const row = (order: number, from: string, conversationId = 'c', text = `${order}`): TransportEvent => ({ type: 'message', message: { conversationId, id: `m${order}`, at: at(order), from, localId: `l${order}`, time: order, body: { kind: 'text', text } } })
export const members = PEOPLE.map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))
export const good = (by: string, upTo: Point) => ({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo })

export async function start(rosterComplete = true): Promise<Scene> {
  const scene = await startEmpty()
  const { storage, emit } = scene
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete } })
  for (let order = 1; order <= ROWS; order += 1) emit(row(order, order % 2 === 0 ? 'ada' : 'me'))
  emit(good('ada', at(1)))
  await vi.waitFor(async () => {
    const { states, own } = await stateOf({ storage })
    expect(states).toHaveLength(1)
    // What this device has to tell by itself is told before anything is compared.
    expect(own?.acked.published.delivered.ranges).toHaveLength(1)
    expect(own?.acked.published.delivered).toEqual(own?.wanted.delivered)
  }, { timeout: 5_000 })
  return scene
}

/** Hands the strange ones over, then a good one: what the good one alone does not explain is as it was, but for what waits. */
export async function bring(scene: Scene, events: readonly unknown[]): Promise<void> {
  const before = await stateOf(scene)
  for (const event of events) scene.emit(event)
  scene.emit(good('bo', at(3)))
  await vi.waitFor(async () => expect((await stateOf(scene)).states.find(({ memberId }) => memberId === 'bo')?.read.upTo).toEqual(at(3)), { timeout: 10_000 })
  const rest = ({ held: _held, states, ...others }: typeof before) => ({ ...others, states: states.filter(({ memberId }) => memberId !== 'bo') })
  expect(rest(await stateOf(scene))).toEqual(rest(before))
  expect(scene.errors).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
}
