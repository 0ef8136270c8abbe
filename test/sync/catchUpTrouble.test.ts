import { ChatError, createChatClient, TransportError, type ChatClient, type ChatStorage, type IncomingMessage, type Point } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ANSWER_TIMEOUT_MS } from '../../src/sync/answered.js'
import { scriptedTransport } from './scriptedTransport.js'

const NAMES = ['a', 'b', 'c'] as const
const point = (name: string): Point => ({ epoch: 0, order: 1, id: `m-${name}` })
const message = (name: string): IncomingMessage => ({ conversationId: name, id: `m-${name}`, at: point(name), from: 'ada', localId: `l-${name}`, time: 1, body: { kind: 'text', text: `in ${name}` } })
let client: ChatClient
afterEach(() => client.dispose())

/** A wire that replays nothing: three conversations, one message each, and trouble as the test says. */
async function start(trouble: { history?: (id: string, asked: number) => Promise<void> | null; list?: (asked: number) => Promise<void> | null; ensure?: (asked: number) => Promise<void> | null } = {}, storage: ChatStorage = memoryStorage(), open?: string) {
  const clock = createFakeClock()
  const wire = scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'fetch', conversations: true, history: true })
  const [asked, read]: [string[], string[]] = [[], []]
  let lists = 0
  let ensures = 0
  Object.assign(wire, {
    async conversations() {
      await trouble.list?.(++lists)
      return { items: NAMES.map((id) => ({ id, kind: 'group' as const, head: point(id) })) }
    },
    async history(id: string) {
      asked.push(id)
      await trouble.history?.(id, asked.filter((each) => each === id).length)
      return { messages: [message(id)], contiguousTo: null }
    },
    async readStates(id: string) {
      read.push(id)
      return []
    },
    async ensureConversation() {
      await trouble.ensure?.(++ensures)
    },
  })
  client = createChatClient({ userId: 'me', transport: wire, storage, ports: { clock, locks: null, openChannel: () => null } })
  const [dropped, errors]: [string[], string[]] = [[], []]
  client.on('dropped', ({ reason, conversationId }) => dropped.push(`${reason} ${conversationId ?? ''}`.trim()))
  client.on('error', ({ code }) => errors.push(code))
  if (open) client.messages(open).subscribe(() => {})
  await client.start()
  const pass = (check: () => unknown, stepMs = 500) => vi.waitFor(async () => {
    await clock.advanceAsync(stepMs)
    await check()
  }, { timeout: 5_000, interval: 1 })
  const here = async () => {
    const found = await Promise.all(NAMES.map(async (id) => ((await client.getMessage(id, `m-${id}`)) ? id : null)))
    return found.filter(Boolean)
  }
  return { wire, asked, read, dropped, errors, pass, here, lists: () => lists, ensures: () => ensures }
}

const refused = () => Promise.reject(new TransportError('transport/forbidden', 'No member any more.', { stored: 'no', retry: 'no' }))
const failing = (retry: 'yes' | { afterMs: number } = 'yes', code: 'transport/server' | 'transport/rateLimited' = 'transport/server') => Promise.reject(new TransportError(code, 'Out of order.', { stored: 'no', retry }))

describe('catching up', () => {
  it('goes on past a conversation that the wire refuses, and says so', async () => {
    const { pass, here, dropped, asked } = await start({ history: (id) => (id === 'a' ? refused() : null) })
    await pass(async () => expect(await here()).toEqual(['b', 'c']))
    await pass(() => expect(client.getState().caughtUp).toBe(true), 60_000)
    expect(dropped).toEqual(['catchUp/transport/forbidden a'])
    expect(asked.filter((id) => id === 'a')).toHaveLength(1)
  })

  it('asks again, with pauses, for what the wire could not tell, and for nothing else', async () => {
    const { pass, here, asked } = await start({ history: (id, n) => (id === 'b' && n < 4 ? failing() : null) })
    await pass(async () => expect(await here()).toEqual(['a', 'c']), 1)
    await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']), 2_000)
    expect(asked.filter((id) => id !== 'b')).toHaveLength(2)
  })

  it('asks again for the list itself', async () => {
    const { pass, here, lists } = await start({ list: (n) => (n < 3 ? failing() : null) })
    await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']), 2_000)
    expect(lists()).toBe(3)
  })

  it('leaves a wire alone for as long as it asks', async () => {
    const { pass, here, asked } = await start({ history: (id, n) => (id === 'b' && n === 1 ? failing({ afterMs: 20_000 }) : null) })
    await pass(async () => expect(await here()).toEqual(['a', 'c']), 1)
    await pass(() => expect(client.getState().caughtUp).toBe(true), 10)
    for (let i = 0; i < 19; i++) await pass(() => {}, 1_000)
    expect(asked.filter((id) => id === 'b')).toHaveLength(1)
    await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']), 1_000)
  })

  it('asks a wire that limits its rate for nothing more until the time is over', async () => {
    const { pass, here, asked, read, wire } = await start({ history: (id, n) => (id === 'a' && n === 1 ? failing({ afterMs: 60_000 }, 'transport/rateLimited') : null) })
    await pass(() => expect(client.getState().caughtUp).toBe(true), 10)
    // What the server may have lost would be looked for in its history.
    wire.emit({ type: 'reset', conversationId: 'b', epoch: 1 })
    for (let i = 0; i < 58; i++) await pass(() => {}, 1_000)
    expect([asked, read]).toEqual([['a'], ['a']])
    await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']), 1_000)
    expect(asked.filter((id) => id === 'a')).toHaveLength(2)
  })

  it('does not wait for ever for an answer', async () => {
    const { pass, here } = await start({ history: (id, n) => (id === 'a' && n === 1 ? new Promise(() => {}) : null) })
    await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']), ANSWER_TIMEOUT_MS / 2)
  })

  it('begins with what is on screen', async () => {
    const { pass, read } = await start({}, memoryStorage(), 'c')
    await pass(() => expect(read).toHaveLength(3))
    await client.stop()
    read.length = 0
    await client.start()
    await pass(() => expect(read).toHaveLength(3))
    expect(read[0]).toBe('c')
  })
})

