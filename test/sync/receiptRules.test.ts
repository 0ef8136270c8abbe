/** Receipt rules from the wire to what a list shows. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type Member, type MemberRole, type Message, type Point, type ReceiptPolicy, type Tally, type TransportCapabilities, type TransportEvent } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 5, 1)
const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const member = (userId: string, role: MemberRole = 'member'): Member => ({ userId, role, intervals: [{ joinedAt: null, leftAt: null }] })

interface Scene {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  readonly storage: ChatStorage
  readonly clock: FakeClock
  message(order: number): Message
  tally(order: number): Tally
  emit(...events: unknown[]): void
  /** What was handed over is stored and shown. */
  settle(): Promise<void>
}

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

interface SceneOptions {
  readonly policy?: Partial<ReceiptPolicy>
  readonly members?: readonly Member[]
  readonly capabilities?: Partial<TransportCapabilities>
  readonly storage?: ChatStorage
  /** Messages that are there, with their times. */
  readonly times?: readonly number[]
  readonly from?: string
}

async function start({ policy = {}, members = ['me', 'ann', 'bob', 'cat'].map((userId) => member(userId)), capabilities = {}, storage = memoryStorage(), times = [NOW - 3_000, NOW - 2_000, NOW - 1_000], from = 'me' }: SceneOptions = {}): Promise<Scene> {
  const wire = scriptedTransport(capabilities)
  const clock = createFakeClock()
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy, ports: { clock: { ...clock, now: () => NOW + clock.monotonic() }, locks: null, openChannel: () => null } })
  running.push(client)
  const emit = (...events: unknown[]) => events.forEach((event) => wire.emit(event as TransportEvent))
  const settle = async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      clock.advance(20)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await client.start()
  client.messages('c').subscribe(() => {})
  await vi.waitFor(async () => {
    await settle()
    expect(client.getState().connection.status).toBe('online')
  }, { timeout: 10_000 })
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete: true } })
  times.forEach((time, n) => emit(sent(n + 1, time, from)))
  const rows = () => client.messages('c').getSnapshot().messages
  await vi.waitFor(async () => {
    await settle()
    expect(rows().length).toBeGreaterThanOrEqual(Math.min(times.length, 60))
  }, { timeout: 10_000 })
  for (const source = client.messages('c'); source.getSnapshot().hasOlder; ) await source.loadOlder!()
  const message = (order: number) => rows().find(({ ids }) => ids.includes(`m${order}`))!
  return { client, wire, storage, clock, emit, settle, message, tally: (order) => client.readStates('c').getTally(message(order)) }
}

const stated = async ({ client }: Awaited<ReturnType<typeof start>>) => (await client.getMemberStates('c', [])).map(({ memberId }) => memberId).filter((memberId) => memberId !== 'me')
const sent = (order: number, time: number, from = 'me') => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from, localId: `l${order}`, time, body: { kind: 'text', text: `${order}` } } })
const receipt = (by: string, rest: object) => ({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ...rest })

describe('readers who are not told', () => {
  const named = async ({ client, message }: Scene) => {
    const [{ items }, rows] = await Promise.all([client.readers(message(2), { limit: 10 }), client.statusRows('m2')])
    return [items.map(({ userId }) => userId), rows.map(({ receiverId, status }) => `${receiverId} ${status}`)]
  }

  it('[RS22] are in no list and no row while my receipts are not public, and again when they are', async () => {
    const scene = await start({ policy: { reciprocal: true } })
    scene.emit(receipt('ann', { ids: ['m2'] }))
    await scene.settle()
    expect(await named(scene)).toEqual([['ann'], ['ann 3', 'bob 1', 'cat 1']])
    for (const visibility of ['private', 'off'] as const) {
      await scene.client.setReceipts(visibility)
      expect(await named(scene)).toEqual([[], []])
      // Nor from what a report is made of.
      expect(await stated(scene)).toEqual([])
    }
    await scene.client.setReceipts('public')
    expect(await stated(scene)).toEqual(['ann'])
    expect(await named(scene)).toEqual([['ann'], ['ann 3', 'bob 1', 'cat 1']])
  })

  it('[RS22] without the setting they are told all the same', async () => {
    const scene = await start()
    scene.emit(receipt('ann', { ids: ['m2'] }))
    await scene.settle()
    await scene.client.setReceipts('off')
    expect((await named(scene))[0]).toEqual(['ann'])
  })

  it('[RS32] of a message that was recalled there are none, also for who holds it as it was', async () => {
    const scene = await start()
    scene.emit(receipt('ann', { ids: ['m2'] }))
    await scene.settle()
    const before = scene.message(2)
    scene.emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'me', time: NOW })
    await scene.settle()
    expect(await named(scene)).toEqual([[], []])
    expect((await scene.client.readers(before, { limit: 10 })).items).toEqual([])
    expect(scene.tally(2)).toEqual({ tracked: false, reason: 'recalled' })
  })
})

