import { cleanup } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { createArraySource, type Message, type MessageRowProps, type MessageSnapshot, type MessageSource } from 'readback'
import { firstWhole, frame, frames, fromBottom, heightOf, message, messages, renderList, scrollBy, settled, until, type RenderedList } from './listKit.js'

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

/** How far the anchor row is from its place in each painted frame. */
async function driftOf(list: RenderedList, anchor: { id: string; top: number }, count: number): Promise<number[]> {
  const drift: number[] = []
  await frames(count, () => {
    const top = list.topOf(anchor.id)
    drift.push(top === null ? Number.POSITIVE_INFINITY : Math.abs(top - anchor.top))
  })
  return drift
}
const worst = (drift: readonly number[]) => Math.max(...drift)

/** Renders small, then takes its height: as an image without a reserved box does. */
function LateRow({ message: { localId } }: MessageRowProps) {
  const [height, setHeight] = useState(20)
  useEffect(() => {
    const timer = setTimeout(() => setHeight(heightOf(localId)), 40 + (heightOf(localId) % 90))
    return () => clearTimeout(timer)
  }, [localId])
  return <div data-testid={localId} style={{ height }}>{localId}</div>
}

describe('[I35] older messages above', () => {
  it('200 rows of other heights move the anchor by nothing, in any frame', async () => {
    const source = createArraySource(messages(1000, 100))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -1500)
    await frames(12)
    const anchor = firstWhole(list)
    source.prepend(...messages(800, 200))
    expect(worst(await driftOf(list, anchor, 30))).toBeLessThanOrEqual(1)
    expect(list.scroller.scrollHeight).toBeGreaterThan(15_000)
  })

  it('pages that arrive while the reader stands at the very top', async () => {
    const source = createArraySource(messages(1000, 100))
    const list = renderList({ source, initialPosition: { id: 'm1000' } })
    await settled(list)
    for (const first of [800, 600, 400]) {
      list.scroller.dispatchEvent(new WheelEvent('wheel'))
      list.scroller.scrollTop = 0
      await frames(3)
      const anchor = firstWhole(list)
      source.prepend(...messages(first, 200))
      expect(worst(await driftOf(list, anchor, 20))).toBeLessThanOrEqual(1)
    }
  })

  it('that take a name or a date from the first row keep what is below it', async () => {
    const Row = ({ message: { localId }, runStart }: MessageRowProps) => <div data-testid={localId} style={{ height: runStart ? 90 : 50 }}>{localId}</div>
    const one = (from: number, count: number) => Array.from({ length: count }, (_, index) => message(from + index, { from: 'ada', time: 1_773_000_000_000 + (from + index) * 1000 }))
    const source = createArraySource(one(100, 40))
    const list = renderList({ source, components: { MessageRow: Row }, initialPosition: { id: 'm100' } })
    await settled(list)
    list.scroller.scrollTop = 0
    await frames(3)
    const below = { id: 'l101', top: list.topOf('l101') as number }
    source.prepend(...one(50, 50))
    expect(worst(await driftOf(list, below, 20))).toBeLessThanOrEqual(1)
  })

  it('rows above that take their height late', async () => {
    const source = createArraySource(messages(1000, 100))
    const list = renderList({ source, components: { MessageRow: LateRow } })
    await settled(list)
    await scrollBy(list.scroller, -900, 60)
    await frames(30)
    const anchor = firstWhole(list)
    source.prepend(...messages(800, 200))
    // The anchor itself has its height by now; those above in overscan do not.
    expect(worst(await driftOf(list, anchor, 40))).toBeLessThanOrEqual(2)
    expect((await driftOf(list, anchor, 1))[0]).toBeLessThanOrEqual(1)
  })

  it('an image above the viewport that grows by 300 px', async () => {
    const source = createArraySource(messages(1, 100))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -900)
    await frames(15)
    const anchor = firstWhole(list)
    const above = [...list.box.querySelectorAll<HTMLElement>('[data-testid]')].filter((row) => row.getBoundingClientRect().bottom < list.scroller.getBoundingClientRect().top)
    expect(above.length).toBeGreaterThan(0)
    for (const row of above) {
      row.style.height = `${row.offsetHeight + 300}px`
      expect(worst(await driftOf(list, anchor, 4))).toBeLessThanOrEqual(1)
    }
  })

  it('arriving while the reader scrolls up: each frame moves by what was scrolled', async () => {
    const source = createArraySource(messages(1000, 120))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -1200, 60)
    let first = 1000
    for (let step = 0; step < 30; step++) {
      list.scroller.dispatchEvent(new WheelEvent('wheel'))
      const anchor = firstWhole(list)
      if (step % 6 === 3) source.prepend(...messages((first -= 100), 100))
      list.scroller.scrollTop -= 17
      await frame()
      await frame()
      expect(Math.abs((list.topOf(anchor.id) as number) - anchor.top - 17)).toBeLessThanOrEqual(2)
    }
  })
})

