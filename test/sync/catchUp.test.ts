import { createChatClient, type ChatClient, type HistoryQuery, type IncomingConversation, type IncomingMessage, type Member, type Page, type Paged, type Point, TransportError, type Transport, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const member = (userId: string): Member => ({ userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] })

async function start(wire: Transport): Promise<{ client: ChatClient; dropped: string[] }> {
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const dropped: string[] = []
  client.on('dropped', ({ reason }) => dropped.push(reason))
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  return { client, dropped }
}

/** Two a page. */
const paged = <T>(all: readonly T[]) => async ({ cursor }: Page): Promise<Paged<T>> => {
  const from = Number(cursor ?? 0)
  return { items: all.slice(from, from + 2), ...(from + 2 < all.length ? { next: String(from + 2) } : {}) }
}

it('members that a wire names only when asked are asked for, page by page, and then their receipts count', async () => {
  const asked = vi.fn(paged(['me', 'ada', 'bo', 'cleo', 'dan'].map(member)))
  const wire = Object.assign(scriptedTransport({ members: true, conversations: true }), {
    conversations: paged<IncomingConversation>([{ id: 'c', kind: 'group', head: null }]),
    members: (_id: string, page: Page) => asked(page),
  })
  const { client, dropped } = await start(wire)
  await vi.waitFor(async () => expect(await client.getMembers('c')).toHaveLength(5))
  expect(asked).toHaveBeenCalledTimes(3)
  wire.emit({ type: 'message', message: { conversationId: 'c', id: 'm1', at: at(1), from: 'me', localId: 'l1', time: 1, body: { kind: 'text', text: 'one' } } })
  wire.emit({ type: 'receipt', conversationId: 'c', by: 'dan', kind: 'read', visibility: 'published', upTo: at(1) })
  const source = client.messages('c')
  source.subscribe(() => {})
  const readStates = client.readStates('c')
  readStates.subscribe(() => {})
  await vi.waitFor(() => expect(readStates.getTally(source.getSnapshot().messages[0]!)).toMatchObject({ tracked: true, read: 1, of: 4 }))
  expect(dropped).toEqual([])
  // Known from now on: not asked again.
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  wire.emit({ type: 'state', state: { status: 'online' } })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toHaveBeenCalledTimes(3)
})

it('a list that goes in circles is not followed for ever', async () => {
  const asked = vi.fn(async (): Promise<Paged<IncomingConversation>> => ({ items: [{ id: 'c', kind: 'direct' }], next: 'again' }))
  const { client, dropped } = await start(Object.assign(scriptedTransport({ conversations: true }), { conversations: asked }))
  expect(asked).toHaveBeenCalledTimes(2)
  expect(dropped).toEqual(['catchUp/transport/badAnswer'])
  expect(client.getState().conversations.map(({ id }) => id)).toEqual(['c'])
})

it('a conversation that is refused keeps no other from what it missed, nor does one that may be tried again', async () => {
  const make = (retry: 'no' | 'yes') => Object.assign(scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'fetch', conversations: true, history: true }), {
    conversations: paged<IncomingConversation>(['a', 'b'].map((id) => ({ id, kind: 'group', head: at(1), members: [member('me')], rosterComplete: true }))),
    readStates: async (id: string) => {
      if (id === 'a') throw new TransportError('transport/forbidden', 'You are no member.', { stored: 'no', retry })
      return []
    },
    history: async (conversationId: string) => ({ messages: [{ conversationId, id: 'm1', at: at(1), from: 'me', localId: 'l1', time: 1, body: { kind: 'text' as const, text: 'one' } }], contiguousTo: null }),
  })
  const lastOf = async (wire: Transport) => {
    const { client, dropped } = await start(wire)
    // It may have been asked for again by now.
    return { dropped: [...new Set(dropped)], last: client.getState().conversations.map(({ id, lastMessage }) => [id, lastMessage !== null]) }
  }
  expect(await lastOf(make('no'))).toEqual({ dropped: ['catchUp/transport/forbidden'], last: [['b', true], ['a', false]] })
  expect(await lastOf(make('yes'))).toEqual({ dropped: ['catchUp/transport/forbidden'], last: [['b', true], ['a', false]] })
})

