/** A wire that can be cut, stalled and made to swallow, between a device and a real server. It knows nothing of what it carries. */

/** What of `node:net` a wire is made of; hand in the module itself. @public */
export interface Net {
  createServer(onConnection: (socket: NetSocket) => void): NetServer
  connect(port: number, host: string): NetSocket
}

/** @public */
export interface NetServer {
  listen(port: number, host: string, ready: () => void): unknown
  address(): unknown
  close(done: () => void): unknown
}

/** @public */
export interface NetSocket {
  on(event: string, listener: (data: Uint8Array) => void): unknown
  write(data: Uint8Array): unknown
  pause(): unknown
  resume(): unknown
  destroy(): unknown
}

/** @public */
export interface TcpProxy {
  /** Where a device dials, on 127.0.0.1. */
  readonly port: number
  /** Breaks every connection, and refuses new ones until `restore`. */
  cut(): void
  restore(): void
  /** Nothing passes either way, and nobody is told: a half-open connection. */
  stall(): void
  resume(): void
  /** What the device sends next arrives; nothing comes back, and then the connection breaks. */
  swallowAnswer(): void
  close(): Promise<void>
}

/** How long a swallowed answer is waited for, milliseconds. */
const SWALLOW_MS = 150

/** Lays a wire to a server that listens without TLS. Needs Node. @public */
export async function startTcpProxy(net: Net, target: { readonly host?: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<{ readonly near: NetSocket; readonly far: NetSocket }>()
  let isCut = false
  let isStalled = false
  let swallowsNext = false

  const server = net.createServer((near) => {
    near.on('error', () => {})
    if (isCut) return void near.destroy()
    const far = net.connect(target.port, target.host ?? '127.0.0.1')
    const pair = { near, far }
    let swallows = false
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    far.on('error', () => {})
    near.on('close', end)
    far.on('close', end)
    near.on('data', (data) => {
      if (swallowsNext) {
        swallowsNext = false
        swallows = true
        setTimeout(end, SWALLOW_MS)
      }
      far.write(data)
    })
    far.on('data', (data) => {
      if (!swallows) near.write(data)
    })
    if (isStalled) pause(pair)
  })

  function pause({ near, far }: { near: NetSocket; far: NetSocket }): void {
    near.pause()
    far.pause()
  }

  function breakAll(): void {
    for (const { near, far } of pairs) {
      near.destroy()
      far.destroy()
    }
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    port: (server.address() as { readonly port: number }).port,
    cut() {
      isCut = true
      breakAll()
    },
    restore() {
      isCut = false
    },
    stall() {
      isStalled = true
      pairs.forEach(pause)
    },
    resume() {
      isStalled = false
      for (const { near, far } of pairs) {
        near.resume()
        far.resume()
      }
    },
    swallowAnswer() {
      swallowsNext = true
    },
    close: () => new Promise((resolve) => {
      breakAll()
      server.close(() => resolve())
    }),
  }
}