describe('readers that are only counted', () => {
  it('[RS25] X is the greater of those named and those counted, at most N, and never less', async () => {
    const { emit, settle, tally, client, message } = await start()
    const shown: unknown[] = []
    const show = async (...events: unknown[]) => {
      emit(...events)
      await settle()
      const now = tally(2)
      shown.push(now.tracked && `${now.read} of ${now.of}`)
    }
    await show(receipt('ann', { ids: ['m2'] }))
    await show(receipt('ann', { count: { id: 'm2', n: 2 } }))
    await show(receipt('ann', { count: { id: 'm2', n: 1 } }))
    await show(receipt('ann', { count: { id: 'm2', n: 99 } }))
    expect(shown).toEqual(['1 of 3', '2 of 3', '2 of 3', '3 of 3'])
    expect(client.readStates('c').getStatus(message(2))).toBe('read')
    expect((await client.readers(message(2), { limit: 10 })).items.map(({ userId }) => userId)).toEqual(['ann'])
    expect(tally(1)).toMatchObject({ read: 0 })
  })

  it('[RS25] [RS8] who was counted and left is in X and N, and makes no reader of who is still here', async () => {
    const { emit, settle, tally, client, message } = await start({ members: ['me', 'ann', 'bob'].map((userId) => member(userId)) })
    emit(receipt('ann', { count: { id: 'm2', n: 1 } }))
    emit({ type: 'member', conversationId: 'c', member: { userId: 'ann', role: 'member', intervals: [{ joinedAt: null, leftAt: { epoch: 0, order: 5, id: '' } }] } })
    await settle()
    expect(tally(2)).toMatchObject({ read: 1, of: 2, delivered: 1, deliveredOf: 2 })
    expect([client.readStates('c').getStatus(message(2)), (await client.receiptReport([message(2)])).messages[0]]).toMatchObject(['sent', { read: 1, of: 2, readers: [], unread: ['bob'] }])
    emit(receipt('ann', { count: { id: 'm2', n: 2 } }))
    await settle()
    expect([tally(2), client.readStates('c').getStatus(message(2))]).toMatchObject([{ read: 2, of: 2 }, 'read'])
  })

  it('[RS25] a count that comes before its message waits for it, the greatest of several', async () => {
    const { emit, settle, tally } = await start()
    emit(receipt('ann', { count: { id: 'm4', n: 2 } }), receipt('ann', { count: { id: 'm4', n: 1 } }))
    await settle()
    emit({ type: 'message', message: { conversationId: 'c', id: 'm4', at: at(4), from: 'me', localId: 'l4', time: NOW, body: { kind: 'text', text: '4' }, readCount: 3 } })
    await settle()
    expect(tally(4)).toMatchObject({ read: 2, of: 3 })
  })

  it('[RS25] a delivery that is counted says nothing of reading, and a stranger counts nothing', async () => {
    const { emit, settle, tally } = await start()
    emit(receipt('ann', { kind: 'delivered', count: { id: 'm2', n: 2 } }), receipt('eve', { count: { id: 'm2', n: 2 } }))
    await settle()
    expect(tally(2)).toMatchObject({ read: 0 })
  })
})

