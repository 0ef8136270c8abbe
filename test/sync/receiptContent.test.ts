/** A word said with a receipt (`ackContent`), from the reader to the author and through everything between. */
import { createChatClient, type ChatClient, type ChatClientOptions, type ChatStorage, type Message, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MAX_CONTENT_CHARS } from '../../src/receipts/contents.js'
import { scriptedTransport } from './scriptedTransport.js'

const GROUP = { id: 'team', kind: 'group', members: ['ada', 'bo', 'cy'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

type Options = Partial<ChatClientOptions>

async function start(userId: string, transport: ChatClientOptions['transport'], options: Options = {}) {
  const client = createChatClient({ userId, transport, storage: memoryStorage(), policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null }, ...options })
  running.push(client)
  const source = client.messages(GROUP.id)
  source.subscribe(() => {})
  client.readStates(GROUP.id).subscribe(() => {})
  await client.start()
  const shown = (): readonly Message[] => source.getSnapshot().messages
  return { client, shown, row: (id: string) => shown().find(({ ids }) => ids.includes(id))! }
}

type Person = Awaited<ReturnType<typeof start>>

/** Whom the list of readers names, and what they said. */
const readersOf = async ({ client, row }: Person, id: string) => (await client.readers(row(id), { limit: 10 })).items.map(({ userId, kind, content }) => [userId, kind, content])

/** Ada wrote three messages. */
async function hubOf(): Promise<{ hub: Hub; ids: readonly [string, string, string] }> {
  const hub = memoryHub()
  await hub.ensureConversation(GROUP)
  const ids: string[] = []
  for (const body of ['coming?', 'and tomorrow?', 'well?']) ids.push((await hub.post({ from: 'ada', conversationId: GROUP.id, body })).id)
  return { hub, ids: ids as unknown as [string, string, string] }
}

/** Ada and Bo, who both see all three. */
async function two(options: Options = {}) {
  const { hub, ids } = await hubOf()
  const [ada, bo] = [await start('ada', hub.transport()), await start('bo', hub.transport(), options)]
  for (const each of [ada, bo]) await vi.waitFor(() => expect(each.shown()).toHaveLength(3))
  return { hub, ids, ada, bo }
}

const none = async ({ client }: Person) => vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))

