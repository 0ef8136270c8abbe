import type { Message } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { expect, it } from 'vitest'
import { createServerClock } from '../../src/sync/serverClock.js'

const NOW = Date.UTC(2026, 0, 1)
const SECOND = 1_000
const told = (time: number, from = 'ada') => [{ from, time }] as Message[]

function scene(known: readonly Message[] = []) {
  const clock = createFakeClock(NOW)
  const passed: (readonly string[] | null)[] = []
  const server = createServerClock({ me: 'me', clock, known: () => known, onPassed: async (ids) => void passed.push(ids) })
  return { clock, server, passed }
}

it('[RS17] says nothing until the wire has had time to tell what the server has', () => {
  const { clock, server } = scene(told(NOW - 10 * SECOND))
  server.begin()
  clock.advance(89 * SECOND)
  expect(server.now()).toBe(-Infinity)
  clock.advance(SECOND)
  expect(server.now()).toBe(NOW - 10 * SECOND)
  server.end()
  expect([server.now(), clock.pending]).toEqual([-Infinity, 0])
})

it('[RS17] goes by the newest of what others wrote, wherever', () => {
  const { clock, server } = scene()
  server.begin()
  clock.advance(100 * SECOND)
  expect(server.now()).toBe(-Infinity)
  server.note(told(NOW, 'me'))
  expect(server.now()).toBe(-Infinity)
  server.note(told(NOW + 50 * SECOND))
  expect(server.now()).toBe(NOW - 40 * SECOND)
  server.note(told(NOW))
  clock.advance(30 * SECOND)
  expect(server.now()).toBe(NOW - 10 * SECOND)
})

it('[RS17] after a sleep it says nothing, before it was noticed and until all was told', () => {
  const { clock, server } = scene(told(NOW))
  server.begin()
  clock.advance(120 * SECOND)
  expect(server.now()).toBeGreaterThan(0)
  clock.sleep(91 * SECOND)
  expect(server.now()).toBe(-Infinity)
  clock.advance(89 * SECOND)
  expect(server.now()).toBe(-Infinity)
  clock.advance(31 * SECOND)
  expect(server.now()).toBeGreaterThan(0)
})

it('[RS17] tells once of what waited before, then of each that waits, when its time has come', () => {
  const { clock, server, passed } = scene(told(NOW))
  server.begin()
  server.waitFor('early', NOW + 60 * SECOND)
  server.waitFor('late', NOW + 300 * SECOND)
  clock.advance(120 * SECOND)
  expect(passed).toEqual([null])
  clock.advance(60 * SECOND)
  expect(passed).toEqual([null, ['early']])
  clock.advance(600 * SECOND)
  expect(passed).toEqual([null, ['early'], ['late']])
})

it('[RS17] what is no message, or has no time, says nothing of what is on its way', () => {
  const { clock, server } = scene(told(NOW))
  server.begin()
  for (const message of [null, undefined, 7, {}, { time: null }, { time: 'early' }, { time: NaN }]) {
    clock.advance(10 * SECOND)
    server.heard(message)
  }
  clock.advance(20 * SECOND)
  expect(server.now()).toBe(NOW)
  server.heard({ time: NOW - 1_000 * SECOND })
  expect(server.now()).toBe(-Infinity)
})

it('[RS17] one message of a time that is still to come makes no other an old one', () => {
  const { clock, server } = scene(told(NOW + 24 * 3_600 * SECOND))
  server.begin()
  for (let minute = 0; minute < 30; minute += 1) {
    clock.advance(60 * SECOND)
    server.heard({ time: clock.now() })
  }
  expect(server.now()).toBe(clock.now() - 90 * SECOND)
})