describe('silent members', () => {
  it('[RS21] are not waited for by messages sent after, in the badge and in the list', async () => {
    const { emit, settle, tally, client, message } = await start({ policy: { silentAfterMs: 10 * DAY_MS }, times: [NOW - 40 * DAY_MS, NOW - 35 * DAY_MS, NOW - 1_000] })
    emit(receipt('ann', { ids: ['m1'], time: NOW - 40 * DAY_MS + 5 }), receipt('bob', { ids: ['m1', 'm2'], time: NOW - 2_000 }))
    await settle()
    expect([1, 2, 3].map((order) => tally(order))).toMatchObject([{ read: 2, of: 3 }, { read: 1, of: 3 }, { read: 0, of: 2 }])
    expect(await client.audience(message(2))).toEqual(['ann', 'bob', 'cat'])
    expect(await client.audience(message(3))).toEqual(['bob', 'cat'])
    emit(receipt('ann', { ids: ['m3'], time: NOW - 500 }))
    await settle()
    expect(tally(3)).toMatchObject({ read: 1, of: 3 })
  })

  it('[RS21] are waited for in a direct conversation, in the badge and in the list', async () => {
    const { emit, settle, tally, client, message } = await start({ policy: { silentAfterMs: 10 * DAY_MS }, members: [member('me'), member('ann')], times: [NOW - 40 * DAY_MS, NOW - 1_000] })
    emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct' } }, receipt('ann', { ids: ['m1'], time: NOW - 40 * DAY_MS + 5 }))
    await settle()
    expect([tally(2), await client.audience(message(2))]).toMatchObject([{ read: 0, of: 1 }, ['ann']])
  })

  it('[RS21] are none before a message of mine that has no time of the server, whatever the clock of this device says, until it has one', async () => {
    const { emit, settle, client, wire } = await start({ policy: { silentAfterMs: 10 * DAY_MS }, times: [NOW - 40 * DAY_MS] })
    for (const by of ['ann', 'bob', 'cat']) emit(receipt(by, { ids: ['m1'], time: NOW - 40 * DAY_MS + 5 }))
    wire.answer = ({ localId }) => Promise.resolve({ localId, id: 'm2', at: at(2) })
    await client.send('c', { body: { kind: 'text', text: 'two' } })
    await settle()
    emit(receipt('ann', { ids: ['m2'], time: NOW - 40 * DAY_MS + 9 }))
    await settle()
    const row = () => client.messages('c').getSnapshot().messages.find(({ ids }) => ids.includes('m2'))!
    const shown = async () => [client.readStates('c').getTally(row()), client.readStates('c').getStatus(row()), await client.audience(row())]
    expect(await shown()).toMatchObject([{ read: 1, of: 3 }, 'sent', ['ann', 'bob', 'cat']])
    emit({ type: 'message', message: { conversationId: 'c', id: 'm2', at: at(2), from: 'me', localId: row().localId, time: NOW, body: row().body } })
    await settle()
    expect(await shown()).toMatchObject([{ read: 1, of: 1 }, 'read', ['ann']])
  })
})

it('[RS8] who left unread is not waited for once they are back, in the badge and in the list', async () => {
  const { emit, settle, tally, client, message } = await start()
  emit({ type: 'member', conversationId: 'c', member: { ...member('bob'), intervals: [{ joinedAt: null, leftAt: at(2) }, { joinedAt: at(3), leftAt: null }] } })
  await settle()
  expect([1, 2, 3].map((order) => tally(order))).toMatchObject([{ of: 2 }, { of: 2 }, { of: 3 }])
  expect(await Promise.all([1, 2, 3].map((order) => client.audience(message(order))))).toEqual([['ann', 'cat'], ['ann', 'cat'], ['ann', 'bob', 'cat']])
})

