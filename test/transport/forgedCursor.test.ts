/** A cursor says how much a device has seen; the reference server believes one that it gave itself. */
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { TransportEvent } from 'readback/core'
import { websocketTransport } from 'readback/transport/websocket'
import { issueToken, startServer } from '../servers/websocketServer.mjs'
import { eventually } from './hubHarness.js'

const SECRET = 'only for tests'
const GROUP = { id: 'g', kind: 'group', members: ['ann', 'eve'] } as const

let ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

async function connect(url: string, userId: string, since?: string) {
  const transport = websocketTransport({ url, WebSocket })
  const events: TransportEvent[] = []
  transport.on((event) => events.push(event))
  ends.push(() => transport.close())
  await transport.connect({ userId, token: async () => issueToken(SECRET, userId, Date.now() + 60_000), conversations: [GROUP], ...(since === undefined ? {} : { since }) })
  return { transport, events, cursor: () => events.findLast((event) => event.type === 'cursor')?.cursor }
}

it('one that somebody made up begins no new epoch for the others, and a device goes on from its own', async () => {
  const server = await startServer({ port: 0, file: ':memory:', secret: SECRET })
  ends.push(() => server.close())
  const ann = await connect(server.url, 'ann')
  const say = (localId: string) => ann.transport.send({ localId, conversation: GROUP, body: { kind: 'text', text: localId } })
  await say('one')
  const eve = await connect(server.url, 'eve')
  await eventually(() => eve.cursor() !== undefined && eve.events.some(({ type }) => type === 'message'), 'eve has the message and a cursor')
  const own = eve.cursor()!
  const [serverId, message, receipt, , ...rest] = own.split('.')
  for (const made of [`${serverId}.${message}.${receipt}.999998`, 'nobody.0.0.999998', [serverId, message, receipt, '999998', ...rest].join('.'), [serverId, '999999', receipt, '999998', ...rest].join('.')]) await connect(server.url, 'eve', made)
  expect((await say('two')).at).toMatchObject({ epoch: 0, order: 2 })
  expect(ann.events.filter(({ type }) => type === 'reset')).toEqual([])
  const back = await connect(server.url, 'eve', own)
  await eventually(() => back.events.some((event) => event.type === 'message'), 'eve has the new one')
  expect(back.events.flatMap((event) => (event.type === 'message' ? [event.message.localId] : []))).toEqual(['two'])
})
