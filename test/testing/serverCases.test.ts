/** The cases for servers: the reference server passes them, and a server that does otherwise is found. */
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { protocolCases, serverSetup, type ServerUnderTest } from 'readback/testing'
import { issueToken, startServer } from '../servers/websocketServer.mjs'

const SECRET = 'only for tests'
let reference: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  reference = await startServer({ port: 0, file: ':memory:', secret: SECRET })
})
afterAll(() => reference.close())

describe('the reference server', () => {
  const server: ServerUnderTest = { get url() { return reference.url }, WebSocket, token: async (userId) => issueToken(SECRET, userId, Date.now() + 3_600_000) }
  for (const { title, run } of protocolCases(server)) it.concurrent(title, run)
})

/** A server that does otherwise: what it says is bent before it is heard. */
function bent(change: (frame: Record<string, unknown>, say: (frame: object) => void) => object | null): ServerUnderTest['WebSocket'] {
  return class extends WebSocket {
    override emit(event: string, ...args: unknown[]): boolean {
      if (event !== 'message') return super.emit(event, ...args)
      const frame = change(JSON.parse(String(args[0])) as Record<string, unknown>, (said) => this.send(JSON.stringify(said)))
      return frame === null || super.emit(event, Buffer.from(JSON.stringify(frame)), false)
    }
  }
}

describe('a server that does otherwise is found', () => {
  it.each([
    ['says nothing to what it cannot read', bent((frame) => (frame['type'] === 'refusal' && frame['no'] === undefined ? null : frame)), 'a frame that is no JSON is answered by a refusal without a number, and changes nothing'],
    ['takes whatever it is given', bent((frame) => (frame['type'] === 'refusal' && frame['no'] !== undefined ? { type: 'answer', no: frame['no'], result: null } : frame)), 'a report of a kind of its own is refused by its number, and changes nothing'],
    ['has what it refuses tried for ever', bent((frame) => (frame['type'] === 'refusal' ? { ...frame, retry: 'yes' } : frame)), 'a send of an image without a file is refused by its number, and changes nothing'],
    ['waits for no got', bent((frame, say) => {
      if (frame['type'] === 'events') say({ type: 'got', lane: frame['lane'], no: frame['no'] })
      return frame
    }), 'events are numbered from 1 on each lane; without a got no more than four frames come, and one more for each'],
    ['believes any version', bent((frame) => (frame['type'] === 'refusal' ? { type: 'welcome', version: 1 } : frame)), 'another version of the protocol is refused for good'],
    ['knows every cursor', bent((frame) => (frame['type'] === 'events' ? { ...frame, events: [] } : frame)), 'a cursor of nobody is answered by telling everything anew'],
  ])('one that %s', async (_what, Socket, title) => {
    const server = { url: reference.url, WebSocket: Socket!, token: async (userId: string) => issueToken(SECRET, userId, Date.now() + 3_600_000), patienceMs: 600 }
    await expect(protocolCases(server).find((each) => each.title === title)!.run()).rejects.toThrow(/Expected|It must be/)
  })
})

describe('what a server cannot is left out, and said', () => {
  const abilities = (server: Omit<ServerUnderTest, 'WebSocket'>) => serverSetup({ ...server, WebSocket }).cannot

  it('without `net`, or with TLS, no wire is cut', () => {
    const wires = ['drop', 'stall', 'swallowAnswer']
    expect(abilities({ url: 'ws://127.0.0.1:1' })).toEqual(expect.arrayContaining(wires))
    expect(abilities({ url: 'wss://chat.example.org/', net })).toEqual(expect.arrayContaining(wires))
    expect(abilities({ url: 'ws://127.0.0.1:1', net })).toEqual(['expiredToken', 'shortToken', 'replayLimit', 'reset', 'passLong'])
  })

  it('windows are waited out where they are short, and the rest is asked as it is offered', () => {
    expect(abilities({ url: 'ws://127.0.0.1:1', net, capabilities: { limits: { recallWindowMs: 2_000 } }, tokensExpire: true, replayLimit: 5, reset: async () => {} })).toEqual([])
  })
})