describe('asking for receipts', () => {
  const ON_REQUEST = { capabilities: { groupReceipts: 'onRequest' } } as const
  const ask = (client: ChatClient) => client.send('c', { body: { kind: 'text', text: 'please read' }, receiptRequested: true })
  const refused = (code: string) => expect.objectContaining({ code })

  it('[RS19] is refused with a name before anything is stored, and sending without asking is not', async () => {
    const { client, wire } = await start(ON_REQUEST)
    await expect(ask(client)).rejects.toEqual(refused('receipt/forbidden'))
    await client.send('c', { body: { kind: 'text', text: 'hello' } })
    expect(client.messages('c').getSnapshot().messages.map(({ receiptRequested }) => receiptRequested ?? false)).toEqual([false, false, false, false])
    expect(wire.sent.some(({ receiptRequested }) => receiptRequested)).toBe(false)
  })

  it('[RS19] is for owner and admins, or whom the policy names', async () => {
    await ask((await start({ ...ON_REQUEST, members: [member('me', 'admin'), member('ann')] })).client)
    await ask((await start({ ...ON_REQUEST, policy: { requesters: ['member'] } })).client)
    await expect(ask((await start({ ...ON_REQUEST, members: [member('me', 'admin'), member('ann')], policy: { requesters: ['owner'] } })).client)).rejects.toEqual(refused('receipt/forbidden'))
  })

  it('[RS19] ends at the size of the group, by policy or by wire, and where the wire has no receipts', async () => {
    const members = [member('me', 'owner'), member('ann'), member('bob')]
    await expect(ask((await start({ ...ON_REQUEST, members, policy: { maxGroupSize: 2 } })).client)).rejects.toEqual(refused('receipt/tooLarge'))
    const { limits } = scriptedTransport().capabilities
    await expect(ask((await start({ members, capabilities: { groupReceipts: 'onRequest', limits: { ...limits, groupSize: 2 } } })).client)).rejects.toEqual(refused('receipt/tooLarge'))
    await expect(ask((await start({ members, capabilities: { groupReceipts: 'none' } })).client)).rejects.toEqual(refused('receipt/notEnabled'))
  })

  it('[RS19] is counted in the group by the day, with what others asked and what waits to be sent', async () => {
    const { client, wire, emit, settle } = await start({ ...ON_REQUEST, members: [member('me', 'owner'), member('ann', 'owner')], policy: { maxRequestsPerDay: 3 } })
    wire.answer = ({ localId }) => Promise.resolve({ localId, id: `id-${localId}`, at: { epoch: 0, order: 20, id: `id-${localId}` }, time: NOW })
    const asked = (order: number, time: number) => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from: 'ann', time, receiptRequested: true, body: { kind: 'text', text: `${order}` } } })
    emit(asked(10, NOW - DAY_MS - 60_000), asked(11, NOW - 60_000))
    await settle()
    await ask(client)
    await ask(client)
    await expect(ask(client)).rejects.toEqual(refused('receipt/dailyLimit'))
    await expect(ask(client)).rejects.toMatchObject({ retryable: true, message: expect.stringContaining('3 messages with receipts were sent in it within 24 hours') })
  })

  it('[RS19] where every message has receipts, asking is nothing, and so it is in a direct conversation', async () => {
    await ask((await start()).client)
    const { client } = await start(ON_REQUEST)
    await client.ensureConversation({ id: 'pair', kind: 'direct', members: ['me', 'ann'] })
    await client.send('pair', { body: { kind: 'text', text: 'hi' }, receiptRequested: true })
  })
})

