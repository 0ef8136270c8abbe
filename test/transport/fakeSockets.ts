/** WebSockets that a test holds by the other end. */
import type { SocketConstructor } from 'readback/transport/websocket'

export interface FakeSocket {
  readonly url: string
  /** Frames that the device sent, read. */
  readonly sent: Record<string, unknown>[]
  bufferedAmount: number
  isClosed: boolean
  open(): void
  receive(data: unknown): void
  break(code?: number): void
}

export interface FakeSockets {
  readonly WebSocket: SocketConstructor
  readonly all: FakeSocket[]
  /** The socket that is opened next, or the one that nobody has asked for yet. */
  next(): Promise<FakeSocket>
}

export function createFakeSockets(): FakeSockets {
  const all: FakeSocket[] = []
  let taken = 0

  class Fake implements FakeSocket {
    onopen: ((event: never) => void) | null = null
    onmessage: ((event: never) => void) | null = null
    onclose: ((event: never) => void) | null = null
    onerror: ((event: never) => void) | null = null
    readonly sent: Record<string, unknown>[] = []
    bufferedAmount = 0
    isClosed = false
    readonly url: string

    constructor(url: string) {
      this.url = url
      all.push(this)
    }

    send(data: string): void {
      if (this.isClosed) throw new Error('closed')
      this.sent.push(JSON.parse(data) as Record<string, unknown>)
    }

    close(): void {
      this.isClosed = true
    }

    open(): void {
      this.onopen?.({} as never)
    }

    receive(data: unknown): void {
      const raw = typeof data === 'string' || data instanceof Uint8Array ? data : JSON.stringify(data)
      this.onmessage?.({ data: raw } as never)
    }

    break(code = 1006): void {
      this.isClosed = true
      this.onclose?.({ code } as never)
    }
  }

  return {
    WebSocket: Fake,
    all,
    async next() {
      for (let turn = 0; turn < 100 && all.length <= taken; turn += 1) await Promise.resolve()
      const socket = all[taken]
      if (!socket) throw new Error('No socket was opened.')
      taken += 1
      return socket
    },
  }
}

/** The server takes the hello. */
export async function welcome(socket: FakeSocket): Promise<void> {
  socket.open()
  socket.receive({ type: 'welcome', version: 1 })
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
