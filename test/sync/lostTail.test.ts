/** A server that was restored has lost what was sent last; its author's device still has it. */
import { TransportError, type HistoryPage, type HistoryQuery, type Message, type Point } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

/** Mine at 1, 3 and 4, Ada's at 2; restored, the server has the first two. */
async function restored(kept: readonly ReturnType<typeof text>[] = [text(1, { from: 'me' }), text(2)]): Promise<Scene & { kept: typeof kept; mine(localId: string): Message | undefined; asked: unknown[] }> {
  const asked: unknown[] = []
  const history = async (_id: string, query: HistoryQuery): Promise<HistoryPage> => {
    asked.push(query)
    const messages = own.kept.filter((message) => (message.at as Point).epoch < query.before!.epoch).slice(-1)
    return { messages, contiguousTo: null } as HistoryPage
  }
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history })
  await scene.bring(text(1, { from: 'me' }), text(2), text(3, { from: 'me' }), text(4, { from: 'me' }))
  const own = Object.assign(scene, { kept, asked, mine: (localId: string) => scene.client.messages('c').getSnapshot().messages.find((each: Message) => each.localId === localId) })
  return own
}

const statuses = ({ client, mine }: Awaited<ReturnType<typeof restored>>) => ['l1', 'l3', 'l4'].map((localId) => client.readStates('c').getStatus(mine(localId)!))

it('[RS31] what I had sent there is a failed message again, where it stood, and nobody has read it', async () => {
  const scene = await restored()
  expect(statuses(scene)).toEqual(['sent', 'sent', 'sent'])
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  expect(scene.mine('l3')).toMatchObject({ at: null, ids: [], failure: { code: 'message/lost' } })
  await scene.bring(text(5, { at: at(5, 1) }))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', upTo: at(5, 1) })
  await vi.waitFor(() => expect(scene.client.readStates('c').getTally(scene.mine('l1')!)).toMatchObject({ read: 1 }))
  expect(scene.client.messages('c').getSnapshot().messages.map(({ localId }) => localId)).toEqual(['l1', 'l2', 'l3', 'l4', 'l5'])
  expect(statuses(scene).slice(1)).toEqual(['failed', 'failed'])
})

describe('a message of mine that the wire stored twice, and the server lost where it stands', () => {
  /** It stands at 4, and at another place besides; of all that the server has the first alone. */
  async function lostOnce(other: number) {
    const history = async () => ({ messages: [text(1, { from: 'me', localId: other === 1 ? 'l4' : 'l1' })], contiguousTo: null }) as never
    const edit = vi.fn(async () => {})
    const scene = await start({ dense: true, dedupe: { by: 'receiver' }, read: RANGES, delivered: RANGES }, { history, edit })
    await scene.bring(text(4, { from: 'me' }))
    scene.wire.emit({ type: 'message', message: text(other, { from: 'me', localId: 'l4' }) as never })
    const row = () => scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === 'l4')!
    await vi.waitFor(() => expect(row().ids).toHaveLength(2))
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', ranges: [{ from: at(4), to: at(4) }] })
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', count: { id: 'm4', n: 2 } })
    await vi.waitFor(() => expect(scene.client.readStates('c').getStatus(row())).toBe('read'))
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    return { scene, row, edit }
  }

  it('[RS30] [RS31] is not lost where the server has its other place, stands there, and has the readers that it had', async () => {
    const { scene, row, edit } = await lostOnce(1)
    await vi.waitFor(() => expect(row().at).toEqual(at(1)))
    expect(row()).toMatchObject({ ids: ['m4', 'm1'], otherPlaces: [at(4)] })
    expect([row().outgoing, scene.client.readStates('c').getTally(row()), scene.client.readStates('c').getStatus(row())]).toMatchObject([undefined, { read: 2, of: 2 }, 'read'])
    expect((await scene.client.readers(row(), { limit: 5 })).items.map(({ userId }) => userId)).toEqual(['ada'])
    // Also by whoever holds it as it was.
    await scene.client.edit('c', 'm4', { kind: 'text', text: 'better' })
    await vi.waitFor(() => expect(edit.mock.calls).toEqual([['c', 'm1', { kind: 'text', text: 'better' }]]))
  })

  it('[RS30] [RS31] is lost where the server has lost both', async () => {
    const { row } = await lostOnce(3)
    await vi.waitFor(() => expect(row()).toMatchObject({ at: null, outgoing: 'failed', failure: { code: 'message/lost' } }))
  })
})

