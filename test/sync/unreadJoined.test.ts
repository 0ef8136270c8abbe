/** What was said before I joined, or while I was away, can be here, and is not unread. */
import type { HistoryQuery, IncomingMessage, MembershipInterval, Point } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { clearMine, NO_OWN_STATE, type OwnState } from '../../src/receipts/index.js'
import { pageAround } from '../../src/sync/windowPages.js'
import { at, SPARSE, start, text, type Scene } from './oneReader.js'

const before = (order: number): Point => at(order, 0, '')
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const since = (order: number): readonly MembershipInterval[] => [{ joinedAt: before(order), leftAt: null }]
/** Away for what has the numbers 3, 4 and 5. */
const AWAY: readonly MembershipInterval[] = [{ joinedAt: null, leftAt: before(3) }, { joinedAt: before(6), leftAt: null }]

function tellMine({ wire }: Scene, intervals: readonly MembershipInterval[], conversationId = 'c'): void {
  wire.emit({ type: 'member', conversationId, member: { userId: 'me', role: 'member', intervals } })
}

const countOf = ({ client }: Scene, id = 'c') => client.getState().conversations.find((each) => each.id === id)?.unread
const counts = (scene: Scene, count: number, exact = true, id = 'c') => vi.waitFor(() => expect(countOf(scene, id)).toEqual({ count, exact }))

const readUpTo = (order: number): OwnState => clearMine(NO_OWN_STATE, at(order))

const firstUnread = ({ storage }: Scene, own: OwnState) => storage.read(async (tx) => (await pageAround(tx, 'me', (await tx.conversations.get('c'))!, own, 'firstUnread')).firstUnread?.at?.order)

/** Somebody who joined at the fourth message, with the first three to be fetched. */
async function lateScene(last = 6): Promise<Scene> {
  const history = async (_id: string, query: HistoryQuery) => ({ messages: range(1, last).filter((order) => order < query.before!.order).map((order) => text(order) as IncomingMessage), contiguousTo: null })
  const scene = await start({ dense: true, history: true }, { history })
  tellMine(scene, since(4))
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: null, before: before(4) })
  return scene
}