/** Busy as long as the test says, when something is asked of a table. */
function busyStorage(isBusy: (table: 'meta' | 'conversations', what?: string) => boolean): ChatStorage {
  const inner = memoryStorage()
  const busy = () => Promise.reject(new ChatError('storage/timeout', 'Busy.', { retryable: true }))
  return {
    ...inner,
    get name() {
      return inner.name
    },
    read: (fn) => inner.read((tx) => fn({
      ...tx,
      meta: { ...tx.meta, get: (key) => (isBusy('meta', key) ? busy() : tx.meta.get(key)) },
      conversations: { ...tx.conversations, list: () => (isBusy('conversations') ? busy() : tx.conversations.list()) },
    })),
  }
}

it('a database that is busy when the wire is to be dialled is asked again', async () => {
  let busy = 2
  const { pass, errors } = await start({}, busyStorage((_table, key) => key === 'cursor' && busy-- > 0))
  await pass(() => expect(client.getState().connection.status).toBe('online'), 1_000)
  expect([busy, errors]).toEqual([-1, []])
})

it.each([1, 2])('[I24] a database that is busy in the middle of catching up, at its read %i, keeps nothing from being fetched, and is asked again', async (nth) => {
  let reads = 0
  let isListed = false
  const list = () => {
    isListed = true
    return null
  }
  const { pass, here, dropped } = await start({ list }, busyStorage((table) => isListed && table === 'conversations' && ++reads === nth))
  await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']), 2_000)
  await pass(() => expect(client.getState().caughtUp).toBe(true))
  expect(dropped).toEqual(['catchUp/storage/timeout'])
})

it('[I24] [RS31] a database that is busy when it is looked for what a server lost is asked again', async () => {
  let busy = 0
  const { pass, wire, asked, here } = await start({}, busyStorage((_table, key) => key === 'openResets' && busy-- > 0))
  await pass(async () => expect(await here()).toEqual(['a', 'b', 'c']))
  busy = 2
  wire.emit({ type: 'reset', conversationId: 'a', epoch: 1 })
  await pass(() => expect(asked.filter((id) => id === 'a')).toHaveLength(2), 2_000)
})

it('is done once the list was told, or refused, and not while the back end cannot say which conversations there are', async () => {
  const { pass, lists } = await start({ list: (n) => (n === 1 ? failing({ afterMs: 20_000 }) : null) })
  await pass(() => expect(lists()).toBe(1))
  for (let i = 0; i < 18; i++) await pass(() => {}, 1_000)
  expect([lists(), client.getState().caughtUp]).toEqual([1, false])
  await pass(() => expect([lists(), client.getState().caughtUp]).toEqual([2, true]), 1_000)
})

it('a conversation that the back end could not take when it was made is told again', async () => {
  const { pass, ensures, errors } = await start({ ensure: (n) => (n < 3 ? failing() : null) })
  await pass(() => expect(client.getState().connection.status).toBe('online'))
  await client.ensureConversation({ id: 'new', kind: 'direct', members: ['me', 'ada'] })
  await pass(() => expect(ensures()).toBe(3), 2_000)
  expect(errors).toEqual([])
})

it('asks about four conversations at once, and about what is on screen before any other', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `c${n}`)
  const asked: string[] = []
  let underWay = 0
  let most = 0
  const history = async (id: string) => {
    asked.push(id)
    most = Math.max(most, ++underWay)
    await new Promise((resolve) => setTimeout(resolve, 5))
    underWay -= 1
    return { messages: [], contiguousTo: null }
  }
  const wire = Object.assign(scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'none', conversations: false, history: true, members: false }), { history })
  const chat = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  for (const id of names) await chat.ensureConversation({ id, kind: 'direct', members: ['me', 'bo'] })
  chat.messages('c7').subscribe(() => {})
  await chat.start()
  await vi.waitFor(() => expect(chat.getState().caughtUp).toBe(true))
  await chat.dispose()
  expect([asked[0], most, [...asked].sort()]).toEqual(['c7', 4, [...names].sort()])
})
