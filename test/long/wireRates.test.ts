/**
 * How fast the wire is, over loopback and the reference server with a real database: messages and receipts a second, and how long a report takes from its
 * flush to the sender's device, alone and while 10,000 messages flood the other lane. It measures; nothing here fails on a slow machine.
 */
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Accepted, Transport } from 'readback/core'
import { websocketTransport } from 'readback/transport/websocket'
import { startServerProcess } from '../servers/serverProcess.js'

const MESSAGES = 10_000
const SAMPLES = 200
const QUIET = { id: 'quiet', kind: 'direct', members: ['ann', 'bob'] } as const
const BUSY = { id: 'busy', kind: 'group', members: ['ann', 'bob', 'cat'] } as const

it('messages a second, receipts a second, and milliseconds from flush to the sender', async () => {
  const server = await startServerProcess()
  const transports: Transport[] = []
  try {
    const connect = async (userId: string) => {
      const transport = websocketTransport({ url: server.url, WebSocket, callTimeoutMs: 60_000 })
      transports.push(transport)
      await transport.connect({ userId, token: async () => undefined, conversations: [QUIET, BUSY].filter(({ members }) => (members as readonly string[]).includes(userId)) })
      return transport
    }
    const [ann, bob, cat] = [await connect('ann'), await connect('bob'), await connect('cat')]
    const say = (from: Transport, conversation: typeof QUIET | typeof BUSY, text: string) => from.send({ localId: `${text}-${Math.random()}`, conversation, body: { kind: 'text', text } })
    const report = (from: Transport, conversation: typeof QUIET | typeof BUSY, { at }: Accepted) => from.report({ conversation, kind: 'read', visibility: 'published', upTo: at!, ranges: [], messages: [], ageMs: 0 })

    const sent: Accepted[] = []
    const flood = (count: number) => Promise.all(Array.from({ length: count }, async (_, n) => sent.push(await say(cat, BUSY, `m${n}`))))
    const messagesPerSecond = MESSAGES / (await seconds(() => flood(MESSAGES)))
    sent.sort((a, b) => a.at!.order - b.at!.order)
    const receiptsPerSecond = sent.length / (await seconds(() => Promise.all(sent.map((accepted) => report(bob, BUSY, accepted)))))

    /** From the call of `report` on one device to the event on the sender's. */
    async function latencies(): Promise<number[]> {
      const took: number[] = []
      for (let n = 0; n < SAMPLES; n += 1) {
        const accepted = await say(ann, QUIET, `q${n}`)
        const order = accepted.at!.order
        const started = performance.now()
        const told = new Promise<void>((resolve) => {
          const stop = ann.on((event) => {
            if (event.type !== 'receipt' || event.conversationId !== QUIET.id || (event.upTo?.order ?? 0) < order) return
            stop()
            resolve()
          })
        })
        await Promise.all([report(bob, QUIET, accepted), told])
        took.push(performance.now() - started)
      }
      return took.sort((a, b) => a - b)
    }
    const alone = await latencies()
    let isOver = false
    const flooding = flood(MESSAGES).then(() => { isOver = true })
    const under: number[] = []
    while (!isOver && under.length < SAMPLES * 5) under.push(...(await latencies()))
    await flooding
    under.sort((a, b) => a - b)
    const show = (name: string, from: readonly number[]) => `${name}: median ${at(from, 0.5).toFixed(1)} ms, p95 ${at(from, 0.95).toFixed(1)} ms`
    process.stdout.write([
      `messages a second: ${Math.round(messagesPerSecond)}`, `receipts a second: ${Math.round(receiptsPerSecond)}`, show('flush to the sender, alone', alone), show(`flush to the sender, while ${MESSAGES} messages flood`, under), '',
    ].join('\n'))
    expect(alone).toHaveLength(SAMPLES)
    expect(under.length).toBeGreaterThan(0)
  } finally {
    await Promise.all(transports.map((transport) => transport.close()))
    await server.remove()
  }
}, 600_000)

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1_000
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
