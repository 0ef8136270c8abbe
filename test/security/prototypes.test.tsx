/** [A16] JSON of any kind through everything that takes it in or shows it: no prototype has another property, value or function afterwards. */
import { ChatProvider, createChatClient, MessageRow, richText, linkify, type Message, type TransportEvent } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { messageFault } from '../../src/storage/rows/messageFault.js'
import * as rowFaults from '../../src/storage/rows/rowFaults.js'
import { cleanReceipt } from '../../src/sync/receiptShape.js'
import { decodeBody } from '../../src/transport/decodeNouns.js'
import { decodeServerFrame } from '../../src/transport/websocket/decodeFrame.js'
import { message } from '../react/fakeClient.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'
import { createFuzzer } from '../transport/fuzzFrames.js'

/** 100,000 in `npm run test:long`. */
const JSONS = Number(process.env['READBACK_JSONS'] ?? 1500)
const SEED = 20261122
const WATCHED = { Object, Array, String, Number, Function, Map, Set, Promise, Error, Date, RegExp, Uint8Array } as const
const PATIENCE_MS = 900_000

/** Every own property of every prototype and constructor, with what it holds. */
function look(): ReadonlyMap<string, readonly unknown[]> {
  const seen = new Map<string, readonly unknown[]>()
  for (const [name, made] of Object.entries(WATCHED)) {
    for (const [where, target] of [['prototype', made.prototype], ['itself', made]] as const) {
      for (const key of Reflect.ownKeys(target)) {
        const { value, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(target, key)!
        seen.set(`${name} ${where} ${String(key)}`, [value, get, set, writable, enumerable, configurable])
      }
      seen.set(`${name} ${where} frozen, sealed, extensible`, [Object.isFrozen(target), Object.isSealed(target), Object.isExtensible(target), Object.getPrototypeOf(target)])
    }
  }
  return seen
}

/** What is another, new or gone since. */
function changes(before: ReturnType<typeof look>, after = look()): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => {
    const [was, is] = [before.get(key), after.get(key)]
    return was === undefined || is === undefined || was.some((value, index) => !Object.is(value, is[index]))
  })
}

/** What the fuzzer makes, as somebody who parses it has it; text that is no JSON is tried as text. */
function* values(count: number): Generator<unknown> {
  const next = createFuzzer(SEED)
  for (let made = 0; made < count; made++) {
    const frame = next()
    try {
      yield JSON.parse(String(frame))
    } catch {
      yield String(frame)
    }
  }
}

/** Whatever is thrown is the business of other tests. */
function quietly(act: () => unknown): void {
  try {
    act()
  } catch {
    // Refused.
  }
}

/** What is in it, down to the leaves: a message may be anywhere. */
function inside(value: unknown, depth = 0): readonly unknown[] {
  if (typeof value !== 'object' || value === null || depth > 3) return [value]
  return [value, ...Object.values(value).flatMap((each) => inside(each, depth + 1))]
}

describe('[A16] no prototype changes', () => {
  it(`while ${JSONS.toLocaleString('en')} JSONs are decoded, checked, cut into links and marks, and drawn`, () => {
    const before = look()
    let drawn = 0
    for (const value of values(JSONS)) {
      quietly(() => decodeServerFrame(JSON.stringify(value), 1_048_576))
      for (const part of inside(value)) {
        quietly(() => decodeBody(part))
        quietly(() => messageFault(part))
        quietly(() => cleanReceipt(part))
        for (const fault of Object.values(rowFaults)) quietly(() => (fault as (row: unknown) => unknown)(part))
        if (typeof part === 'string') quietly(() => [linkify(part), richText(part, 'marks')])
      }
      const [body] = inside(value).filter((part) => typeof part === 'object' && part !== null && 'kind' in part)
      quietly(() => {
        renderToString(<ChatProvider><MessageRow message={{ ...message(), ...(value as Partial<Message>), ...(body === undefined ? {} : { body: body as Message['body'] }) }} own={false} runStart runEnd conversationKind="group" /></ChatProvider>)
        drawn += 1
      })
    }
    expect(drawn).toBeGreaterThan(JSONS / 4)
    expect(changes(before)).toEqual([])
  }, PATIENCE_MS)

  it('while a running client is told all of it', async () => {
    const before = look()
    const transport = scriptedTransport()
    const storage = memoryStorage()
    const client = createChatClient({ userId: 'ann', transport, storage, ports: { locks: null, openChannel: () => null } })
    await client.ensureConversation({ id: 'c', kind: 'group', members: ['ann', 'bob'] })
    await client.start()
    const source = client.messages('c')
    source.subscribe(() => {})
    let told = 0
    for (const value of values(JSONS / 10)) {
      for (const part of inside(value)) {
        if (typeof part !== 'object' || part === null || !('type' in part)) continue
        quietly(() => transport.emit(part as TransportEvent))
        told += 1
      }
      if (told % 50 === 0) await new Promise((resolve) => setTimeout(resolve))
    }
    await client.importConversation([...values(100)].map((value) => `${JSON.stringify(value)}\n`)).catch(() => {})
    await expect.poll(async () => (await client.diagnostics()).state.phase).toBe('running')
    expect(told).toBeGreaterThan(JSONS / 40)
    await client.dispose()
    expect(changes(before)).toEqual([])
  }, PATIENCE_MS)

  it('would be seen', () => {
    const before = look()
    Object.assign(Object.prototype, { polluted: true })
    const after = look()
    Reflect.deleteProperty(Object.prototype, 'polluted')
    expect(changes(before, after)).toEqual(['Object prototype polluted'])
    expect(changes(before)).toEqual([])
  })
})
