/** Files that are being uploaded when their page dies: a frame of the same origin is taken away in the middle, as a reload or a crash does, and nothing is closed. */
import { afterEach, expect, it } from 'vitest'
import type { Attachment, ChatClient } from 'readback/core'
import type * as Core from 'readback/core'
import type * as Dexie from 'readback/storage/dexie'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { openPageOfItsOwn } from './pageOfItsOwn.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
/** More than what a database keeps within a row. */
const BYTES = new Uint8Array(3_000_000).map((_, n) => n % 251)

interface Library {
  readonly createChatClient: typeof Core.createChatClient
  readonly dexieStorage: typeof Dexie.dexieStorage
  readonly memoryHub: typeof memoryHub
}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

let names = 0
/** One user's machine: what its pages share, and what the server has. */
function machine() {
  const name = `uploading-${Date.now()}-${names++}`
  closers.push(async () => {
    for (const database of await indexedDB.databases()) if (database.name?.includes(name)) indexedDB.deleteDatabase(database.name)
  })
  const sent = async () => {
    const server = memoryHub({ name, persist: true })
    await server.ready()
    const said = server.log(PAIR.id).map(({ body }) => (body.kind === 'text' ? body.text : body.kind === 'file' ? body.file.url : body.kind))
    await server.dispose()
    return said
  }
  return { name, sent }
}

interface Upload {
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>
  readonly signal: AbortSignal
  progress(fraction: number): void
  done(attachment: Attachment): void
}

interface Page {
  readonly client: ChatClient
  readonly hub: Hub
  readonly uploads: readonly Upload[]
  rows(): readonly (string | undefined)[]
  /** As a crash does: nobody says anything to anybody. */
  die(): void
}

async function openPage(name: string): Promise<Page> {
  const page = await openPageOfItsOwn<Library>({
    '/src/core.ts': 'createChatClient',
    '/src/storage/dexie/index.ts': 'dexieStorage',
    '/src/transport/memory/index.ts': 'memoryHub',
  })
  closers.push(() => page.die())
  const { createChatClient, dexieStorage, memoryHub: hubHere } = page.library
  const hub = hubHere({ name, persist: true })
  const uploads: Upload[] = []
  const client = createChatClient({
    userId: 'ada', transport: hub.transport(), storage: dexieStorage({ name }),
    attachments: {
      upload: (file, { signal, onProgress }) => new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('Given up.', 'AbortError')))
        uploads.push({ bytes: file.arrayBuffer().then((bytes) => new Uint8Array(bytes)), signal, progress: onProgress, done: resolve })
      }),
    },
  })
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await client.ensureConversation(PAIR)
  await client.start()
  return { client, hub, uploads, rows: () => source.getSnapshot().messages.map(({ outgoing, body }) => `${outgoing ?? 'sent'} ${body.kind}`), die: () => page.die() }
}

/** Element by element, millions take half a minute to compare. */
const digest = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join()

const sendFile = ({ client }: Page) => client.send(PAIR.id, { body: { kind: 'file', file: { name: 'notes.bin', sizeBytes: BYTES.length } }, upload: new Blob([BYTES]) })
const say = ({ client }: Page, text: string) => client.send(PAIR.id, { body: { kind: 'text', text } })
const patience = { timeout: 12_000 }

it('[I19] an upload that dies with its page begins anew in the next one, with the same bytes, and its message is sent once, before what was written after it', async () => {
  const { name, sent } = machine()
  const first = await openPage(name)
  const localId = await sendFile(first)
  await say(first, 'after')
  await expect.poll(() => first.uploads.length, patience).toBe(1)
  first.uploads[0]!.progress(0.5)
  expect(first.client.getUploadProgress({ localId })).toBe(0.5)
  first.die()

  const second = await openPage(name)
  await expect.poll(() => second.uploads.length, patience).toBe(1)
  expect(second.rows()).toEqual(['sending file', 'sending text'])
  expect(await digest(await second.uploads[0]!.bytes)).toBe(await digest(BYTES))
  second.uploads[0]!.progress(0.25)
  expect([second.client.getUploadProgress({ localId }), await sent()]).toEqual([0.25, []])
  second.uploads[0]!.done({ url: 'https://files.example/1' })
  await expect.poll(sent, patience).toEqual(['https://files.example/1', 'after'])
  await expect.poll(() => second.rows(), patience).toEqual(['sent file', 'sent text'])
  expect([second.client.getUploadProgress({ localId }), await second.client.getUpload({ localId })]).toEqual([null, null])
})

it('[I19] what was uploaded when its page died is not uploaded again, and is sent once', async () => {
  const { name, sent } = machine()
  const first = await openPage(name)
  first.hub.faults.add({ on: 'send', do: 'hang', times: Infinity })
  const localId = await sendFile(first)
  await expect.poll(() => first.uploads.length, patience).toBe(1)
  first.uploads[0]!.done({ url: 'https://files.example/2' })
  await expect.poll(() => first.client.getUpload({ localId }), patience).toBe(null)
  first.die()

  const second = await openPage(name)
  await expect.poll(sent, patience).toEqual(['https://files.example/2'])
  await expect.poll(() => second.rows(), patience).toEqual(['sent file'])
  expect(second.uploads).toHaveLength(0)
})

it('an upload that is given up in the next page ends there, is sent by nobody, and leaves no file', async () => {
  const { name, sent } = machine()
  const first = await openPage(name)
  const localId = await sendFile(first)
  await expect.poll(() => first.uploads.length, patience).toBe(1)
  first.die()

  const second = await openPage(name)
  await expect.poll(() => second.uploads.length, patience).toBe(1)
  await second.client.discard(PAIR.id, localId)
  await expect.poll(() => second.uploads[0]!.signal.aborted, patience).toBe(true)
  expect([second.rows(), await second.client.getUpload({ localId })]).toEqual([[], null])
  second.die()

  const third = await openPage(name)
  await say(third, 'after all')
  await expect.poll(sent, patience).toEqual(['after all'])
  // The server has it before its answer is here.
  await expect.poll(() => third.rows(), patience).toEqual(['sent text'])
  expect(third.uploads).toHaveLength(0)
})