it('read states that name another conversation than the one that was asked for are of that one', async () => {
  const wire = Object.assign(scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'fetch', conversations: true, history: true }), {
    conversations: paged<IncomingConversation>(['a', 'b'].map((id) => ({ id, kind: 'group', head: at(2), members: ['me', 'bo'].map(member), rosterComplete: true }))),
    // As a server does that answers with whatever was read last.
    readStates: async () => [{ conversationId: 'b', by: 'me', kind: 'read' as const, visibility: 'published' as const, upTo: at(2) }],
    history: async (conversationId: string) => ({ messages: [1, 2].map((order) => ({ conversationId, id: `m${order}`, at: at(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text' as const, text: 'one' } })), contiguousTo: null }),
  })
  const { client } = await start(wire)
  await vi.waitFor(() => expect(Object.fromEntries(client.getState().conversations.map(({ id, unread }) => [id, unread?.count]))).toEqual({ a: 2, b: 0 }))
})

it('who joined meanwhile is asked for where nothing is replayed, and their receipts count', async () => {
  let people = ['me', 'bo']
  const asked = vi.fn()
  const wire = Object.assign(scriptedTransport({ members: true, conversations: true, catchUp: 'none', receiptsCatchUp: 'none' }), {
    conversations: paged<IncomingConversation>([{ id: 'c', kind: 'group' }, { id: 'd', kind: 'group', members: [member('me')], rosterComplete: true }]),
    members: (id: string, page: Page) => {
      asked(id)
      return paged(people.map(member))(page)
    },
  })
  const { client, dropped } = await start(wire)
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  people = ['me', 'bo', 'zed']
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(async () => expect(await client.getMembers('c')).toHaveLength(3))
  wire.emit({ type: 'message', message: { conversationId: 'c', id: 'm1', at: at(1), from: 'me', localId: 'l1', time: 1, body: { kind: 'text', text: 'one' } } })
  wire.emit({ type: 'receipt', conversationId: 'c', by: 'zed', kind: 'read', visibility: 'published', upTo: at(1) })
  const source = client.messages('c')
  source.subscribe(() => {})
  const readStates = client.readStates('c')
  readStates.subscribe(() => {})
  await vi.waitFor(() => expect(readStates.getTally(source.getSnapshot().messages[0]!)).toMatchObject({ read: 1, of: 2 }))
  expect([dropped, asked.mock.calls.flat().includes('d')]).toEqual([[], false])
})

it('whom the app did not name when it made a conversation is asked for once', async () => {
  const wire = Object.assign(scriptedTransport({ members: true, conversations: true }), {
    conversations: paged<IncomingConversation>([{ id: 'c', kind: 'group' }]),
    members: (_id: string, page: Page) => paged(['me', 'bo', 'zed'].map(member))(page),
  })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  await vi.waitFor(async () => expect((await client.getMembers('c')).map(({ userId }) => userId)).toEqual(['me', 'bo', 'zed']))
})

it('[RS9] whom the app names of a conversation that the wire told are not taken for all: it is asked, and until then there is no number', async () => {
  const wire = Object.assign(scriptedTransport({ members: true, catchUp: 'cursor', receiptsCatchUp: 'replay' }), {
    members: (_id: string, page: Page) => paged(['me', 'ada', 'bo', 'zed'].map(member))(page),
    ensureConversation: async () => {},
  })
  const { client } = await start(wire)
  wire.emit({ type: 'cursor', cursor: '1' })
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group' } })
  await vi.waitFor(() => expect(client.getState().conversations).toHaveLength(1))
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada', 'bo'] })
  wire.emit({ type: 'message', message: { conversationId: 'c', id: 'm1', at: at(1), from: 'me', localId: 'l1', time: 1, body: { kind: 'text', text: 'one' } } })
  for (const by of ['ada', 'bo']) wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo: at(1) })
  const source = client.messages('c')
  source.subscribe(() => {})
  const readStates = client.readStates('c')
  readStates.subscribe(() => {})
  const shown = () => source.getSnapshot().messages.map((row) => [readStates.getTally(row), readStates.getStatus(row)])
  await vi.waitFor(() => expect(shown()).toHaveLength(1))
  expect(shown()).toEqual([[{ tracked: false, reason: 'rosterUnknown' }, 'sent']])
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expect(shown()).toMatchObject([[{ read: 2, of: 3 }, 'sent']]))
})

it('where members are named to nobody, what the app named holds, and the rest is caught up with', async () => {
  const wire = Object.assign(scriptedTransport({ members: true, conversations: true, history: true, catchUp: 'none', receiptsCatchUp: 'none' }), {
    conversations: paged<IncomingConversation>([{ id: 'c', kind: 'group', head: at(1) }]),
    members: async (): Promise<Paged<Member>> => { throw new TransportError('transport/forbidden', 'Only to admins.', { stored: 'no', retry: 'no' }) },
    history: async (conversationId: string) => ({ messages: [{ conversationId, id: 'm1', at: at(1), from: 'bo', localId: 'l1', time: 1, body: { kind: 'text' as const, text: 'one' } }], contiguousTo: null }),
  })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm1')).not.toBeNull())
  expect([(await client.getMembers('c')).length, (await client.diagnostics()).dropped]).toEqual([2, { 'catchUp/transport/forbidden': 1 }])
})

/** A server that is asked for everything, and replays nothing. */
async function startWithout(capabilities: Partial<TransportCapabilities>) {
  const log: IncomingMessage[] = []
  const write = (from: string, localId = `l${log.length + 1}`) => {
    const order = log.length + 1
    const message: IncomingMessage = { conversationId: 'c', id: `m${order}`, at: at(order), from, localId, time: order, body: { kind: 'text', text: `${order}` } }
    log.push(message)
    return message
  }
  const asked = vi.fn()
  const wire = Object.assign(scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true, ...capabilities }), {
    conversations: async (): Promise<Paged<IncomingConversation>> => ({ items: [{ id: 'c', kind: 'group', head: log.at(-1)!.at, members: ['me', 'bo'].map(member), rosterComplete: true }] }),
    async history(_id: string, { limit }: HistoryQuery) {
      asked()
      const messages = log.slice(-limit)
      return { messages, contiguousTo: messages.length < log.length ? messages[0]!.at : null }
    },
  })
  write('bo')
  wire.answer = async ({ localId }) => {
    const { id, at: place, time } = write('me', localId)
    return { localId, id, at: place, time }
  }
  const { client } = await start(wire)
  const source = client.messages('c')
  source.subscribe(() => {})
  const orders = () => source.getSnapshot().messages.map((row) => row.at?.order)
  await vi.waitFor(() => expect(orders()).toEqual([1]))
  const state = (status: 'offline' | 'online') => wire.emit({ type: 'state', state: status === 'offline' ? { status, reason: 'network' } : { status } })
  return { client, wire, write, orders, state, asked }
}