describe('what is said with a receipt', () => {
  it('[RS34] reaches the author with its message and with no other, and those who come later', async () => {
    const { hub, ids: [one, two_, three], ada, bo } = await two()
    await bo.client.markRead([bo.row(two_)], 'read', { content: 'yes' })
    await vi.waitFor(async () => expect(await readersOf(ada, two_)).toEqual([['bo', 'read', 'yes']]))
    const of = async (id: string) => (await readersOf(ada, id)).find(([userId]) => userId === 'bo')
    expect([await of(one), await of(three)]).toEqual([['bo', 'delivered', undefined], ['bo', 'delivered', undefined]])
    const later = await start('ada', hub.transport())
    await vi.waitFor(async () => expect(await readersOf(later, two_)).toEqual([['bo', 'read', 'yes']]))
  })

  it('[RS34] is told of a message that was read before, and its list hears of it', async () => {
    const { ids: [one], ada, bo } = await two()
    await bo.client.markRead([bo.row(one)])
    await none(bo)
    await vi.waitFor(async () => expect(await readersOf(ada, one)).toEqual([['bo', 'read', undefined]]))
    const moved = vi.fn()
    ada.client.readStates(GROUP.id).subscribe(moved)
    await bo.client.markRead([bo.row(one)], 'read', { content: 'seen and done' })
    await vi.waitFor(async () => expect(await readersOf(ada, one)).toEqual([['bo', 'read', 'seen and done']]))
    await vi.waitFor(() => expect(moved).toHaveBeenCalled())
  })

  it('[RS34] what was said first stays, however often something is said', async () => {
    const { ids: [one], ada, bo } = await two()
    for (const content of ['yes', 'no', 'yes']) await bo.client.markRead([bo.row(one)], 'read', { content })
    await none(bo)
    await vi.waitFor(async () => expect(await readersOf(ada, one)).toEqual([['bo', 'read', 'yes']]))
  })

  it('[RS34] is hidden wherever readers are: of a message that was recalled, and from who tells nobody what they read', async () => {
    const { hub, ids: [one, two_], ada, bo } = await two()
    for (const id of [one, two_]) await bo.client.markRead([bo.row(id)], 'read', { content: 'yes' })
    for (const id of [one, two_]) await vi.waitFor(async () => expect(await readersOf(ada, id)).toEqual([['bo', 'read', 'yes']]))
    await ada.client.recall(GROUP.id, one)
    await vi.waitFor(() => expect(ada.row(one).recalledAt).toBeDefined())
    expect(await readersOf(ada, one)).toEqual([])
    expect(JSON.stringify(await ada.client.getMemberStates(GROUP.id, ada.shown()))).not.toContain('yes')
    const hidden = await start('ada', hub.transport(), { policy: { reciprocal: true } })
    await vi.waitFor(async () => expect(await readersOf(hidden, two_)).toEqual([['bo', 'read', 'yes']]))
    await hidden.client.setReceipts('private')
    expect(await readersOf(hidden, two_)).toEqual([])
  })

  it('[RS34] goes over into another database with the conversation, as far as its messages do', async () => {
    const { ids: [one], ada, bo } = await two()
    await bo.client.markRead([bo.row(one)], 'read', { content: 'yes' })
    await vi.waitFor(async () => expect(await readersOf(ada, one)).toEqual([['bo', 'read', 'yes']]))
    const lines: string[] = []
    for await (const line of ada.client.exportConversation(GROUP.id)) lines.push(line)
    const other = await start('ada', scriptedTransport())
    const forged = lines.map((line) => line.replace('"content":"yes"', `"content":"${'y'.repeat(MAX_CONTENT_CHARS + 1)}"`))
    await other.client.importConversation(forged)
    await vi.waitFor(async () => expect(await readersOf(other, one)).toEqual([['bo', 'read', undefined]]))
    await other.client.importConversation(lines)
    await vi.waitFor(async () => expect(await readersOf(other, one)).toEqual([['bo', 'read', 'yes']]))
  })
})

const MEMBERS = GROUP.members.map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))
const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const text = (order: number, from: string) => ({ conversationId: GROUP.id, id: `m${order}`, at: at(order), from, localId: `l${order}`, time: 1_000 + order, body: { kind: 'text' as const, text: `${order}` } })

/** On a wire of which the test writes every event, with five messages of `from`. */
async function scripted(userId: string, from: string, capabilities: Partial<TransportCapabilities> = {}, storage: ChatStorage = memoryStorage(), policy: ChatClientOptions['policy'] & object = {}) {
  const wire = scriptedTransport(capabilities)
  const person = await start(userId, wire, { storage, policy: { flushMs: 1, maxFlushMs: 2, ...policy } })
  const dropped: string[] = []
  person.client.on('dropped', ({ reason }) => dropped.push(reason))
  await vi.waitFor(() => expect(person.client.getState().connection.status).toBe('online'))
  const arrive = (...orders: readonly number[]) => orders.forEach((order) => wire.emit({ type: 'message', message: text(order, from) }))
  const roster = (rosterComplete: boolean, members = MEMBERS) => wire.emit({ type: 'conversation', conversation: { id: GROUP.id, kind: 'group', members, rosterComplete } })
  const says = (content: string, rest: object) => wire.emit({ type: 'receipt', conversationId: GROUP.id, by: 'bo', kind: 'read', visibility: 'published', content, ...rest })
  const said = () => wire.reports.filter((report) => report.content !== undefined).map(({ kind, upTo, ranges, messages, content }) => ({ kind, upTo, ranges, ids: messages.map(({ id }) => id), content }))
  const contents = async () => (await storage.read((tx) => tx.readStates.get(GROUP.id, 'bo')))?.contents?.map(({ at: { id }, content, time }) => [id, content, time])
  return { ...person, wire, storage, dropped, arrive, roster, says, said, contents }
}

