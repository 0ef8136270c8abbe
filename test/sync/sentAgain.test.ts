/** A message that a restored server lost and that was sent again stands at two places, on every device that had it before; and what a restored server lost must be found. */
import { createChatClient, type HistoryPage, type HistoryQuery, type Message, type Point } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { describe, expect, it, vi } from 'vitest'
import { createChanges } from '../../src/sync/changes.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { noteEpochs, resetKey } from '../../src/sync/resets.js'
import { at, POINT, SPARSE, start, START, text, type Scene } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms))
const asMember = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })
const DENSE_POINT = { dense: true, inOrder: true, read: POINT, delivered: POINT } as const

type Text = ReturnType<typeof text>

interface Restored extends Scene {
  kept: readonly Text[]
  readonly asked: unknown[]
  mine(localId: string): Message
  status(localId: string): string | null
  reset(epoch?: number): void
  /** By everybody else. */
  allRead(upTo: Point): void
  isLost(localId?: string): Promise<void>
}

/** Mine at 1, 3 and 4, Ada's at 2; restored, the server has `kept`. */
async function restored(kept: readonly Text[] = [text(1, { from: 'me' }), text(2)]): Promise<Restored> {
  const asked: unknown[] = []
  const history = async (_id: string, query: HistoryQuery): Promise<HistoryPage> => {
    asked.push(query)
    return { messages: own.kept.filter((message) => (message.at as Point).epoch < query.before!.epoch).slice(-1), contiguousTo: null } as HistoryPage
  }
  const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history })
  await scene.bring(text(1, { from: 'me' }), text(2), text(3, { from: 'me' }), text(4, { from: 'me' }))
  const mine = (localId: string) => scene.client.messages('c').getSnapshot().messages.find((each) => each.localId === localId)!
  const own: Restored = Object.assign(scene, {
    kept, asked, mine,
    status: (localId: string) => scene.client.readStates('c').getStatus(mine(localId)),
    reset: (epoch = 1) => scene.wire.emit({ type: 'reset', conversationId: 'c', epoch }),
    allRead(upTo: Point) {
      for (const by of ['ada', 'bo']) scene.wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo })
    },
    isLost: async (localId = 'l3') => vi.waitFor(() => expect(mine(localId).outgoing).toBe('failed')),
  })
  return own
}

/** Ann's second message is lost, and she sends it again; Bob had it before. */
async function sentAgain(run: (scene: { ann: ReturnType<typeof createChatClient>; bob: ReturnType<typeof createChatClient>; row(client: unknown): Message; errors: string[] }) => Promise<void>): Promise<void> {
  const hub = memoryHub()
  const [ann, bob] = ['ann', 'bob'].map((userId) => createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })) as [ReturnType<typeof createChatClient>, ReturnType<typeof createChatClient>]
  const errors: string[] = []
  bob.on('error', ({ code }) => errors.push(code))
  try {
    for (const client of [ann, bob]) {
      await client.start()
      client.messages('d').subscribe(() => {})
      await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    }
    await ann.ensureConversation({ id: 'd', kind: 'direct', members: ['ann', 'bob'] })
    const rows = (client: typeof ann) => client.messages('d').getSnapshot().messages
    await ann.send('d', { body: { kind: 'text', text: 'one' } })
    const localId = await ann.send('d', { body: { kind: 'text', text: 'two' } })
    const row = (client: unknown) => rows(client as typeof ann).find((message) => message.localId === localId)!
    await vi.waitFor(() => expect(rows(bob)).toHaveLength(2))
    await hub.reset('d', { loseLast: 1 })
    await vi.waitFor(() => expect(row(ann).outgoing).toBe('failed'))
    await ann.retry('d', localId)
    await vi.waitFor(() => expect(row(bob).ids).toHaveLength(2))
    await run({ ann, bob, row, errors })
  } finally {
    await ann.dispose()
    await bob.dispose()
  }
}

