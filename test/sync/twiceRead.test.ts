/** A wire may store a send twice; whoever read one of them has read it. */
import type { ChatClient, Message, Point } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

const TWICE = { dense: true, dedupe: { by: 'receiver' }, delivered: RANGES } as const

const rowOf = (client: ChatClient, localId: string): Message | undefined => client.messages('c').getSnapshot().messages.find((each) => each.localId === localId)

/** A message of mine that stands at 1 and 2, of which one was answered. */
async function storedTwice({ client, wire }: Scene, answered: number, told: number): Promise<() => Message> {
  wire.answer = ({ localId }) => Promise.resolve({ localId, id: `m${answered}`, at: at(answered), time: text(answered).time })
  const localId = await client.send('c', { body: { kind: 'text', text: 'mine' } })
  await vi.waitFor(() => expect(rowOf(client, localId)?.at).toEqual(at(answered)))
  wire.emit({ type: 'message', message: text(told, { from: 'me', localId }) as never })
  await vi.waitFor(() => expect(rowOf(client, localId)?.ids).toHaveLength(2))
  return () => rowOf(client, localId)!
}

function readReceipt({ wire }: Scene, by: string, place: Point): void {
  wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ranges: [{ from: place, to: place }], time: text(3).time })
}

describe.each([['first', 1, 2], ['second', 2, 1]])('a send of mine that the wire stored twice and answered for the %s', (_title, answered, told) => {
  it('[RS30] was read by who read it at one of its places: badge, list, statuses', async () => {
    const scene = await start({ ...TWICE, read: RANGES })
    const row = await storedTwice(scene, answered, told)
    readReceipt(scene, 'ada', at(1))
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row())).toMatchObject({ read: 1, of: 2 }))
    readReceipt(scene, 'bo', at(2))
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row())).toMatchObject({ read: 2, of: 2 }))
    expect(scene.client.readStates('c').getStatus(row())).toBe('read')
    // What is shown at once is stored behind it.
    await vi.waitFor(async () => expect((await scene.client.readers(row(), { limit: 5 })).items).toEqual(['ada', 'bo'].map((userId) => ({ userId, kind: 'read', time: text(3).time }))))
    expect((await scene.client.statusRows('m1')).map(({ receiverId, status, time }) => [receiverId, status, time])).toEqual([['ada', 3, text(3).time], ['bo', 3, text(3).time]])
  })

  it('[RS30] was read by whose position has reached the first of them', async () => {
    const scene = await start({ ...TWICE, read: POINT })
    const row = await storedTwice(scene, answered, told)
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', upTo: at(1) })
    await vi.waitFor(() => expect(scene.client.readStates('c').getTally(row())).toMatchObject({ read: 1 }))
  })
})