it('[RS31] it can be sent again, and then stands where the server has it now', async () => {
  const scene = await restored()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  scene.wire.answer = async ({ localId }) => ({ localId, id: 'm6', at: at(1, 1, 'm6'), time: 9 })
  await scene.client.retry('c', 'l3')
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'sent', 'failed']))
  expect(scene.wire.sent.map(({ localId, body }) => [localId, body])).toEqual([['l3', text(3).body]])
  expect(scene.mine('l3')).not.toHaveProperty('failure')
  await scene.client.discard('c', 'l4')
  await vi.waitFor(() => expect(scene.mine('l4')).toBeUndefined())
})

it('[RS31] sent again by another device of mine it has failed no more', async () => {
  const scene = await restored()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  await scene.bring(text(6, { from: 'me', localId: 'l3', at: at(1, 1, 'm6') }))
  expect(statuses(scene)).toEqual(['sent', 'sent', 'failed'])
  await scene.client.retry('c', 'l3')
  expect(scene.wire.sent).toEqual([])
})

it('[RS31] it is looked for once for each new epoch, and a server that shows nothing of what was before has lost nothing that is known', async () => {
  const scene = await restored([])
  for (const epoch of [1, 1, 2, 1]) {
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await scene.bring(text(5, { at: at(5, 2) }))
  expect(scene.asked).toEqual([1, 2].map((epoch) => ({ before: at(0, epoch, ''), limit: 1 })))
  expect(statuses(scene)).toEqual(['sent', 'sent', 'sent'])
})

it('[RS31] what the server keeps behind a hole of its page is not lost: it is asked on from there', async () => {
  const scene = await restored()
  const third = text(3, { from: 'me' })
  scene.wire.history = async (_id, { before }) => (before!.epoch === 1 ? { messages: [text(1, { from: 'me' })], contiguousTo: at(4) } : { messages: [third], contiguousTo: null })
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'sent', 'failed']))
})

it('[RS31] whoever hears of none, but only of what was said after it, finds it too', async () => {
  const scene = await restored()
  await scene.bring(text(5, { at: at(1, 1), id: 'm5' }))
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
})

it('[RS31] whoever was away for several losses finds them all', async () => {
  const scene = await restored([text(1, { from: 'me' }), text(2), text(5, { at: at(1, 1) })])
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 2 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  expect(scene.asked).toEqual([2, 1].map((epoch) => ({ before: at(0, epoch, ''), limit: 1 })))
})

it('[RS31] what another device of mine has sent again meanwhile stands where the server has it now', async () => {
  const scene = await restored([])
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(6, { from: 'me', localId: 'l3', at: at(1, 1, 'm6') }))
  await vi.waitFor(() => expect(scene.mine('l3')).toMatchObject({ at: { epoch: 0 }, otherPlaces: [{ epoch: 1 }] }))
  scene.kept = [text(1, { from: 'me' }), text(2)]
  scene.wire.emit({ type: 'message', message: text(4, { from: 'me' }) as never })
  await vi.waitFor(() => expect(scene.mine('l4')).toMatchObject({ outgoing: 'failed' }))
  expect(scene.mine('l3')).toMatchObject({ at: at(1, 1, 'm6'), ids: ['m3', 'm6'] })
  expect(scene.mine('l3')).not.toHaveProperty('otherPlaces')
  expect(scene.client.readStates('c').getStatus(scene.mine('l3')!)).toBe('sent')
})

it('[RS31] who is told by its new id to have read it, before anybody looked for losses, is its reader where it stands now', async () => {
  const scene = await restored()
  scene.wire.emit({ type: 'message', message: text(9, { from: 'me', localId: 'l4', at: at(1, 1, 'm9') }) as never })
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', ids: ['m9'] })
  await vi.waitFor(() => expect(scene.mine('l4')).toMatchObject({ at: at(1, 1, 'm9') }))
  await vi.waitFor(() => expect(scene.client.readStates('c').getTally(scene.mine('l4')!)).toMatchObject({ read: 1 }))
})

it('[RS31] what is told again, and is here, takes nobody out who has read it: it was looked for', async () => {
  const scene = await restored()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  await scene.bring(text(5, { at: at(5, 1) }))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published', upTo: at(5, 1) })
  const read = () => scene.client.readStates('c').getTally(scene.mine('l1')!)
  await vi.waitFor(() => expect(read()).toMatchObject({ read: 1 }))
  const seen: unknown[] = []
  scene.client.readStates('c').subscribe(() => seen.push(read()))
  scene.wire.emit({ type: 'message', message: text(1, { from: 'me' }) as never })
  await scene.bring(text(6, { at: at(6, 1) }))
  expect([read(), seen.filter((tally) => (tally as { read?: number }).read === 0), scene.asked.length]).toMatchObject([{ read: 1 }, [], 1])
})

