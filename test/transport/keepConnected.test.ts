/** What every connection of every wire does; the WebSocket transport's own tests hold it on sockets. */
import { describe, expect, it, vi } from 'vitest'
import { TransportError, type ConnectOptions, type TransportEvent } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { keepConnected, type Connection, type ConnectionEnd, type KeepConnectedOptions } from 'readback/transport/kit'

function setUp(options: Partial<KeepConnectedOptions> = {}, token: ConnectOptions['token'] = async () => 'a token') {
  const clock = createFakeClock()
  const dialled: { readonly connection: Connection; end(why?: ConnectionEnd): void; fail(cause: unknown): void }[] = []
  const wire = keepConnected((connection) => new Promise((resolve, reject) => { dialled.push({ connection, end: resolve, fail: reject }) }), {
    clock, random: { next: () => 0.999, id: () => 'x' }, connectivity: { isOnline: () => true, subscribe: () => () => {} }, ...options,
  })
  const events: TransportEvent[] = []
  wire.on((event) => events.push(event))
  const states = () => events.flatMap((event) => (event.type === 'state' ? [event.state] : []))
  const connect = (since?: string) => wire.connect({ userId: 'ann', token, conversations: [], ...(since === undefined ? {} : { since }) })
  const next = async (n: number) => {
    await settle()
    return dialled[n]!
  }
  return { clock, wire, dialled, events, states, connect, next }
}

const settle = async () => { for (let turn = 0; turn < 30; turn += 1) await Promise.resolve() }
const typing: TransportEvent = { type: 'typing', conversationId: 'c', by: 'bo', on: true }

describe('a connection that is kept', () => {
  it('is given who, with which token and from where, and goes on from the last cursor that was handed over', async () => {
    const { connect, next, clock, events } = setUp()
    const connecting = connect('stored')
    const first = await next(0)
    expect([first.connection.userId, first.connection.token, first.connection.cursor]).toEqual(['ann', 'a token', 'stored'])
    first.connection.online()
    await connecting
    const done = vi.fn()
    first.connection.tell([typing], 'later', done)
    expect(events).not.toContainEqual(typing)
    await settle()
    expect(events.slice(-2)).toEqual([typing, { type: 'cursor', cursor: 'later' }])
    expect(done).toHaveBeenCalledTimes(1)
    first.end()
    await settle()
    await clock.advanceAsync(500)
    expect((await next(1)).connection.cursor).toBe('later')
  })

  it('hands over nothing of a connection that is over, and its word is not heard', async () => {
    const { connect, next, events, states, clock } = setUp()
    void connect()
    const first = await next(0)
    first.connection.online()
    first.connection.tell([typing])
    first.end()
    await settle()
    first.connection.tell([typing])
    await settle()
    expect(events.filter(({ type }) => type === 'typing')).toHaveLength(1)
    await clock.advanceAsync(500)
    first.connection.online()
    first.connection.tell([typing])
    await settle()
    expect(states().at(-1)).toMatchObject({ status: 'connecting', attempt: 2 })
    expect(events.filter(({ type }) => type === 'typing')).toHaveLength(1)
    expect(first.connection.signal.aborted).toBe(true)
  })

  it('is there for calls only while it is online', async () => {
    const { wire, connect, next } = setUp()
    const refused = expect.objectContaining({ code: 'transport/offline', stored: 'no', retry: 'yes' }) as Error
    expect(() => wire.current()).toThrow(refused)
    void connect()
    const { connection, end } = await next(0)
    expect(() => wire.current()).toThrow(refused)
    connection.online()
    expect(wire.current()).toBe(connection)
    end()
    await settle()
    expect(() => wire.current()).toThrow(refused)
  })

  it.each<readonly [string, unknown, object]>([
    ['an error of the network', new Error('gone'), { reason: 'network', retryInMs: 500 }],
    ['a server in trouble', new TransportError('transport/server', 'no', { stored: 'no', retry: 'yes' }), { reason: 'server', retryInMs: 500 }],
    ['one that says when', new TransportError('transport/rateLimited', 'no', { stored: 'no', retry: { afterMs: 7_000 } }), { reason: 'server', retryInMs: 7_000 }],
    ['silence', new TransportError('transport/timeout', 'no', { stored: 'maybe', retry: 'yes' }), { reason: 'network', retryInMs: 500 }],
  ])('comes back after %s', async (_, cause, state) => {
    const onFailure = vi.fn()
    const { connect, next, states } = setUp({ onFailure })
    void connect()
    ;(await next(0)).fail(cause)
    await settle()
    expect(states().at(-1)).toEqual({ status: 'offline', ...state })
    expect(onFailure).toHaveBeenCalledTimes(cause instanceof TransportError ? 0 : 1)
  })

  it('asks for another token when one is not accepted, and gives up after that', async () => {
    const asked: string[] = []
    const unauthorized = new TransportError('transport/unauthorized', 'no', { stored: 'no', retry: 'yes' })
    const { connect, next, states, dialled, clock } = setUp({}, async (reason) => `token ${asked.push(reason)}`)
    const connecting = connect().catch((error: unknown) => error)
    ;(await next(0)).fail(unauthorized)
    const second = await next(1)
    expect(second.connection.token).toBe('token 2')
    second.fail(unauthorized)
    expect(await connecting).toMatchObject({ code: 'transport/unauthorized', stored: 'no', retry: 'no' })
    await settle()
    expect(asked).toEqual(['connect', 'expired'])
    expect(states().at(-1)).toEqual({ status: 'offline', reason: 'unauthorized' })
    await clock.advanceAsync(120_000)
    expect(dialled).toHaveLength(2)
  })

  it('gives up where trying again is pointless, and may be connected anew', async () => {
    const { connect, next, states } = setUp()
    const connecting = connect().catch((error: unknown) => error)
    ;(await next(0)).end({ reason: 'server', refused: new TransportError('transport/version', 'too old', { stored: 'no', retry: 'no' }) })
    expect(await connecting).toMatchObject({ code: 'transport/version' })
    await settle()
    expect(states().at(-1)).toEqual({ status: 'offline', reason: 'server' })
    const again = connect()
    ;(await next(1)).connection.online()
    await again
  })

  it('that takes too long to make is given up', async () => {
    const { connect, next, clock, states } = setUp({ connectTimeoutMs: 3_000 })
    void connect()
    const { connection } = await next(0)
    await clock.advanceAsync(3_000)
    expect(connection.signal.aborted).toBe(true)
    expect(states().at(-1)).toMatchObject({ status: 'offline', reason: 'network' })
  })

  it('leaves nothing running after close, and tells nothing more', async () => {
    const { wire, connect, next, clock, events } = setUp()
    const connecting = connect().catch((error: unknown) => error)
    const { connection } = await next(0)
    connection.online()
    await connecting
    connection.tell([typing])
    await wire.close()
    const heard = events.length
    await settle()
    expect([connection.signal.aborted, clock.pending, events.length]).toEqual([true, 0, heard])
  })
})
