import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TransportError } from 'readback/core'
import { createTurns, readServerEvents, request, requestJson } from 'readback/transport/kit'

let base: string
let asked: { method: string; headers: Record<string, unknown>; body: string }[] = []
let reply: (response: ServerResponse) => void = (response) => response.end('{}')
const http = createServer((incoming, response) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    asked.push({ method: incoming.method!, headers: incoming.headers, body: Buffer.concat(chunks).toString() })
    reply(response)
  })
})
beforeAll(async () => {
  await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve) })
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
})

const failure = (call: Promise<unknown>) => call.then(() => null, (error: unknown) => (error instanceof TransportError ? { code: error.code, stored: error.stored, retry: error.retry } : error))

describe('a request', () => {
  it('carries its token in the header and its body as JSON', async () => {
    asked = []
    reply = (response) => response.end('{"a":1}')
    expect(await requestJson(`${base}/x`, { token: 't', body: { b: 2 } })).toEqual({ a: 1 })
    expect(asked).toMatchObject([{ method: 'POST', headers: { authorization: 'Bearer t', 'content-type': 'application/json' }, body: '{"b":2}' }])
    await requestJson(base)
    expect(asked[1]).toMatchObject({ method: 'GET' })
    expect(asked[1]!.headers).not.toHaveProperty('authorization')
  })

  it('that JSON cannot carry never leaves, and is not tried for ever', async () => {
    asked = []
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    for (const body of [circle, { big: 1n }]) expect(await failure(request(base, { body }))).toEqual({ code: 'transport/invalid', stored: 'no', retry: 'no' })
    expect(asked).toEqual([])
  })

  it.each([
    [400, { code: 'transport/invalid', stored: 'no', retry: 'no' }],
    [401, { code: 'transport/unauthorized', stored: 'no', retry: 'yes' }],
    [403, { code: 'transport/forbidden', stored: 'no', retry: 'no' }],
    [404, { code: 'transport/notFound', stored: 'no', retry: 'no' }],
    [408, { code: 'transport/server', stored: 'maybe', retry: 'yes' }],
    [409, { code: 'transport/invalid', stored: 'no', retry: 'no' }],
    [413, { code: 'transport/tooLarge', stored: 'no', retry: 'no' }],
    [429, { code: 'transport/rateLimited', stored: 'no', retry: { afterMs: 3_000 } }],
    [500, { code: 'transport/server', stored: 'maybe', retry: { afterMs: 3_000 } }],
    [502, { code: 'transport/server', stored: 'maybe', retry: { afterMs: 3_000 } }],
  ])('[F41] that is answered %i fails by a transport error that says what the server may have', async (status, expected) => {
    reply = (response) => response.writeHead(status, status === 408 ? {} : { 'retry-after': '3' }).end('<html>')
    expect(await failure(request(base))).toEqual(expected)
  })

  it('whose answer is cut, is a page, or never comes, is undecided', async () => {
    const undecided = (code: string) => ({ code: `transport/${code}`, stored: 'maybe', retry: 'yes' })
    reply = (response) => response.writeHead(200).end('<html>')
    expect(await failure(requestJson(base))).toEqual(undecided('badAnswer'))
    reply = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":')
      setTimeout(() => response.destroy(), 20)
    }
    expect(await failure(requestJson(base))).toEqual(undecided('badAnswer'))
    reply = (response) => response.destroy()
    expect(await failure(requestJson(base))).toEqual(undecided('offline'))
    reply = () => {}
    expect(await failure(requestJson(base, { timeoutMs: 50 }))).toEqual(undecided('offline'))
    reply = (response) => void response.writeHead(200).write('{"a":')
    expect(await failure(requestJson(base, { timeoutMs: 50 }))).toEqual(undecided('badAnswer'))
  })

  it('that is given up before it left was stored nowhere', async () => {
    asked = []
    expect(await failure(request(base, { signals: [undefined, AbortSignal.abort()] }))).toEqual({ code: 'transport/aborted', stored: 'no', retry: 'yes' })
    expect(asked).toEqual([])
  })
})

describe('server-sent events', () => {
  const read = async (write: (response: ServerResponse) => void, options?: { silenceMs: number }) => {
    reply = write
    const events: unknown[] = []
    for await (const event of readServerEvents(await request(base), options)) events.push(event)
    return events
  }

  it('come however the stream is cut into pieces, with their ids', async () => {
    const text = ': hello\n\nid: 1\ndata: {"a":\ndata: "ü"}\n\ndata: second\nevent: x\n\r\n\r\nid:2\r\ndata:third\r\n\r\nid: 3\n\ndata: unfinished'
    for (const size of [1, 2, 3, 7, 1_000]) {
      const bytes = Buffer.from(text)
      const events = await read((response) => {
        let at = 0
        const next = () => (at < bytes.length ? response.write(bytes.subarray(at, (at += size)), next) : response.end())
        next()
      })
      expect(events).toEqual([{ id: '1', data: '{"a":\n"ü"}' }, { id: '1', data: 'second' }, { id: '2', data: 'third' }])
    }
  })

  it('end when nothing comes any more', async () => {
    expect(await read((response) => void response.writeHead(200).write('id: 1\ndata: one\n\n'), { silenceMs: 60 })).toEqual([{ id: '1', data: 'one' }])
  })

  it('that never end are no events', async () => {
    await expect(read((response) => {
      const more = () => { if (!response.destroyed) response.write('x'.repeat(65_536), more) }
      more()
    })).rejects.toThrow('An event of more than 1048576 characters does not end.')
  })
})

describe('turns', () => {
  it('let so many run at a time, in order, also when one fails', async () => {
    const inTurn = createTurns(2)
    const begun: number[] = []
    const ends: (() => void)[] = []
    const work = (n: number) => inTurn(() => new Promise<number>((resolve, reject) => {
      begun.push(n)
      ends[n] = () => (n === 1 ? reject(new Error('one')) : resolve(n))
    }))
    const all = Promise.allSettled([0, 1, 2, 3].map(work))
    await Promise.resolve()
    expect(begun).toEqual([0, 1])
    ends[1]!()
    await expect.poll(() => begun).toEqual([0, 1, 2])
    ends[2]!()
    await expect.poll(() => begun).toEqual([0, 1, 2, 3])
    ends[0]!()
    ends[3]!()
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  })
})
