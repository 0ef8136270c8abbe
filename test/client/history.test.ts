/** A device that comes late: the newest messages at once, the rest of history when the reader goes back, across gaps. */
import { createChatClient, type ChatClient, type MessageSource } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'

const ID = 'team'
const MEMBERS = ['ada', 'bo', 'cleo']
const START = Date.UTC(2026, 0, 1)

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function seededHub(count: number, backfill: number) {
  const hub = memoryHub({ backfill, replayLimit: backfill })
  const messages = Array.from({ length: count }, (_, i) => ({ from: MEMBERS[i % 3]!, body: `message ${i + 1}`, time: START + i * 60_000 }))
  await hub.seed({ conversation: { id: ID, kind: 'group', members: MEMBERS }, messages })
  return hub
}

async function open(hub: ReturnType<typeof memoryHub>, storage = memoryStorage()): Promise<{ client: ChatClient; source: MessageSource; orders: () => number[] }> {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  const source = client.messages(ID)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages.length).toBeGreaterThan(0))
  return { client, source, orders: () => source.getSnapshot().messages.map((message) => message.at!.order) }
}

async function pageToBeginning(source: MessageSource): Promise<number[]> {
  const all: number[] = []
  for (let turn = 0; turn < 100; turn++) {
    const { messages, hasOlder } = source.getSnapshot()
    const oldest = all[0] ?? Infinity
    all.unshift(...messages.map((message) => message.at!.order).filter((order) => order < oldest))
    if (!hasOlder) return all
    await source.loadOlder!()
  }
  throw new Error('the beginning of history was not reached in 100 pages')
}

describe('history', () => {
  it('a new device pages back over what was never fetched, to the first message, in order with nothing missing', async () => {
    const { source, client } = await open(await seededHub(1_000, 50))
    await vi.waitFor(() => expect(client.getState().conversations[0]!.unread?.exact).toBe(false))
    await vi.waitFor(() => expect(source.getSnapshot().hasOlder).toBe(true))
    const orders = await pageToBeginning(source)
    const first = orders[0]!
    expect(orders).toEqual(Array.from({ length: 1_000 }, (_, i) => first + i))
  })

  it('who was away for long finds the gap, and both of its sides', async () => {
    const hub = await seededHub(300, 50)
    const storage = memoryStorage()
    const before = await open(hub, storage)
    await vi.waitFor(() => expect(before.client.getState().connection.status).toBe('online'))
    await before.client.dispose()
    for (let i = 0; i < 300; i++) await hub.post({ from: 'bo', conversationId: ID, body: `later ${i}` })
    const { source } = await open(hub, storage)
    await vi.waitFor(() => expect(source.getSnapshot().status).toBe('ready'))
    await source.loadAround!('newest')
    const orders = await pageToBeginning(source)
    expect(orders).toHaveLength(600)
    expect(orders.every((order, i) => i === 0 || order === orders[i - 1]! + 1)).toBe(true)
  })

  it('jumps to a time, and pages on from there both ways', async () => {
    const { source, orders } = await open(await seededHub(1_000, 1_000))
    await source.loadAround!({ time: START + 500 * 60_000 })
    const around = orders()
    expect(around.length).toBeGreaterThan(20)
    const at = source.getSnapshot().messages.findIndex((message) => message.time === START + 500 * 60_000)
    expect(at).toBeGreaterThan(0)
    await source.loadNewer!()
    await source.loadOlder!()
    const wider = orders()
    expect(wider.length).toBeGreaterThan(around.length)
    expect(wider.every((order, i) => i === 0 || order === wider[i - 1]! + 1)).toBe(true)
  })
})
