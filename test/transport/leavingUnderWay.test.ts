/** Who leaves a conversation while a device of theirs is still being told what was there: the reference server tells it nothing of what came after. */
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { websocketTransport } from 'readback/transport/websocket'
import { startServer } from '../servers/websocketServer.mjs'
import { eventually } from './hubHarness.js'

let ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
})

/** As large as a frame is, so that each takes one. */
const LARGE = 'x'.repeat(33_000)

it('a device that takes its time at a first connect is not told what came after its user had left', async () => {
  const server = await startServer({ port: 0, file: ':memory:' })
  ends.push(() => server.close())
  const [first, second] = ['first', 'second'].map((id) => ({ id, kind: 'group', members: ['ann', 'bob'] }) as const)
  const connect = async (userId: string) => {
    const transport = websocketTransport({ url: server.url, WebSocket })
    ends.push(() => transport.close())
    await transport.connect({ userId, token: async () => undefined, conversations: [first!, second!] })
    return transport
  }
  const [ann, phone] = [await connect('ann'), await connect('bob')]
  const say = (conversation: { readonly id: string; readonly kind: 'group' }, localId: string, text: string) => ann.send({ localId, conversation: { id: conversation.id, kind: conversation.kind }, body: { kind: 'text', text } })
  await say(second!, 'before', 'while he is there')
  for (let n = 0; n < 6; n += 1) await say(first!, `${n}`, `${n} ${LARGE}`)

  const laptop = new WebSocket(server.url)
  ends.push(() => laptop.terminate())
  const heard: { type: string; lane?: string; no?: number }[] = []
  laptop.on('message', (data: Buffer) => void heard.push(JSON.parse(data.toString()) as (typeof heard)[number]))
  await new Promise((resolve) => laptop.once('open', resolve))
  laptop.send(JSON.stringify({ type: 'hello', version: 1, userId: 'bob', device: 'laptop', conversations: [] }))
  const frames = () => heard.filter(({ type, lane }) => type === 'events' && lane === 'message')
  await eventually(() => frames().length === 4, 'four frames came')
  await phone.leave!('second')
  await say(second!, 'after', 'behind his back')
  for (let no = 1; no <= 8; no += 1) {
    await eventually(() => frames().length >= no, `frame ${no} came`)
    laptop.send(JSON.stringify({ type: 'got', lane: 'message', no }))
    if (JSON.stringify(frames()).includes('"leftAt":{')) break
  }
  await eventually(() => JSON.stringify(frames()).includes('"leftAt":{'), 'the laptop is told that he has left')
  expect(JSON.stringify(heard)).not.toContain('behind his back')
})
