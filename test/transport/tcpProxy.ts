/** A wire that can be cut, stalled and made to swallow, between a device and a real server. It knows nothing of what it carries. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpProxy {
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

export async function startTcpProxy(target: { readonly host?: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>()
  let isCut = false
  let isStalled = false
  let swallowsNext = false

  const server = createServer((near) => {
    near.on('error', () => {})
    if (isCut) return void near.destroy()
    const far = connect(target.port, target.host ?? '127.0.0.1')
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

  function pause({ near, far }: { near: Socket; far: Socket }): void {
    near.pause()
    far.pause()
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
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
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
      server.close(() => resolve())
    }),
  }
}
