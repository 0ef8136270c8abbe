import { ChatError, createChatClient, type ChatClient, type ChatStorage, type ConversationId, type Message, type PageVisibility } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const GROUP = { id: 'team', kind: 'group', members: ['ada', 'bo', 'cleo'] } as const

const onScreen: PageVisibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }
const running: ChatClient[] = []

/** Two devices on one hub in this process; no locks and no channel, so each of them leads. */
function makeClientOn(storage: ChatStorage, hub: ReturnType<typeof memoryHub>, userId: string): ChatClient {
  const client = createChatClient({ userId, transport: hub.transport(), storage, policy: { flushMs: 10, maxFlushMs: 20 }, ports: { visibility: onScreen, locks: null, openChannel: () => null } })
  running.push(client)
  return client
}

/** Opens a conversation as a mounted list does, and says what it shows. */
function watch(client: ChatClient, id: ConversationId) {
  const source = client.messages(id)
  const readStates = client.readStates(id)
  source.subscribe(() => {})
  readStates.subscribe(() => {})
  return {
    source,
    readStates,
    rows: () => source.getSnapshot().messages,
    texts: () => source.getSnapshot().messages.map(textOf),
    statuses: () => source.getSnapshot().messages.map((message) => readStates.getStatus(message)),
  }
}

const textOf = (message: Message) => (message.body.kind === 'text' ? message.body.text : message.body.kind)
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const unreadOf = (client: ChatClient, id: ConversationId) => client.getState().conversations.find((each) => each.id === id)?.unread

afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

describe('options', () => {
  it.each([
    [undefined, 'client/noUser'],
    [{ userId: '' }, 'client/noUser'],
    [{ userId: 'me', storage: memoryStorage() }, 'client/noTransport'],
    [{ userId: 'me', storage: memoryStorage(), transport: memoryHub() }, 'client/noTransport'],
    [{ userId: 'me', transport: memoryHub().transport(), storage: 'memory' }, 'client/noStorage'],
    [{ userId: 'me', transport: memoryHub().transport(), storage: memoryStorage }, 'client/noStorage'],
  ])('what is missing, or only looks right, is named at once: %#', (options, code) => {
    expect(() => createChatClient(options as never)).toThrow(expect.objectContaining({ code }) as Error)
  })
})

const STORAGES = [
  ['memory', () => memoryStorage()],
  ['dexie', () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })],
] as const

