/** Messages of mine that come when others have read on behind a loss of which nobody knew here: what was said before says nothing of them. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type HistoryPage, type Message, type Point } from 'readback/core'
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
const pause = () => new Promise((resolve) => setTimeout(resolve, 80))
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const row = (order: number) => {
  const { id, ...rest } = text(order, MINE)
  return line({ message: { ids: [id], ...rest } })
}
const FILE = line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + row(1) + row(4)

/** Every status that a tab showed of a message of mine, in order. */
function watch(client: ChatClient): () => Record<string, string> {
  const source = client.messages('c')
  const states = client.readStates('c')
  const seen = new Map<string, string[]>()
  const look = () => {
    for (const message of source.getSnapshot().messages) {
      const list = seen.get(message.localId) ?? []
      const status = states.getStatus(message)
      if (status && list.at(-1) !== status) seen.set(message.localId, [...list, status])
    }
  }
  source.subscribe(look)
  states.subscribe(look)
  return () => Object.fromEntries([...seen].map(([localId, list]) => [localId, list.join(' ')]))
}

/** Every other answer takes longer: what is read later may come first. */
function unevenly(storage: ChatStorage): ChatStorage {
  let reads = 0
  const read: ChatStorage['read'] = async (run) => {
    const isSlow = reads++ % 2 === 0
    const result = await storage.read(run)
    if (isSlow) await new Promise((resolve) => setTimeout(resolve, 25))
    return result
  }
  return Object.assign(Object.create(storage) as ChatStorage, { read })
}

/** Tabs of an account that began with epoch 1, where mine at 5 was read by both others, who have read up to 6. The first leads. */
async function newcomer({ tabs = 1, history }: { tabs?: number; history?: () => Promise<HistoryPage> } = {}) {
  const [indexedDB, locks, channels] = [new IDBFactory(), fakeLocks(), fakeChannels()]
  const wires = Array.from({ length: tabs }, () => Object.assign(scriptedTransport({ dense: true, read: POINT, delivered: POINT }), history ? { history } : {}))
  const stores: ChatStorage[] = []
  const clients: ChatClient[] = []
  const seen: (() => Record<string, string>)[] = []
  async function open(wire: (typeof wires)[number]): Promise<ChatClient> {
    const storage = stores.length === 0 ? dexieStorage({ indexedDB, IDBKeyRange }) : unevenly(dexieStorage({ indexedDB, IDBKeyRange }))
    const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: locks.tab(), openChannel: channels.open } })
    running.push(client)
    stores.push(storage)
    clients.push(client)
    seen.push(watch(client))
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    return client
  }
  for (const wire of wires) await open(wire)
  const wire = wires[0]!
  const bring = (message: object) => wire.emit({ type: 'message', message: message as never })
  const read = (upTo: Point) => ['ada', 'bo'].forEach((by) => wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo }))
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: ['me', 'ada', 'bo'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })), rosterComplete: true } })
  bring(text(5, { ...MINE, at: at(5, 1) }))
  bring(text(6, { at: at(6, 1) }))
  read(at(6, 1))
  const all = () => seen.map((of) => of())
  await vi.waitFor(() => expect(all()).toEqual(clients.map(() => ({ l5: expect.stringMatching(/read$/) as string }))))
  return { clients, storage: stores[0]!, bring, read, all, reopen: () => open(wire) }
}

const shown = (client: ChatClient): readonly Message[] => client.messages('c').getSnapshot().messages
const isHere = (client: ChatClient, ...ids: string[]) => vi.waitFor(() => expect(shown(client).map(({ localId }) => localId)).toEqual(expect.arrayContaining(ids)))
/** A list first shows what the rows say, and then what others did. */
const READ = expect.stringMatching(/^(sent |delivered )*read$/) as string

it.each([['a file', true], ['the wire, late', false]])('[RS31] %s brings what is mine from before an epoch that was the first here, of which the wire says nothing: nobody is told to have read it, in any tab, nor after a reload', async (_how, isFile) => {
  const scene = await newcomer({ tabs: 2 })
  // By the tab that does not lead.
  if (isFile) await scene.clients[1]!.importConversation(FILE)
  else for (const message of [text(1, MINE), text(4, MINE)]) scene.bring(message)
  for (const client of scene.clients) await isHere(client, 'l1', 'l4')
  await pause()
  for (const statuses of scene.all()) expect(statuses).toEqual({ l1: 'sent', l4: 'sent', l5: READ })
  // Who reads on says no more of it, and goes on to be heard.
  scene.bring(text(7, { ...MINE, at: at(7, 1) }))
  scene.read(at(7, 1))
  await vi.waitFor(() => scene.all().forEach((statuses) => expect(statuses).toEqual({ l1: 'sent', l4: 'sent', l5: READ, l7: READ })))
  for (const client of running.splice(0)) await client.dispose()
  await isHere(await scene.reopen(), 'l1', 'l4', 'l7')
  await pause()
  expect(scene.all().at(-1)).toEqual({ l1: 'sent', l4: 'sent', l5: READ, l7: READ })
})

it('[RS31] what the server still has of it was read once it says so, and not before', async () => {
  let answer!: (page: HistoryPage) => void
  const scene = await newcomer({ history: () => new Promise((resolve) => (answer = resolve)) })
  await scene.clients[0]!.importConversation(FILE)
  await isHere(scene.clients[0]!, 'l1', 'l4')
  await pause()
  expect(scene.all()).toEqual([{ l1: 'sent', l4: 'sent', l5: READ }])
  answer({ messages: [text(1, MINE)], contiguousTo: null } as unknown as HistoryPage)
  await vi.waitFor(() => expect(scene.all()).toEqual([{ l1: 'sent read', l4: 'sent failed', l5: READ }]))
  expect(await scene.storage.read((tx) => tx.held.list('c'))).toEqual([])
})

it('[RS31] [RS24] what was archived of other messages is shown as before', async () => {
  const scene = await newcomer()
  const [client] = scene.clients as [ChatClient]
  const states = client.readStates('c')
  const tally = () => states.getTally(shown(client).find(({ localId }) => localId === 'l5')!)
  await scene.storage.write((tx) => tx.archive.put('c', [{ segment: 'roster', value: ['zoe'] }, { segment: 'message m5', value: { read: new Uint8Array([1]) } }]))
  scene.bring({ ...text(8, { at: at(8, 1) }) })
  await client.importConversation(line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + line({ member: { userId: 'zoe', role: 'member', intervals: [{ joinedAt: null, leftAt: null }] } }) + row(1) + row(4))
  await isHere(client, 'l1', 'l4')
  await vi.waitFor(() => expect(tally()).toMatchObject({ read: 3 }))
})
