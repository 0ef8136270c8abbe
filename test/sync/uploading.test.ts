import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, TransportError, type Attachment, type Attachments, type ChatClient, type ChatStorage, type Clock, type Message, type StorageTx } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const FILE = new Blob(['some bytes'], { type: 'text/plain' })
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** A place for files whose uploads the test ends itself. */
function shelf() {
  const uploads: { readonly file: Blob; readonly signal: AbortSignal; progress(fraction: number): void; done(attachment: Attachment): void; fail(error: unknown): void }[] = []
  const attachments: Attachments = {
    upload: (file, { signal, onProgress }) => new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('Given up.', 'AbortError')))
      uploads.push({ file, signal, progress: onProgress, done: resolve, fail: reject })
    }),
  }
  return { uploads, attachments }
}

async function start(storage: ChatStorage, hub: ReturnType<typeof memoryHub>, attachments?: Attachments, clock?: Clock) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage, ...(attachments ? { attachments } : {}), ports: { ...(clock ? { clock } : {}), locks: null, openChannel: () => null, random: { next: () => 0, id: () => `id${ids++}` } } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  return { client, rows: () => source.getSnapshot().messages }
}
let ids = 0

const sendFile = (client: ChatClient) => client.send(PAIR.id, { body: { kind: 'file', file: { name: 'notes.txt', sizeBytes: FILE.size } }, upload: FILE })
const say = (client: ChatClient, text: string) => client.send(PAIR.id, { body: { kind: 'text', text } })
const kinds = (hub: ReturnType<typeof memoryHub>) => hub.log(PAIR.id).map(({ body }) => body.kind)

describe.each([
  ['memory', () => memoryStorage()],
  ['dexie', () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })],
] as const)('a message with a file, over %s', (_, makeStorage) => {
  it('is shown at once, uploaded with its progress, and only then sent; what was written after it waits', async () => {
    const [hub, { uploads, attachments }] = [memoryHub(), shelf()]
    const { client, rows } = await start(makeStorage(), hub, attachments)
    const localId = await sendFile(client)
    await say(client, 'after')
    await vi.waitFor(() => expect(uploads).toHaveLength(1))
    expect(await uploads[0]!.file.text()).toBe('some bytes')
    await vi.waitFor(() => expect(rows().map(({ body, outgoing }) => [body.kind, outgoing])).toEqual([['file', 'sending'], ['text', 'sending']]))
    let told = 0
    client.subscribe(() => told++)
    uploads[0]!.progress(0.5)
    expect([client.getUploadProgress({ localId }), told]).toEqual([0.5, 1])
    expect(await (await client.getUpload({ localId }))!.text()).toBe('some bytes')
    expect(kinds(hub)).toEqual([])
    uploads[0]!.done({ url: 'https://files.example/1' })
    await vi.waitFor(() => expect(kinds(hub)).toEqual(['file', 'text']))
    expect(hub.log(PAIR.id)[0]!.body).toEqual({ kind: 'file', file: { name: 'notes.txt', sizeBytes: FILE.size, url: 'https://files.example/1' } })
    expect([client.getUploadProgress({ localId }), await client.getUpload({ localId })]).toEqual([null, null])
  })

  it('survives a reload before, and after, its upload', async () => {
    const [hub, before, storage] = [memoryHub(), shelf(), makeStorage()]
    const first = await start(storage, hub, before.attachments)
    await sendFile(first.client)
    await vi.waitFor(() => expect(before.uploads).toHaveLength(1))
    await first.client.stop()
    expect(before.uploads[0]!.signal.aborted).toBe(true)

    const after = shelf()
    const second = await start(storage, hub, after.attachments)
    await vi.waitFor(() => expect(after.uploads).toHaveLength(1))
    expect(await after.uploads[0]!.file.text()).toBe('some bytes')
    hub.faults.add({ on: 'send', do: 'hang' })
    after.uploads[0]!.done({ ref: 'shelf/1' })
    await vi.waitFor(() => expect((second.rows()[0]!.body as { file: Attachment }).file.ref).toBe('shelf/1'))
    await second.client.stop()

    const third = shelf()
    await start(storage, hub, third.attachments)
    await vi.waitFor(() => expect(kinds(hub)).toEqual(['file']))
    expect(third.uploads).toEqual([])
  })

  it('is given up when it is taken back, and holds up nothing', async () => {
    const [hub, { uploads, attachments }] = [memoryHub(), shelf()]
    const { client, rows } = await start(makeStorage(), hub, attachments)
    const localId = await sendFile(client)
    await say(client, 'after')
    await vi.waitFor(() => expect(uploads).toHaveLength(1))
    await client.discard(PAIR.id, localId)
    expect(uploads[0]!.signal.aborted).toBe(true)
    await vi.waitFor(() => expect(kinds(hub)).toEqual(['text']))
    expect(rows().map(({ body }) => body.kind)).toEqual(['text'])
    expect(await client.getUpload({ localId })).toBeNull()
  })

  it('that nobody takes fails visibly, keeps its file, and goes out when it is tried again', async () => {
    const [hub, { uploads, attachments }] = [memoryHub(), shelf()]
    const { client, rows } = await start(makeStorage(), hub, attachments)
    const localId = await sendFile(client)
    await say(client, 'after')
    await vi.waitFor(() => expect(uploads).toHaveLength(1))
    uploads[0]!.fail(new TransportError('transport/tooLarge', 'Too large.', { stored: 'no', retry: 'no' }))
    await vi.waitFor(() => expect(kinds(hub)).toEqual(['text']))
    const failed = () => rows().find((row) => row.localId === localId) as Message
    await vi.waitFor(() => expect([failed().outgoing, failed().failure?.code]).toEqual(['failed', 'transport/tooLarge']))
    await client.retry(PAIR.id, localId)
    await vi.waitFor(() => expect(uploads).toHaveLength(2))
    uploads[1]!.done({ url: 'https://files.example/2' })
    await vi.waitFor(() => expect(kinds(hub)).toEqual(['text', 'file']))
  })

  it('whose upload fails for no known reason is tried a few times', async () => {
    const [hub, clock] = [memoryHub(), createFakeClock()]
    let tries = 0
    const { client, rows } = await start(makeStorage(), hub, { upload: async () => { tries++; throw new Error('No.') } }, clock)
    await sendFile(client)
    await vi.waitFor(async () => {
      await clock.advanceAsync(5_000)
      expect(rows()[0]?.outgoing).toBe('failed')
    }, 5_000)
    expect([tries, rows()[0]!.failure!.code]).toEqual([4, 'transport/uploadFailed'])
  })
})

