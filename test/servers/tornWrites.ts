/** Ends the server in the middle of a write to its files, each time at another one, and holds what it acknowledged against what it has afterwards. */
import { WebSocket } from 'ws'
import type { Accepted, IncomingMessage, Transport } from 'readback/core'
import { websocketTransport } from 'readback/transport/websocket'
import { startServerProcess } from './serverProcess.js'
import { wholeLog } from './wholeLog.js'

const CONVERSATION = { id: 'torn', kind: 'group', members: ['ann', 'bob'] } as const
const SENDS = 12
/** So long that a transaction touches several pages. */
const CHARACTERS = 3_000

export interface TornReport {
  readonly accepted: readonly Accepted[]
  readonly log: readonly IncomingMessage[]
  /** Rounds that ended in the middle of a write. */
  readonly torn: number
}

/** @param writes - of each round, which write is the last, counted from the start of the process */
export async function tornWrites(writes: readonly number[]): Promise<TornReport> {
  const server = await startServerProcess()
  const accepted: Accepted[] = []
  let torn = 0

  async function withDevice<T>(work: (transport: Transport) => Promise<T>): Promise<T> {
    const transport = websocketTransport({ url: server.url, WebSocket, callTimeoutMs: 5_000 })
    const online = new Promise<void>((resolve) => transport.on((event) => event.type === 'state' && event.state.status === 'online' && resolve()))
    try {
      const connected = Promise.all([transport.connect({ userId: 'ann', token: async () => undefined, conversations: [CONVERSATION] }), online])
      const gone = server.ended().then((): never => { throw new Error('The server has gone.') })
      return await Promise.race([connected.then(() => work(transport)), gone])
    } finally {
      await transport.close()
    }
  }

  /** One after the other, until the server is gone. */
  async function sendAll(transport: Transport, round: number): Promise<void> {
    for (let n = 0; n < SENDS; n += 1) {
      const localId = `${round}-${n}`
      accepted.push(await transport.send({ localId, conversation: CONVERSATION, body: { kind: 'text', text: localId.padEnd(CHARACTERS, '.') } }))
    }
  }

  try {
    for (const [round, atWrite] of writes.entries()) {
      await server.kill()
      // With the server goes the connection: what was under way is not accepted.
      if (await server.startDying(atWrite)) await withDevice((transport) => sendAll(transport, round)).catch(() => server.ended())
      if (server.isRunning()) await server.kill()
      else torn += 1
      await server.start()
    }
    return { accepted, log: await withDevice((transport) => wholeLog(transport, CONVERSATION.id)), torn }
  } finally {
    await server.remove()
  }
}
