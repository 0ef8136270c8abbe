/** Somebody who reads in a group over a wire of which the test writes every event; whatever was told of what they read can be asked for. */
import { createChatClient, type ChatClient, type ChatStorage, type Message, type Point, type ReceiptPolicy, type Report, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

export const MINUTE = 60_000
/** Long ago, so that nothing of it comes late. */
export const START = 1_000 * MINUTE
export const at = (order: number, epoch = 0, id = `m${order}`): Point => ({ epoch, order, id })
export const text = (order: number, changes: object = {}) => ({ conversationId: 'c', id: `m${order}`, at: at(order), from: 'ada', localId: `l${order}`, time: START + order, body: { kind: 'text' as const, text: `${order}` }, ...changes })
/** Somebody wrote again long after. */
export const LATER = text(50, { from: 'me', time: START + 60 * MINUTE })

export interface Scene {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  readonly storage: ChatStorage
  bring(...messages: readonly object[]): Promise<void>
  read(...orders: readonly number[]): Promise<void>
  unread(): number | undefined
  /** Whether others were told, in any report, that a place was read. */
  isTold(order: number, epoch?: number, id?: string): boolean
}

export async function start(capabilities: Partial<TransportCapabilities>, extra: Partial<ScriptedTransport> = {}, policy: Partial<ReceiptPolicy> = {}): Promise<Scene> {
  const wire = Object.assign(scriptedTransport(capabilities), extra)
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2, ...policy }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const source = client.messages('c')
  source.subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'].map((userId) => ({ userId, role: userId === 'me' ? 'owner' as const : 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })), rosterComplete: true } })
  const shown = (): readonly Message[] => source.getSnapshot().messages
  const isWithin = ({ upTo, ranges }: Report, place: Point) => (upTo !== null && before(place, upTo)) || ranges.some(({ from, to }) => before(from, place) && before(place, to))
  return {
    client, wire, storage,
    async bring(...messages) {
      for (const message of messages) wire.emit({ type: 'message', message: message as Parameters<typeof text>[1] as never })
      const whole = messages.filter((message) => 'body' in message && message.body !== null) as { id: string }[]
      await vi.waitFor(() => expect(whole.every(({ id }) => shown().some(({ ids }) => ids.includes(id)))).toBe(true), { timeout: 10_000 })
    },
    async read(...orders) {
      await client.markRead(shown().filter((row) => row.from !== 'me' && row.at !== null && orders.includes(row.at.order)))
      await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0), { timeout: 10_000 })
    },
    unread: () => client.getState().conversations[0]?.unread?.count,
    isTold: (order, epoch = 0, id = `m${order}`) => wire.reports.some((report) => report.kind === 'read' && report.visibility === 'published' && isWithin(report, at(order, epoch, id))),
  }
}

/** Whether or not they are on screen, below which something may be missing. */
export async function readStored({ client, storage }: Scene, ...orders: readonly number[]): Promise<void> {
  await client.markRead(await Promise.all(orders.map(async (order) => (await client.getMessage('c', `m${order}`))!)))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
}

/** At or before. */
function before(a: Point, b: Point): boolean {
  return a.epoch !== b.epoch ? a.epoch < b.epoch : a.order !== b.order ? a.order < b.order : a.id <= b.id
}

export const RANGES = { direct: 'ranges', group: 'ranges' } as const
export const POINT = { direct: 'point', group: 'point' } as const
export const SPARSE: Partial<TransportCapabilities> = { dense: false, read: RANGES, delivered: RANGES }