describe('a message at several places', () => {
  it('[RS30] is told as read at all of them: its author, who sent it again, knows of the later one alone', () => sentAgain(async ({ ann, bob, row }) => {
    await bob.markRead([row(bob)])
    await vi.waitFor(() => expect(ann.readStates('d').getStatus(row(ann))).toBe('read'))
  }))

  it('[RS30] is told so, too, when it was read before the copy came', async () => {
    const scene = await start({ ...SPARSE, inOrder: true })
    await scene.bring(text(1), text(2))
    await scene.read(1, 2)
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await scene.bring(text(6, { localId: 'l2', at: at(1, 1, 'm6') }))
    await vi.waitFor(() => expect(scene.isTold(1, 1, 'm6')).toBe(true))
  })

  it('[RS30] is told to my own devices, too, where others are told nothing: one that came later knows the later place alone', async () => {
    const scene = await start({ ...SPARSE, inOrder: true })
    await scene.client.setReceipts('off')
    await scene.bring(text(1), text(2))
    await scene.read(1, 2)
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await scene.bring(text(6, { localId: 'l2', at: at(1, 1, 'm6') }))
    await vi.waitFor(() => expect(scene.wire.reports.some(({ kind, visibility, ranges }) => kind === 'read' && visibility === 'ownDevices' && ranges.some(({ to }) => to.id === 'm6'))).toBe(true))
    expect(scene.isTold(1, 1, 'm6')).toBe(false)
  })

  it('[RS21] [RS31] waits for everybody where it was sent again: who was silent when it was sent first may have been heard of since', async () => {
    const DAY_MS = 86_400_000
    const read = (by: string, place: Point, time: number) => ({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ranges: [{ from: place, to: place }], time }) as const
    const [one, sentAt] = [text(1), START + 30 * DAY_MS]
    const scene = await start({ ...SPARSE, inOrder: true, catchUp: 'cursor', receiptsCatchUp: 'replay' }, { history: async () => ({ messages: [one], contiguousTo: null }) }, { silentAfterMs: 10 * DAY_MS })
    const shown = () => {
      const row = scene.client.messages('c').getSnapshot().messages.find(({ localId }) => localId === 'l2')!
      return [row.at?.epoch, scene.client.readStates('c').getTally(row), scene.client.readStates('c').getStatus(row)]
    }
    await scene.bring(one, text(2, { from: 'me', time: sentAt }), text(3, { time: sentAt + 5 }))
    for (const receipt of [read('bo', at(1), START + 5), read('bo', at(3), sentAt + DAY_MS)]) scene.wire.emit(receipt)
    await vi.waitFor(() => expect(shown()).toMatchObject([0, { read: 0, of: 1 }, 'sent']))
    scene.wire.emit({ type: 'message', message: text(2, { from: 'me', id: 'again', at: at(1, 1, 'again'), time: sentAt + 2 * DAY_MS }) })
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await vi.waitFor(() => expect(shown()[0]).toBe(1))
    scene.wire.emit(read('ada', at(1, 1, 'again'), sentAt + 2 * DAY_MS + 5))
    await vi.waitFor(() => expect(shown()).toMatchObject([1, { read: 1, of: 2 }, 'sent']))
  })

  it('[RS30] is told so, too, by whoever holds it as it was before the copy came', async () => {
    const scene = await start({ ...SPARSE, inOrder: true })
    await scene.bring(text(1), text(2))
    const before = scene.client.messages('c').getSnapshot().messages[1]!
    await scene.bring(text(6, { localId: 'l2' }))
    await scene.client.markRead([before])
    await vi.waitFor(() => expect([scene.isTold(2), scene.isTold(6)]).toEqual([true, true]))
  })

  it('[RS30] [RS14] is told so, too, where a later message was read and everything before it with it', async () => {
    const scene = await start({ ...SPARSE, inOrder: true })
    scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct' } })
    await scene.bring(text(1), text(3), text(5, { localId: 'l1' }))
    await scene.read(3)
    expect(scene.unread()).toBe(0)
    await vi.waitFor(() => expect([scene.isTold(1), scene.isTold(5)]).toEqual([true, true]))
  })

  it('[RS31] what is done to it goes to the id that the server still knows', () => sentAgain(async ({ ann, bob, row, errors }) => {
    await bob.react('d', row(bob).ids[0]!, '+', true)
    await vi.waitFor(() => expect(row(ann).reactions).toMatchObject([{ emoji: '+', by: 'bob' }]))
    await bob.send('d', { body: { kind: 'text', text: 'to it' }, replyTo: row(bob).ids[0]! })
    await vi.waitFor(() => expect(ann.messages('d').getSnapshot().messages.at(-1)?.replyTo).toBe(row(ann).at!.id))
    expect(errors).toEqual([])
  }))

  it('[RS48] [RS17] the number of its second place is not missing where a position passes, whoever sent it', async () => {
    const scene = await start(DENSE_POINT)
    await scene.bring(text(1), text(2, { from: 'me' }), text(3, { localId: 'l2', from: 'me' }), text(4), text(5, { localId: 'l4' }), text(6))
    await scene.read(1, 4, 6)
    await vi.waitFor(() => expect(scene.isTold(6)).toBe(true))
  })

  it('[RS17] nor is it where it was sent again after a loss', async () => {
    const scene = await start(DENSE_POINT)
    await scene.bring(text(1), text(2))
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
    await scene.bring(text(6, { localId: 'l2', at: at(1, 1, 'm6') }), text(7, { at: at(2, 1, 'm7') }))
    await scene.read(1, 2)
    await vi.waitFor(() => expect(scene.isTold(2, 1, 'm7')).toBe(true))
  })

  it('[RS30] [RS13] is not unread where my other device has read it elsewhere', async () => {
    const scene = await start({ ...SPARSE, inOrder: true })
    await scene.bring(text(1), text(5, { localId: 'l3' }))
    scene.wire.emit({ type: 'message', message: text(3) as never })
    const row = () => scene.client.messages('c').getSnapshot().messages.at(-1)!
    await vi.waitFor(() => expect(row().ids).toHaveLength(2))
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(3) })
    await vi.waitFor(() => expect(scene.unread()).toBe(0))
    expect(scene.client.readStates('c').isRead(row())).toBe(true)
  })
})