describe('a group that is too large', () => {
  it('[RS26] tells nobody what was read or delivered there, and my own devices still follow', async () => {
    const { client, wire, settle, message } = await start({ policy: { maxGroupSize: 3 }, from: 'ann' })
    await client.markRead([message(1), message(2)])
    await settle()
    expect(wire.reports.map(({ kind, visibility }) => `${kind} ${visibility}`)).toEqual(['read ownDevices'])
    expect(client.getState().conversations[0]!.unread).toEqual({ count: 1, exact: true })
  })

  it('[RS26] nor where the user confirms that earlier messages show as read', async () => {
    const { client, wire, settle, message } = await start({ policy: { maxGroupSize: 3 }, from: 'ann' })
    await client.markRead([message(1)])
    await settle()
    await client.publishEarlier()
    await settle()
    expect(wire.reports.map(({ kind, visibility }) => `${kind} ${visibility}`)).toEqual(['read ownDevices'])
  })

  it('[RS26] tells of what is read once it is small enough, and not of the past', async () => {
    const { client, wire, settle, message, emit } = await start({ policy: { maxGroupSize: 3 }, from: 'ann' })
    await client.markRead([message(1)])
    await settle()
    emit({ type: 'member', conversationId: 'c', member: { ...member('bob'), intervals: [{ joinedAt: null, leftAt: at(3) }] } })
    await settle()
    await client.markRead([message(3)])
    await settle()
    expect(wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published').map(({ upTo, ranges }) => [upTo, ranges])).toEqual([[null, [{ from: at(3), to: at(3) }]]])
  })
})

describe('details of many readers', () => {
  it('[RS20] beyond the limit the newest keep their times, and all keep their names', async () => {
    const { client, emit, settle, message } = await start({ policy: { maxDetails: 2 } })
    emit(receipt('ann', { ids: ['m2'], time: NOW - 30 }), receipt('bob', { ids: ['m2'], time: NOW - 10 }), receipt('cat', { ids: ['m2'], time: NOW - 20 }))
    await settle()
    expect((await client.readers(message(2), { limit: 10 })).items.map(({ userId, time }) => [userId, time])).toEqual([['ann', null], ['bob', NOW - 10], ['cat', NOW - 20]])
  })
})

describe('old detail', () => {
  /** Until the first look at what is old, in steps that leave the leading tab time for its heartbeat. */
  async function pass(scene: Scene): Promise<void> {
    for (let step = 0; step < 11 * 60; step += 1) {
      scene.clock.advance(1_000)
      for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    await scene.settle()
  }
  const stored = (storage: ChatStorage) => storage.read(async (tx) => (await tx.readStates.list('c')).map(({ memberId, read, times }) => [memberId, read.ranges.length, times.read.length]))
  const database = () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })
  /** Forty messages of mine, one a day; of every second of which Ann and Bob sent a receipt of its own. */
  const month = Array.from({ length: 40 }, (_, n) => NOW - (40 - n) * DAY_MS)

  async function read(scene: Scene): Promise<void> {
    for (let order = 2; order <= 40; order += 2) for (const by of ['ann', 'bob']) scene.emit(receipt(by, { ids: [`m${order}`], time: month[order - 1]! + 1_000 }))
    scene.emit(receipt('cat', { upTo: at(30), time: NOW }))
    await vi.waitFor(async () => {
      await scene.settle()
      expect([scene.tally(1), scene.tally(40)]).toMatchObject([{ read: 1 }, { read: 2 }])
    }, { timeout: 10_000 })
  }

  it('[RS24] [RS23] goes to the archive on a schedule: states get small, and every badge, list and report says what it said', async () => {
    const scene = await start({ storage: database(), times: month })
    await read(scene)
    const orders = month.map((_, n) => n + 1)
    const shown = orders.map(scene.tally)
    const names = async () => Promise.all(orders.map(async (order) => (await scene.client.readers(scene.message(order), { limit: 10 })).items.map(({ userId, kind }) => `${userId} ${kind}`)))
    const named = await names()
    const reported = async () => (await scene.client.receiptReport(orders.map(scene.message))).messages.map(({ read, of }) => [read, of])
    expect(await stored(scene.storage)).toEqual([['ann', 20, 20], ['bob', 20, 20], ['cat', 0, 1]])
    await pass(scene)
    // Thirty days are kept: messages 11 to 40.
    expect(await stored(scene.storage)).toEqual([['ann', 15, 15], ['bob', 15, 15], ['cat', 0, 1]])
    expect(orders.map(scene.tally)).toEqual(shown)
    expect(await names()).toEqual(named)
    expect((await scene.client.statusRows('m2')).map(({ receiverId, status }) => [receiverId, status])).toEqual([['ann', 3], ['bob', 3], ['cat', 3]])
    expect(await reported()).toEqual(shown.map((tally) => tally.tracked && [tally.read, tally.of]))
    // What comes to a member whose detail was archived takes nothing off the screen.
    scene.emit(receipt('ann', { ids: ['m1'], time: NOW }))
    await scene.settle()
    expect(scene.tally(2)).toEqual(shown[1])
    expect(scene.tally(1)).toMatchObject({ read: 2 })
    await scene.client.stop()
    await scene.client.start()
    await scene.settle()
    expect(orders.slice(1).map(scene.tally)).toEqual(shown.slice(1))
    expect(await names()).toEqual([['cat read', 'ann read'].sort(), ...named.slice(1)])
  }, 30_000)

  it('[RS24] [RS32] what was archived of a message outlives its row, which may come back, and goes with a message that is deleted for good', async () => {
    const scene = await start({ storage: database(), times: month, capabilities: { dense: true } })
    await read(scene)
    await pass(scene)
    const archived = () => scene.storage.read((tx) => tx.archive.get('c', ['message m2', 'message m4']))
    const kept = await archived()
    expect(kept.map(Boolean)).toEqual([true, true])
    expect(await scene.client.pruneHistory('c', { before: NOW - 30 * DAY_MS })).toBeGreaterThan(4)
    expect(await scene.client.getMessage('c', 'm4')).toBeNull()
    expect(await archived()).toEqual(kept)
    for (const order of [2, 4]) scene.emit(sent(order, month[order - 1]!))
    await scene.settle()
    const named = async (order: number) => (await scene.client.readers((await scene.client.getMessage('c', `m${order}`))!, { limit: 10 })).items.map(({ userId }) => userId)
    expect(await named(4)).toEqual(expect.arrayContaining(['ann', 'bob']))
    scene.emit({ type: 'deleted', conversationId: 'c', id: 'm2', by: 'me', time: NOW, hard: true })
    await scene.settle()
    expect((await archived()).map(Boolean)).toEqual([false, true])
  }, 30_000)

  it('[RS24] stays where a message of the stretch may not be here, and where the policy archives nothing', async () => {
    const scene = await start({ storage: database(), times: month, capabilities: { dense: false } })
    scene.emit({ type: 'gap', conversationId: 'c', after: at(2), before: at(6) })
    scene.emit(receipt('ann', { ranges: [{ from: at(1), to: at(4) }, { from: at(7), to: at(8) }] }))
    await scene.settle()
    await pass(scene)
    expect((await stored(scene.storage)).map(([, ranges]) => ranges)).toEqual([1])
    const never = await start({ storage: database(), times: month, policy: { archiveAfterMs: null } })
    await read(never)
    await pass(never)
    expect(await stored(never.storage)).toEqual([['ann', 20, 20], ['bob', 20, 20], ['cat', 0, 1]])
  }, 30_000)

  it('[RS21] but for the signs of life by which somebody was silent when a message was sent', async () => {
    const scene = await start({ storage: database(), times: month, policy: { silentAfterMs: 5 * DAY_MS } })
    scene.emit(receipt('ann', { upTo: at(1), time: month[0]! + 1_000 }), receipt('ann', { upTo: at(2), time: month[1]! + 1_000 }))
    for (let order = 1; order <= 40; order += 1) scene.emit(receipt('bob', { upTo: at(order), time: month[order - 1]! + 1_000 }))
    await scene.settle()
    const shown = () => [3, 6, 9, 20, 40].map(scene.tally)
    const before = shown()
    expect(before).toMatchObject([3, 3, 2, 2, 2].map((of) => ({ read: 1, of })))
    await pass(scene)
    expect((await stored(scene.storage)).map(([memberId, , times]) => [memberId, times])).toEqual([['ann', 2], ['bob', 32]])
    await scene.client.stop()
    await scene.client.start()
    await scene.settle()
    expect(shown()).toEqual(before)
  }, 30_000)

  it('[RS24] more stretches than a live state keeps go however new they are, the oldest first', async () => {
    const times = Array.from({ length: 160 }, (_, n) => NOW - 160_000 + n * 1_000)
    const scene = await start({ storage: database(), times })
    const ids = Array.from({ length: 80 }, (_, n) => `m${2 * n + 1}`)
    scene.emit(receipt('ann', { ids, time: NOW }))
    await scene.settle()
    await pass(scene)
    expect((await stored(scene.storage)).map(([, ranges]) => ranges)).toEqual([64])
    expect((await scene.client.readers({ ...scene.message(1) }, { limit: 5 })).items.map(({ userId }) => userId)).toEqual(['ann'])
  }, 30_000)
})

