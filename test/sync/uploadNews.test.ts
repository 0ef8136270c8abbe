import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type Attachments, type ChatClient } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeChannels } from './fakeChannels.js'
import { fakeLocks } from './fakeLocks.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const FILE = new Blob(['some bytes'], { type: 'text/plain' })
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** Tabs of one account, of which the first leads, and the uploads that the leading one makes. */
async function openTabs(count: number) {
  const [hub, indexedDB, locks, channels] = [memoryHub(), new IDBFactory(), fakeLocks(), fakeChannels()]
  const uploads: { readonly signal: AbortSignal; progress(fraction: number): void; done(): void }[] = []
  const attachments: Attachments = {
    upload: (_, { signal, onProgress }) => new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('Given up.', 'AbortError')))
      uploads.push({ signal, progress: onProgress, done: () => resolve({ url: 'https://files.example/1' }) })
    }),
  }
  async function open(): Promise<ChatClient> {
    const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: dexieStorage({ indexedDB, IDBKeyRange }), attachments, ports: { locks: locks.tab(), openChannel: channels.open } })
    running.push(client)
    await client.ensureConversation(PAIR)
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    return client
  }
  const tabs: ChatClient[] = []
  for (let i = 0; i < count; i++) tabs.push(await open())
  return { hub, tabs, open, uploads }
}

const sendFile = (client: ChatClient) => client.send(PAIR.id, { body: { kind: 'file', file: { name: 'notes.txt', sizeBytes: FILE.size } }, upload: FILE })

it('every tab knows how far an upload is, one that was opened meanwhile too, and that it is over', async () => {
  const { tabs, open, uploads } = await openTabs(2)
  const localId = await sendFile(tabs[1]!)
  await vi.waitFor(() => expect(uploads).toHaveLength(1))
  const progress = () => tabs.map((tab) => tab.getUploadProgress({ localId }))
  let told = 0
  tabs[1]!.subscribe(() => told++)
  for (let percent = 1; percent <= 50; percent++) uploads[0]!.progress(percent / 100)
  await vi.waitFor(() => expect(progress()).toEqual([0.5, 0.5]))
  // Together, not fifty times.
  expect(told).toBeLessThan(5)
  tabs.push(await open())
  await vi.waitFor(() => expect(progress()).toEqual([0.5, 0.5, 0.5]))
  uploads[0]!.done()
  await vi.waitFor(() => expect(progress()).toEqual([null, null, null]))
})

it('an upload can be ended from any tab', async () => {
  const { hub, tabs, uploads } = await openTabs(2)
  expect((await tabs[1]!.diagnostics()).leader).toBe(false)
  const localId = await sendFile(tabs[0]!)
  await vi.waitFor(() => expect(uploads).toHaveLength(1))
  await tabs[1]!.discard(PAIR.id, localId)
  await vi.waitFor(() => expect(uploads[0]!.signal.aborted).toBe(true))
  await vi.waitFor(() => expect(tabs.map((tab) => tab.getUploadProgress({ localId }))).toEqual([null, null]))
  expect(hub.log(PAIR.id)).toEqual([])
})

it('what a tab told that leads no more is forgotten when another one begins', async () => {
  const { tabs, uploads } = await openTabs(2)
  const localId = await sendFile(tabs[0]!)
  await vi.waitFor(() => expect(uploads).toHaveLength(1))
  uploads[0]!.progress(0.7)
  await vi.waitFor(() => expect(tabs[1]!.getUploadProgress({ localId })).toBe(0.7))
  await tabs[0]!.stop()
  await vi.waitFor(() => expect(uploads).toHaveLength(2))
  uploads[1]!.progress(0.2)
  expect(tabs[1]!.getUploadProgress({ localId })).toBe(0.2)
})
