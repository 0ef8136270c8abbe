/** What a wire declares, the client keeps to: each capability with it and without. What the screen makes of them: test/components/windowActions, composer, readers. */
import { createChatClient, type ChatClient, type IncomingMessage, type Transport, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scriptedTransport, type ScriptedTransport } from '../sync/scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const scope = (both: 'point' | 'ranges' | 'message' | 'none') => ({ direct: both, group: both })
const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const message = (order: number): IncomingMessage => ({ conversationId: 'c', id: `m${order}`, at: at(order), from: 'ada', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } })

async function start<Wire extends Transport>(transport: Wire): Promise<{ client: ChatClient; transport: Wire }> {
  const client = createChatClient({ userId: 'me', transport, storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  void client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  return { client, transport }
}

/** Three messages of ada are here, and some of them are read or viewed. */
async function read(changes: Partial<TransportCapabilities>, which: readonly number[], kind: 'read' | 'viewed' = 'read', before: (client: ChatClient) => Promise<void> = async () => {}) {
  const { client, transport } = await start(scriptedTransport(changes))
  await before(client)
  for (const order of [1, 2, 3]) transport.emit({ type: 'message', message: message(order) })
  const source = client.messages('c')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(3))
  await client.markRead(which.map((order) => source.getSnapshot().messages[order - 1]!), kind)
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  return transport.reports
}

const kinds = (reports: ScriptedTransport['reports']) => [...new Set(reports.map(({ kind }) => kind))].toSorted()

describe('receipts are reported as the wire can say them', () => {
  it.each([
    ['all kinds', {}, ['delivered', 'read']],
    ['no delivery: `delivered` is none', { delivered: scope('none') }, ['read']],
    ['no delivery: the wire tells it itself', { deliveredBy: 'wire' }, ['read']],
    ['no reading: `read` is none', { read: scope('none'), ownDeviceReports: false }, ['delivered']],
  ] as const)('%s', async (_what, changes, expected) => {
    expect(kinds(await read(changes, [1, 2, 3]))).toEqual(expected)
  })

  it.each([['viewed', scope('ranges'), true], ['no viewing: `viewed` is none', scope('none'), false]] as const)('%s', async (_what, viewed, isReported) => {
    expect(kinds(await read({ viewed, ownDeviceReports: false }, [1], 'viewed')).includes('viewed')).toBe(isReported)
  })

  it('`ranges`: what was read, and nothing else', async () => {
    const reports = (await read({}, [2])).filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')
    expect(reports.map(({ upTo, ranges, messages }) => ({ upTo, ranges, messages }))).toEqual([{ upTo: null, ranges: [{ from: at(2), to: at(2) }], messages: [] }])
  })

  it('`point`: nothing over a hole, and the whole prefix when there is none', async () => {
    const published = (reports: ScriptedTransport['reports']) => reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published').map(({ upTo, ranges }) => ({ upTo, ranges }))
    expect(published(await read({ read: scope('point') }, [2, 3]))).toEqual([])
    expect(published(await read({ read: scope('point') }, [1, 2, 3]))).toEqual([{ upTo: at(3), ranges: [] }])
  })

  it('`message`: each by its name, with its author', async () => {
    const reports = (await read({ read: scope('message') }, [1, 3])).filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')
    expect(reports.flatMap(({ messages }) => messages)).toEqual([1, 3].map((order) => ({ id: `m${order}`, at: at(order), localId: `l${order}`, from: 'ada' })))
  })

  it.each([[true, ['ownDevices']], [false, []]] as const)('what is read privately goes to my own devices where the wire has that (%s), and is never published', async (ownDeviceReports, expected) => {
    const reports = await read({ ownDeviceReports }, [1, 2, 3], 'read', (client) => client.setReceipts('private'))
    expect([...new Set(reports.filter(({ kind }) => kind === 'read').map(({ visibility }) => visibility))]).toEqual(expected)
  })
})

describe('what was missed is fetched as the wire has it', () => {
  const calls = () => ({
    conversations: vi.fn(async () => ({ items: [{ id: 'c', kind: 'group' as const, head: at(9) }] })), history: vi.fn(async () => ({ messages: [message(9)], contiguousTo: null })),
    readStates: vi.fn(async () => []), members: vi.fn(async () => ({ items: [] })),
  })

  /** How often each is asked on the first connect, and after the next. */
  async function asked(changes: Partial<TransportCapabilities>) {
    const methods = calls()
    const { client, transport } = await start(Object.assign(scriptedTransport(changes), methods))
    const first = Object.fromEntries(Object.entries(methods).map(([name, { mock }]) => [name, mock.calls.length]))
    transport.emit({ type: 'state', state: { status: 'offline', reason: 'network', retryInMs: 1 } })
    methods.conversations.mockResolvedValue({ items: [{ id: 'c', kind: 'group' as const, head: at(12) }] })
    transport.emit({ type: 'state', state: { status: 'online' } })
    await vi.waitFor(() => expect(methods.conversations.mock.calls.length).toBe(2))
    await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
    await new Promise((resolve) => { setTimeout(resolve, 50) })
    return { first, then: Object.fromEntries(Object.entries(methods).map(([name, { mock }]) => [name, mock.calls.length - first[name]!])) }
  }

  it('by cursor, receipts replayed: read states, members and history once, the list at every connect', async () => {
    expect(await asked({ catchUp: 'cursor', receiptsCatchUp: 'replay' })).toEqual({ first: { conversations: 1, history: 1, readStates: 1, members: 1 }, then: { conversations: 1, history: 0, readStates: 0, members: 0 } })
  })

  it.each(['none', 'queue'] as const)('catchUp %s, receipts fetched: read states, members, and history of what moved on, after every connect', async (catchUp) => {
    expect(await asked({ catchUp, receiptsCatchUp: 'fetch' })).toEqual({ first: { conversations: 1, history: 1, readStates: 1, members: 1 }, then: { conversations: 1, history: 1, readStates: 1, members: 1 } })
  })
})

describe('a conversation made while connected is made known', () => {
  it('by a call where the wire has one', async () => {
    const ensureConversation = vi.fn(async () => {})
    const wire = scriptedTransport()
    const connect = vi.spyOn(wire, 'connect')
    const { client } = await start(Object.assign(wire, { ensureConversation }))
    await client.ensureConversation({ id: 'new', kind: 'direct', members: ['me', 'ada'] })
    expect(ensureConversation).toHaveBeenLastCalledWith({ id: 'new', kind: 'direct', members: ['me', 'ada'] })
    expect(connect).toHaveBeenCalledTimes(1)
  })

  it('by connecting anew where it has none, once: what is written in it was refused as unknown, and showed as failed', async () => {
    const hub = memoryHub()
    const { ensureConversation: _none, ...bare } = hub.transport()
    const connect = vi.spyOn(bare, 'connect')
    const { client } = await start<Transport>({ ...bare, connect: (options) => bare.connect(options), capabilities: { ...bare.capabilities, membership: false } })
    await client.ensureConversation({ id: 'new', kind: 'direct', members: ['me', 'ada'] })
    await client.ensureConversation({ id: 'new', kind: 'direct', members: ['me', 'ada'] })
    await client.send('new', { body: { kind: 'text', text: 'hello' } })
    const source = client.messages('new')
    source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages.map(({ outgoing, ids }) => [outgoing, ids.length])).toEqual([[undefined, 1]]), { timeout: 10_000 })
    expect(connect).toHaveBeenCalledTimes(2)
    await hub.dispose()
  })
})