it('what others wrote meanwhile is fetched also where something of mine was sent first after the connection came back', async () => {
  const { client, write, orders, state, asked } = await startWithout({})
  state('offline')
  write('bo')
  write('bo')
  await client.send('c', { body: { kind: 'text', text: 'mine' } })
  state('online')
  await vi.waitFor(() => expect(orders()).toEqual([1, 2, 3, 4]))
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 3, exact: true })
  // Nothing is missing any more, and nothing is asked for again.
  const before = asked.mock.calls.length
  state('offline')
  state('online')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toHaveBeenCalledTimes(before)
})

const RANGES = { direct: 'ranges', group: 'ranges' } as const

it('[RS13] [RS18] what lies below the newest page is missing from the moment that page is here: neither counted exactly nor delivered', async () => {
  const { client, wire, write, orders, state } = await startWithout({ dense: false, inOrder: true, read: RANGES, delivered: RANGES })
  state('offline')
  for (let order = 2; order <= 80; order++) write('bo')
  state('online')
  const covers = (order: number) => wire.reports.some(({ kind, ranges, upTo }) => kind === 'delivered' && ((upTo?.order ?? 0) >= order || ranges.some(({ from, to }) => from.order <= order && order <= to.order)))
  await vi.waitFor(() => expect(covers(80)).toBe(true))
  expect([covers(1), covers(2), covers(30), covers(31)]).toEqual([true, false, false, true])
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 51, exact: false })
  expect(orders()[0]).toBe(31)
})