describe('what comes with a receipt', () => {
  it('[RS34] is of the messages that it names, or of the one at the end of its prefix; of a stretch it is of none, and counted', async () => {
    const scene = await scripted('ada', 'ada')
    scene.roster(true)
    scene.arrive(1, 2, 3, 4, 5)
    scene.says('both', { ids: ['m1', 'm2'], time: 2_000 })
    scene.says('here', { upTo: at(3), time: 3_000 })
    scene.says('anywhere', { ranges: [{ from: at(4), to: at(5) }] })
    scene.says('x'.repeat(MAX_CONTENT_CHARS + 1), { ids: ['m5'] })
    scene.says('x'.repeat(MAX_CONTENT_CHARS), { ids: ['m4'], time: 4_000 })
    await vi.waitFor(async () => expect(await scene.contents()).toEqual([['m1', 'both', 2_000], ['m2', 'both', 2_000], ['m3', 'here', 3_000], ['m4', 'x'.repeat(MAX_CONTENT_CHARS), 4_000]]))
    expect(scene.dropped).toEqual(['receipt/content', 'receipt/content'])
    expect(await readersOf(scene, 'm5')).toEqual([['bo', 'read', undefined]])
  })

  it('[RS34] [RS28] waits with the message that it is of, and is never taken for that of another', async () => {
    const scene = await scripted('ada', 'ada')
    scene.roster(true)
    scene.arrive(1)
    scene.says('late', { ids: ['m2', 'm3'], time: 9_000 })
    scene.says('soon', { ids: ['m2'], time: 8_000 })
    scene.wire.emit({ type: 'receipt', conversationId: GROUP.id, by: 'bo', kind: 'read', visibility: 'published', ids: ['m4'], time: 7_000 })
    scene.says('reached', { upTo: at(5), time: 9_500 })
    await vi.waitFor(async () => expect((await scene.storage.read((tx) => tx.held.list(GROUP.id))).length).toBeGreaterThan(3))
    scene.arrive(2, 3, 4, 5)
    await vi.waitFor(async () => expect(await scene.contents()).toEqual([['m2', 'soon', 8_000], ['m3', 'late', 9_000], ['m5', 'reached', 9_500]]))
    expect(await scene.storage.read((tx) => tx.held.list(GROUP.id))).toEqual([])
  })

  it('[RS34] of somebody who is not known yet waits for the roster, each with its message', async () => {
    const scene = await scripted('ada', 'ada')
    scene.roster(false, MEMBERS.slice(0, 1))
    scene.arrive(1, 2, 3)
    scene.says('one', { ids: ['m1'], time: 2_000 })
    scene.says('two', { ids: ['m2'], time: 3_000 })
    await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.held.list(GROUP.id))).toHaveLength(3))
    scene.roster(true)
    await vi.waitFor(async () => expect(await scene.contents()).toEqual([['m1', 'one', 2_000], ['m2', 'two', 3_000]]))
  })

  it('[RS34] [RS32] goes with its message where that is deleted for good', async () => {
    const scene = await scripted('ada', 'ada')
    scene.roster(true)
    scene.arrive(1, 2)
    for (const order of [1, 2]) scene.says(`of ${order}`, { ids: [`m${order}`], time: 2_000 })
    await vi.waitFor(async () => expect(await scene.contents()).toHaveLength(2))
    scene.wire.emit({ type: 'deleted', conversationId: GROUP.id, id: 'm1', by: 'ada', time: 5_000, hard: true })
    await vi.waitFor(async () => expect(await scene.contents()).toEqual([['m2', 'of 2', 2_000]]))
    scene.says('of what is gone', { upTo: at(1) })
    await vi.waitFor(() => expect(scene.dropped).toContain('receipt/messageGone'))
    expect(await scene.contents()).toEqual([['m2', 'of 2', 2_000]])
  })

  it('[RS34] [RS20] is among the detail that is let go of in a long list of readers', async () => {
    const scene = await scripted('ada', 'ada', {}, memoryStorage(), { maxDetails: 1 })
    scene.roster(true)
    scene.arrive(1)
    scene.says('first', { ids: ['m1'], time: 2_000 })
    scene.says('then', { by: 'cy', ids: ['m1'], time: 3_000 })
    await vi.waitFor(async () => expect(await readersOf(scene, 'm1')).toEqual([['bo', 'read', undefined], ['cy', 'read', 'then']]))
  })

  it('[RS34] without its conversation is found by its message, and waits for it', async () => {
    const scene = await scripted('ada', 'ada')
    scene.roster(true)
    scene.arrive(1)
    scene.says('here', { conversationId: undefined, ids: ['m1'], time: 2_000 })
    scene.says('later', { conversationId: undefined, ids: ['m2'], time: 3_000 })
    await vi.waitFor(async () => expect(await scene.contents()).toEqual([['m1', 'here', 2_000]]))
    scene.arrive(2)
    await vi.waitFor(async () => expect(await scene.contents()).toEqual([['m1', 'here', 2_000], ['m2', 'later', 3_000]]))
  })

  it('[RS34] what a list of the wire says stands in that here', async () => {
    const wire = { ...scriptedTransport({ receiptsCatchUp: 'none' }), readers: async () => ({ items: [{ userId: 'bo', kind: 'read' as const, time: 2_000, content: 'listed' }] }) }
    const scene = await start('ada', wire)
    wire.emit({ type: 'conversation', conversation: { id: GROUP.id, kind: 'group', members: MEMBERS, rosterComplete: true } })
    wire.emit({ type: 'message', message: text(1, 'ada') })
    await vi.waitFor(() => expect(scene.shown()).toHaveLength(1))
    await vi.waitFor(async () => expect(await readersOf(scene, 'm1')).toEqual([['bo', 'read', 'listed']]))
  })
})

