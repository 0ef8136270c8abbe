/** Whatever goes wrong on the way, in the end every device knows what the hub knows: rule 1, "it may repeat and reorder; it may not lose". */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinProgress, NO_PROGRESS, toProgress, type Progress, type Transport, type TransportEvent } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { memoryHub, type FaultAction } from 'readback/transport/memory'
import { DIRECT, draft, readUpTo, record } from './hubHarness.js'

const DEVICES = ['ann', 'ann', 'bob', 'cat'] as const
const GROUP_MEMBERS = ['ann', 'bob', 'cat']

type Step =
  | { readonly do: 'send' | 'read' | 'off' | 'on' | 'restart'; readonly device: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fault'; readonly on: 'send' | 'report' | 'event' | 'connect'; readonly action: FaultAction }

const device = fc.nat(DEVICES.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('send', 'read'), device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('off', 'on', 'restart'), device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(0, 10, 40, 80, 150, 400) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault'), on: fc.constantFrom('send', 'report', 'event', 'connect'),
      action: fc.constantFrom<FaultAction>('drop', 'dropAnswer', 'delay', 'repeat', 'refuse', 'disconnect'),
    }),
  },
) as fc.Arbitrary<Step>

it('[F39] every device ends with the whole log and everybody\'s read state, once, whatever happened', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(150), async (steps, latencyMs) => {
    const clock = createFakeClock()
    const hub = memoryHub({ clock, latencyMs, random: seeded(), answerTimeoutMs: 500 })
    await hub.ensureConversation({ ...DIRECT, kind: 'direct', members: GROUP_MEMBERS })
    const devices = DEVICES.map((userId) => ({ userId, transport: hub.transport(), events: [] as TransportEvent[] }))
    for (const one of devices) {
      one.events = record(one.transport)
      dial(one.transport, one.userId)
    }
    await clock.advanceAsync(1_000)
    let sent = 0
    const open: Promise<unknown>[] = []
    for (const one of steps) {
      if (one.do === 'wait') await clock.advanceAsync(one.ms)
      else if (one.do === 'fault') hub.faults.add({ on: one.on, do: one.action, delayMs: 300 })
      else {
        const { transport, userId, events } = devices[one.device]!
        if (one.do === 'send') open.push(untilAccepted(transport, draft(`m${sent++}`), clock))
        if (one.do === 'read') {
          const newest = events.filter((event) => event.type === 'message').at(-1)
          if (newest) open.push(untilAccepted(transport, readUpTo(newest.message.at), clock))
        }
        if (one.do === 'off' || one.do === 'on') hub.setOnline(transport, one.do === 'on')
        if (one.do === 'restart') {
          await transport.close()
          dial(transport, userId, events.filter((event) => event.type === 'cursor').at(-1)?.cursor)
        }
      }
    }
    hub.faults.clear()
    for (const { transport } of devices) hub.setOnline(transport, true)
    await clock.advanceAsync(60_000)
    await Promise.all(open)
    // A last reconnect brings what a faulty connection swallowed.
    for (const { userId } of devices) hub.disconnect(userId)
    await clock.advanceAsync(60_000)
    const log = hub.log('c')
    expect(log.map((message) => message.at.order)).toEqual(log.map((_, n) => n + 1))
    expect(new Set(log.map((message) => message.localId)).size).toBe(sent)
    expect(log).toHaveLength(sent)
    for (const { userId, events } of devices) {
      const known = new Set(events.flatMap((event) => (event.type === 'message' ? [event.message.id] : [])))
      const missing = log.filter((message) => !known.has(message.id) && message.from !== userId)
      expect(missing).toEqual([])
      for (const state of hub.readStates('c', userId)) {
        if (state.by !== userId) expect(joined(events, state.by)).toEqual({ upTo: state.upTo, ranges: state.ranges })
      }
    }
    await hub.dispose()
    await clock.advanceAsync(60_000)
    expect(clock.pending).toBe(0)
  }), { seed: 20261121, numRuns: 400 })
}, 60_000)

function dial(transport: Transport, userId: string, since?: string): void {
  transport.connect({ userId, token: async () => undefined, conversations: [], ...(since === undefined ? {} : { since }) }).catch(() => {})
}

/** As the core does: the same again until it is taken. */
async function untilAccepted(transport: Transport, work: ReturnType<typeof draft> | ReturnType<typeof readUpTo>, clock: ReturnType<typeof createFakeClock>): Promise<void> {
  for (;;) {
    try {
      await ('localId' in work ? transport.send(work) : transport.report(work))
      return
    } catch {
      await new Promise<void>((resolve) => { clock.setTimer(resolve, 200) })
    }
  }
}

function joined(events: readonly TransportEvent[], by: string): Progress {
  return events.reduce<Progress>((sum, event) => (event.type === 'receipt' && event.by === by && event.kind === 'read' ? joinProgress(sum, toProgress(event.upTo ?? null, event.ranges)) : sum), NO_PROGRESS)
}

function seeded() {
  let n = 1
  return { next: () => ((n = (n * 48_271) % 2_147_483_647) / 2_147_483_647), id: () => `id-${(n += 1)}-${Math.floor(n / 7)}` }
}