describe.each([
  ['that has no list of conversations', 'none', false],
  ['that gives back what a queue held', 'queue', false],
  ['whose list does not say which message is newest', 'none', true],
] as const)('over a wire %s (%s), history tells what was missed', (_title, catchUp, hasList) => {
  function server(count: number) {
    const log: IncomingMessage[] = []
    const write = (times: number) => {
      for (let i = 0; i < times; i++) log.push({ conversationId: 'c', id: `m${log.length + 1}`, at: at(log.length + 1), from: 'bo', localId: `l${log.length + 1}`, time: log.length + 1, body: { kind: 'text', text: 'hi' } })
    }
    write(count)
    const asked: HistoryQuery[] = []
    let refusal: TransportError | null = null
    const wire = Object.assign(scriptedTransport({ catchUp, receiptsCatchUp: 'none', conversations: hasList, history: true, members: false }), {
      ...(hasList ? { conversations: async (): Promise<Paged<IncomingConversation>> => ({ items: [{ id: 'c', kind: 'direct' }] }) } : {}),
      async history(id: string, query: HistoryQuery) {
        asked.push(query)
        if (refusal) throw refusal
        const { before, limit } = query
        const messages = id === 'c' ? log.filter(({ at: place }) => !before || place.order < before.order).slice(-limit) : []
        return { messages, contiguousTo: (messages[0]?.at.order ?? 1) > 1 ? messages[0]!.at : null }
      },
    })
    return { wire, write, asked, refuse: (error: TransportError | null) => (refusal = error) }
  }
  async function device(wire: ReturnType<typeof server>['wire']) {
    const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
    running.push(client)
    await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'bo'] })
    const source = client.messages('c')
    source.subscribe(() => {})
    await client.start()
    const orders = () => source.getSnapshot().messages.map((row) => row.at?.order)
    const again = () => {
      wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
      wire.emit({ type: 'state', state: { status: 'online' } })
    }
    return { client, source, orders, again, unread: () => client.getState().conversations[0]?.unread }
  }

  it('on a new device', async () => {
    const { wire } = server(80)
    const { source, orders, unread } = await device(wire)
    await vi.waitFor(() => expect(orders()).toHaveLength(50))
    expect([source.getSnapshot().hasOlder, unread()]).toEqual([true, { count: 50, exact: false }])
    await source.loadOlder!()
    await vi.waitFor(() => expect(unread()).toEqual({ count: 80, exact: true }))
  })

  it('after a reconnect, and what it does not reach is known to be missing', async () => {
    const { wire, write } = server(3)
    const { source, orders, again, unread } = await device(wire)
    await vi.waitFor(() => expect(orders()).toEqual([1, 2, 3]))
    write(2)
    again()
    await vi.waitFor(() => expect(orders()).toEqual([1, 2, 3, 4, 5]))
    expect(unread()).toEqual({ count: 5, exact: true })
    write(60)
    again()
    await vi.waitFor(() => expect(unread()).toEqual({ count: 55, exact: false }))
    expect([orders()[0], source.getSnapshot().hasOlder]).toEqual([16, true])
  })

  it('also where it could not be told at first', async () => {
    const { wire, write, asked, refuse } = server(1)
    const { orders, again } = await device(wire)
    await vi.waitFor(() => expect(orders()).toEqual([1]))
    write(1)
    refuse(new TransportError('transport/server', 'Not now.', { stored: 'no', retry: 'yes' }))
    const before = asked.length
    again()
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before))
    refuse(null)
    await vi.waitFor(() => expect(orders()).toEqual([1, 2]), 5_000)
  })
})

it('of many conversations of which no wire tells the newest message, the newest hundred and those on screen are asked for, and of the rest it is known that something may be missing', async () => {
  const names = Array.from({ length: 105 }, (_, i) => `c${i}`)
  const asked: string[] = []
  const storage = memoryStorage()
  const wire = Object.assign(scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'none', conversations: false, history: true, members: false }), {
    history: async (id: string) => (asked.push(id), { messages: [], contiguousTo: null }),
  })
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  for (const id of names) await client.ensureConversation({ id, kind: 'direct', members: ['me', 'bo'] })
  client.messages('c104').subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true), 5_000)
  expect([asked.length, asked[0]]).toEqual([101, 'c104'])
  const left = names.filter((id) => !asked.includes(id))
  for (const id of left) expect(await storage.read((tx) => tx.gaps.list(id))).toEqual([{ conversationId: id, after: null, before: null }])
  expect(client.getState().conversations.find(({ id }) => id === left[0])?.unread?.exact).toBe(false)
  // Opened, it is asked for.
  const source = client.messages(left[0]!)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().hasOlder).toBe(true))
  await source.loadOlder!()
  await vi.waitFor(() => expect(client.getState().conversations.find(({ id }) => id === left[0])?.unread?.exact).toBe(true))
})
