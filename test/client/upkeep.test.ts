import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'

const GROUP = { id: 'team', kind: 'group', members: ['ada', 'bo', 'cleo'] } as const
const COUNT = 700
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

function makeClient(hub: ReturnType<typeof memoryHub>, userId = 'ada', storage: ChatStorage = memoryStorage()) {
  const client = createChatClient({ userId, transport: hub.transport(), storage, policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  return client
}

/** 700 messages of somebody else, of which ada has read all but the last two. */
async function readGroup(storage?: ChatStorage) {
  const hub = memoryHub({ backfill: COUNT })
  await hub.seed({ conversation: GROUP, messages: Array.from({ length: COUNT }, (_, i) => ({ from: 'bo', body: `${i}`, time: 1_000 + i })) })
  const client = makeClient(hub, 'ada', storage)
  await client.start()
  const rows = async () => {
    const lines: string[] = []
    for await (const line of client.exportConversation(GROUP.id)) lines.push(line)
    return lines.map((line) => JSON.parse(line).message).filter(Boolean)
  }
  const unread = () => client.getState().conversations[0]?.unread
  await vi.waitFor(async () => expect(await rows()).toHaveLength(COUNT), 20_000)
  await client.markRead((await rows()).slice(0, -2))
  await vi.waitFor(() => expect(unread()).toEqual({ count: 2, exact: true }))
  return { hub, client, rows, unread }
}

describe.each([
  ['memory', () => memoryStorage()],
  ['dexie', () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange, writeTimeoutMs: 60_000 })],
] as const)('pruning, over %s', (_, makeStorage) => {
  it('takes old messages that are read, keeps the count exact, and scrolling up brings them back', async () => {
    const { client, rows, unread } = await readGroup(makeStorage())
    const source = client.messages(GROUP.id)
    source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().status).toBe('ready'))
    expect(await client.pruneHistory(GROUP.id, { before: 1_000 + 650 })).toBe(649)
    expect((await rows()).map(({ time }) => time)[0]).toBe(1_000 + 649)
    expect(unread()).toEqual({ count: 2, exact: true })
    expect(await client.pruneHistory(GROUP.id, { before: 1_000 + 650 })).toBe(0)
    await client.openAt(GROUP.id, 'newest')
    const first = () => source.getSnapshot().messages[0]!.time
    for (let page = 0; page < 4; page++) await source.loadOlder!()
    expect(first()).toBeLessThan(1_000 + 649)
    expect(unread()).toEqual({ count: 2, exact: true })
  }, 60_000)

  it('takes nothing that is unread, and nothing behind it', async () => {
    const { client, rows, unread } = await readGroup(makeStorage())
    await client.pruneHistory(GROUP.id, { before: Number.MAX_SAFE_INTEGER })
    expect((await rows()).map(({ time }) => time)).toEqual([1_000 + COUNT - 3, 1_000 + COUNT - 2, 1_000 + COUNT - 1])
    expect(unread()).toEqual({ count: 2, exact: true })
  }, 60_000)
})

describe('export and import', () => {
  it('bring a conversation to a device that has nothing, whatever the size of the pieces, and again without harm', async () => {
    const { client } = await readGroup()
    let text = ''
    for await (const line of client.exportConversation(GROUP.id)) text += line
    const other = makeClient(memoryHub(), 'ada')
    await other.start()
    function* pieces() {
      for (let i = 0; i < text.length; i += 1_000) yield text.slice(i, i + 1_000)
    }
    expect(await other.importConversation(pieces())).toEqual({ conversationId: GROUP.id, added: COUNT, known: 0, skipped: 0 })
    expect(await other.importConversation(text)).toEqual({ conversationId: GROUP.id, added: 0, known: COUNT, skipped: 0 })
    const [conversation] = other.getState().conversations
    expect([conversation!.kind, conversation!.unread, conversation!.lastMessage?.time]).toEqual(['group', { count: 99, exact: false }, 1_000 + COUNT - 1])
    let again = ''
    for await (const line of other.exportConversation(GROUP.id)) again += line
    expect(again.split('\n').filter((line) => line.includes('"message"'))).toEqual(text.split('\n').filter((line) => line.includes('"message"')))
  }, 60_000)

  it('skip lines that say nothing, and refuse what is no export', async () => {
    const client = makeClient(memoryHub())
    await client.start()
    const header = JSON.stringify({ readback: 1, conversation: { id: 'x', kind: 'direct' }, gaps: [] })
    const result = await client.importConversation([header, '\n{"message":{"conversationId":"y"}}\nnot json\n{"future":1}\n', '{"message":null}'])
    expect(result).toEqual({ conversationId: 'x', added: 0, known: 0, skipped: 4 })
    await expect(client.importConversation('{"something":"else"}')).rejects.toMatchObject({ code: 'client/invalidImport' })
    await expect(client.importConversation('')).rejects.toMatchObject({ code: 'client/invalidImport' })
    await expect(client.exportConversation('none').next()).rejects.toMatchObject({ code: 'client/unknownConversation' })
  })
})

it('status rows say how each receiver has a message, with the codes 0 to 3', async () => {
  const hub = memoryHub()
  const [ada, bo] = [makeClient(hub, 'ada'), makeClient(hub, 'bo')]
  await ada.ensureConversation(GROUP)
  await Promise.all([ada.start(), bo.start()])
  const [atAda, atBo] = [ada, bo].map((client) => client.messages(GROUP.id))
  atAda!.subscribe(() => {})
  atBo!.subscribe(() => {})
  await ada.send(GROUP.id, { body: { kind: 'text', text: 'hello' } })
  await vi.waitFor(() => expect(atBo!.getSnapshot().messages).toHaveLength(1))
  const [id] = atBo!.getSnapshot().messages[0]!.ids
  const statuses = async (client: ChatClient) => Object.fromEntries((await client.statusRows(id!)).map(({ receiverId, status }) => [receiverId, status]))
  await vi.waitFor(async () => expect(await statuses(ada)).toEqual({ bo: 2, cleo: 1 }))
  await bo.markRead(atBo!.getSnapshot().messages)
  await vi.waitFor(async () => expect(await statuses(ada)).toEqual({ bo: 3, cleo: 1 }))
  expect((await statuses(bo))['bo']).toBe(3)
  const [row] = await ada.statusRows(id!)
  expect([row!.messageId, row!.senderId, typeof row!.time]).toEqual([id, 'ada', 'number'])
  expect(await ada.statusRows('none')).toEqual([])
})