describe('a message of mine that was shown as read, and then lost', () => {
  it('[RS11] [RS31] is not read because it was sent again, nor while it is being sent', async () => {
    const scene = await restored()
    scene.allRead(at(4))
    await vi.waitFor(() => expect(scene.status('l3')).toBe('read'))
    scene.reset()
    await scene.isLost()
    scene.wire.answer = () => new Promise(() => {})
    await scene.client.retry('c', 'l3')
    await vi.waitFor(() => expect(scene.mine('l3').outgoing).toBe('sending'))
    expect(scene.status('l3')).toBe('sending')
    await scene.bring(text(6, { from: 'me', localId: 'l3', at: at(1, 1, 'm6') }))
    expect(scene.client.readStates('c').getTally(scene.mine('l3'))).toMatchObject({ read: 0 })
    expect(scene.status('l3')).toBe('sent')
  })

  it('[RS31] is not lost where the server has it under the same id', async () => {
    const scene = await restored()
    scene.reset()
    scene.wire.emit({ type: 'message', message: text(3, { from: 'me', at: at(1, 1, 'm3') }) as never })
    await scene.isLost('l4')
    expect(scene.status('l3')).toBe('sent')
  })

  it('[RS31] leaves nothing in the outbox that nobody could reach', async () => {
    const scene = await restored()
    await scene.storage.write((tx) => tx.outbox.add({ lane: 'intent', action: 'react', conversationId: 'c', messageId: 'm3', payload: { done: { action: 'react', emoji: '+', on: true }, undo: { had: false } }, attempts: 12, notBefore: 0, failed: { code: 'outbox/givenUp', message: '' } }))
    scene.reset()
    await scene.isLost()
    await scene.client.discard('c', 'l4')
    await scene.bring(text(6, { from: 'me', localId: 'l3', at: at(1, 1, 'm6') }))
    expect((await scene.client.diagnostics()).outbox).toEqual([])
  })
})

