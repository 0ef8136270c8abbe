import { act, cleanup } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createArraySource, messageKey, type Clock } from 'readback'
import { LazyFloatingDate } from '../../src/components/lazyParts.js'
import { frames, message, messages, renderList, scrollBy, settled, until, type RenderedList } from './listKit.js'

// Its code comes after the first screen; here it is there from the beginning.
beforeAll(() => LazyFloatingDate.preload())

const DAY_MS = 86_400_000
const NOON = new Date(2026, 2, 10, 12).getTime()
/** Ten messages on each of `days` days, the last of them on 10 March 2026. */
const daily = (days: number) =>
  Array.from({ length: days * 10 }, (_, index) => message(index, { time: NOON - (days - 1 - Math.floor(index / 10)) * DAY_MS + (index % 10) * 60_000 }))

/** A clock that stands at `at` until a test moves it. */
function clockAt(at: number) {
  const timers = new Set<{ fn: () => void; due: number }>()
  let now = at
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    setTimer(fn, delayMs) {
      const timer = { fn, due: now + delayMs }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  }
  const advance = (ms: number) => {
    const until = now + ms
    for (;;) {
      const next = [...timers].filter(({ due }) => due <= until).toSorted((a, b) => a.due - b.due)[0]
      if (next === undefined) break
      timers.delete(next)
      now = next.due
      next.fn()
    }
    now = until
  }
  return { clock, advance }
}

const chip = ({ box }: RenderedList) => box.querySelector<HTMLElement>('.rb-floating-date')
const shown = (list: RenderedList) => (chip(list)?.dataset['shown'] === 'true' ? chip(list)?.textContent : null)
const dateTop = ({ box, scroller }: RenderedList, label: string) => {
  const found = [...box.querySelectorAll('.rb-date-separator')].find(({ textContent }) => textContent === label)
  return found === undefined ? null : (found.closest('.rb-list-row') as HTMLElement).getBoundingClientRect().top - scroller.getBoundingClientRect().top
}

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

describe('a press on it', () => {
  it('opens a calendar; the day that is picked there begins at the top', async () => {
    const { clock, advance } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(20)), clock })
    await settled(list)
    // Where a date stands at the top itself there is none over it.
    for (let tries = 0; tries < 20 && shown(list) == null; tries++) await scrollBy(list.scroller, -180, 60)
    await until(() => shown(list) != null, 'a day is shown')
    const label = chip(list)?.querySelector<HTMLElement>('.rb-floating-date-label') as HTMLElement
    label.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))
    act(() => advance(5000))
    expect(shown(list)).toBe(label.textContent)
    let opened = 0
    const input = label.querySelector('input') as HTMLInputElement
    input.showPicker = () => void (opened += 1)
    act(() => label.click())
    expect([opened, input.value, input.max, input.matches(':focus')]).toEqual([1, expect.stringMatching(/^2026-03-(09|10)$/), '2026-03-10', false])
    act(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, '2026-02-25')
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await until(() => dateTop(list, 'February 25') !== null, 'the day is there')
    await settled(list)
    expect(Math.abs(dateTop(list, 'February 25') ?? 99)).toBeLessThanOrEqual(1)
    label.dispatchEvent(new PointerEvent('pointerout', { bubbles: true }))
    act(() => advance(3000))
    expect(shown(list)).toBeNull()
  })
})

