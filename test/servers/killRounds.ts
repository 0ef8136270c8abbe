/** Kills the server in the middle of a flood, again and again, and holds what it acknowledged against what it has afterwards. */
import { WebSocket } from 'ws'
import { comparePoints, joinProgress, NO_PROGRESS, toProgress, type Accepted, type IncomingMessage, type Point, type Progress, type Transport } from 'readback/core'
import { websocketTransport } from 'readback/transport/websocket'
import { startServerProcess } from './serverProcess.js'
import { wholeLog } from './wholeLog.js'

const CONVERSATION = { id: 'flood', kind: 'group' } as const
const MEMBERS = ['ann', 'bob', 'cat', 'dan']
/** Sends of one person that are open at a time. */
const OPEN_SENDS = 20
const PATIENCE_MS = 60_000

export interface KillReport {
  readonly sent: number
  readonly accepted: readonly Accepted[]
  readonly log: readonly IncomingMessage[]
  /** What a device that was there all the time was told. */
  readonly heard: readonly IncomingMessage[]
  /** Greatest point whose report was acknowledged, and what the sender knows of it in the end. */
  readonly reported: Point | null
  readonly known: Progress
  readonly kills: number
  /** Sends that were accepted as repeats: stored, and their answers lost with the server. */
  readonly repeats: number
}

export async function killRounds({ kills, perPerson, random }: { kills: number; perPerson: number; random: () => number }): Promise<KillReport> {
  const server = await startServerProcess()
  const transports: Transport[] = []
  const accepted: Accepted[] = []
  const heard: IncomingMessage[] = []
  let known = NO_PROGRESS
  let reported: Point | null = null
  let isOver = false

  async function connect(userId: string): Promise<Transport> {
    const transport = websocketTransport({ url: server.url, WebSocket, maxBackoffMs: 100, callTimeoutMs: 5_000 })
    transports.push(transport)
    await transport.connect({ userId, token: async () => undefined, conversations: [{ ...CONVERSATION, members: MEMBERS }] })
    return transport
  }

  /** As the core does: the same local id until it is accepted. */
  async function untilTaken<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (isOver) throw error
        await pass(5 + random() * 20)
      }
    }
  }

  async function flood(transport: Transport, userId: string): Promise<void> {
    let next = 0
    const worker = async () => {
      while (next < perPerson) {
        const localId = `${userId}-${next++}`
        accepted.push(await untilTaken(() => transport.send({ localId, conversation: CONVERSATION, body: { kind: 'text', text: localId } })))
      }
    }
    await Promise.all(Array.from({ length: OPEN_SENDS }, worker))
  }

  async function readAlong(transport: Transport): Promise<void> {
    while (!isOver) {
      const upTo = heard.at(-1)?.at
      if (upTo) {
        await untilTaken(() => transport.report({ conversation: CONVERSATION, kind: 'read', visibility: 'published', upTo, ranges: [], messages: [], ageMs: 0 }))
        if (reported === null || comparePoints(upTo, reported) > 0) reported = upTo
      }
      await pass(3)
    }
  }

  async function killAgainAndAgain(): Promise<number> {
    let done = 0
    for (; done < kills && !isOver; done += 1) {
      await pass(150 + random() * 500)
      await server.kill()
      await server.start()
    }
    return done
  }

  try {
    const [ann, bob, cat, dan] = [await connect('ann'), await connect('bob'), await connect('cat'), await connect('dan')] as const
    ann.on((event) => {
      if (event.type === 'receipt' && event.by === 'dan' && event.kind === 'read') known = joinProgress(known, toProgress(event.upTo ?? null, event.ranges))
    })
    dan.on((event) => {
      if (event.type === 'message') heard.push(event.message)
    })
    const reading = readAlong(dan)
    const [done] = await Promise.all([killAgainAndAgain(), flood(ann, 'ann'), flood(bob, 'bob'), flood(cat, 'cat')])
    await until(() => new Set(heard.map(({ id }) => id)).size === perPerson * 3)
    // The last kill may have been a moment ago, and the device still on its way back.
    const log = await untilTaken(() => wholeLog(dan, CONVERSATION.id))
    isOver = true
    // Its last report may have been under way when it was told to stop.
    await reading.catch(() => {})
    await until(() => reported === null || (known.upTo !== null && comparePoints(known.upTo, reported) >= 0))
    return { sent: perPerson * 3, accepted, log, heard, reported, known, kills: done, repeats: accepted.filter(({ repeat }) => repeat).length }
  } finally {
    isOver = true
    await Promise.all(transports.map((transport) => transport.close()))
    await server.remove()
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !holds(); waited += 10) await pass(10)
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms) })
}
