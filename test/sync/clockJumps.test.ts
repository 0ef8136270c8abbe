import { createChatClient, systemClock } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { at, RANGES, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const DAY_MS = 86_400_000

it.each([[DAY_MS], [-DAY_MS]])('[RS6] a clock that is set between reading and telling, by %i ms, makes an age wrong, never below nothing, and nobody a reader', async (jump) => {
  let offset = 0
  const wire = scriptedTransport({ dense: true, read: RANGES })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 300, maxFlushMs: 300 }, ports: { locks: null, openChannel: () => null, clock: { ...systemClock, now: () => Date.now() + offset } } })
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  for (const order of [1, 2, 3]) wire.emit({ type: 'message', message: text(order) as never })
  const rows = await vi.waitFor(async () => {
    const found = await Promise.all(['m1', 'm3'].map((id) => client.getMessage('c', id)))
    expect(found.every((row) => row?.at)).toBe(true)
    return found as never[]
  })
  await client.markRead(rows)
  offset = jump
  const told = await vi.waitFor(() => {
    const report = wire.reports.find(({ kind }) => kind === 'read')
    expect(report).toBeDefined()
    return report!
  })
  expect(told.ranges).toEqual([at(1), at(3)].map((place) => ({ from: place, to: place })))
  expect(told.ageMs).toBeGreaterThanOrEqual(Math.max(0, jump))
  expect(told.ageMs).toBeLessThan(Math.max(0, jump) + 10_000)
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 1, exact: true })
  await client.dispose()
})
