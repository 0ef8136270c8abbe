/** What the back end asks for holds up what is behind an entry; once that entry is gone, however this was heard of, it holds up nothing. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { TransportError } from 'readback'
import { createChatClient, type ChatStorage, type Locks, type Transport } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { fakeLocks } from './fakeLocks.js'
import { scriptedTransport } from './scriptedTransport.js'
import { incoming } from './storedWorld.js'

const say = (text: string) => ({ body: { kind: 'text', text } as const })
const inAnHour = new TransportError('transport/server', 'Not now.', { stored: 'no', retry: { afterMs: 3_600_000 } })

async function start(clock: FakeClock, transport: Transport, storage: ChatStorage, locks: Locks | null) {
  const client = createChatClient({ userId: 'me', transport, storage, ports: { clock, locks, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  const started = client.start()
  await pass(clock, () => expect(client.getState().phase).toBe('running'))
  await started
  return client
}

const pass = (clock: FakeClock, check: () => unknown) => vi.waitFor(async () => {
  clock.advance(100)
  await check()
}, { timeout: 10_000, interval: 5 })
const textsOf = ({ sent }: ReturnType<typeof scriptedTransport>) => sent.map(({ body }) => (body as { text: string }).text)

it('[I21] a message that waits for an hour, and is taken back in a tab of which no news comes, keeps nothing waiting', async () => {
  const [clock, indexedDB, locks, wire] = [createFakeClock(), new IDBFactory(), fakeLocks(), scriptedTransport()]
  const answer = wire.answer
  wire.answer = () => Promise.reject(inAnHour)
  const leader = await start(clock, wire, dexieStorage({ indexedDB, IDBKeyRange }), locks.tab())
  await pass(clock, () => expect(leader.getState().connection.status).toBe('online'))
  const other = await start(clock, scriptedTransport(), dexieStorage({ indexedDB, IDBKeyRange }), locks.tab())
  const first = await leader.send('c', say('no, wait'))
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 50))
  wire.answer = answer
  await other.send('c', say('behind'))
  await other.discard('c', first)
  await pass(clock, () => expect(textsOf(wire)).toEqual(['no, wait', 'behind']))
}, 20_000)

it('[I21] a reaction that waits for an hour keeps nothing waiting once its message is deleted for good', async () => {
  const [clock, wire] = [createFakeClock(), scriptedTransport()]
  const react = vi.fn(() => Promise.reject(inAnHour))
  const client = await start(clock, Object.assign(wire, { react }), memoryStorage({ clock }), null)
  wire.emit({ type: 'message', message: incoming(1) })
  const { id } = incoming(1)
  await pass(clock, async () => expect(await client.getMessage('c', id)).not.toBeNull())
  await client.react('c', id, '👍', true)
  await vi.waitFor(() => expect(react).toHaveBeenCalledTimes(1))
  await client.send('c', say('behind'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  // While it stands, it is waited for.
  expect(textsOf(wire)).toEqual([])
  wire.emit({ type: 'deleted', conversationId: 'c', id, by: 'bo', time: 5, hard: true })
  await pass(clock, () => expect(textsOf(wire)).toEqual(['behind']))
  expect(react).toHaveBeenCalledTimes(1)
}, 20_000)
