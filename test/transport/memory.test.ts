import { describe, it } from 'vitest'
import { createFakeClock, transportCases, type TransportSetup } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { ROUNDS } from './rounds.js'

/** Three days, as the vendors have it. */
const LIMITS = { receiptWindowMs: 3 * 86_400_000 }

const setup: TransportSetup = {
  capabilities: memoryHub({ limits: LIMITS }).transport().capabilities,
  async open() {
    const clock = createFakeClock()
    const hub = memoryHub({ clock, limits: LIMITS, replayLimit: 120, backfill: 40, accepts: (_userId, token) => token !== 'expired' })
    return {
      transport: () => hub.transport(),
      // The hub keeps time by itself; its devices have no clocks of their own.
      wrongClock: () => hub.transport(),
      expiredToken: async () => 'expired',
      replayLimit: 120,
      drop: (transport) => hub.setOnline(transport, false),
      restore: (transport) => hub.setOnline(transport, true),
      swallowAnswer: () => void hub.faults.add({ on: 'send', do: 'dropAnswer' }),
      reset: (conversationId) => hub.reset(conversationId, { loseLast: 1 }),
      pass: (ms) => clock.advanceAsync(ms),
      passLong: (ms) => clock.advanceAsync(ms),
      close: () => hub.dispose(),
    }
  },
  cannot: ['shortToken', 'stall'],
  patienceMs: 15_000,
}

describe.each(ROUNDS)('%sthe memory hub keeps the rules of every transport', () => {
  for (const { title, run } of transportCases(setup)) it(title, run)
})
