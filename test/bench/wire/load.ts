/** Load on the wire from plain Node: `rates <url> <count>` prints how many a second, `flood <url> <count>` sends messages and nothing else. */
import { WebSocket } from 'ws'
import type { Accepted, Transport } from 'readback/core'
import { websocketTransport } from 'readback/transport/websocket'

const CONVERSATION = { id: 'busy', kind: 'group', members: ['ann', 'bob', 'cat'] } as const

async function main([what, url, count]: readonly string[]): Promise<void> {
  const cat = await connect('cat', url!)
  if (what === 'flood') await send(cat, Number(count))
  else process.stdout.write(JSON.stringify(await rates(cat, url!, Number(count))))
  await cat.close()
}

/** One sender and one reader; the server has its database on disk and answers after each commit. */
async function rates(cat: Transport, url: string, count: number) {
  const bob = await connect('bob', url)
  const sent: Accepted[] = []
  const messagesPerSecond = count / (await seconds(async () => sent.push(...(await send(cat, count)))))
  sent.sort((a, b) => a.at!.order - b.at!.order)
  const receiptsPerSecond = count / (await seconds(() => Promise.all(sent.map(({ at }) => bob.report({ conversation: CONVERSATION, kind: 'read', visibility: 'published', upTo: at!, ranges: [], messages: [], ageMs: 0 })))))
  await bob.close()
  return { count, messagesPerSecond, receiptsPerSecond }
}

async function connect(userId: string, url: string): Promise<Transport> {
  const transport = websocketTransport({ url, WebSocket, callTimeoutMs: 120_000 })
  await transport.connect({ userId, token: async () => undefined, conversations: [CONVERSATION] })
  return transport
}

function send(from: Transport, count: number): Promise<Accepted[]> {
  const run = crypto.randomUUID()
  return Promise.all(Array.from({ length: count }, (_, n) => from.send({ localId: `${run}-${n}`, conversation: CONVERSATION, body: { kind: 'text', text: `Message ${n} of a flood` } })))
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1_000
}

await main(process.argv.slice(2))
