/** What the button that goes to the newest message says came meanwhile. */
import { cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, expect, it } from 'vitest'
import { createArraySource, MessageList, type MessageSnapshot, type MessageSource } from 'readback'
import { firstWhole, frame, frames, fromBottom, message, messages, renderList, scrollBy, settled, TALL_ROWS, VIEWPORT_PX } from './listKit.js'

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

async function readingAbove(count = 100) {
  const source = createArraySource(messages(1, count))
  const list = renderList({ source })
  await settled(list)
  return { source, list, said: () => list.jumpButton()?.dataset['count'] }
}

it('counts what came to a reader who had just begun to leave the end', async () => {
  const { source, list, said } = await readingAbove()
  await scrollBy(list.scroller, -8, 4)
  source.append(message(101))
  await frames(3)
  expect(fromBottom(list.scroller)).toBeGreaterThan(15)
  expect(said()).toBe('1')
})

it('does not count what was taken back, or is gone', async () => {
  const { source, list, said } = await readingAbove()
  await scrollBy(list.scroller, -900)
  source.append(...messages(101, 3))
  await frames(3)
  expect(said()).toBe('3')
  source.append(message(101, { recalledAt: 1 }), message(102, { hidden: true }))
  await frames(3)
  expect(said()).toBe('1')
})

it('counts nothing while the list does not reach the newest message, where nobody knows how much came', async () => {
  let snapshot: MessageSnapshot = { messages: messages(1, 100), hasOlder: false, hasNewer: false, loading: 'none', status: 'ready', firstUnreadKey: null }
  const listeners = new Set<() => void>()
  const set = (change: Partial<MessageSnapshot>) => {
    snapshot = { ...snapshot, ...change }
    listeners.forEach((listener) => listener())
  }
  const source: MessageSource = {
    getSnapshot: () => snapshot, getServerSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const list = renderList({ source })
  await settled(list)
  await scrollBy(list.scroller, -900)
  set({ messages: messages(1, 103) })
  await frames(3)
  expect(list.jumpButton()?.dataset['count']).toBe('3')
  // The far end was let go: what comes there from now on is not seen.
  set({ messages: messages(1, 102), hasNewer: true })
  await frames(3)
  expect(list.jumpButton()?.dataset['count']).toBe('0')
})

it('[I35] keeps the place of a reader in StrictMode, where everything is rendered twice, when pages come above', async () => {
  const source = createArraySource(messages(1_000, 300))
  const box = document.body.appendChild(document.createElement('div'))
  box.style.cssText = `width: 360px; height: ${VIEWPORT_PX}px; position: fixed; inset: 0 auto auto 0;`
  render(<StrictMode><MessageList source={source} components={TALL_ROWS} /></StrictMode>, { container: box })
  const scroller = box.querySelector('.rb-list-scroller') as HTMLElement
  await settled({ scroller })
  await scrollBy(scroller, -3_000)
  const drifts: number[] = []
  for (let page = 1; page <= 5; page++) {
    const before = firstWhole({ box, scroller } as Parameters<typeof firstWhole>[0])
    source.prepend(...messages(1_000 - page * 40, 40))
    for (let painted = 0; painted < 4; painted++) {
      await frame()
      const row = box.querySelector(`[data-testid="${before.id}"]`)
      drifts.push(row === null ? Infinity : Math.abs(row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - before.top))
    }
    await scrollBy(scroller, -137)
  }
  expect(Math.max(...drifts)).toBeLessThanOrEqual(1)
})