describe('a wire on which only time orders', () => {
  it('[RS18] a message that comes late between two that were read is unread', async () => {
    const scene = await start({ capabilities: { order: 'time', dense: false }, times: [], from: 'ann' })
    const { client, emit, settle } = scene
    const post = (order: number) => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from: 'ann', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
    emit(post(NOW - 3_000), post(NOW - 1_000))
    await settle()
    await client.markRead(client.messages('c').getSnapshot().messages)
    await settle()
    expect(client.getState().conversations[0]!.unread).toEqual({ count: 0, exact: true })
    emit(post(NOW - 2_000))
    await settle()
    expect(client.getState().conversations[0]!.unread).toEqual({ count: 1, exact: true })
    expect(client.readStates('c').isRead(client.messages('c').getSnapshot().messages[1]!)).toBe(false)
  })
})

describe('a report', () => {
  /** `of`: of which messages the reason is, of all by default; `left`: those that are not in the report. */
  interface Case { readonly name: string; readonly reason: string | null; readonly of?: readonly number[]; readonly left?: readonly number[]; readonly options: SceneOptions; readonly act?: (scene: Scene) => void | Promise<void> }
  const crowd = Array.from({ length: 9 }, (_, n) => member(n === 0 ? 'me' : `user${n}`))
  const CASES: readonly Case[] = [
    { name: 'as usual', reason: null, options: {} },
    { name: 'in too large a group', reason: 'tooLarge', options: { members: crowd, policy: { maxGroupSize: 8 } } },
    { name: 'where nobody asked for receipts', reason: 'notRequested', options: { policy: { groupReceipts: 'onRequest' } } },
    { name: 'on a wire without receipts of groups', reason: 'unsupported', options: { capabilities: { groupReceipts: 'none' } } },
    { name: 'on a wire without receipts', reason: 'unsupported', options: { capabilities: { read: { direct: 'none', group: 'none' } } } },
    { name: 'of which not everybody is known', reason: 'rosterUnknown', options: {}, act: ({ emit }) => emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [], rosterComplete: false } }) },
    { name: 'while I hide what I read', reason: 'off', options: { policy: { reciprocal: true } }, act: ({ client }) => client.setReceipts('private') },
    { name: 'of old messages, on a wire that takes no receipts any more', reason: 'expired', options: { capabilities: { limits: { receiptWindowMs: 500 } } } },
    { name: 'of who was silent long ago', reason: null, options: { policy: { silentAfterMs: DAY_MS }, times: [NOW - 9 * DAY_MS, NOW - 2_000, NOW - 1_000] } },
    { name: 'of which one was recalled', reason: 'recalled', of: [2], options: {}, act: ({ emit }) => emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'me', time: NOW }) },
    { name: 'of which one was recalled, in too large a group', reason: 'tooLarge', of: [1, 3], options: { members: crowd, policy: { maxGroupSize: 8 } }, act: ({ emit }) => emit({ type: 'recalled', conversationId: 'c', id: 'm2', by: 'me', time: NOW }) },
    { name: 'of which one was deleted for all', reason: null, left: [2], options: {}, act: ({ emit }) => emit({ type: 'deleted', conversationId: 'c', id: 'm2', by: 'me', time: NOW }) },
  ]

  it.each(CASES)('[RS23] [RS9] $name says of each message what its badge says ($reason)', async ({ reason, of = [1, 2, 3], left = [], options, act }) => {
    const scene = await start(options)
    const orders = [1, 2, 3]
    await act?.(scene)
    if (reason !== 'expired') scene.emit(receipt('ann', { ids: ['m1', 'm2'], time: NOW - 1_500 }), receipt('bob', { ids: ['m1'] }))
    await scene.settle()
    const { messages, untracked } = await scene.client.receiptReport(orders.map(scene.message))
    const said = (order: number) => {
      const [number, without] = [messages.find(({ message }) => message.at!.order === order), untracked.find(({ message }) => message.at!.order === order)]
      return number ? { tracked: true, read: number.read, of: number.of } : { tracked: false, reason: without?.reason }
    }
    const reported = orders.filter((order) => !left.includes(order))
    for (const order of reported) expect(scene.tally(order)).toMatchObject(said(order))
    expect(untracked.filter((each) => each.reason === reason).map(({ message }) => message.at!.order)).toEqual(reason === null ? [] : of)
    expect([...messages, ...untracked].map(({ message }) => message.at!.order).toSorted((a, b) => a - b)).toEqual(reported)
  })

  it('[RS23] of what others wrote counts me, and of nothing says nothing', async () => {
    const scene = await start({ from: 'ann' })
    await scene.client.markRead([scene.message(2)])
    const report = await scene.client.receiptReport([1, 2, 3].map(scene.message))
    expect(report.messages.map(({ read, of }) => [read, of])).toEqual([[0, 3], [1, 3], [0, 3]])
    expect(await scene.client.receiptReport([])).toEqual({ messages: [], untracked: [], members: [], share: null, timeToRead: { known: 0, medianMs: null, p90Ms: null } })
  })

  it('[RS23] I am a reader of what I read, for others to know or not, and not of what I only cleared', async () => {
    const scene = await start({ from: 'ann' })
    const readers = async () => (await scene.client.receiptReport([1, 2, 3].map(scene.message))).messages.map(({ readers: each }) => each.map(({ userId }) => userId))
    await scene.client.markRead([scene.message(1)])
    await scene.client.setReceipts('private')
    await scene.client.markRead([scene.message(2)])
    await scene.client.clearUnread('c')
    await scene.settle()
    expect(scene.client.getState().conversations[0]?.unread).toEqual({ count: 0, exact: true })
    expect(await readers()).toEqual([['me'], ['me'], []])
    const statuses = await Promise.all([1, 2, 3].map(async (order) => (await scene.client.statusRows(`m${order}`)).find(({ receiverId }) => receiverId === 'me')?.status))
    expect(statuses).toEqual([3, 3, 2])
  })
})

