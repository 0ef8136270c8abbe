/** Two tabs over one database: what the one that does not lead shows of what the leading one is told. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { expect, it, onTestFinished, vi } from 'vitest'
import { fakeChannels } from './fakeChannels.js'
import { fakeLocks } from './fakeLocks.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'
import { at, incoming } from './storedWorld.js'

async function twoTabs(change: Partial<ScriptedTransport> = {}) {
  const [indexedDB, locks, channels] = [new IDBFactory(), fakeLocks(), fakeChannels()]
  const wires = [0, 1].map(() => Object.assign(scriptedTransport(), change))
  const tabs: ChatClient[] = []
  for (const wire of wires) {
    const client = createChatClient({ userId: 'me', transport: wire, storage: dexieStorage({ indexedDB, IDBKeyRange }), ports: { locks: locks.tab(), openChannel: channels.open } })
    onTestFinished(() => client.dispose())
    tabs.push(client)
    await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'bo'] })
    client.messages('c').subscribe(() => {})
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  }
  return { wire: wires[0]!, leader: tabs[0]!, follower: tabs[1]! }
}

const shown = (client: ChatClient) => {
  const { messages, hasNewer } = client.messages('c').getSnapshot()
  return [messages.map(({ localId }) => localId), hasNewer]
}

it('a tab that follows does not show what lies on two sides of missing history as neighbours', async () => {
  const { wire, leader, follower } = await twoTabs()
  for (const order of [1, 2]) wire.emit({ type: 'message', message: incoming(order) })
  await vi.waitFor(() => expect(shown(follower)).toEqual([['l1', 'l2'], false]))
  wire.emit({ type: 'gap', conversationId: 'c', after: at(2), before: at(10) })
  wire.emit({ type: 'message', message: incoming(10) })
  await vi.waitFor(() => expect(shown(leader)[1]).toBe(true))
  await vi.waitFor(() => expect(shown(follower)).toEqual([['l1', 'l2'], true]))
})

it('a tab that follows can be scrolled up where another has made room', async () => {
  const { wire, leader, follower } = await twoTabs()
  for (const order of [1, 2, 3, 4]) wire.emit({ type: 'message', message: incoming(order) })
  await vi.waitFor(() => expect(shown(follower)[0]).toHaveLength(4))
  await leader.markRead(leader.messages('c').getSnapshot().messages)
  await vi.waitFor(async () => expect((await leader.diagnostics()).outbox).toEqual([]))
  expect(await leader.pruneHistory('c', { before: Date.now() })).toBe(2)
  await vi.waitFor(() => expect(shown(follower)[0]).toEqual(['l3', 'l4']))
  expect(follower.messages('c').getSnapshot().hasOlder).toBe(true)
})

it('a tab that follows says that the back end has told its conversations when it has, and not before', async () => {
  let tell = () => {}
  const { leader, follower } = await twoTabs({ conversations: () => new Promise((resolve) => (tell = () => resolve({ items: [] }))) })
  const told = () => [leader, follower].map((client) => client.getState().caughtUp)
  expect(told()).toEqual([false, false])
  tell()
  await vi.waitFor(() => expect(told()).toEqual([true, true]))
})