it('[RS31] what is told of it after it was found to be lost is found again', async () => {
  const scene = await restored()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  await scene.bring(text(5, { at: at(1, 1), id: 'm5' }))
  scene.wire.emit({ type: 'message', message: text(3, { from: 'me' }) as never })
  await vi.waitFor(() => expect(scene.asked).toHaveLength(2))
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
  expect((await scene.storage.read((tx) => tx.outbox.list())).map((entry) => entry.action === 'send' && entry.localId).sort()).toEqual(['l3', 'l4'])
})

it('[RS31] what is being recalled while the server loses it is looked for once that was refused', async () => {
  let refuse: (cause: Error) => void = () => {}
  const history = async () => ({ messages: [text(1, { from: 'me' })], contiguousTo: null }) as never
  const recall = vi.fn(() => new Promise<never>((_, reject) => (refuse = reject)))
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history, recall })
  await scene.bring(text(1, { from: 'me' }), text(2, { from: 'me' }))
  const row = () => scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === 'l2')
  await scene.client.recall('c', 'm2')
  await vi.waitFor(() => expect(recall).toHaveBeenCalled())
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { at: at(1, 1, 'm5') }))
  expect(row()).not.toHaveProperty('failure')
  refuse(new TransportError('transport/notFound', 'It is not here.', { stored: 'no', retry: 'no' }))
  await vi.waitFor(() => expect(row()).toMatchObject({ at: null, failure: { code: 'message/lost' } }))
})

it('[RS31] what was recalled, and what is deleted for me, is not sent again; what was edited is sent as it was edited', async () => {
  const scene = await restored([text(1, { from: 'me' })])
  scene.wire.emit({ type: 'recalled', conversationId: 'c', id: 'm3', by: 'me', time: 9 })
  scene.wire.emit({ type: 'edited', conversationId: 'c', id: 'm4', body: { kind: 'text', text: 'better' }, time: 9 })
  scene.wire.emit({ type: 'reacted', conversationId: 'c', id: 'm4', reaction: { emoji: '+', by: 'ada' }, on: true } as never)
  await vi.waitFor(() => expect(scene.mine('l4')).toMatchObject({ editedAt: 9, reactions: [{ by: 'ada' }] }))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(() => expect(scene.mine('l4')).toMatchObject({ outgoing: 'failed', body: { text: 'better' } }))
  expect([scene.mine('l4'), scene.mine('l3')]).toMatchObject([{ at: null }, { at: { order: 3 } }])
  expect(scene.mine('l4')).not.toHaveProperty('reactions')
  expect(scene.mine('l4')).not.toHaveProperty('editedAt')
})

it('[RS31] a server that shows its newest message, whatever it is asked, has lost nothing that is known, and is asked once', async () => {
  const scene = await restored()
  const asked: unknown[] = []
  scene.wire.history = async (_id, query) => {
    asked.push(query)
    return { messages: [text(5, { at: at(1, 1) })], contiguousTo: null } as HistoryPage
  }
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { at: at(1, 1) }))
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(statuses(scene)).toEqual(['sent', 'sent', 'sent'])
})

it('[RS31] where the wire refuses to say, or does not answer, nothing is told as lost until it does', async () => {
  const scene = await restored()
  const history = scene.wire.history!
  scene.wire.history = async () => Promise.reject(new Error('not now'))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { at: at(1, 1), id: 'm5' }))
  expect(statuses(scene)).toEqual(['sent', 'sent', 'sent'])
  scene.wire.history = history
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expect(statuses(scene)).toEqual(['sent', 'failed', 'failed']))
})

it('[RS48] [RS17] its number is not missing where a position passes what was lost', async () => {
  const scene = await start({ dense: true, inOrder: true, read: POINT, delivered: POINT }, { history: async () => ({ messages: [text(1)], contiguousTo: null }) })
  await scene.bring(text(1), text(2, { from: 'me' }), text(3))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { at: at(1, 1), id: 'm5' }))
  await vi.waitFor(() => expect(scene.client.messages('c').getSnapshot().messages.map(({ outgoing }) => outgoing)).toContain('failed'))
  await scene.read(1, 3, 5)
  await vi.waitFor(() => expect(scene.isTold(1, 1)).toBe(true))
})
