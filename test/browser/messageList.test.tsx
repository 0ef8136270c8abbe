import { cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { createArraySource, MessageList, messageKey } from 'readback'
import { firstWhole, frame, frames, fromBottom, message, messages, renderList, scrollBy, settled, TALL_ROWS, until, VIEWPORT_PX } from './listKit.js'

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

const separatorTop = ({ box, scroller }: ReturnType<typeof renderList>) => {
  const separator = box.querySelector('.rb-unread-separator') as HTMLElement
  return (separator.closest('.rb-list-row') as HTMLElement).getBoundingClientRect().top - scroller.getBoundingClientRect().top
}

describe('opening', () => {
  it('[I36] opens with the unread separator at the top edge, exactly', async () => {
    const all = messages(1, 300)
    const list = renderList({ source: createArraySource(all, { firstUnreadKey: messageKey(all[200]!) }) })
    await settled(list)
    expect(Math.abs(separatorTop(list))).toBeLessThanOrEqual(1)
    expect(list.row('l201')).not.toBeNull()
    await frames(10)
    expect(Math.abs(separatorTop(list))).toBeLessThanOrEqual(1)
  })

  it('shows the rows in the very first frame and never anywhere else', async () => {
    const all = messages(1, 300)
    const list = renderList({ source: createArraySource(all, { firstUnreadKey: messageKey(all[200]!) }) })
    const tops: number[] = []
    for (let painted = 0; painted < 6; painted++) {
      await frame()
      if (getComputedStyle(list.box.querySelector('.rb-list-rows') as Element).visibility === 'visible') tops.push(separatorTop(list))
    }
    expect(tops).toHaveLength(6)
    for (const top of tops) expect(Math.abs(top)).toBeLessThanOrEqual(1)
  })

  it('opens at the newest message when nothing is unread', async () => {
    const list = renderList({ source: createArraySource(messages(1, 300)) })
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    expect(list.row('l300')).not.toBeNull()
    expect(list.scroller.dataset['atBottom']).toBe('true')
    expect(list.jumpButton()).toBeNull()
  })

  it('opens at the newest message when asked to, unread or not', async () => {
    const all = messages(1, 100)
    const list = renderList({ source: createArraySource(all, { firstUnreadKey: messageKey(all[10]!) }), initialPosition: 'newest' })
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })

  it('opens with a message in the middle', async () => {
    const list = renderList({ source: createArraySource(messages(1, 300)), initialPosition: { id: 'm120' } })
    await settled(list)
    const row = list.row('l120') as HTMLElement
    const middle = (list.topOf('l120') as number) + row.offsetHeight / 2
    expect(Math.abs(middle - VIEWPORT_PX / 2)).toBeLessThanOrEqual(1)
  })

  it('shows a conversation shorter than the viewport whole, and grows with it', async () => {
    const source = createArraySource(messages(1, 2))
    const list = renderList({ source })
    await settled(list)
    expect(list.row('l1')).not.toBeNull()
    source.append(...messages(3, 40))
    await frames(3)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })

  it('says so when there is nothing, then follows what comes', async () => {
    const source = createArraySource()
    const list = renderList({ source })
    await settled(list)
    expect(list.box.textContent).toContain('No messages yet')
    source.append(...messages(1, 60))
    await until(() => list.row('l60') !== null, 'the newest message is shown')
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    expect(list.box.textContent).not.toContain('No messages yet')
  })

  it('opens and follows in StrictMode, where everything is started twice', async () => {
    const source = createArraySource(messages(1, 300))
    const box = document.body.appendChild(document.createElement('div'))
    box.style.cssText = 'width: 360px; height: 400px'
    render(<StrictMode><MessageList source={source} components={TALL_ROWS} /></StrictMode>, { container: box })
    const scroller = box.querySelector('.rb-list-scroller') as HTMLElement
    await settled({ scroller })
    expect(fromBottom(scroller)).toBeLessThanOrEqual(1)
    source.append(...messages(301, 30))
    await frames(3)
    expect(fromBottom(scroller)).toBeLessThanOrEqual(1)
    expect(box.querySelector('[data-testid="l330"]')).not.toBeNull()
  })

  it('waits in a closed panel and opens when the panel does', async () => {
    const all = messages(1, 300)
    const list = renderList({ source: createArraySource(all, { firstUnreadKey: messageKey(all[200]!) }) })
    list.box.style.display = 'none'
    await frames(10)
    list.box.style.display = 'block'
    await settled(list)
    expect(Math.abs(separatorTop(list))).toBeLessThanOrEqual(1)
  })

  it('stands where it stood when its panel is closed and opened', async () => {
    const source = createArraySource(messages(1, 300))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -2000)
    await frames(12)
    const anchor = firstWhole(list)
    for (const appended of [0, 5]) {
      list.box.style.display = 'none'
      await frames(4)
      source.append(...messages(301, appended))
      await frames(4)
      list.box.style.display = 'block'
      await frames(4)
      expect(Math.abs((list.topOf(anchor.id) ?? 999) - anchor.top)).toBeLessThanOrEqual(1)
    }
    list.jumpButton()?.click()
    await settled(list)
    list.box.style.display = 'none'
    await frames(4)
    source.append(...messages(401, 20))
    await frames(4)
    list.box.style.display = 'block'
    await frames(4)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    expect(list.row('l420')).not.toBeNull()
  })

  it('opens anew for another source', async () => {
    const list = renderList({ source: createArraySource(messages(1, 100)) })
    await settled(list)
    list.update({ source: createArraySource(messages(501, 100)) })
    const scroller = list.box.querySelector('.rb-list-scroller') as HTMLElement
    await settled({ scroller })
    expect(list.row('l600')).not.toBeNull()
    expect(fromBottom(scroller)).toBeLessThanOrEqual(1)
  })
})

