/** The page on the protocol against the code: the same frames, the same calls, and every example is one. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { decodeServerFrame } from '../../src/transport/websocket/decodeFrame.js'
import { decodeResult } from '../../src/transport/websocket/decodeResult.js'
import { CALL_LANES, EVENTS_WINDOW, FRAMES, MAX_FRAME_BYTES, PROTOCOL_VERSION, type CallName } from '../../src/transport/websocket/protocol.js'
import { startServer } from '../servers/websocketServer.mjs'

const page = readFileSync(new URL('../../stories/docs/Protocol.mdx', import.meta.url), 'utf8')
const rows = (heading: string) => {
  const table = page.slice(page.indexOf(heading)).split('\n').slice(2)
  const end = table.findIndex((line) => !line.startsWith('|'))
  return table.slice(0, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')))
}

type Example = { readonly type: string; readonly no?: number; readonly name?: CallName; readonly with?: object; readonly result?: unknown }
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n').map((line) => JSON.parse(line) as Example))

describe('the page on the protocol', () => {
  it('lists the frames of the code, and who sends each', () => {
    expect(Object.fromEntries(rows('| frame | from |').map(([name, from]) => [name, from]))).toEqual(FRAMES)
  })

  it('lists the calls of the code, and their lanes', () => {
    expect(Object.fromEntries(rows('| call | lane |').map(([name, lane]) => [name, lane]))).toEqual(CALL_LANES)
  })

  it('names each field that a device reads or writes', () => {
    const source = (name: string) => readFileSync(new URL(`../../src/transport/${name}.ts`, import.meta.url), 'utf8')
    const read = ['decodeEvent', 'decodeNouns', 'websocket/decodeFrame', 'websocket/decodeResult'].flatMap((name) => [...source(name).matchAll(/\b(?:from|interval|of|retry, 'retry'\))\['(\w+)'\]|optional(?:OrNull)?\(from, '(\w+)'/g)].map((found) => (found[1] ?? found[2])!))
    const written = [...source('websocket/protocol').matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name!).filter((name) => !(name in CALL_LANES) && name !== 'left' && name !== 'result')
    expect(read.length).toBeGreaterThan(60)
    expect([...new Set([...read, ...written])].filter((name) => !new RegExp(`\`${name}\\??\`|"${name}"`).test(page))).toEqual([])
  })

  it('names the version, the window and the size', () => {
    expect(page).toContain(`# JSON protocol, version ${PROTOCOL_VERSION}`)
    expect([EVENTS_WINDOW, MAX_FRAME_BYTES]).toEqual([4, 2 ** 20])
    expect(page).toContain('at most four frames of a lane without a `got`')
  })

  it('shows each frame and each call, and each example of a server is taken as it stands', () => {
    expect(new Set(examples.map(({ type }) => type))).toEqual(new Set(Object.keys(FRAMES)))
    expect(new Set(examples.flatMap(({ name }) => name ?? []))).toEqual(new Set(Object.keys(CALL_LANES)))
    for (const frame of examples.filter(({ type }) => FRAMES[type as keyof typeof FRAMES] === 'server')) {
      expect(decodeServerFrame(JSON.stringify(frame), MAX_FRAME_BYTES)).toMatchObject({ ok: true, frame })
    }
  })

  it('shows answers that answer their calls', () => {
    for (const { no, name } of examples.filter(({ type }) => type === 'call')) {
      const reply = examples.find((one) => one.no === no && (one.type === 'answer' || (one.type === 'refusal')))!
      if (reply.type === 'answer') expect(decodeResult(name!, reply.result)).toEqual(reply.result)
    }
  })

  it('shows every code that the reference server gives', () => {
    const source = readFileSync(new URL('../servers/websocketServer.mjs', import.meta.url), 'utf8')
    const given = new Set([...source.matchAll(/new Refusal\('(\w+)'/g)].map(([, reason]) => `transport/${reason}`)).add('transport/server')
    expect(new Set(rows('| code | when |').map(([code]) => code))).toEqual(given)
  })
})

describe('the reference server', () => {
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    server = await startServer({ port: 0, file: ':memory:' })
  })
  afterAll(() => server.close())

  it('takes the frames of the page: no call of it is malformed', async () => {
    const socket = new WebSocket(server.url)
    await new Promise((resolve) => socket.once('open', resolve))
    const replies: (Example & { readonly code?: string; readonly message?: string })[] = []
    socket.on('message', (data: Buffer) => replies.push(JSON.parse(data.toString()) as Example))
    for (const frame of examples.filter(({ type }) => type === 'hello' || type === 'ping' || type === 'call')) {
      socket.send(JSON.stringify(frame))
      if (frame.type === 'hello') await expect.poll(() => replies.some(({ type }) => type === 'welcome')).toBe(true)
    }
    await expect.poll(() => replies.filter(({ no, type }) => no !== undefined && type !== 'events').length).toBe(16)
    const malformed = replies.filter(({ type, code }) => type === 'refusal' && code === 'transport/invalid')
    expect(malformed).toEqual([])
    // The cursor on the page is of another server, so what comes now is of a new epoch.
    expect(replies.find(({ type, no }) => type === 'answer' && no === 1)?.result).toMatchObject({ localId: 'a1', at: { epoch: 1, order: 1 } })
    socket.close()
  })
})