describe('unread', () => {
  it('[RS13] is nothing from before I joined, also when I scroll up to it; it is missing there, and the count exact', async () => {
    const scene = await lateScene()
    await scene.bring(text(4), text(5), text(6))
    await counts(scene, 3)
    const source = scene.client.messages('c')
    await source.loadOlder!()
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(6))
    expect(countOf(scene)).toEqual({ count: 3, exact: true })
    scene.wire.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'ada', time: 5 })
    await scene.client.delete('c', 'm1', { for: 'me' })
    await vi.waitFor(() => expect(source.getSnapshot().messages[0]?.recalledAt).toBe(5))
    expect(countOf(scene)).toEqual({ count: 3, exact: true })
    await scene.read(2, 4)
    expect(countOf(scene)).toEqual({ count: 2, exact: true })
  })

  it('[RS13] opens at the first that was said since, however much was said while I was away', async () => {
    const scene = await lateScene()
    await scene.bring(text(4), text(5), text(6))
    await scene.client.messages('c').loadOlder!()
    expect(await firstUnread(scene, NO_OWN_STATE)).toBe(4)
    tellMine(scene, [{ joinedAt: before(2), leftAt: before(4) }, { joinedAt: before(300), leftAt: null }])
    for (const order of range(7, 300)) scene.wire.emit({ type: 'message', message: text(order) })
    await counts(scene, 3)
    expect(await firstUnread(scene, readUpTo(2))).toBe(3)
    expect(await firstUnread(scene, readUpTo(3))).toBe(300)
    expect(await firstUnread(scene, readUpTo(300))).toBeUndefined()
  })

  it('[RS13] is nothing of what was said while I was away', async () => {
    const scene = await start({ dense: true })
    await scene.bring(text(1), text(2))
    await counts(scene, 2)
    tellMine(scene, AWAY)
    scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(2), before: before(6) })
    scene.wire.emit({ type: 'message', message: text(6) })
    await counts(scene, 3)
    for (const order of [3, 4, 5]) scene.wire.emit({ type: 'message', message: text(order) })
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 10 }))).toHaveLength(6))
    expect(countOf(scene)).toEqual({ count: 3, exact: true })
  })

  it('[RS13] may be missing where numbers are not consecutive, and something from before I left with it', async () => {
    const scene = await start(SPARSE)
    await scene.bring(text(1), text(2))
    tellMine(scene, AWAY)
    scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(2), before: before(6) })
    scene.wire.emit({ type: 'message', message: text(6) })
    await counts(scene, 3, false)
  })

  it('[RS13] may be missing from before I left', async () => {
    const scene = await start({ dense: true })
    await scene.bring(text(1))
    tellMine(scene, AWAY)
    scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(1), before: before(6) })
    await counts(scene, 1, false)
  })

  it('[RS13] is counted again when it turns out that I joined at another time', async () => {
    const scene = await start({ dense: true })
    await scene.bring(...range(1, 6).map((order) => text(order)))
    await counts(scene, 6)
    tellMine(scene, since(4))
    await counts(scene, 3)
    const members = [{ userId: 'me', role: 'member' as const, intervals: since(3) }, { userId: 'ada', role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }]
    scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete: true } })
    await counts(scene, 4)
    tellMine(scene, [{ joinedAt: null, leftAt: null }])
    await counts(scene, 6)
    expect(await scene.storage.read((tx) => tx.conversations.get('c'))).not.toHaveProperty('joined')
  })

  it('[RS13] is everything where nobody knows when I joined, and counts by that as soon as it is known', async () => {
    const scene = await start({ dense: true })
    for (const order of range(1, 6)) scene.wire.emit({ type: 'message', message: text(order, { conversationId: 'd' }) as IncomingMessage })
    await counts(scene, 6, true, 'd')
    tellMine(scene, [], 'd')
    tellMine(scene, since(5), 'd')
    await counts(scene, 2, true, 'd')
  })

  it('[RS13] counts by it also where that is known before the conversation', async () => {
    const scene = await start({ dense: true })
    tellMine(scene, since(5), 'd')
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.members.list('d'))).toHaveLength(1))
    for (const order of range(1, 6)) scene.wire.emit({ type: 'message', message: text(order, { conversationId: 'd' }) as IncomingMessage })
    await counts(scene, 2, true, 'd')
    tellMine(scene, since(5), 'e')
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.members.list('e'))).toHaveLength(1))
    await scene.client.ensureConversation({ id: 'e', kind: 'group', members: ['me', 'ada'] })
    for (const order of range(1, 6)) scene.wire.emit({ type: 'message', message: text(order, { conversationId: 'e', id: `e${order}`, at: at(order, 0, `e${order}`), localId: `e${order}` }) as IncomingMessage })
    await counts(scene, 2, true, 'e')
  })

  it('[RS13] grows no more by what is said after I left', async () => {
    const scene = await start({ dense: true })
    await scene.bring(text(1))
    tellMine(scene, [{ joinedAt: null, leftAt: before(2) }])
    await scene.bring(text(2))
    expect(countOf(scene)).toEqual({ count: 1, exact: true })
  })

  it('[RS13] is not walked below where I joined, however much is here from before', async () => {
    const scene = await start({ dense: true })
    await scene.bring(...range(1, 30).map((order) => text(order)))
    const pages: (Point | undefined)[] = []
    const read = scene.storage.write.bind(scene.storage)
    scene.storage.write = (run, options) => read((tx) => run({ ...tx, messages: { ...tx.messages, page: (query) => {
      pages.push(query.after)
      return tx.messages.page(query)
    } } }), options)
    tellMine(scene, since(28))
    await counts(scene, 3)
    expect(pages[0]).toEqual(before(28))
  })
})
