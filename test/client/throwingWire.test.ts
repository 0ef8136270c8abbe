/** A wire that breaks the contract once, at each of its calls in turn: it throws where it should answer. Whatever call it is, everything is told in the end, once. */
import { ChatError, createChatClient, type ChatClient, type Message, type Transport } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { describe, expect, it, vi } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const PATIENCE = { timeout: 4_000, interval: 10 }

type Breach = (name: string) => unknown

const BREACHES: Readonly<Record<string, Breach>> = {
  'throws an Error': (name) => {
    throw new Error(`${name} broke`)
  },
  'rejects with nothing': () => Promise.reject(),
  'rejects with a text': () => Promise.reject('broken'),
}

/** Which call is the breach; null: none is. */
interface Place {
  readonly name: string
  /** How many of that name came before it. */
  readonly nth: number
}

/** Tells how often each was called. */
function breaching(transport: Transport, place: Place | null, breach: Breach): { readonly transport: Transport; readonly calls: Map<string, number> } {
  const calls = new Map<string, number>()
  const broken = new Proxy(transport, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      // Listening is no call: it answers at once, and asks nothing of anybody.
      if (typeof value !== 'function' || typeof name !== 'string' || name === 'on') return value
      return (...args: unknown[]) => {
        const nth = calls.get(name) ?? 0
        calls.set(name, nth + 1)
        return place?.name === name && place.nth === nth ? breach(name) : (value as (...given: unknown[]) => unknown).apply(target, args)
      }
    },
  })
  return { transport: broken, calls }
}

/** A failure is told as one of the kit's own, and the same may be asked again. */
async function untilDone<T>(deed: () => Promise<T>): Promise<T> {
  const attempt = () => deed().then((value) => ({ value }), (error: unknown) => ({ error }))
  const first = await attempt()
  if ('value' in first) return first.value
  expect(first.error).toBeInstanceOf(ChatError)
  return deed()
}

/** Returns how often each was called. */
async function story(place: Place | null, breach: Breach): Promise<ReadonlyMap<string, number>> {
  const hub = memoryHub({ backfill: 1 })
  await hub.ensureConversation(PAIR)
  for (const body of ['hello', 'anybody?']) await hub.post({ conversationId: PAIR.id, from: 'bo', body })
  const { transport, calls } = breaching(hub.transport(), place, breach)
  const client: ChatClient = createChatClient({ userId: 'ada', transport, storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null, random: { next: () => 0, id: () => crypto.randomUUID() } } })
  const errors: ChatError[] = []
  client.on('error', (error) => errors.push(error))
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  const shown = (): readonly Message[] => source.getSnapshot().messages
  const texts = (rows: readonly Pick<Message, 'body'>[]) => rows.map(({ body }) => (body.kind === 'text' ? body.text : body.kind))
  await untilDone(() => client.ensureConversation(PAIR))
  await untilDone(() => client.start())
  await vi.waitFor(() => expect(client.getState().connection.status === 'online' || errors.length > 0).toBe(true), PATIENCE)
  // A wire dials for itself: that it cannot is told, and whoever is told starts again.
  if (errors.some(({ code }) => code === 'transport/connect')) {
    await client.stop()
    await client.start()
  }
  await vi.waitFor(() => expect(texts(shown())).toContain('anybody?'), PATIENCE)
  await vi.waitFor(async () => {
    await source.loadOlder!().catch((error: unknown) => expect(error).toBeInstanceOf(ChatError))
    expect(texts(shown())).toEqual(['hello', 'anybody?'])
  }, PATIENCE)
  await client.send(PAIR.id, { body: { kind: 'text', text: 'one' } })
  await client.send(PAIR.id, { body: { kind: 'text', text: 'two' }, replyTo: shown()[0]!.ids[0]! })
  await client.react(PAIR.id, shown()[1]!.ids[0]!, '+', true)
  await client.markRead(shown().filter(({ from }) => from === 'bo'))
  await vi.waitFor(() => expect(texts(hub.log(PAIR.id))).toEqual(['hello', 'anybody?', 'one', 'two']), PATIENCE)
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), PATIENCE)
  await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'still there?' })
  await vi.waitFor(() => expect(texts(shown())).toEqual(['hello', 'anybody?', 'one', 'two', 'still there?']), PATIENCE)
  expect(hub.log(PAIR.id)[1]!.reactions).toMatchObject([{ emoji: '+', by: 'ada' }])
  expect(hub.readStates(PAIR.id, 'bo').filter(({ by, kind }) => by === 'ada' && kind === 'read')).toMatchObject([{ upTo: { order: 2 } }])
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 1, exact: true })
  await untilDone(() => client.dispose())
  return calls
}

describe.each(Object.entries(BREACHES))('a wire that %s', (_, breach) => {
  it.each(['connect', 'conversations', 'readStates', 'history', 'send', 'report', 'react', 'close'])('[F59] [I27] once, at each of its calls of %s: all is sent once, read, shown and ended', async (name) => {
    let nth = 0
    while (((await story({ name, nth }, breach)).get(name) ?? 0) > nth) nth++
    expect(nth).toBeGreaterThan(0)
  }, 60_000)
})
