/** Who read what before a conversation was known here: of one that the app makes known, or history brings, a wire that replays receipts has told nothing. */
import { createChatClient, TransportError, type ChatClient, type ChatStorage, type IncomingReceipt, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { noteHeard, noteUnheard, unheardOf } from '../../src/sync/unheard.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { at, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const REPLAYING: Partial<TransportCapabilities> = { catchUp: 'cursor', receiptsCatchUp: 'replay', conversations: false, members: false }
const told = (by: string): IncomingReceipt => ({ conversationId: 'c', by, kind: 'read', visibility: by === 'me' ? 'ownDevices' : 'published', upTo: at(3) })
const GROUP = { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] } as const

function open(readStates: (id: string) => Promise<readonly IncomingReceipt[]>, storage = memoryStorage()) {
  const wire = Object.assign(scriptedTransport(REPLAYING), { readStates })
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const begin = async () => {
    await client.start()
    await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
    wire.emit({ type: 'cursor', cursor: 'k1' } as never)
  }
  const reconnect = async () => {
    wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
    wire.emit({ type: 'state', state: { status: 'online' } })
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  return { client, wire, storage, begin, reconnect }
}

async function readers({ client, wire }: Pick<ReturnType<typeof open>, 'client' | 'wire'>): Promise<number> {
  wire.emit({ type: 'message', message: text(2, { from: 'me' }) as never })
  const source = client.messages('c')
  source.subscribe(() => {})
  const states = client.readStates('c')
  states.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 60))
  const tally = states.getTally(source.getSnapshot().messages[0]!)
  return tally.tracked ? tally.read : -1
}

it('is asked for once where the app makes it known over a connection', async () => {
  const readStates = vi.fn(async () => [told('ada'), told('me')])
  const scene = open(readStates)
  await scene.begin()
  await scene.client.ensureConversation(GROUP)
  expect(await readers(scene)).toBe(1)
  wireTells(scene, 3)
  await vi.waitFor(() => expect(scene.client.getState().conversations[0]!.unread).toEqual({ count: 0, exact: true }))
  await scene.reconnect()
  expect(readStates).toHaveBeenCalledTimes(1)
})

function wireTells({ wire }: Pick<ReturnType<typeof open>, 'wire'>, order: number): void {
  wire.emit({ type: 'message', message: text(order) as never })
}

it('and where a message brings one that nobody lists', async () => {
  const readStates = vi.fn(async () => [told('ada')])
  const scene = open(readStates)
  await scene.begin()
  wireTells(scene, 1)
  await vi.waitFor(() => expect(readStates).toHaveBeenCalledTimes(1))
  wireTells(scene, 2)
  await scene.reconnect()
  expect(readStates.mock.calls).toEqual([['c']])
})

it('is asked for with the next connect where there was none, also after a restart', async () => {
  const storage = memoryStorage()
  const before = open(async () => [], storage)
  await before.begin()
  before.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await before.client.ensureConversation(GROUP)
  await before.client.dispose()
  const after = open(vi.fn(async () => [told('ada')]), storage)
  await after.begin()
  expect(await readers(after)).toBe(1)
})

it.each([['cannot say it now', true, 3], ['refuses to say it', false, 2]])('is asked for again with the next connect where the wire %s', async (_, retryable, times) => {
  const refusal = new TransportError(retryable ? 'transport/unavailable' : 'transport/denied', 'Not now.', { stored: 'no', retry: retryable ? 'yes' : 'no' })
  const readStates = vi.fn<() => Promise<readonly IncomingReceipt[]>>().mockRejectedValueOnce(refusal).mockRejectedValueOnce(refusal).mockResolvedValue([])
  const scene = open(readStates)
  await scene.begin()
  wireTells(scene, 1)
  await vi.waitFor(() => expect(readStates).toHaveBeenCalledTimes(1))
  await scene.reconnect()
  await vi.waitFor(() => expect(readStates).toHaveBeenCalledTimes(times), { timeout: 5_000 })
  await scene.reconnect()
  expect(readStates).toHaveBeenCalledTimes(times)
})

it('is asked for again where it could not be noted, and what else is left is asked for all the same', async () => {
  const memory = memoryStorage()
  let isFull = true
  const storage: ChatStorage = {
    ...memory,
    get name() { return memory.name },
    write: (fn, how) => memory.write((tx) => fn({ ...tx, meta: { ...tx.meta, delete: (key) => (isFull && key.startsWith('unheard') ? Promise.reject(new Error('No room.')) : tx.meta.delete(key)) } }), how),
  }
  const asked: string[] = []
  let refusals = 1
  const readStates = async (id: string): Promise<readonly IncomingReceipt[]> => {
    asked.push(id)
    if (id === 'd' && refusals-- > 0) throw new TransportError('transport/unavailable', 'Not now.', { stored: 'no', retry: 'yes' })
    return []
  }
  const scene = open(readStates, storage)
  for (const id of ['c', 'd']) await scene.client.ensureConversation({ ...GROUP, id })
  await scene.begin()
  await vi.waitFor(() => expect(asked.toSorted()).toEqual(['c', 'c', 'd', 'd', 'd']), 8_000)
  isFull = false
  await scene.reconnect()
  await scene.reconnect()
  expect(asked.toSorted()).toEqual(['c', 'c', 'c', 'd', 'd', 'd', 'd'])
})

it('those that were told are known by their names, however many there are', async () => {
  const storage = memoryStorage()
  await storage.open('me')
  const ids = Array.from({ length: 150 }, (_, n) => `c${n}`)
  const unheard = async () => [...(await storage.read(unheardOf))]
  const hear = (heard: readonly string[]) => storage.write((tx) => noteHeard(tx, heard))
  await storage.write(async (tx) => {
    await tx.conversations.put(['known', ...ids].map((id) => newConversation(id, 'group')))
    for (const id of ids) await noteUnheard(tx, id)
  })
  expect((await unheard()).sort()).toEqual([...ids].sort())
  await hear(['known', ...ids.slice(1)])
  expect(await unheard()).toEqual(['c0'])
  await hear(['c0'])
  expect(await unheard()).toEqual([])
  await storage.write((tx) => noteUnheard(tx, 'c7'))
  expect(await unheard()).toEqual(['c7'])
  // A count that is torn hides none.
  await storage.write((tx) => tx.meta.put('unheardReceipts', 'two'))
  expect(await unheard()).toEqual(['c7'])
  await hear(['c7'])
  expect([await unheard(), await storage.read((tx) => tx.meta.get('unheardReceipts'))]).toEqual([[], 0])
})