describe.each(STORAGES)('over %s', (_, makeStorage) => {
  const makeClient = (hub: ReturnType<typeof memoryHub>, userId: string, storage: ChatStorage = makeStorage()) => makeClientOn(storage, hub, userId)

  describe('two people', () => {
    it('a message goes from sending through sent and delivered to read', async () => {
      const hub = memoryHub()
      const ada = makeClient(hub, 'ada')
      const bo = makeClient(hub, 'bo')
      await ada.ensureConversation(PAIR)
      await ada.start()
      const atAda = watch(ada, PAIR.id)
      await ada.send(PAIR.id, say('hello'))
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['sent']))

      await bo.start()
      const atBo = watch(bo, PAIR.id)
      await vi.waitFor(() => expect(atBo.texts()).toEqual(['hello']))
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['delivered']))
      expect(unreadOf(bo, PAIR.id)).toEqual({ count: 1, exact: true })

      await bo.markRead(atBo.rows())
      expect(unreadOf(bo, PAIR.id)).toEqual({ count: 0, exact: true })
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['read']))
    })

    it('what was written offline is shown at once and sent in order when the connection is back', async () => {
      const hub = memoryHub()
      const ada = makeClient(hub, 'ada')
      await ada.ensureConversation(PAIR)
      await ada.start()
      await vi.waitFor(() => expect(ada.getState().connection.status).toBe('online'))
      const atAda = watch(ada, PAIR.id)
      hub.setOnline('ada', false)
      await vi.waitFor(() => expect(ada.getState().connection.status).toBe('offline'))
      for (const text of ['one', 'two', 'three']) await ada.send(PAIR.id, say(text))
      await vi.waitFor(() => expect(atAda.texts()).toEqual(['one', 'two', 'three']))
      expect(atAda.statuses()).toEqual(['sending', 'sending', 'sending'])
      hub.setOnline('ada', true)
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['sent', 'sent', 'sent']), { timeout: 3000 })
      expect(atAda.texts()).toEqual(['one', 'two', 'three'])
      expect(hub.log(PAIR.id).map((message) => textOf(message as never))).toEqual(['one', 'two', 'three'])
    })

    it('[F38] an answer that is lost stores the message once', async () => {
      const hub = memoryHub({ answerTimeoutMs: 50 })
      hub.faults.add({ on: 'send', do: 'dropAnswer', times: 1 })
      const ada = makeClient(hub, 'ada')
      await ada.ensureConversation(PAIR)
      await ada.start()
      const atAda = watch(ada, PAIR.id)
      await ada.send(PAIR.id, say('once'))
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['sent']), { timeout: 5000 })
      expect(hub.log(PAIR.id)).toHaveLength(1)
      expect(atAda.texts()).toEqual(['once'])
    })

    it('a refused message shows as failed, and goes out when it is tried again', async () => {
      const hub = memoryHub()
      hub.faults.add({ on: 'send', do: 'refuse', times: 1, stored: 'no', retry: 'no' })
      const ada = makeClient(hub, 'ada')
      await ada.ensureConversation(PAIR)
      await ada.start()
      const atAda = watch(ada, PAIR.id)
      const localId = await ada.send(PAIR.id, say('again'))
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['failed']))
      await ada.retry(PAIR.id, localId)
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['sent']))
      expect(atAda.rows()[0]!.localId).toBe(localId)
    })

    it('a failed message stays where it failed, and what comes later stands below it, now and when it is opened again', async () => {
      const hub = memoryHub()
      hub.faults.add({ on: 'send', do: 'refuse', times: 1, stored: 'no', retry: 'no' })
      const ada = makeClient(hub, 'ada')
      const bo = makeClient(hub, 'bo')
      await ada.ensureConversation(PAIR)
      await Promise.all([ada.start(), bo.start()])
      const atAda = watch(ada, PAIR.id)
      const localId = await ada.send(PAIR.id, say('refused'))
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['failed']))
      await ada.send(PAIR.id, say('one'))
      await vi.waitFor(() => expect(atAda.rows()[1]?.at ?? null).not.toBeNull())
      await bo.ensureConversation(PAIR)
      await bo.send(PAIR.id, say('two'))
      await vi.waitFor(() => expect(atAda.texts()).toEqual(['refused', 'one', 'two']))
      await vi.waitFor(() => expect(ada.getState().conversations[0]?.lastMessage?.body).toEqual(say('two').body))
      await atAda.source.loadAround?.('newest')
      expect(atAda.texts()).toEqual(['refused', 'one', 'two'])
      await ada.retry(PAIR.id, localId)
      await vi.waitFor(() => expect(atAda.texts()).toEqual(['one', 'two', 'refused']))
    })

    it('a second device of mine follows what the first one read', async () => {
      const hub = memoryHub()
      const phone = makeClient(hub, 'bo')
      const desk = makeClient(hub, 'bo')
      const ada = makeClient(hub, 'ada')
      await ada.ensureConversation(PAIR)
      await Promise.all([ada.start(), phone.start(), desk.start()])
      const onPhone = watch(phone, PAIR.id)
      await ada.send(PAIR.id, say('hi'))
      await vi.waitFor(() => expect(unreadOf(desk, PAIR.id)?.count).toBe(1))
      await vi.waitFor(() => expect(onPhone.rows()).toHaveLength(1))
      await phone.markRead(onPhone.rows())
      await vi.waitFor(() => expect(unreadOf(desk, PAIR.id)).toEqual({ count: 0, exact: true }))
    })

    it('under private receipts my devices follow and the sender learns nothing', async () => {
      const hub = memoryHub()
      const phone = makeClient(hub, 'bo')
      const desk = makeClient(hub, 'bo')
      const ada = makeClient(hub, 'ada')
      await ada.ensureConversation(PAIR)
      await Promise.all([ada.start(), phone.start(), desk.start()])
      await phone.setReceipts('private')
      const onPhone = watch(phone, PAIR.id)
      const atAda = watch(ada, PAIR.id)
      await ada.send(PAIR.id, say('hi'))
      await vi.waitFor(() => expect(onPhone.rows()).toHaveLength(1))
      await phone.markRead(onPhone.rows())
      await vi.waitFor(() => expect(unreadOf(desk, PAIR.id)).toEqual({ count: 0, exact: true }))
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['delivered']))
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(atAda.statuses()).toEqual(['delivered'])
    })
  })

  describe('a group', () => {
    it('counts readers one by one, turns blue when all have read, and never falls back', async () => {
      const hub = memoryHub()
      const ada = makeClient(hub, 'ada')
      const bo = makeClient(hub, 'bo')
      const cleo = makeClient(hub, 'cleo')
      await ada.ensureConversation(GROUP)
      await Promise.all([ada.start(), bo.start(), cleo.start()])
      const atAda = watch(ada, GROUP.id)
      await ada.send(GROUP.id, say('all here?'))
      const atBo = watch(bo, GROUP.id)
      const atCleo = watch(cleo, GROUP.id)
      await vi.waitFor(() => expect([...atBo.texts(), ...atCleo.texts()]).toEqual(['all here?', 'all here?']))
      const tally = () => atAda.readStates.getTally(atAda.rows()[0]!)
      await bo.markRead(atBo.rows())
      await vi.waitFor(() => expect(tally()).toMatchObject({ tracked: true, read: 1, of: 2 }))
      expect(atAda.statuses()).toEqual(['delivered'])
      await cleo.markRead(atCleo.rows())
      await vi.waitFor(() => expect(tally()).toMatchObject({ read: 2, of: 2 }))
      expect(atAda.statuses()).toEqual(['read'])
      await vi.waitFor(async () => {
        const { items } = await ada.readers(atAda.rows()[0]!, { limit: 10 })
        expect(items.map(({ userId, kind }) => [userId, kind])).toEqual([['bo', 'read'], ['cleo', 'read']])
      })
    })

    it('lets its owner delete what another wrote, and no member', async () => {
      const hub = memoryHub()
      const [ada, bo] = [makeClient(hub, 'ada'), makeClient(hub, 'bo')]
      await ada.ensureConversation(GROUP)
      await Promise.all([ada.start(), bo.start()])
      const [atAda, atBo] = [watch(ada, GROUP.id), watch(bo, GROUP.id)]
      await ada.send(GROUP.id, say('rules'))
      await vi.waitFor(() => expect(atBo.texts()).toEqual(['rules']))
      await bo.send(GROUP.id, say('spam'))
      await vi.waitFor(() => expect(atAda.rows()[1]?.ids).toHaveLength(1))
      await ada.delete(GROUP.id, atAda.rows()[1]!.ids[0]!, { for: 'all' })
      await vi.waitFor(() => expect(atBo.rows()[1]?.deletedAt).toEqual(expect.any(Number)))
      await bo.delete(GROUP.id, atBo.rows()[0]!.ids[0]!, { for: 'all' }).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(atAda.rows()[0]?.deletedAt).toBeUndefined()
    })

    it('reading the newest reads nothing that was jumped over', async () => {
      const hub = memoryHub()
      const ada = makeClient(hub, 'ada')
      const bo = makeClient(hub, 'bo')
      await ada.ensureConversation(GROUP)
      await Promise.all([ada.start(), bo.start()])
      for (const text of ['1', '2', '3']) await ada.send(GROUP.id, say(text))
      const atAda = watch(ada, GROUP.id)
      const atBo = watch(bo, GROUP.id)
      await vi.waitFor(() => expect(atBo.texts()).toEqual(['1', '2', '3']))
      await bo.markRead([atBo.rows()[2]!])
      expect(unreadOf(bo, GROUP.id)).toEqual({ count: 2, exact: true })
      const reads = () => atAda.rows().map((row) => atAda.readStates.getTally(row)).map((tally) => (tally.tracked ? tally.read : null))
      await vi.waitFor(() => expect(reads()).toEqual([0, 0, 1]))
    })
  })

  describe('lifetime', () => {
    it('is inert until started, and says so', async () => {
      const hub = memoryHub()
      const client = makeClient(hub, 'ada')
      await expect(client.send('pair', say('x'))).rejects.toThrow(
        'client.send() was called while the client is not running, so its database is closed. Mount <ChatProvider client={client}>, or await client.start() first.',
      )
      expect(client.getState().phase).toBe('idle')
    })

    it('survives a start, a stop and a start in one breath, as StrictMode does', async () => {
      const hub = memoryHub()
      const client = makeClient(hub, 'ada')
      await client.ensureConversation(PAIR)
      void client.start()
      void client.stop()
      await client.start()
      expect(client.getState().phase).toBe('running')
      await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    })

    it('a reload finds messages, statuses and what was not sent yet', async () => {
      const hub = memoryHub()
      const storage = makeStorage()
      const first = makeClient(hub, 'ada', storage)
      await first.ensureConversation(PAIR)
      hub.setOnline('ada', false)
      await first.start()
      await first.send(PAIR.id, say('written offline'))
      await first.stop()
      hub.setOnline('ada', true)
      const second = makeClient(hub, 'ada', storage)
      await second.start()
      const atAda = watch(second, PAIR.id)
      await vi.waitFor(() => expect(atAda.statuses()).toEqual(['sent']), { timeout: 3000 })
      expect(atAda.texts()).toEqual(['written offline'])
    })

    it('a conversation nobody knows has a status of its own', async () => {
      const hub = memoryHub()
      const client = makeClient(hub, 'ada')
      await client.start()
      const { source } = watch(client, 'nowhere')
      await vi.waitFor(() => expect(source.getSnapshot().status).toBe('unknown'))
      await expect(client.send('nowhere', say('x'))).rejects.toBeInstanceOf(ChatError)
    })
  })
})

describe('finding people', () => {
  const client = (search?: (text: string) => Promise<readonly { userId: string; name: string }[]>) =>
    createChatClient({ userId: 'ada', transport: memoryHub().transport(), storage: memoryStorage(), directory: { resolve: () => Promise.resolve([]), ...(search && { search }) } })
  it('asks the app, and knows their names from then on', async () => {
    const found = client((text) => Promise.resolve([{ userId: 'bo', name: `${text}o` }]))
    expect(await found.searchPeople('B')).toEqual([{ userId: 'bo', name: 'Bo' }])
    expect(found.getProfile('bo')).toEqual({ userId: 'bo', name: 'Bo' })
  })
  it('says that there is no search', async () => expect(await client().searchPeople('B')).toBeNull())
})