describe('what goes with a receipt', () => {
  const messages = async (scene: Awaited<ReturnType<typeof scripted>>, count = 3) => {
    scene.roster(true)
    scene.arrive(...Array.from({ length: count }, (_, n) => n + 1))
    await vi.waitFor(() => expect(scene.shown()).toHaveLength(count))
  }

  it.each(['ranges', 'message', 'point'] as const)('[RS34] is a report of exactly its message, once, before that message is told otherwise (%s)', async (scope) => {
    const scene = await scripted('bo', 'ada', { read: { direct: scope, group: scope } })
    await messages(scene)
    await scene.client.markRead([scene.row('m2'), scene.row('m3')], 'read', { content: 'yes' })
    await scene.client.markRead([scene.row('m2')], 'read', { content: 'and no' })
    await none(scene)
    const of = (order: number, content: string) => ({ kind: 'read', upTo: null, ranges: [{ from: at(order), to: at(order) }], ids: [`m${order}`], content })
    expect(scene.said()).toEqual([of(2, 'yes'), of(3, 'yes'), of(2, 'and no')])
    const others = scene.wire.reports.filter(({ kind, visibility, content }) => kind === 'read' && visibility === 'published' && content === undefined)
    if (scope === 'message') expect(others.flatMap((report) => report.messages)).toEqual([])
  })

  it('[RS34] survives a restart before it could leave', async () => {
    const storage = memoryStorage()
    const scene = await scripted('bo', 'ada', {}, storage)
    await messages(scene)
    scene.wire.report = () => new Promise(() => {})
    await scene.client.markRead([scene.row('m1')], 'read', { content: 'yes' })
    await scene.client.stop()
    const again = await scripted('bo', 'ada', {}, storage)
    await vi.waitFor(() => expect(again.said().map(({ ids, content }) => [ids, content])).toEqual([[['m1'], 'yes']]))
    await none(again)
  })

  it('[RS34] is refused by name where the wire carries none, and nothing is stored', async () => {
    const scene = await scripted('bo', 'ada', { receiptContent: false })
    await messages(scene)
    await none(scene)
    const before = await scene.storage.read((tx) => tx.readStates.getOwn(GROUP.id))
    await expect(scene.client.markRead([scene.row('m1')], 'read', { content: 'yes' })).rejects.toMatchObject({
      code: 'receipt/contentUnsupported', retryable: false,
      message: 'The back end of conversation "team" carries no content with a receipt, so nobody would get it. Nothing was stored. Call markRead() without content, and send what is to be said as a message.',
    })
    expect(await scene.storage.read(async (tx) => [await tx.readStates.getOwn(GROUP.id), await tx.outbox.list()])).toEqual([before, []])
    expect(scene.client.getState().conversations[0]?.unread).toEqual({ count: 3, exact: true })
  })

  it.each<[string, Partial<TransportCapabilities>, (client: ChatClient) => Promise<void>]>([
    ['receipts are private', {}, (client) => client.setReceipts('private')],
    ['receipts are off', {}, (client) => client.setReceipts('off', GROUP.id)],
    ['they were not public when the message came', {}, async (client) => {
      await client.setReceipts('private')
      await client.setReceipts('public')
    }],
    ['a receipt has to be asked for', { groupReceipts: 'onRequest' }, async () => {}],
    ['the group is too large', { limits: { groupSize: 2 } }, async () => {}],
  ])('[RS34] does not leave where nobody is told: %s', async (_, capabilities, set) => {
    const scene = await scripted('bo', 'ada', capabilities)
    await messages(scene)
    await set(scene.client)
    await expect(scene.client.markRead([scene.row('m1')], 'read', { content: 'yes' })).rejects.toMatchObject({ code: 'receipt/contentNotTold', retryable: false })
    await scene.client.markRead([scene.row('m1')])
    await none(scene)
    expect(scene.said()).toEqual([])
  })

  it('[RS34] what was read with it is told besides', async () => {
    const scene = await scripted('bo', 'ada')
    scene.wire.emit({ type: 'conversation', conversation: { id: GROUP.id, kind: 'direct', members: MEMBERS.slice(0, 2), rosterComplete: true } })
    scene.arrive(1, 2, 3)
    await vi.waitFor(() => expect(scene.shown()).toHaveLength(3))
    await scene.client.markRead([scene.row('m3')], 'read', { content: 'yes' })
    await none(scene)
    const told = scene.wire.reports.filter(({ kind }) => kind === 'read').map(({ upTo, ranges, content }) => [upTo, ranges, content])
    expect(told).toEqual([[null, [{ from: at(3), to: at(3) }], 'yes'], [at(3), [], undefined]])
  })

  it('[RS34] what waits does not leave once receipts are switched off, nor when they are on again', async () => {
    const scene = await scripted('bo', 'ada')
    await messages(scene)
    await none(scene)
    const { report } = scene.wire
    scene.wire.report = async (each, signal) => (each.content === undefined ? report(each, signal) : Promise.reject(new Error('offline')))
    await scene.client.markRead([scene.row('m1')], 'read', { content: 'yes' })
    await scene.client.setReceipts('private')
    await scene.client.setReceipts('public')
    scene.wire.report = report
    await none(scene)
    expect(scene.said()).toEqual([])
  })

  it.each([['', 'is 0 characters long'], ['x'.repeat(MAX_CONTENT_CHARS + 1), `is ${MAX_CONTENT_CHARS + 1} characters long`]])('[RS34] has to be a text of some length', async (content, says) => {
    const scene = await scripted('bo', 'ada')
    await messages(scene)
    await expect(scene.client.markRead([scene.row('m1')], 'read', { content })).rejects.toMatchObject({ code: 'receipt/contentInvalid', message: expect.stringContaining(says) as string })
  })

  it('[RS34] keeps its message from being pruned until it was told', async () => {
    const scene = await scripted('bo', 'ada')
    await messages(scene, 5)
    await scene.client.markRead(scene.shown())
    await none(scene)
    const { report } = scene.wire
    scene.wire.report = () => new Promise(() => {})
    await scene.client.markRead([scene.row('m2')], 'read', { content: 'yes' })
    expect(await scene.client.pruneHistory(GROUP.id, { before: Infinity })).toBe(0)
    scene.wire.report = report
  })
})
