/** The suite itself: it finds broken transports, and keeps declarations true. */
import { describe, expect, it } from 'vitest'
import type { Transport, TransportCapabilities, TransportEvent } from 'readback/core'
import { createFakeClock, transportCases, type TransportSetup } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'

const REAL = memoryHub().transport().capabilities

function setupWith(bend: (transport: Transport, capabilities: TransportCapabilities) => Transport, changes: Partial<TransportCapabilities> = {}): TransportSetup {
  const capabilities = { ...REAL, ...changes }
  return {
    capabilities,
    cannot: ['stall', 'wrongClock', 'expiredToken', 'shortToken', 'replayLimit'],
    patienceMs: 200,
    async open() {
      const clock = createFakeClock()
      const hub = memoryHub({ clock, answerTimeoutMs: 50 })
      const inner = new Map<Transport, Transport>()
      const within = (transport: Transport) => inner.get(transport) ?? transport
      return {
        transport() {
          const real = hub.transport()
          const bent = bend(real, capabilities)
          inner.set(bent, real)
          return bent
        },
        drop: (transport) => hub.setOnline(within(transport), false),
        restore: (transport) => hub.setOnline(within(transport), true),
        swallowAnswer: () => void hub.faults.add({ on: 'send', do: 'dropAnswer' }),
        reset: (id) => hub.reset(id, { loseLast: 1 }),
        pass: (ms) => clock.advanceAsync(ms),
        passLong: (ms) => clock.advanceAsync(ms),
        close: () => hub.dispose(),
      }
    },
  }
}

/** Titles of the cases that fail. */
async function failing(setup: TransportSetup): Promise<string[]> {
  const failed: string[] = []
  for (const { title, run } of transportCases(setup)) await run().catch(() => failed.push(title))
  return failed
}

const hearing = (change: (event: TransportEvent, tell: (event: TransportEvent) => void) => void) => (transport: Transport): Transport => ({
  ...transport, on: (listener) => transport.on((event) => change(event, listener)),
})

let made = 0
const BROKEN: readonly [string, (transport: Transport) => Transport, string][] = [
  ['gives every retry a new localId', (transport) => ({ ...transport, send: async (draft, signal) => ({ ...(await transport.send({ ...draft, localId: `${draft.localId}-${made++}` }, signal)), localId: draft.localId }) }), 'the same localId again is the same message, and is handed to nobody twice'],
  ['says that a lost answer was not stored', (transport) => ({ ...transport, send: (draft, signal) => transport.send(draft, signal).catch((error: unknown) => Promise.reject(Object.assign(error as Error, { stored: 'no' }))) }), 'a lost answer leaves the message undecided, and the retry finds it stored'],
  ['publishes private reads', (transport) => ({ ...transport, report: (report, signal) => transport.report({ ...report, visibility: 'published' }, signal) }), 'a private read reaches nobody else: not live, not later, not in any list'],
  ['widens stretches to prefixes', (transport) => ({ ...transport, report: (report, signal) => transport.report({ ...report, upTo: report.ranges.at(-1)?.to ?? report.upTo, ranges: [] }, signal) }), 'a stretch in the middle reads nothing before it'],
  ['loses receipts', hearing((event, tell) => { if (event.type !== 'receipt') tell(event) }), 'read reaches the sender'],
  ['loses every message with a number', hearing((event, tell) => { if (event.type !== 'message' || !JSON.stringify(event.message.body).includes('m3')) tell(event) }), 'what was missed while away comes once and in order'],
  ['goes on talking after close', (transport) => ({ ...transport, close: async () => {} }), 'after close there is silence'],
  ['ignores the cursor', (transport) => ({ ...transport, connect: ({ since: _since, ...options }) => transport.connect(options) }), 'with a cursor at the end nothing comes again'],
  ['claims the end of history on every page', (transport) => ({ ...transport, history: async (id, query) => ({ ...(await transport.history!(id, query)), contiguousTo: null }) }), 'pages backwards join without a hole and without a repeat, down to the beginning'],
  ['throws plain errors', (transport) => ({ ...transport, send: (draft, signal) => transport.send(draft, signal).catch((error: unknown) => Promise.reject(new Error(String(error)))) }), 'a send by somebody who is no member is refused, and nobody gets it'],
  ['never asks for a token', (transport) => ({ ...transport, connect: (options) => transport.connect({ ...options, token: async () => undefined }) }), 'a token is asked for at every connect'],
]

describe('a broken transport is found', () => {
  for (const [what, bend, title] of BROKEN) {
    it(`one that ${what}`, async () => {
      expect(await failing(setupWith(bend))).toContain(title)
    })
  }
})

it('an honest transport without history passes, and the titles say what is missing', async () => {
  const { history: _history, ...withoutHistory } = memoryHub().transport()
  expect(withoutHistory).not.toHaveProperty('history')
  const setup = setupWith((transport, capabilities) => {
    const { history: _gone, ...rest } = transport
    return { ...rest, capabilities }
  }, { history: false })
  expect(await failing(setup)).toEqual([])
  expect(transportCases(setup).map(({ title }) => title)).toContain('history of others is refused (not offered: there is no history)')
})

it('a declared gap that passes fails the run', async () => {
  const setup = setupWith((transport, capabilities) => ({ ...transport, capabilities }), { typing: false })
  const typing = transportCases(setup).find(({ gap }) => gap === 'there is no typing')!
  await expect(typing.run()).rejects.toThrow('"typing reaches the other member, and nobody else" passes, although the capabilities say there is no typing. Declare it, so that the core uses it.')
})

it('what the rig cannot do is left out by name', () => {
  const titles = transportCases({ ...setupWith((transport) => transport), cannot: ['drop'] }).map(({ title }) => title)
  expect(titles).toContain('receipts reach a sender who was cut off (not run: the rig has no drop)')
})
