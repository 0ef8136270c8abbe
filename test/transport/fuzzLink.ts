/**
 * A server that lies through a whole connection: between frames that are right it sends bent, torn, oversize and binary ones, repeats what it sent, and answers
 * what nobody asked. What is right must be heard once and in order, everything else counted, and calls end by their own answer or by a typed error.
 */
import { TransportError, type TransportEvent } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { websocketTransport } from 'readback/transport/websocket'
import { createFakeSockets, welcome } from './fakeSockets.js'
import { createFuzzer } from './fuzzFrames.js'

const MAX_FRAME_BYTES = 16_384
const LANES = ['message', 'receipt'] as const

export interface LinkReport {
  readonly frames: number
  readonly problems: Readonly<Record<string, number>>
  readonly connections: number
  readonly calls: { readonly answered: number; readonly refused: number }
  /** What went wrong. Must be empty. */
  readonly broke: readonly string[]
}

export async function fuzzLink(frames: number, seed: number): Promise<LinkReport> {
  const clock = createFakeClock()
  const sockets = createFakeSockets()
  const transport = websocketTransport({ url: 'wss://chat.example.org/', WebSocket: sockets.WebSocket, clock, maxFrameBytes: MAX_FRAME_BYTES, connectivity: { isOnline: () => true, subscribe: () => () => {} }, random: { next: () => 0.5, id: () => 'device' } })
  const bent = createFuzzer(seed)
  let state = seed
  const next = () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)
  const upTo = (n: number) => Math.floor(next() * n)
  const broke: string[] = []
  const heard: string[] = []
  const told: string[] = []
  const calls = { answered: 0, refused: 0 }
  let cursor: string | null = null
  let last: Record<(typeof LANES)[number], number> = { message: 0, receipt: 0 }
  let sent: string[] = []
  let made = 0
  let open: { readonly no: number; readonly localId: string }[] = []

  transport.on((event: TransportEvent) => {
    if (event.type === 'reset' && event.conversationId.startsWith('told-')) heard.push(event.conversationId)
    if (event.type === 'cursor') cursor = event.cursor
  })
  const connecting = transport.connect({ userId: 'ann', token: async () => 'a token', conversations: [] })
  let socket = await sockets.next()
  await welcome(socket)
  await connecting

  /** Whatever ended the connection: the device is back by itself, and begins anew. */
  async function comeBack(): Promise<void> {
    for (let waitedMs = 0; waitedMs <= 3_600_000 && (sockets.all.at(-1) === socket || sockets.all.at(-1)!.isClosed); waitedMs += 5_000) await clock.advanceAsync(5_000)
    if (sockets.all.at(-1) === socket) throw new Error('The device did not come back within an hour.')
    socket = sockets.all.at(-1)!
    await welcome(socket)
    last = { message: 0, receipt: 0 }
    sent = []
    open = []
  }

  function right(): string {
    const lane = LANES[upTo(2)]!
    const id = `told-${(made += 1)}`
    told.push(id)
    last[lane] += 1
    return JSON.stringify({ type: 'events', lane, no: last[lane], events: [{ type: 'reset', conversationId: id, epoch: 1 }], cursor: `c${made}` })
  }

  function call(): void {
    const localId = `l${(made += 1)}`
    const settle = (what: 'answered' | 'refused') => { calls[what] += 1 }
    transport.send({ localId, conversation: { id: 'c', kind: 'direct' }, body: { kind: 'text', text: 'x' } }).then(
      (accepted) => (accepted.localId === localId ? settle('answered') : broke.push(`the answer to ${localId} was taken from ${accepted.localId}`)),
      (error: unknown) => (error instanceof TransportError ? settle('refused') : broke.push(`${localId} ended by ${String(error)}`)),
    )
    const no = (socket.sent.findLast(({ type }) => type === 'call') as { no: number } | undefined)?.no
    if (no !== undefined) open.push({ no, localId })
  }

  function wrong(): string | Uint8Array {
    switch (upTo(6)) {
      case 0: return sent.length === 0 ? '{}' : sent[upTo(sent.length)]!
      case 1: return JSON.stringify({ type: 'answer', no: 1_000_000 + upTo(1_000), result: null })
      case 2: return JSON.stringify({ type: 'events', lane: 'message', no: 1, events: ['x'.repeat(MAX_FRAME_BYTES)] })
      case 3: return JSON.stringify({ type: 'welcome', version: upTo(3) })
      default: return harmless(bent()) ? (lastBent as string) : '[]'
    }
  }

  let lastBent: string | Uint8Array = ''
  /** Not one that is right by accident, which would have to be heard, and no answer to a call that is open. */
  function harmless(frame: string | Uint8Array): boolean {
    lastBent = frame
    try {
      const { type, lane, no } = JSON.parse(String(frame)) as { type: string; lane: string; no: number }
      if (type === 'events') return no !== last[lane as 'message'] + 1
      return (type !== 'answer' && type !== 'refusal') || !open.some((each) => each.no === no)
    } catch {
      return true
    }
  }

  for (let n = 0; n < frames; n += 1) {
    const kind = next()
    const before = clock.pending
    try {
      if (kind < 0.02) call()
      else if (kind < 0.04 && open.length > 0) {
        const { no, localId } = open.shift()!
        socket.receive({ type: 'answer', no, result: next() < 0.5 ? { localId, id: `m-${localId}`, at: { epoch: 0, order: n, id: `m-${localId}` }, time: 1 } : { localId: 7 } })
      } else {
        const frame = kind < 0.5 ? right() : wrong()
        if (typeof frame === 'string' && kind < 0.5) sent = [...sent.slice(-20), frame]
        socket.receive(frame)
      }
    } catch (error) {
      broke.push(`frame ${n}: ${String(error)}`)
    }
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve()
    if (socket.isClosed) await comeBack()
    if (clock.pending > before + 50) broke.push(`frame ${n}: timers pile up`)
  }
  if (heard.join() !== told.join()) broke.push(`told ${told.length}, heard ${heard.length}; first difference at ${told.findIndex((id, at) => id !== heard[at])}`)
  if (told.length > 0 && cursor !== `c${told.at(-1)!.slice(5)}`) broke.push(`the last cursor is ${String(cursor)}`)
  const { connections, problems } = transport.stats()
  await transport.close()
  await clock.advanceAsync(60_000)
  if (clock.pending > 0) broke.push(`${clock.pending} timers after close`)
  return { frames, problems, connections, calls, broke }
}