/** A file over a wire whose connection the test makes and breaks, while the browser says all the time that there is a network. */
async function sendOverScript(upload: (tries: number) => Promise<Attachment>, capabilities: Parameters<typeof scriptedTransport>[0] = {}) {
  const clock = createFakeClock()
  const wire = scriptedTransport(capabilities)
  let tries = 0
  const client = createChatClient({ userId: 'ada', transport: wire, storage: memoryStorage(), attachments: { upload: () => upload(++tries) }, ports: { clock, locks: null, openChannel: () => null, random: { next: () => 0.5, id: () => `id${ids++}` }, connectivity: { isOnline: () => true, subscribe: () => () => {} } } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await sendFile(client)
  const pass = (ms: number, check: () => void) => vi.waitFor(async () => {
    await clock.advanceAsync(ms)
    check()
  }, { timeout: 5_000, interval: 1 })
  return { client, wire, pass, tries: () => tries, outgoing: () => source.getSnapshot().messages[0]?.outgoing }
}
const OFFLINE = { type: 'state', state: { status: 'offline', reason: 'network' } } as const
const ONLINE = { type: 'state', state: { status: 'online' } } as const

it('[I25] an upload that is told when to come again waits until then, and that is no failed try', async () => {
  const { wire, pass, tries, outgoing } = await sendOverScript(async (n) => {
    if (n <= 6) throw new TransportError('transport/rateLimited', 'Later.', { stored: 'no', retry: { afterMs: 30_000 } })
    return { url: 'https://files.example/1' }
  })
  await pass(0, () => expect(tries()).toBe(1))
  for (let i = 0; i < 29; i++) await pass(1_000, () => {})
  expect(tries()).toBe(1)
  await pass(10_000, () => expect(wire.sent).toHaveLength(1))
  expect([tries(), outgoing()]).toEqual([7, undefined])
})

it('a place for files that asks to come later, and is not the wire, holds up only what stands behind the file', async () => {
  const { client, wire, pass, tries } = await sendOverScript(async (n) => {
    if (n === 1) throw new TransportError('transport/rateLimited', 'Later.', { stored: 'no', retry: { afterMs: 30_000 } })
    return { url: 'https://files.example/1' }
  }, { upload: false })
  await pass(0, () => expect(tries()).toBe(1))
  await client.ensureConversation({ id: 'other', kind: 'direct', members: ['ada', 'cleo'] })
  await say(client, 'behind it')
  await client.send('other', { body: { kind: 'text', text: 'elsewhere' } })
  const sent = () => wire.sent.map(({ body }) => (body.kind === 'text' ? body.text : body.kind))
  await pass(100, () => expect(sent()).toEqual(['elsewhere']))
  for (let i = 0; i < 28; i++) await pass(1_000, () => {})
  expect([tries(), sent()]).toEqual([1, ['elsewhere']])
  await pass(1_000, () => expect(sent()).toEqual(['elsewhere', 'file', 'behind it']))
})

it('[I25] an upload costs no try while the wire itself is not online, whatever the browser says', async () => {
  let fail = (_cause: unknown) => {}
  const { wire, pass, tries, outgoing } = await sendOverScript((n) => (n <= 6 ? new Promise((_, reject) => (fail = reject)) : Promise.resolve({ url: 'https://files.example/1' })))
  for (let n = 1; n <= 6; n++) {
    await pass(1_000, () => expect(tries()).toBe(n))
    wire.emit(OFFLINE)
    fail(new TypeError('Failed to fetch'))
    await pass(1_000, () => {})
    wire.emit(ONLINE)
  }
  await pass(1_000, () => expect(wire.sent).toHaveLength(1))
  expect(outgoing()).toBeUndefined()
})

it('[I25] an upload is not given up before a wire can have noticed that the network is gone', async () => {
  let isThere = false
  const { wire, pass, tries, outgoing } = await sendOverScript(async () => {
    if (!isThere) throw new TypeError('Failed to fetch')
    return { url: 'https://files.example/1' }
  })
  for (let i = 0; i < 40; i++) await pass(1_000, () => {})
  expect([tries(), outgoing()]).toEqual([3, 'sending'])
  wire.emit(OFFLINE)
  for (let i = 0; i < 60; i++) await pass(10_000, () => {})
  expect([tries(), outgoing()]).toEqual([3, 'sending'])
  isThere = true
  wire.emit(ONLINE)
  await pass(1_000, () => expect(wire.sent).toHaveLength(1))
})

it('an upload costs no try while the device says that it has no network, and what is refused for good fails all the same', async () => {
  const hub = memoryHub()
  const clock = createFakeClock()
  let tries = 0
  let isOnline = false
  const attachments: Attachments = {
    async upload(file) {
      tries++
      if (file.size === 1) throw new TransportError('transport/tooLarge', 'Too large.', { stored: 'no', retry: 'no' })
      if (!isOnline) throw new TypeError('Failed to fetch')
      return { url: 'https://files.example/1' }
    },
  }
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), attachments, ports: { clock, locks: null, openChannel: () => null, connectivity: { isOnline: () => isOnline, subscribe: () => () => {} } } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  const pass = (check: () => void) => vi.waitFor(async () => {
    await clock.advanceAsync(5_000)
    check()
  }, { timeout: 5_000, interval: 1 })
  await sendFile(client)
  await pass(() => expect(tries).toBeGreaterThan(8))
  isOnline = true
  await pass(() => expect(kinds(hub)).toEqual(['file']))
  isOnline = false
  await client.send(PAIR.id, { body: { kind: 'file', file: { name: 'x' } }, upload: new Blob(['x']) })
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await pass(() => expect(source.getSnapshot().messages.at(-1)?.failure?.code).toBe('transport/tooLarge'))
})

it('a wire that takes files needs no other place, and without any place it says so', async () => {
  const hub = memoryHub()
  const { client } = await start(memoryStorage(), hub)
  await sendFile(client)
  await vi.waitFor(() => expect(kinds(hub)).toEqual(['file']))
  expect((hub.log(PAIR.id)[0]!.body as { file: Attachment }).file.url).toMatch(/^data:/)

  const bare = hub.transport()
  const none = createChatClient({ userId: 'ada', transport: { ...bare, capabilities: { ...bare.capabilities, upload: false } }, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(none)
  await none.ensureConversation(PAIR)
  await none.start()
  expect(none.canUpload).toBe(false)
  await expect(sendFile(none)).rejects.toBeInstanceOf(ChatError)
})

it('a file that is where the app keeps them is not uploaded again while the database has no room to note it', async () => {
  const [database, clock, wire] = [memoryStorage(), createFakeClock(), scriptedTransport()]
  let refusals = 0
  const withoutRoom = (blobs: StorageTx['blobs']): StorageTx['blobs'] => ({
    ...blobs,
    async delete(localId) {
      if (refusals++ < 3) throw new ChatError('storage/full', 'No room.', { retryable: true })
      await blobs.delete(localId)
    },
  })
  const write: ChatStorage['write'] = (run, how) => database.write((tx) => run({ ...tx, blobs: withoutRoom(tx.blobs) }), how)
  let uploads = 0
  const attachments: Attachments = { upload: async () => ({ url: `https://files.example/${++uploads}` }) }
  const client = createChatClient({ userId: 'ada', transport: wire, storage: { ...database, write }, attachments, ports: { clock, locks: null, openChannel: () => null } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  await sendFile(client)
  await vi.waitFor(async () => {
    await clock.advanceAsync(40_000)
    expect(wire.sent).toHaveLength(1)
  })
  expect([uploads, refusals]).toEqual([1, 4])
})