describe('a source with pages', () => {
  it('loads older pages before the reader gets there, down to the first message', async () => {
    let left = 5
    const source = createArraySource(messages(1000, 60), {
      async loadOlder(oldest) {
        await frames(4)
        if (left-- === 0) return []
        return messages((oldest?.at?.order ?? 0) - 60, 60)
      },
    })
    const list = renderList({ source })
    await settled(list)
    for (let step = 0; step < 200 && source.getSnapshot().hasOlder; step++) await scrollBy(list.scroller, -200, 100)
    await until(() => !source.getSnapshot().hasOlder, 'history has no more')
    await scrollBy(list.scroller, -60_000, 2000)
    expect(list.row('l700')).not.toBeNull()
    expect(source.getSnapshot().messages).toHaveLength(360)
  })

  it('shows that it loads, in a place that moves nothing', async () => {
    let finish = (_page: readonly Message[]) => {}
    const source = createArraySource(messages(1000, 10), { loadOlder: () => new Promise((resolve) => (finish = resolve)) })
    const list = renderList({ source })
    await settled(list)
    await until(() => list.box.querySelector('.rb-list-loading') !== null, 'the page is loading')
    expect(list.box.querySelector('.rb-list-loading')?.getAttribute('data-side')).toBe('older')
    expect(list.scroller.getAttribute('aria-busy')).toBe('true')
    const anchor = firstWhole(list)
    finish([])
    expect(worst(await driftOf(list, anchor, 5))).toBeLessThanOrEqual(1)
    expect(list.box.querySelector('.rb-list-loading')).toBeNull()
  })

  it('tells when a page fails, and tries again only when the reader scrolls on', async () => {
    let calls = 0
    const errors: unknown[] = []
    const source = createArraySource(messages(1000, 60), { loadOlder: () => (calls++, Promise.reject(new Error('offline'))) })
    const list = renderList({ source, initialPosition: { id: 'm1000' }, onError: (error) => errors.push(error) })
    await settled(list)
    await frames(20)
    expect(calls).toBe(1)
    expect(errors).toHaveLength(1)
    await scrollBy(list.scroller, 40)
    await frames(5)
    expect(calls).toBe(2)
  })
})

/** A window of at most `size` messages over `total`, dropped at the far end; a page comes a few frames late. */
function windowSource(total: number, size: number, page: number): MessageSource & { newest(): number } {
  const listeners = new Set<() => void>()
  let [from, to] = [total - size, total]
  const view = (loading: MessageSnapshot['loading']): MessageSnapshot => ({
    messages: messages(from, to - from), hasOlder: from > 0, hasNewer: to < total, loading, status: 'ready', firstUnreadKey: null,
  })
  const cache = new Map<number, Message>()
  const keep = (snapshot: MessageSnapshot): MessageSnapshot => ({
    ...snapshot,
    messages: snapshot.messages.map((each) => {
      const order = each.at?.order as number
      if (!cache.has(order)) cache.set(order, each)
      return cache.get(order) as Message
    }),
  })
  let snapshot = keep(view('none'))
  const change = (next: MessageSnapshot) => {
    snapshot = keep(next)
    for (const listener of [...listeners]) listener()
  }
  const move = async (side: 'older' | 'newer' | 'around', nextFrom: number) => {
    if (snapshot.loading !== 'none') return
    change(view(side))
    await frames(3)
    from = Math.max(0, Math.min(nextFrom, total - size))
    to = from + size
    change(view('none'))
  }
  return {
    getSnapshot: () => snapshot,
    getServerSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    loadOlder: () => move('older', from - page),
    loadNewer: () => move('newer', from + page),
    loadAround: (anchor) => move('around', anchor === 'newest' ? total : typeof anchor === 'object' && 'id' in anchor ? Number(anchor.id.slice(1)) - size / 2 : from),
    newest: () => to,
  }
}

describe('a bounded window', () => {
  it('goes to the beginning and back, dropping rows at the far end, with the anchor in place', async () => {
    const source = windowSource(500, 160, 60)
    const list = renderList({ source })
    await settled(list)
    const jumps: number[] = []
    const go = async (px: number, until: () => boolean) => {
      for (let step = 0; step < 900 && !until(); step++) {
        const anchor = firstWhole(list)
        list.scroller.dispatchEvent(new WheelEvent('wheel'))
        const before = list.scroller.scrollTop
        list.scroller.scrollTop += px
        const moved = list.scroller.scrollTop - before
        await frame()
        await frame()
        const top = list.topOf(anchor.id)
        if (top !== null) jumps.push(Math.abs(top - anchor.top + moved))
      }
    }
    await go(-300, () => !source.getSnapshot().hasOlder && list.scroller.scrollTop <= 0)
    expect(list.row('l0')).not.toBeNull()
    expect(source.getSnapshot().hasNewer).toBe(true)
    expect(list.scroller.dataset['atBottom']).toBe('false')
    await go(300, () => !source.getSnapshot().hasNewer && fromBottom(list.scroller) <= 1)
    expect(list.row('l499')).not.toBeNull()
    expect(list.scroller.dataset['atBottom']).toBe('true')
    expect(jumps.length).toBeGreaterThan(200)
    expect(worst(jumps)).toBeLessThanOrEqual(2)
  })

  it('loads around a message that is not there, and back to the newest', async () => {
    const source = windowSource(5000, 200, 80)
    const list = renderList({ source })
    await settled(list)
    const found = list.handle.current?.scrollTo('m321')
    expect(await found).toBe(true)
    await settled(list)
    const row = list.row('l321') as HTMLElement
    expect(Math.abs((list.topOf('l321') as number) + row.offsetHeight / 2 - 200)).toBeLessThanOrEqual(1)
    expect(list.jumpButton()).not.toBeNull()
    list.jumpButton()?.click()
    await until(() => list.row('l4999') !== null, 'the newest is shown')
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })

  it('does not chase the end of a window that is not the newest', async () => {
    const source = windowSource(5000, 200, 80)
    const list = renderList({ source, initialPosition: { id: 'm1000' } })
    await settled(list)
    await frames(60)
    expect(Math.abs((list.topOf('l1000') as number) + (list.row('l1000') as HTMLElement).offsetHeight / 2 - 200)).toBeLessThanOrEqual(1)
    expect(source.newest()).toBeLessThan(1400)
  })
})
