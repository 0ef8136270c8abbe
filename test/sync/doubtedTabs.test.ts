/** Two tabs: news that was read before something was doubted in this tab, and is shown after it. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type Point } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeChannels } from './fakeChannels.js'
import { fakeLocks } from './fakeLocks.js'
import { at, POINT, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})
const MINE = { from: 'me' }
const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const row = (order: number) => { const { id, ...rest } = text(order, MINE); return line({ message: { ids: [id], ...rest } }) }
const FILE = line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + row(1) + row(4)
const statuses = (client: ChatClient) => Object.fromEntries(client.messages('c').getSnapshot().messages.filter(({ from }) => from === 'me').map((m) => [m.localId, client.readStates('c').getStatus(m)]))

it.each([['comes at once', false], ['is slow, as while a page is busy', true]])('[RS31] the tab that imports what was lost shows nobody as its reader, though the answer to older news %s', async (_how, isSlow) => {
  const [indexedDB, locks, channels] = [new IDBFactory(), fakeLocks(), fakeChannels()]
  let gate: Promise<void> | null = null
  let held = 0
  const wires = [0, 1].map(() => scriptedTransport({ dense: true, read: POINT, delivered: POINT }))
  const clients: ChatClient[] = []
  for (const [i, wire] of wires.entries()) {
    const database = dexieStorage({ indexedDB, IDBKeyRange })
    const read: ChatStorage['read'] = async (run) => {
      const mine = gate
      const result = await database.read(run)
      // Of news of what others read, which names their states.
      const isNews = typeof result === 'object' && result !== null && 'memberStates' in result && (result as { memberStates: Map<string, unknown> }).memberStates.size > 0
      if (mine && isNews) { held += 1; await mine }
      return result
    }
    const storage = i === 0 ? database : Object.assign(Object.create(database) as ChatStorage, { read })
    const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: locks.tab(), openChannel: channels.open } })
    running.push(client)
    clients.push(client)
    client.messages('c').subscribe(() => {})
    client.readStates('c').subscribe(() => {})
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  }
  const [wire, follower] = [wires[0]!, clients[1]!]
  const readTo = (upTo: Point) => ['ada', 'bo'].forEach((by) => wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo }))
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })), rosterComplete: true } })
  for (const order of [5, 6, 7]) wire.emit({ type: 'message', message: text(order, { ...MINE, at: at(order, 1) }) as never })
  readTo(at(6, 1))
  await vi.waitFor(() => expect(statuses(follower)).toEqual({ l5: 'read', l6: 'read', l7: 'sent' }))
  await pause()
  // What this tab reads from now on is answered, and the answer is taken up late.
  let open = () => {}
  if (isSlow) gate = new Promise((resolve) => (open = resolve))
  readTo(at(7, 1))
  await (isSlow ? vi.waitFor(() => expect(held).toBeGreaterThan(0)) : vi.waitFor(() => expect(statuses(follower)).toMatchObject({ l7: 'read' })))
  gate = null
  await follower.importConversation(FILE)
  await pause()
  open()
  // Everything is stored by now.
  await pause(800)
  const tallies = Object.fromEntries(follower.messages('c').getSnapshot().messages.map((m) => [m.localId, follower.readStates('c').getTally(m)]))
  expect(tallies).toMatchObject({ l7: { read: 2 }, l1: { read: 0 }, l4: { read: 0 } })
  expect(statuses(follower)).toEqual({ l1: 'sent', l4: 'sent', l5: 'read', l6: 'read', l7: 'read' })
})
