import { afterEach, describe, expect, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { memoryHub, type Hub, type MemoryHubOptions } from 'readback/transport/memory'
import { openPageOfItsOwn } from './pageOfItsOwn.js'
import { ROUNDS } from '../transport/rounds.js'

const DIRECT = { id: 'c', kind: 'direct' } as const
const MEMBERS = ['ann', 'bob']

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

let names = 0
function newName(): string {
  const name = `hub-${Date.now()}-${names++}`
  closers.push(() => new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = request.onerror = request.onblocked = resolve
  }))
  return name
}

function open(name: string, options: MemoryHubOptions = {}): Hub {
  const hub = memoryHub({ name, persist: true, ...options })
  closers.push(() => hub.dispose())
  return hub
}

async function connect(hub: Hub, userId: string, since?: string) {
  const transport = hub.transport()
  const texts: string[] = []
  const kinds: string[] = []
  let cursor: string | undefined
  transport.on((event) => {
    if (event.type === 'message' && event.message.body.kind === 'text') texts.push(event.message.body.text)
    if (event.type === 'receipt') kinds.push(`${event.by} ${event.kind}`)
    if (event.type === 'cursor') cursor = event.cursor
  })
  await transport.connect({ userId, token: async () => undefined, conversations: [{ ...DIRECT, members: MEMBERS }], ...(since === undefined ? {} : { since }) })
  return { transport, texts, kinds, cursor: () => cursor, say: (text: string, localId: string = crypto.randomUUID()) => transport.send({ localId, conversation: DIRECT, body: { kind: 'text', text } }) }
}

async function openPage(): Promise<{ memoryHub: typeof memoryHub }> {
  const { library, die } = await openPageOfItsOwn<{ memoryHub: typeof memoryHub }>({ '/src/transport/memory/index.ts': 'memoryHub' })
  closers.push(() => die())
  return library
}

it('survives a reload: a new hub of the same name goes on where the last one stopped', async () => {
  const name = newName()
  const before = open(name)
  const ann = await connect(before, 'ann')
  const first = await ann.say('one', 'l1')
  await before.receipt({ by: 'bob', conversationId: 'c' })
  await expect.poll(() => ann.kinds).toEqual(['bob read'])
  await before.dispose()

  const after = open(name)
  const again = await connect(after, 'ann', ann.cursor())
  expect(after.getState()).toEqual({ storage: 'ready' })
  expect(after.log('c')).toMatchObject([{ id: first.id, at: first.at }])
  expect(await again.say('one', 'l1')).toMatchObject({ id: first.id, repeat: true })
  expect((await again.say('two')).at).toMatchObject({ epoch: 0, order: 2 })
  expect((await again.transport.readers!('c', first.id, { limit: 5 })).items).toMatchObject([{ userId: 'bob', kind: 'read' }])
})

it('two pages share one hub: each hears the other, and the sequence is one', async () => {
  const name = newName()
  const there = await openPage()
  const far = there.memoryHub({ name, persist: true })
  closers.push(() => far.dispose())
  const near = open(name)
  const [ann, bob] = [await connect(near, 'ann'), await connect(far, 'bob')]
  const sent = await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? ann : bob).say(`m${n}`)))
  expect(sent.map(({ at }) => at!.order).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
  await expect.poll(() => [ann.texts.length, bob.texts.length], { timeout: 10_000 }).toEqual([30, 30])
  const upTo = near.log('c').at(-1)!.at
  await bob.transport.report({ conversation: DIRECT, kind: 'read', visibility: 'published', upTo, ranges: [], messages: [], ageMs: 0 })
  await expect.poll(() => ann.kinds).toEqual(['bob read'])
  expect(far.log('c')).toEqual(near.log('c'))
})

it('a bot that is added in two pages answers once', async () => {
  const name = newName()
  const there = await openPage()
  const far = there.memoryHub({ name, persist: true })
  closers.push(() => far.dispose())
  const near = open(name)
  const ann = await connect(near, 'ann')
  for (const hub of [near, far]) hub.addBot({ userId: 'bob', delivers: 1, reads: 5, replies: (text) => `re: ${text}` })
  await ann.say('one')
  await expect.poll(() => ann.texts, { timeout: 10_000 }).toEqual(['re: one'])
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(near.log('c').map((message) => message.from)).toEqual(['ann', 'bob'])
  expect(ann.kinds).toEqual(['bob delivered', 'bob read'])
})

it('five thousand seeded messages are stored and read back', async () => {
  const name = newName()
  const hub = open(name)
  await hub.seed({ conversation: { ...DIRECT, members: MEMBERS }, messages: Array.from({ length: 5_000 }, (_, n) => ({ from: 'bob', body: `m${n}`, time: n })) })
  await hub.dispose()
  const again = open(name)
  await again.ready()
  expect(again.log('c').map((message) => message.at.order)).toEqual(Array.from({ length: 5_000 }, (_, n) => n + 1))
})

describe.each(ROUNDS)('%sthe suite of transports over a stored hub', () => {
  const cases = transportCases({
    capabilities: memoryHub().transport().capabilities,
    cannot: ['passLong', 'stall', 'wrongClock', 'expiredToken', 'shortToken', 'replayLimit'],
    async open() {
      const name = newName()
      const hub = open(name)
      return {
        transport: () => hub.transport(),
        drop: (transport) => hub.setOnline(transport, false),
        restore: (transport) => hub.setOnline(transport, true),
        swallowAnswer: () => void hub.faults.add({ on: 'send', do: 'disconnect' }),
        reset: (conversationId) => hub.reset(conversationId, { loseLast: 1 }),
        close: () => hub.dispose(),
      }
    },
  })
  for (const { title, run } of cases) it(title, run)
})