describe('what a restored server lost', () => {
  it('[RS31] is looked for again where it was restored to before the loss before', async () => {
    const scene = await restored([text(1, { from: 'me' }), text(2), text(3, { from: 'me' }), text(4, { from: 'me' })])
    scene.reset()
    await vi.waitFor(() => expect(scene.asked).toHaveLength(1))
    await pause()
    scene.kept = [text(1, { from: 'me' }), text(2), text(7, { at: at(1, 1, 'm7') })]
    scene.reset(2)
    await scene.isLost()
    expect([scene.status('l1'), scene.status('l4')]).toEqual(['sent', 'failed'])
  })

  it('[RS31] also what is told late while the question is out', async () => {
    const scene = await restored()
    scene.reset()
    await scene.isLost()
    scene.kept = [...scene.kept, text(5, { at: at(1, 1) })]
    await scene.bring(text(5, { at: at(1, 1) }))
    const history = scene.wire.history!
    let go = (): void => {}
    scene.wire.history = async (id, query) => {
      await new Promise<void>((resolve) => {
        go = resolve
      })
      return history(id, query)
    }
    const seen = scene.asked.length
    scene.reset(2)
    await pause()
    await scene.bring(text(3, { from: 'me' }))
    expect(scene.status('l3')).toBe('sent')
    scene.wire.history = history
    go()
    await scene.isLost()
    expect(scene.asked.length).toBeGreaterThan(seen)
  })

  it('[RS31] is looked for where a page of history alone tells of a new epoch; of what it shows nothing is lost', async () => {
    const storage = memoryStorage()
    await storage.open('me')
    const tell = (message: Text, areThere: boolean) => storage.write(async (tx) => {
      const changes = createChanges()
      await noteEpochs(tx, { me: 'me', transport: scriptedTransport() }, [message as never], changes, areThere ? 'none' : 'mine')
      return changes.epochs
    })
    await storage.write((tx) => tx.conversations.put([{ ...newConversation('c', 'group'), head: at(4) }]))
    expect(await tell(text(5, { at: at(1, 1) }), true)).toBe(true)
    await storage.write((tx) => tx.meta.put(resetKey('c'), { epoch: 1, found: 1 }))
    expect([await tell(text(3, { from: 'me' }), true), await tell(text(3, { from: 'me' }), false)]).toEqual([false, true])
  })

  it('[RS31] in a conversation that is called as something that every object has', async () => {
    const scene = await restored()
    const id = 'constructor'
    scene.wire.emit({ type: 'conversation', conversation: { id, kind: 'group', members: ['me', 'ada'].map(asMember), rosterComplete: true } })
    scene.client.messages(id).subscribe(() => {})
    for (const message of [text(1, { conversationId: id }), text(2, { from: 'me', conversationId: id })]) scene.wire.emit({ type: 'message', message: message as never })
    await vi.waitFor(() => expect(scene.client.messages(id).getSnapshot().messages).toHaveLength(2))
    scene.wire.emit({ type: 'reset', conversationId: id, epoch: 1 })
    await vi.waitFor(() => expect(scene.asked).toHaveLength(1))
  })

  it('[RS31] is not asked for by a device that has nothing of it', async () => {
    const history = vi.fn(async (_id: string, { before }: HistoryQuery) => ({ messages: [text(1, { at: at(1, before!.epoch - 1) })], contiguousTo: null }) as HistoryPage)
    const scene = await start({ dense: true, read: POINT, delivered: POINT }, { history })
    scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 40 })
    await pause(100)
    expect(history).not.toHaveBeenCalled()
  })
})

it.each([['public', true], ['private', false], ['off', false]] as const)('[RS30] [RS15] what was told as read stands elsewhere by now, and my receipts are %s: its second place is told (%s)', async (setting, isTold) => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(1), text(2))
  await scene.read(1, 2)
  await vi.waitFor(() => expect(scene.isTold(2)).toBe(true))
  if (setting !== 'public') await scene.client.setReceipts(setting)
  await pause()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  scene.wire.emit({ type: 'message', message: text(3, { localId: 'l2', id: 'm3', at: at(3, 1) }) as never })
  await vi.waitFor(async () => expect((await scene.storage.read((tx) => tx.messages.byId('c', 'm3')))?.otherPlaces).toEqual([at(3, 1)]))
  await pause(300)
  expect(scene.isTold(3, 1)).toBe(isTold)
  const told = scene.wire.reports.filter(({ kind, visibility, ranges }) => kind === 'delivered' && visibility === 'published' && ranges.some(({ to }) => to.epoch === 1))
  // That it was read says that it came.
  expect(told.length > 0).toBe(setting === 'private')
})
