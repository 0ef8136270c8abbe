/** Who reads here and there in a long history has more stretches than one receipt may name. */
import { createChatClient, NO_OWN_STATE, type ChatClient, type ChatStorage, type PointRange, type Report } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'

const STRETCHES = 10_001
const MOST_BYTES = 60 * 1_024
const TEAM = { id: 'team', kind: 'group', members: ['ann', 'bob', 'cleo'] } as const
const running: ChatClient[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function startClient(hub: Hub, userId: string) {
  const storage = memoryStorage()
  const transport = hub.transport()
  const client = createChatClient({ userId, transport, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }, locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().conversations).toHaveLength(1))
  return { client, storage, transport }
}

/** Every second message of a long history, and the newest. */
function everySecond(hub: Hub): readonly PointRange[] {
  return hub.log('team').filter((_, n) => n % 2 === 0).map(({ at }) => ({ from: at, to: at }))
}

/** What Bob read there waits to be told. */
async function queue(storage: ChatStorage, ranges: readonly PointRange[]): Promise<void> {
  await storage.write(async (tx) => {
    const read = { upTo: null, ranges }
    await tx.readStates.putOwn('team', { ...NO_OWN_STATE, synced: { ...NO_OWN_STATE.synced, read }, wanted: { ...NO_OWN_STATE.wanted, read } })
    await tx.outbox.add({ lane: 'receipt', action: 'report', conversationId: 'team', kind: 'read', visibility: 'published', readAt: Date.now(), attempts: 0, notBefore: 0 })
  })
}

async function start() {
  const hub = memoryHub()
  await hub.ensureConversation(TEAM)
  for (let n = 1; n < 2 * STRETCHES; n += 1) await hub.post({ conversationId: 'team', from: 'ann', body: `${n}` })
  const ann = await startClient(hub, 'ann')
  const bob = await startClient(hub, 'bob')
  const reports: Report[] = []
  hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: ({ userId, report }) => {
    if (userId === 'bob' && report!.kind === 'read') reports.push(report!)
    return false
  } })
  return { hub, ann, bob, reports, ranges: everySecond(hub) }
}

const readOf = async (storage: ChatStorage) => (await storage.read((tx) => tx.readStates.get('team', 'bob')))?.read

/** By where they first differ: all of them are many lines. */
function expectSame(told: readonly PointRange[], ranges: readonly PointRange[]): void {
  expect(told.length).toBe(ranges.length)
  expect(told.find(({ from, to }, n) => from.order !== ranges[n]!.from.order || to.order !== ranges[n]!.to.order)).toBeUndefined()
}

it('[RD7] [RS35] a reader with ten thousand and one stretches is heard: the newest first, in reports that a page that is left can still send, nothing twice and nothing lost', async () => {
  const { hub, ann, bob, reports, ranges } = await start();
  expect(ranges).toHaveLength(STRETCHES)
  // One part is refused, and stays.
  const refused: Report[] = []
  hub.faults.add({ on: 'report', do: 'refuse', match: ({ userId, report }) => userId === 'bob' && report!.kind === 'read' && reports.length === 3 && refused.push(report!) > 0 })
  hub.setOnline(bob.transport, false)
  await queue(bob.storage, ranges)
  hub.setOnline(bob.transport, true)
  await vi.waitFor(async () => expect((await bob.client.diagnostics()).outbox).toEqual([]), 60_000)
  expect(Math.max(...reports.map((report) => JSON.stringify(report).length))).toBeLessThanOrEqual(MOST_BYTES)
  expect(reports.length).toBeLessThan(STRETCHES / 100)
  expect(refused).toHaveLength(1)
  const taken = reports.filter((report) => !refused.includes(report))
  expect(taken[0]!.ranges.at(-1)).toEqual(ranges.at(-1))
  // Each part lies before the one that was told before it, and all are told.
  expectSame([...taken].reverse().flatMap(({ ranges: part }) => part), ranges)
  await vi.waitFor(async () => expectSame((await readOf(ann.storage))?.ranges ?? [], ranges), 20_000)
  // Who comes later is told all of it, too.
  const cleo = await startClient(hub, 'cleo')
  await vi.waitFor(async () => expectSame((await readOf(cleo.storage))?.ranges ?? [], ranges), 20_000)
  expect((await cleo.client.diagnostics()).dropped).toEqual({})
}, 120_000)
