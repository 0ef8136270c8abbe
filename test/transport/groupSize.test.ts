/** The most members of a group, on the hub and on the reference server: who is let in, and what becomes of a group that is too large. */
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Transport } from 'readback/core'
import { memoryHub } from 'readback/transport/memory'
import { websocketTransport } from 'readback/transport/websocket'
import { startServer } from '../servers/websocketServer.mjs'

const GROUP = { id: 'g', kind: 'group', members: ['ann', 'bob', 'cat'] } as const
const TOO_LARGE = { id: 'crowd', kind: 'group', members: ['ann', 'bob', 'cat', 'dan', 'eli'] } as const

let ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

const WIRES: readonly [string, () => Promise<() => Transport>][] = [
  ['hub', async () => {
    const hub = memoryHub({ limits: { groupSize: 3 } })
    ends.push(() => hub.dispose())
    return () => hub.transport()
  }],
  ['reference server', async () => {
    const server = await startServer({ port: 0, file: ':memory:', groupSize: 3 })
    ends.push(() => server.close())
    return () => websocketTransport({ url: server.url, WebSocket })
  }],
]

describe.each(WIRES)('the %s', (_name, open) => {
  async function people() {
    const make = await open()
    return async (userId: string, conversations: readonly { id: string; kind: 'group'; members: readonly string[] }[] = []) => {
      const transport = make()
      ends.push(() => transport.close())
      await transport.connect({ userId, token: async () => undefined, conversations })
      return transport
    }
  }

  it('keeps nobody from being online for a group that is too large, and refuses what is sent to it', async () => {
    const connect = await people()
    const ann = await connect('ann', [TOO_LARGE, GROUP])
    const send = (id: string) => ann.send({ localId: 'l1', conversation: { id, kind: 'group' }, body: { kind: 'text', text: 'hello' } })
    expect(await send('g')).toMatchObject({ at: { order: 1 } })
    await expect(send('crowd')).rejects.toMatchObject({ code: 'transport/notFound', stored: 'no', retry: 'no' })
  })

  it('lets as many in as are there, not as have ever been, also who comes back', async () => {
    const connect = await people()
    const [, , cat, dan] = [await connect('ann', [GROUP]), await connect('bob'), await connect('cat'), await connect('dan')]
    await expect(dan.join!('g')).rejects.toMatchObject({ code: 'transport/tooLarge', stored: 'no', retry: 'no' })
    await cat.leave!('g')
    await dan.join!('g')
    await expect(cat.join!('g')).rejects.toMatchObject({ code: 'transport/tooLarge', stored: 'no', retry: 'no' })
    // Who is there is there: the same again changes nothing.
    await dan.join!('g')
  })
})