describe('the day over the list', () => {
  it('is that of the message at the top while the reader scrolls, and goes a moment later', async () => {
    const { clock, advance } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(6)), clock })
    await settled(list)
    expect(chip(list)).toBeNull()
    const seen = new Set<string>()
    await scrollBy(list.scroller, -3500, 60, () => {
      const day = shown(list)
      if (day != null) seen.add(day)
    })
    expect([...seen]).toEqual(['Today', 'Yesterday', 'Sunday', 'Saturday', 'Friday', 'Thursday'].slice(0, seen.size))
    expect(seen.size).toBeGreaterThanOrEqual(3)
    expect(chip(list)?.getAttribute('aria-hidden')).toBe('true')
    expect(list.box.querySelectorAll('.rb-floating-date')).toHaveLength(1)
    // Some earlier file may have left the mouse where the words are, and then they stay.
    chip(list)?.querySelector('.rb-floating-date-label')?.dispatchEvent(new PointerEvent('pointerout', { bubbles: true }))
    act(() => advance(1300))
    expect(shown(list)).toBeNull()
  })

  it('does not cover the date that stands there itself', async () => {
    const { clock } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(6)), clock })
    await settled(list)
    let passed = 0
    await scrollBy(list.scroller, -3000, 12, () => {
      const day = shown(list)
      const top = day == null ? null : dateTop(list, day)
      if (top !== null && top >= 0 && top < 30) passed++
    })
    expect(passed).toBe(0)
  })

  it('does not appear for what the list does by itself: opening, jumping, pages, what comes at the end', async () => {
    const { clock } = clockAt(NOON)
    const source = createArraySource(daily(6))
    const list = renderList({ source, clock })
    await settled(list)
    source.append(...messages(100, 20, { time: NOON }))
    await frames(4)
    expect(chip(list)).toBeNull()
    await scrollBy(list.scroller, -1500)
    await frames(3)
    const stop = list.scroller.scrollTop
    source.prepend(...messages(-200, 200, { time: NOON - 9 * DAY_MS }))
    await frames(6)
    expect(list.scroller.scrollTop).toBeGreaterThan(stop)
    expect(shown(list)).not.toBe('March 1')
  })

  it('takes no clicks but on its words', async () => {
    const { clock } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(6)), clock })
    await settled(list)
    await scrollBy(list.scroller, -900)
    expect(getComputedStyle(chip(list) as HTMLElement).position).toBe('absolute')
    expect([chip(list), chip(list)?.firstElementChild].map((part) => part && getComputedStyle(part).pointerEvents)).toEqual(['none', 'auto'])
  })
})

describe('jumping to a date', () => {
  it('brings the date to the top', async () => {
    const { clock } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(20)), clock })
    await settled(list)
    expect(await list.handle.current?.scrollToDate(new Date(2026, 2, 1).getTime())).toBe(true)
    await settled(list)
    expect(Math.abs(dateTop(list, 'March 1') as number)).toBeLessThanOrEqual(1)
  })

  it('that holds no message goes to the next that does; after the last, to the end', async () => {
    const { clock } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(20).filter(({ time }) => new Date(time).getDate() !== 1)), clock })
    await settled(list)
    await list.handle.current?.scrollToDate(new Date(2026, 2, 1).getTime())
    await settled(list)
    expect(Math.abs(dateTop(list, 'March 2') as number)).toBeLessThanOrEqual(1)
    expect(await list.handle.current?.scrollToDate(NOON + DAY_MS)).toBe(true)
    await settled(list)
    expect(list.scroller.dataset['atBottom']).toBe('true')
  })

  it('loads the pages that lie before it', async () => {
    const { clock } = clockAt(NOON)
    const all = daily(30)
    const source = createArraySource(all.slice(-40), {
      async loadOlder(oldest) {
        await frames(1)
        const index = all.findIndex((each) => oldest !== null && messageKey(each) === messageKey(oldest))
        return all.slice(Math.max(0, index - 40), index)
      },
    })
    const list = renderList({ source, clock })
    await settled(list)
    expect(await list.handle.current?.scrollToDate(new Date(2026, 1, 14).getTime())).toBe(true)
    await settled(list)
    expect(Math.abs(dateTop(list, 'February 14') as number)).toBeLessThanOrEqual(1)
  })

  it('in an array that is empty loads its first page', async () => {
    const all = daily(3)
    const source = createArraySource([], { loadOlder: (oldest) => Promise.resolve(oldest === null ? all : []) })
    const list = renderList({ source })
    await until(() => list.row('l29') !== null, 'the first page is shown')
    await settled(list)
    expect(list.scroller.dataset['atBottom']).toBe('true')
  })
})

describe('midnight', () => {
  it('renames the days', async () => {
    const { clock, advance } = clockAt(NOON)
    const list = renderList({ source: createArraySource(daily(2)), clock })
    await settled(list)
    list.scroller.scrollTop = 0
    await frames(3)
    const labels = () => [...list.box.querySelectorAll('.rb-date-separator')].map(({ textContent }) => textContent)
    expect(labels()[0]).toBe('Yesterday')
    act(() => advance(12 * 3_600_000))
    expect(labels()[0]).toBe('Monday')
  })
})
