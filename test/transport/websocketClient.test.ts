/** The whole client over the wire and the real server: what people see, through cuts, kills and restarts. */
import net from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createChatClient, type ChatClient, type ChatStorage, type Message, type PageVisibility } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { startTcpProxy, type TcpProxy } from 'readback/testing'
import { websocketTransport } from 'readback/transport/websocket'
import { startServerProcess, type ServerProcess } from '../servers/serverProcess.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const GROUP = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const PATIENCE = { timeout: 20_000 }

const onScreen: PageVisibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }

let server: ServerProcess
let ends: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  server = await startServerProcess('--backfill', '20')
  ends = []
})
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  await server.remove()
})

async function device(userId: string, storage: ChatStorage = memoryStorage()): Promise<{ client: ChatClient; wire: TcpProxy }> {
  const wire = await startTcpProxy(net, server)
  const transport = websocketTransport({ url: `ws://127.0.0.1:${wire.port}`, WebSocket, maxBackoffMs: 200 })
  const client = createChatClient({ userId, transport, storage, policy: { flushMs: 10, maxFlushMs: 20 }, ports: { visibility: onScreen, locks: null, openChannel: () => null } })
  ends.push(() => wire.close(), () => client.dispose())
  return { client, wire }
}

function watch(client: ChatClient, id: string) {
  const source = client.messages(id)
  const readStates = client.readStates(id)
  source.subscribe(() => {})
  readStates.subscribe(() => {})
  const rows = () => source.getSnapshot().messages
  return { rows, texts: () => rows().map(textOf), statuses: () => rows().map((message) => readStates.getStatus(message)) }
}

const textOf = (message: Message) => (message.body.kind === 'text' ? message.body.text : message.body.kind)
const say = (text: string) => ({ body: { kind: 'text', text } as const })

describe('over a server of one\'s own', () => {
  it('a message goes from sending through sent and delivered to read', async () => {
    const { client: ada } = await device('ada')
    const { client: bo } = await device('bo')
    await ada.ensureConversation(PAIR)
    await ada.start()
    const atAda = watch(ada, PAIR.id)
    await ada.send(PAIR.id, say('hello'))
    await expect.poll(atAda.statuses, PATIENCE).toEqual(['sent'])
    await bo.start()
    const atBo = watch(bo, PAIR.id)
    await expect.poll(atAda.statuses, PATIENCE).toEqual(['delivered'])
    await expect.poll(atBo.texts, PATIENCE).toEqual(['hello'])
    await bo.markRead([atBo.rows()[0]!])
    await expect.poll(atAda.statuses, PATIENCE).toEqual(['read'])
  })

  it('what is written while the wire is cut and the server dead arrives once, in order, and is read', async () => {
    const { client: ada, wire } = await device('ada')
    const { client: bo } = await device('bo')
    for (const client of [ada, bo]) {
      await client.ensureConversation(GROUP)
      await client.start()
    }
    const [atAda, atBo] = [watch(ada, GROUP.id), watch(bo, GROUP.id)]
    await ada.send(GROUP.id, say('before'))
    await expect.poll(atBo.texts, PATIENCE).toEqual(['before'])
    wire.cut()
    await expect.poll(() => ada.getState().connection.status, PATIENCE).not.toBe('online')
    for (const text of ['one', 'two', 'three']) await ada.send(GROUP.id, say(text))
    await server.kill()
    await bo.send(GROUP.id, say('to a dead server'))
    await server.start()
    await expect.poll(() => atBo.rows().map((row) => [textOf(row), row.outgoing]), PATIENCE).toEqual([['before', undefined], ['to a dead server', undefined]])
    wire.restore()
    await expect.poll(atBo.texts, PATIENCE).toEqual(['before', 'to a dead server', 'one', 'two', 'three'])
    await expect.poll(atAda.texts, PATIENCE).toEqual(['before', 'to a dead server', 'one', 'two', 'three'])
    await bo.markRead(atBo.rows().filter(({ from }) => from === 'ada'))
    await expect.poll(() => atAda.statuses().filter((_, n) => atAda.rows()[n]!.from === 'ada'), PATIENCE).toEqual(['read', 'read', 'read', 'read'])
  }, 60_000)

  it('[F44] a device that was away for long gets what is newest, knows of the gap, and pages through it', async () => {
    const { client: ada } = await device('ada')
    await ada.ensureConversation(PAIR)
    await ada.start()
    for (let n = 0; n < 70; n += 1) await ada.send(PAIR.id, say(`m${n}`))
    await expect.poll(() => ada.getState().pendingCount, PATIENCE).toBe(0)
    const { client: bo } = await device('bo')
    await bo.start()
    const source = bo.messages(PAIR.id)
    source.subscribe(() => {})
    await expect.poll(() => source.getSnapshot().messages.map(textOf).at(-1), PATIENCE).toBe('m69')
    await expect.poll(async () => {
      await source.loadOlder?.()
      return source.getSnapshot().messages.map(textOf)[0]
    }, PATIENCE).toBe('m0')
    expect(source.getSnapshot().messages.map(textOf)).toEqual(Array.from({ length: 70 }, (_, n) => `m${n}`))
  }, 60_000)

  it('edits, recalls and reactions are seen by both, and two devices of one person agree on what is read', async () => {
    const { client: ada } = await device('ada')
    const [{ client: phone }, { client: laptop }] = [await device('bo'), await device('bo')]
    for (const client of [ada, phone, laptop]) {
      await client.ensureConversation(PAIR)
      await client.start()
    }
    const [atAda, atPhone, atLaptop] = [ada, phone, laptop].map((client) => watch(client, PAIR.id)) as [ReturnType<typeof watch>, ReturnType<typeof watch>, ReturnType<typeof watch>]
    for (const text of ['one', 'two']) await ada.send(PAIR.id, say(text))
    await expect.poll(() => [atPhone.texts(), atLaptop.texts()], PATIENCE).toEqual([['one', 'two'], ['one', 'two']])
    // The others may have a message before its own sender hears that it was taken.
    await expect.poll(() => atAda.rows().map(({ ids }) => ids.length), PATIENCE).toEqual([1, 1])
    await ada.edit(PAIR.id, atAda.rows()[0]!.ids[0]!, { kind: 'text', text: 'One' })
    await ada.recall(PAIR.id, atAda.rows()[1]!.ids[0]!)
    await expect.poll(() => [atAda, atPhone, atLaptop].map(({ rows }) => [textOf(rows()[0]!), rows()[1]!.recalledAt !== undefined]), PATIENCE).toEqual([['One', true], ['One', true], ['One', true]])
    const unread = () => laptop.getState().conversations[0]?.unread?.count
    await expect.poll(unread, PATIENCE).toBe(1)
    await phone.markRead([atPhone.rows()[0]!])
    await expect.poll(unread, PATIENCE).toBe(0)
  }, 60_000)
})
