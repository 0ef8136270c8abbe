/** How far somebody got may be more stretches than one receipt may name. The hub and the reference server tell it in parts, which come to the same. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { joinProgress, NO_PROGRESS, toProgress, type Accepted, type IncomingReceipt, type PointRange, type Progress, type Transport } from 'readback/core'
import { memoryHub } from 'readback/transport/memory'
import { websocketTransport } from 'readback/transport/websocket'
import { startServer } from '../servers/websocketServer.mjs'

const STRETCHES = 10_001
/** Of one receipt: a device drops one that names more than ten times as many. */
const MOST_RANGES = 1_000
const GROUP = { id: 'g', kind: 'group', members: ['ann', 'bob', 'cat'] } as const
const WAIT = { timeout: 30_000 }

let ends: (() => Promise<unknown>)[] = []
/** Frames that a device does not take: what is in them is lost. */
let problems: string[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
  problems = []
})

const WIRES: readonly [string, () => Promise<() => Transport>][] = [
  ['hub', async () => {
    const hub = memoryHub()
    ends.push(() => hub.dispose())
    return () => hub.transport()
  }],
  ['reference server', async () => {
    const server = await startServer({ port: 0, file: ':memory:' })
    ends.push(() => server.close())
    return () => websocketTransport({ url: server.url, WebSocket, onProblem: ({ message }) => void problems.push(message) })
  }],
]

const ranges = (sent: readonly Accepted[]): readonly PointRange[] => sent.map(({ at }) => ({ from: at!, to: at! }))
const joined = (receipts: readonly IncomingReceipt[]): Progress => receipts.reduce<Progress>((sum, { upTo = null, ranges: part = [] }) => joinProgress(sum, toProgress(upTo, part)), NO_PROGRESS)
const ofBob = (receipts: readonly IncomingReceipt[]) => receipts.filter(({ by, kind }) => by === 'bob' && kind === 'read')
const sizes = (receipts: readonly IncomingReceipt[]) => receipts.map(({ ranges: part = [] }) => part.length)
const places = ({ upTo, ranges: stretches }: Progress) => [upTo?.order ?? null, ...stretches.map(({ from, to }) => `${from.order}–${to.order}`)].join(' ')

/** Ann has said as much as there are stretches, and Bob has read each by itself; the last report is of one more. */
async function readHereAndThere(open: () => Promise<() => Transport>) {
  const make = await open()
  async function connect(userId: string, since?: string) {
    const transport = make()
    const receipts: IncomingReceipt[] = []
    /** After how many receipts each came. */
    const cursors: { readonly cursor: string; readonly after: number }[] = []
    transport.on((event) => {
      if (event.type === 'receipt') receipts.push(event)
      if (event.type === 'cursor') cursors.push({ cursor: event.cursor, after: receipts.length })
    })
    ends.push(() => transport.close())
    await transport.connect({ userId, token: async () => undefined, conversations: [GROUP], ...(since === undefined ? {} : { since }) })
    return { transport, receipts, cursors }
  }
  const ann = await connect('ann')
  const bob = await connect('bob')
  const conversation = { id: GROUP.id, kind: GROUP.kind }
  const sent = await Promise.all(Array.from({ length: STRETCHES }, (_, n) => ann.transport.send({ localId: `l${n}`, conversation, body: { kind: 'text', text: `${n}` } })))
  const named = (accepted: Accepted) => ({ id: accepted.id, at: accepted.at!, localId: accepted.localId, from: 'ann' })
  const report = (part: readonly Accepted[], content?: string) =>
    bob.transport.report({ conversation, kind: 'read', visibility: 'published', upTo: null, ranges: ranges(part), messages: content === undefined ? [] : part.map(named), ageMs: 0, ...(content === undefined ? {} : { content }) })
  // A frame carries no more.
  for (const from of [0, 5_000]) await report(sent.slice(from, from + 5_000))
  await report(sent.slice(STRETCHES - 1), 'seen')
  return { ann, sent, connect, whole: places(toProgress(null, ranges(sent))) }
}

describe.each(WIRES)('the %s', (name, open) => {
  it('[RS35] tells ten thousand and one stretches whole, none of the receipts with more than a device takes: live, to who comes later, to who was cut off in the middle, and to who asks', async () => {
    const { ann, sent, connect, whole } = await readHereAndThere(open)
    const isWhole = (receipts: readonly IncomingReceipt[]) => places(joined(ofBob(receipts))) === whole
    const later = await connect('ann')
    for (const { receipts } of [ann, later]) {
      await vi.waitFor(() => expect(isWhole(receipts)).toBe(true), WAIT)
      expect(Math.max(...sizes(receipts))).toBe(MOST_RANGES)
    }
    // In whatever order they come.
    expect(isWhole(later.receipts.toReversed())).toBe(true)
    // What was said of a single message comes once, with the first of the parts.
    expect(ofBob(ann.receipts).flatMap(({ ids = [], content }) => (content === undefined ? [] : [[ids, content]]))).toEqual([[[sent.at(-1)!.id], 'seen']])
    const inTheMiddle = ann.cursors.findLast(({ after }) => after < ann.receipts.length - 3)
    const cutOff = await connect('ann', inTheMiddle!.cursor)
    await vi.waitFor(() => expect(places(joined(ofBob([...ann.receipts.slice(0, inTheMiddle!.after), ...cutOff.receipts]))) === whole).toBe(true), WAIT)
    expect(cutOff.receipts.length).toBeGreaterThan(0)
    const asked = ofBob(await ann.transport.readStates!(GROUP.id)).filter(({ content }) => content === undefined)
    expect(Math.max(...sizes(asked))).toBe(MOST_RANGES)
    expect(whole.startsWith(places(joined(asked)))).toBe(true)
    // The hub has no frames; of the server the rest comes as events.
    if (name === 'hub') expect(isWhole(asked)).toBe(true)
    expect(problems).toEqual([])
  }, 120_000)
})