describe('a message for which no receipts are taken any more', () => {
  it('[RS11] [RS19] has no number, and was delivered all the same: also where that was shown before the page was opened anew', async () => {
    const { client, emit, settle, message, tally } = await start({ capabilities: { limits: { receiptWindowMs: 500 } } })
    const status = (order: number) => client.readStates('c').getStatus(message(order))
    emit(...['ann', 'bob', 'cat'].map((by) => ({ ...receipt(by, { upTo: at(2) }), kind: 'delivered' })), { ...receipt('ann', { upTo: at(3) }), kind: 'delivered' })
    await settle()
    expect([2, 3].map((order) => [status(order), tally(order)])).toEqual([['delivered', { tracked: false, reason: 'expired' }], ['sent', { tracked: false, reason: 'expired' }]])
  })
})

describe('a wire that tells of delivery alone', () => {
  it('[RS10] has no number of readers, and the status says who received a message, as its rows do', async () => {
    const { client, emit, settle, message, tally } = await start({ members: ['me', 'ann'].map((userId) => member(userId)), capabilities: { read: { direct: 'none', group: 'none' } } })
    emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct' } }, { ...receipt('ann', { upTo: at(2) }), kind: 'delivered' })
    await settle()
    const status = (order: number) => client.readStates('c').getStatus(message(order))
    expect([status(2), status(3), tally(2)]).toEqual(['delivered', 'sent', { tracked: false, reason: 'unsupported' }])
    expect((await client.statusRows('m2')).map((row) => row.status)).toEqual([2])
  })
})

