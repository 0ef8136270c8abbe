import { createChatClient, type ChatClient, type ChatStorage, type Message, type PageVisibility } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const onScreen: PageVisibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }
const running: ChatClient[] = []

function makeClient(storage: ChatStorage, hub: ReturnType<typeof memoryHub>, userId: string): ChatClient {
  const client = createChatClient({ userId, transport: hub.transport(), storage, policy: { flushMs: 10, maxFlushMs: 20 }, ports: { visibility: onScreen, locks: null, openChannel: () => null } })
  running.push(client)
  return client
}

function watch(client: ChatClient) {
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  return () => source.getSnapshot().messages
}

const textOf = ({ body }: Message) => (body.kind === 'text' ? body.text : body.kind)
const lastOf = (client: ChatClient) => client.getState().conversations[0]?.lastMessage ?? null

afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

describe.each([
  ['memory', () => memoryStorage()],
  ['dexie', () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })],
] as const)('over %s', (_, makeStorage) => {
  async function twoPeople() {
    const hub = memoryHub()
    const [ada, bo] = [makeClient(makeStorage(), hub, 'ada'), makeClient(makeStorage(), hub, 'bo')]
    await ada.ensureConversation(PAIR)
    await Promise.all([ada.start(), bo.start()])
    const [atAda, atBo] = [watch(ada), watch(bo)]
    for (const text of ['one', 'two']) await ada.send(PAIR.id, { body: { kind: 'text', text } })
    await vi.waitFor(() => expect(atBo().map(textOf)).toEqual(['one', 'two']))
    await vi.waitFor(() => expect(atAda().every(({ ids }) => ids.length > 0)).toBe(true))
    const idOf = (index: number) => atAda()[index]?.ids[0] as string
    return { ada, bo, atAda, atBo, idOf }
  }

  it('an edit reaches both, marked', async () => {
    const { ada, atAda, atBo, idOf } = await twoPeople()
    await ada.edit(PAIR.id, idOf(0), { kind: 'text', text: 'won' })
    for (const rows of [atAda, atBo]) await vi.waitFor(() => expect(rows().map(textOf)).toEqual(['won', 'two']))
    expect(atBo()[0]?.editedAt).toEqual(expect.any(Number))
  })
  it('a reaction comes and goes on both, and reads what it answers', async () => {
    const { ada, bo, atAda, atBo, idOf } = await twoPeople()
    const states = ada.readStates(PAIR.id)
    states.subscribe(() => {})
    await bo.react(PAIR.id, idOf(1), '👍', true)
    for (const rows of [atAda, atBo]) await vi.waitFor(() => expect(rows()[1]?.reactions).toEqual([{ emoji: '👍', by: 'bo' }]))
    await vi.waitFor(() => expect(states.getStatus(atAda()[1] as Message)).toBe('read'))
    await bo.react(PAIR.id, idOf(1), '👍', false)
    for (const rows of [atAda, atBo]) await vi.waitFor(() => expect(rows()[1]?.reactions ?? []).toEqual([]))
  })
  it('deleting for all leaves a tombstone with both', async () => {
    const { ada, atAda, atBo, idOf } = await twoPeople()
    await ada.delete(PAIR.id, idOf(1), { for: 'all' })
    for (const rows of [atAda, atBo]) await vi.waitFor(() => expect(rows()[1]?.deletedAt).toEqual(expect.any(Number)))
  })
  it('deleting for me takes it off my screen, out of my count and off the list of conversations, and stays so', async () => {
    const { bo, atAda, atBo, idOf } = await twoPeople()
    await vi.waitFor(() => expect(bo.getState().conversations[0]?.unread).toEqual({ count: 2, exact: true }))
    await bo.delete(PAIR.id, idOf(1), { for: 'me' })
    expect(atBo().map(textOf)).toEqual(['one'])
    expect(bo.getState().conversations[0]?.unread).toEqual({ count: 1, exact: true })
    expect(textOf(lastOf(bo) as Message)).toBe('one')
    expect(atAda().map(textOf)).toEqual(['one', 'two'])
    await bo.stop()
    await bo.start()
    await vi.waitFor(() => expect(atBo().map(textOf)).toEqual(['one']))
    await bo.delete(PAIR.id, idOf(1), { for: 'me' })
    expect(bo.getState().conversations[0]?.unread).toEqual({ count: 1, exact: true })
  })
  it('finds a stored message by its id, and nothing where there is none', async () => {
    const { bo, idOf } = await twoPeople()
    expect(textOf((await bo.getMessage(PAIR.id, idOf(0))) as Message)).toBe('one')
    expect(await bo.getMessage(PAIR.id, 'nobody')).toBeNull()
  })
  it('puts files where the wire takes them', async () => {
    const { ada } = await twoPeople()
    const fractions: number[] = []
    expect(ada.canUpload).toBe(true)
    const stored = await ada.upload(new Blob(['hello'], { type: 'text/plain' }), { signal: new AbortController().signal, onProgress: (fraction) => fractions.push(fraction) })
    expect([stored.url, fractions.at(-1)]).toEqual(['data:text/plain;base64,aGVsbG8=', 1])
  })
})

it('asks the app where a file is, and only where the file does not say', async () => {
  const resolve = vi.fn(({ ref }: { ref?: string }) => Promise.resolve(`https://files.example.com/${ref}`))
  const attachments = { upload: () => Promise.resolve({ ref: 'a' }), resolve }
  const client = createChatClient({ userId: 'ada', transport: memoryHub().transport(), storage: memoryStorage(), attachments })
  expect([await client.resolveAttachment({ ref: 'a' }), await client.resolveAttachment({ url: 'https://example.com/b' }), await client.resolveAttachment({ name: 'c' })]).toEqual(['https://files.example.com/a', 'https://example.com/b', null])
  expect(resolve).toHaveBeenCalledTimes(1)
})
