/** What a position says of messages that the server may have lost before its epoch: nothing, until it is known that they are still there. */
import type { HistoryPage, HistoryQuery, PointRange } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

const MINE = { from: 'me' }

/** Mine at 1, 3 and 4, Ada's at 2, read by nobody; then, in the next epoch, mine at 5 and Ada's at 6. What the wire is asked of it waits for an answer of the test. */
async function reset(capabilities: Parameters<typeof start>[0] = { dense: true, read: POINT, delivered: POINT }, { isTold = true, hasHistory = true } = {}) {
  let answer!: (page: HistoryPage | Error) => void
  const asked: HistoryQuery[] = []
  const history = (_id: string, query: HistoryQuery) => {
    asked.push(query)
    return new Promise<HistoryPage>((resolve, reject) => (answer = (page) => (page instanceof Error ? reject(page) : resolve(page))))
  }
  const scene = await start(capabilities, hasHistory ? { history } : {})
  await scene.bring(text(1, MINE), text(2), text(3, MINE), text(4, MINE))
  if (isTold) scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  const open = () => scene.bring(text(5, { ...MINE, at: at(5, 1) }), text(6, { at: at(6, 1) }))
  if (isTold) await open()
  return { ...scene, open, asked, answer: (page: HistoryPage | Error) => answer(page) }
}

const page = (...messages: HistoryPage['messages']): HistoryPage => ({ messages, contiguousTo: null }) as HistoryPage

function statuses({ client }: Pick<Scene, 'client'>): Record<string, unknown> {
  const mine = client.messages('c').getSnapshot().messages.filter(({ from }) => from === 'me')
  return Object.fromEntries(mine.map((message) => [message.localId, client.readStates('c').getStatus(message)]))
}

/** By both of them. */
function read({ wire }: Scene, upTo = at(6, 1)): void {
  for (const by of ['ada', 'bo']) wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo })
}

function readStretch({ wire }: Scene, ...ranges: readonly PointRange[]): void {
  for (const by of ['ada', 'bo']) wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ranges })
}

describe('a position behind a loss', () => {
  it('[RS31] says nothing of what was sent before it, until it is known what was lost; then all that is left was read', async () => {
    const scene = await reset()
    read(scene)
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read' }))
    scene.answer(page(text(3, MINE)))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l4: 'failed', l5: 'read' }))
    expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
  })

  it('[RS31] that comes once it is known what was lost says it at once', async () => {
    const scene = await reset()
    scene.answer(page(text(3, MINE)))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'failed', l5: 'sent' }))
    read(scene)
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l4: 'failed', l5: 'read' }))
  })

  it('[RS31] says nothing of it, either, where one in that epoch has come before', async () => {
    const scene = await reset()
    read(scene, at(5, 1))
    await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l5: 'read' }))
    await scene.bring(text(7, { ...MINE, at: at(7, 1) }))
    read(scene, at(7, 1))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read', l7: 'read' }))
  })

  it('[RS31] leaves what was read before the loss as it was', async () => {
    const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history: () => new Promise(() => {}) })
    await scene.bring(text(1, MINE), text(2), text(3, MINE))
    read(scene, at(2))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'sent' }))
    await scene.bring(text(5, { ...MINE, at: at(5, 1) }))
    read(scene, at(5, 1))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'sent', l5: 'read' }))
  })

  it('[RS31] is never known to say more where the wire refuses to tell, nor where it has no history', async () => {
    const refused = await reset()
    read(refused)
    refused.answer(new Error('not now'))
    const without = await reset({ dense: true, read: POINT, delivered: POINT }, { hasHistory: false })
    read(without)
    for (const scene of [refused, without]) {
      await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read' }))
      await scene.bring(text(8, { at: at(8, 1) }))
      expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read' })
    }
    // Nothing waits for what nobody will say.
    expect(await without.storage.read((tx) => tx.held.list('c'))).toEqual([])
  })

  it('[RS31] nor where the wire shows nothing of what was before, which it is asked once: all of it may be lost', async () => {
    const scene = await reset()
    read(scene)
    scene.answer(page())
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([]))
    await scene.bring(text(7, { ...MINE, at: at(7, 1) }))
    read(scene, at(7, 1))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read', l7: 'read' }))
    // Of what is behind that silence all is known.
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 2 })
    await vi.waitFor(() => expect(scene.asked).toHaveLength(2))
    scene.answer(page(text(5, { ...MINE, at: at(5, 1) })))
    await vi.waitFor(() => expect(statuses(scene)).toMatchObject({ l5: 'read', l7: 'failed' }))
    await scene.bring(text(8, { ...MINE, at: at(8, 2) }))
    read(scene, at(8, 2))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read', l7: 'failed', l8: 'read' }))
  })

  it('[RS31] waits as a whole where nothing of its epoch is here: what is here may be what was lost', async () => {
    const scene = await reset({ dense: true, read: POINT, delivered: POINT }, { isTold: false })
    read(scene)
    readStretch(scene, { from: at(2), to: at(6, 1) })
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.held.list('c'))).toHaveLength(4))
    expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent' })
    await scene.open()
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'sent', l4: 'sent', l5: 'read' }))
    scene.answer(page(text(4, MINE)))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'read', l3: 'read', l4: 'read', l5: 'read' }))
  })

  it('[RS31] as a stretch that reaches back over it says where it began, and what is behind the loss', async () => {
    const scene = await reset({ dense: true, read: RANGES, delivered: RANGES })
    readStretch(scene, { from: at(3), to: at(6, 1) })
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'read', l4: 'sent', l5: 'read' }))
    scene.answer(page(text(4, MINE)))
    await vi.waitFor(() => expect(statuses(scene)).toEqual({ l1: 'sent', l3: 'read', l4: 'read', l5: 'read' }))
  })

  it('[RS31] clears my own count on my other devices, too, only once it is known', async () => {
    const scene = await reset()
    await vi.waitFor(() => expect(scene.unread()).toBe(2))
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'ownDevices', upTo: at(6, 1) })
    await vi.waitFor(() => expect(scene.unread()).toBe(1))
    scene.answer(page(text(4, MINE)))
    await vi.waitFor(() => expect(scene.unread()).toBe(0))
  })
})