describe('following', () => {
  it('misses no follow in a burst of 200', async () => {
    const source = createArraySource(messages(1, 100))
    const list = renderList({ source })
    await settled(list)
    for (let order = 101; order <= 300; order++) {
      source.append(message(order))
      if (order % 7 === 0) await frame()
      if (order % 14 === 0) expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    }
    await frames(3)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    expect(list.row('l300')).not.toBeNull()
    expect(list.jumpButton()).toBeNull()
  })

  it('paints the newest message in each frame of a burst', async () => {
    const source = createArraySource(messages(1, 100))
    const list = renderList({ source })
    await settled(list)
    for (let order = 101; order <= 160; order += 3) {
      source.append(...messages(order, 3))
      await frame()
      expect(list.row(`l${order + 2}`)).not.toBeNull()
    }
  })

  it.each([1, 2, 4, 8, 14])('lets go of a reader who draws it up by %i pixels a frame', async (stepPx) => {
    const source = createArraySource(messages(1, 200))
    const list = renderList({ source })
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    await scrollBy(list.scroller, -stepPx * 20, stepPx)
    expect(Math.abs(fromBottom(list.scroller) - stepPx * 20)).toBeLessThanOrEqual(2)
    await scrollBy(list.scroller, 4000)
    expect(list.scroller.dataset['atBottom']).toBe('true')
  })

  it('does not follow a reader who scrolled up, and counts what came', async () => {
    const source = createArraySource(messages(1, 200))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -900)
    expect(list.scroller.dataset['atBottom']).toBe('false')
    const before = firstWhole(list)
    source.append(...messages(201, 5), message(206, { body: { kind: 'system', text: 'Ben left' } }))
    await frames(3)
    expect(Math.abs((list.topOf(before.id) as number) - before.top)).toBeLessThanOrEqual(1)
    expect(list.jumpButton()?.dataset['count']).toBe('5')
    expect(list.jumpButton()?.getAttribute('aria-label')).toBe('Go to the newest message, 5 new messages')
    list.jumpButton()?.click()
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    expect(list.jumpButton()).toBeNull()
  })

  it('goes to the end for a message of my own', async () => {
    const source = createArraySource(messages(1, 200))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -900)
    source.append(message(900, { from: 'me', at: null, ids: [], outgoing: 'sending' }))
    await until(() => list.row('l900') !== null, 'my message is shown')
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })

  it('goes to the end for a message of my own that comes with its place, as from a store without echoes', async () => {
    const source = createArraySource(messages(1, 200))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -900)
    const before = firstWhole(list)
    source.append(message(201), message(202, { from: 'me' }))
    await frames(3)
    expect(Math.abs((list.topOf(before.id) as number) - before.top)).toBeLessThanOrEqual(1)
    source.append(message(203, { from: 'me' }))
    await until(() => list.row('l203') !== null, 'my message is shown')
    await settled(list)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })

  it('stays at the end while the viewport shrinks and grows', async () => {
    const list = renderList({ source: createArraySource(messages(1, 100)) })
    await settled(list)
    for (const height of [300, 180, 390]) {
      list.box.style.height = `${height}px`
      await frames(2)
      expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
    }
  })

  it('follows again once the reader has come back', async () => {
    const source = createArraySource(messages(1, 100))
    const list = renderList({ source })
    await settled(list)
    await scrollBy(list.scroller, -400)
    await scrollBy(list.scroller, 600)
    source.append(...messages(101, 3))
    await frames(3)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })
})

describe('jumping', () => {
  it('brings any message into the middle and marks it', async () => {
    const list = renderList({ source: createArraySource(messages(1, 2000)) })
    await settled(list)
    expect(await list.handle.current?.scrollTo('m77')).toBe(true)
    await settled(list)
    const row = list.row('l77') as HTMLElement
    expect(Math.abs((list.topOf('l77') as number) + row.offsetHeight / 2 - VIEWPORT_PX / 2)).toBeLessThanOrEqual(1)
    expect(row.closest('.rb-list-row')?.hasAttribute('data-highlighted')).toBe(true)
  })

  it('says when there is no such message', async () => {
    const list = renderList({ source: createArraySource(messages(1, 50)) })
    await settled(list)
    expect(await list.handle.current?.scrollTo('nowhere')).toBe(false)
    expect(fromBottom(list.scroller)).toBeLessThanOrEqual(1)
  })

  it('paints no frame between two places', async () => {
    const list = renderList({ source: createArraySource(messages(1, 2000)) })
    await settled(list)
    void list.handle.current?.scrollTo('m77')
    for (let painted = 0; painted < 5; painted++) {
      await frame()
      const { id } = firstWhole(list)
      expect(Number(id.slice(1))).toBeGreaterThan(60)
      expect(Number(id.slice(1))).toBeLessThan(95)
    }
  })
})