describe('readers who are only counted', () => {
  it('[RS25] are counted in the list of conversations too, where nobody has opened it, and beside what I read', async () => {
    const { client, emit, settle } = await start({ members: ['me', 'ann', 'bob'].map((userId) => member(userId)) })
    emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members: ['me', 'ann', 'bob'].map((userId) => member(userId)), rosterComplete: true } })
    const of = (order: number, from: string) => ({ type: 'message', message: { ...sent(order, NOW + order, from).message, conversationId: 'd' } })
    emit(of(1, 'ann'), of(2, 'me'))
    await settle()
    emit({ ...receipt('me', { upTo: at(1) }), conversationId: 'd' }, { ...receipt('ann', { count: { id: 'm2', n: 2 } }), conversationId: 'd' })
    await settle()
    const states = client.readStates('d')
    states.subscribe(() => {})
    await settle()
    const { lastMessage, unread } = client.getState().conversations.find(({ id }) => id === 'd')!
    expect([unread?.count, lastMessage?.readCount, states.getStatus(lastMessage!)]).toEqual([0, 2, 'read'])
  })
})

describe('my own account', () => {
  it('[RS35] is nobody outside, whoever a roster names: what my other device read is read here', async () => {
    const { client, emit, settle } = await start({ members: [member('ann')], from: 'ann' })
    expect(client.getState().conversations[0]!.unread?.count).toBe(3)
    emit(receipt('me', { upTo: at(2) }))
    await settle()
    expect([client.getState().conversations[0]!.unread?.count, (await client.diagnostics()).dropped]).toEqual([1, {}])
  })
})

describe('a report', () => {
  it('[RS32] [RS23] of messages as somebody held them before one was taken back, and one deleted, has no number of these', async () => {
    const { client, emit, settle, message } = await start()
    emit(receipt('ann', { upTo: at(3) }))
    await settle()
    const held = [1, 2, 3].map(message)
    emit({ type: 'recalled', conversationId: 'c', id: 'm1', by: 'me', time: NOW }, { type: 'deleted', conversationId: 'c', id: 'm2', by: 'me', time: NOW })
    await settle()
    const { messages, untracked } = await client.receiptReport(held)
    expect([messages.map(({ message: { ids }, read }) => [ids[0], read]), untracked.map(({ message: { ids }, reason }) => [ids[0], reason])]).toEqual([[['m3', 1]], [['m1', 'recalled']]])
  })
})
