// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react'
import { ChatProvider, createLocale } from 'readback'
import { enDefinition } from 'readback/locales/en'
import { createFakeClock } from 'readback/testing'
import { afterEach, expect, it } from 'vitest'
import { useToday } from '../../src/components/useToday.js'

afterEach(cleanup)

const HOUR_MS = 3_600_000
const NOON = Date.UTC(2026, 2, 9, 12)

it.each(['Pacific/Kiritimati', 'Asia/Shanghai', 'UTC', 'America/Los_Angeles', 'Pacific/Pago_Pago'])('is a day of the time zone in which times are written: %s', (timeZone) => {
  const clock = createFakeClock(NOON)
  const locale = createLocale(enDefinition, { timeZone })
  const { result } = renderHook(() => useToday(clock), { wrapper: ({ children }) => <ChatProvider locale={locale}>{children}</ChatProvider> })
  for (let hour = 0; hour < 30; hour++) {
    const now = clock.now()
    expect([now, now - 24 * HOUR_MS].map((time) => locale.formatters.day(time, result.current)), `${hour} hours later`).toEqual(['Today', 'Yesterday'])
    act(() => clock.advance(HOUR_MS))
  }
})

it('stays the same all day, so that nothing renders for it', () => {
  const clock = createFakeClock(new Date(2026, 2, 9, 0, 30).getTime())
  const { result } = renderHook(() => useToday(clock))
  const first = result.current
  act(() => clock.advance(23 * HOUR_MS))
  expect(result.current).toBe(first)
  act(() => clock.advance(HOUR_MS))
  expect(result.current).not.toBe(first)
})
