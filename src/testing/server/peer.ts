/** The other end of a server's socket, that may say anything. */
import { systemClock, systemRandom } from '../../model/index.js'
import type { SocketConstructor } from '../../transport/websocket/index.js'
import type { ServerUnderTest } from './serverSetup.js'

export type Frame = Readonly<Record<string, unknown>>

export interface Peer {
  readonly heard: readonly Frame[]
  /** A text or bytes as they are; anything else as JSON. */
  say(frame: unknown): void
  /** A call with a number of its own; resolves with what answers it. */
  call(name: string, params: unknown, no?: number): Promise<Frame>
  next(what: string, fits: (frame: Frame) => boolean): Promise<Frame>
  until(what: string, holds: () => boolean): Promise<void>
  isClosed(): boolean
  close(): void
}

/** People and a conversation of their own, and peers that are let go of in the end. */
export interface Stage {
  readonly ann: string
  readonly bob: string
  readonly conversation: { readonly id: string; readonly kind: 'direct'; readonly members: readonly string[] }
  /** Connected, and nothing said. */
  open(): Promise<Peer>
  hello(userId: string, more?: Frame): Promise<Frame>
  /** Welcomed. */
  welcomed(userId: string, more?: Frame): Promise<Peer>
  quiet(): Promise<void>
  strike(): void
}

const STEP_MS = 5
const QUIET_MS = 300

export function createStage(server: ServerUnderTest): Stage {
  const run = systemRandom.id().slice(0, 8)
  const [ann, bob] = [`ann-${run}`, `bob-${run}`]
  const conversation = { id: `c-${run}`, kind: 'direct', members: [ann, bob] } as const
  const peers: Peer[] = []
  const patienceMs = server.patienceMs ?? 20_000

  async function open(): Promise<Peer> {
    const Socket = server.WebSocket ?? (globalThis as unknown as { WebSocket: SocketConstructor }).WebSocket
    const socket = new Socket(server.url)
    const heard: Frame[] = []
    let [isOpen, isClosed, lastNo] = [false, false, 0]
    socket.onopen = () => { isOpen = true }
    socket.onmessage = (event: { readonly data: unknown }) => void heard.push(JSON.parse(String(event.data)) as Frame)
    socket.onclose = () => { isClosed = true }
    socket.onerror = () => {}

    async function until(what: string, holds: () => boolean): Promise<void> {
      for (let waited = 0; waited < patienceMs && !holds(); waited += STEP_MS) await pass(STEP_MS)
      if (!holds()) throw new Error(`Expected that ${what}; after ${patienceMs} ms it is not so. The last frames of the server: ${JSON.stringify(heard.slice(-3)).slice(0, 500)}${isClosed ? ', and it has hung up' : ''}.`)
    }

    const peer: Peer = {
      heard,
      say: (frame) => (socket.send as (data: unknown) => void).call(socket, typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
      call(name, params, no = (lastNo += 1)) {
        lastNo = Math.max(lastNo, no)
        peer.say({ type: 'call', no, name, with: params })
        return peer.next(`call ${no} ("${name}") is answered`, (frame) => (frame['type'] === 'answer' || frame['type'] === 'refusal') && frame['no'] === no)
      },
      async next(what, fits) {
        await until(what, () => heard.some(fits))
        return heard.find(fits)!
      },
      until,
      isClosed: () => isClosed,
      close: () => socket.close(),
    }
    peers.push(peer)
    await until(`"${server.url}" takes a connection`, () => isOpen || isClosed)
    return peer
  }

  async function hello(userId: string, more: Frame = {}): Promise<Frame> {
    const token = await server.token?.(userId)
    return { type: 'hello', version: 1, userId, device: systemRandom.id(), conversations: [conversation], ...(token === undefined ? {} : { token }), ...more }
  }

  return {
    ann, bob, conversation, open, hello,
    async welcomed(userId, more) {
      const peer = await open()
      peer.say(await hello(userId, more))
      await peer.next('the hello is answered by a welcome', ({ type }) => type === 'welcome')
      return peer
    },
    quiet: () => pass(QUIET_MS),
    strike: () => peers.forEach((peer) => peer.close()),
  }
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => { systemClock.setTimer(resolve, ms) })
}
