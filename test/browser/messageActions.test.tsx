import 'readback/styles.css'
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, createArraySource, MessageList, type Message, type MessageActions } from 'readback'
import { cdp, server, userEvent } from 'vitest/browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LONG_PRESS_MS } from '../../src/components/rowGestures.js'
import { frames, message, settled } from './listKit.js'

afterEach(cleanup)

const nothing = () => {}
const ALL: MessageActions = { onReply: nothing, onReact: nothing, onEdit: nothing, onRecall: nothing, onDeleteForMe: nothing, onDeleteForAll: nothing, onInfo: nothing }
const text = (words: string) => ({ body: { kind: 'text', text: words } as const })

async function show(messages: readonly Message[], { widthPx = 360, dir = 'ltr' as 'ltr' | 'rtl', actions = ALL } = {}) {
  const source = createArraySource(messages)
  const { container } = render(
    <div style={{ inlineSize: widthPx, blockSize: 400 }}>
      <ChatProvider theme="light" dir={dir}>
        <MessageList source={source} userId="ada" conversationKind="group" actions={actions} />
      </ChatProvider>
    </div>,
  )
  const scroller = container.querySelector<HTMLElement>('.rb-list-scroller') as HTMLElement
  await settled({ scroller })
  const row = (localId: string) => [...container.querySelectorAll<HTMLElement>('.rb-row')].find((each) => each.textContent?.includes(localId)) as HTMLElement
  return { container, scroller, source, row }
}

const MANY = Array.from({ length: 40 }, (_, index) => message(index + 1))
const menu = () => document.querySelector<HTMLElement>('[role="menu"]')
const opened = () => vi.waitFor(() => expect(menu()?.matches(':popover-open')).toBe(true))
const middleOf = (element: Element) => {
  const { x, y, width, height } = element.getBoundingClientRect()
  return document.elementFromPoint(x + width / 2, y + height / 2)
}

/** Why a finger is not tried. */
const NO_FINGER = `${server.browser} has no debugger that touches the screen`

/** A finger on an element for longer than a tap, by the browser's own input; moved by so many pixels meanwhile. */
async function longPress(element: Element, moveY = 0) {
  const session = cdp() as unknown as { send(method: string, params: object): Promise<void> }
  // The tests run in a frame that may be drawn smaller than it is; the session knows the page only.
  const frame = window.frameElement?.getBoundingClientRect() ?? { x: 0, y: 0, width: window.innerWidth }
  const scale = frame.width / window.innerWidth
  const { x, y, height } = element.getBoundingClientRect()
  const at = (shiftY: number) => [{ x: frame.x + (x + 8) * scale, y: frame.y + (y + height / 2 + shiftY) * scale }]
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
  if (moveY !== 0) await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(moveY) })
  await new Promise((resolve) => setTimeout(resolve, LONG_PRESS_MS + 150))
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await frames(3)
}

describe('a menu in a real list', () => {
  it.each([{ widthPx: 360, dir: 'ltr' }, { widthPx: 280, dir: 'rtl' }] as const)('stays after the press that opened it, above all else and within the window: %o', async (setting) => {
    const { row } = await show(MANY, setting)
    for (const id of ['Message 40', 'Message 36']) {
      await userEvent.click(row(id).querySelector('.rb-text') as Element, { button: 'right' })
      await opened()
      const { left, right, top, bottom } = (menu() as HTMLElement).getBoundingClientRect()
      expect(left).toBeGreaterThanOrEqual(0)
      expect(top).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(document.documentElement.clientWidth)
      expect(bottom).toBeLessThanOrEqual(document.documentElement.clientHeight)
      for (const entry of (menu() as HTMLElement).querySelectorAll('[role^="menuitem"]')) expect(entry.contains(middleOf(entry)), entry.textContent ?? '').toBe(true)
      await userEvent.keyboard('{Escape}')
      await vi.waitFor(() => expect(menu()).toBeNull())
    }
  })
  it('opens at Enter on the row that the arrow keys found, and gives the focus back to it', async () => {
    const { scroller } = await show(MANY)
    scroller.focus()
    await userEvent.keyboard('{End}')
    const row = () => document.activeElement as HTMLElement
    await vi.waitFor(() => expect(row().matches('.rb-row')).toBe(true))
    const focused = row()
    await userEvent.keyboard('{Enter}')
    await opened()
    const scrolledTo = scroller.scrollTop
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Escape}')
    await vi.waitFor(() => expect(menu()).toBeNull())
    expect(document.activeElement).toBe(focused)
    expect(scroller.scrollTop).toBe(scrolledTo)
  })
  it('opens under a finger that stays, stays when it leaves, and follows no link beneath', async (context) => {
    if (server.browser !== 'chromium') return context.skip(NO_FINGER)
    const { row } = await show([...MANY, message(41, text('https://example.com/beds'))])
    const link = row('example.com').querySelector('a') as HTMLElement
    const followed = vi.fn((event: Event) => event.preventDefault())
    document.addEventListener('click', followed)
    await longPress(link)
    await opened()
    expect(followed).not.toHaveBeenCalled()
    document.removeEventListener('click', followed)
  })
  it('does not open under a finger that scrolls', async (context) => {
    if (server.browser !== 'chromium') return context.skip(NO_FINGER)
    const { row } = await show(MANY)
    const pressed = vi.fn()
    document.addEventListener('pointerdown', pressed, { once: true })
    await longPress(row('Message 38').querySelector('.rb-text') as Element, 40)
    expect(pressed).toHaveBeenCalledTimes(1)
    expect(menu()).toBeNull()
  })
  it('shows its buttons under a mouse without moving anything, inside the list', async () => {
    const { container, row, scroller } = await show([...MANY, message(41, text('Message 41, which is long enough to take all of the width that a bubble may have, and then some.'))], { widthPx: 280 })
    const places = () => [...container.querySelectorAll('.rb-row')].map((each) => each.getBoundingClientRect().top)
    const before = places()
    for (const id of ['Message 41', 'Message 39']) {
      await userEvent.hover(row(id).querySelector('.rb-bubble') as Element)
      const tools = row(id).querySelector('.rb-tools') as HTMLElement
      await vi.waitFor(() => expect(getComputedStyle(tools).opacity).toBe('1'))
      const [box, list] = [tools.getBoundingClientRect(), scroller.getBoundingClientRect()]
      expect([box.left >= list.left, box.right <= list.right]).toEqual([true, true])
    }
    expect(places()).toEqual(before)
  })
  it('has one button on a row that nobody is at, and all once somebody is', async () => {
    const { row } = await show(MANY)
    const names = () => [...row('Message 38').querySelectorAll('button')].map((button) => button.getAttribute('aria-label'))
    expect(names()).toEqual(['Message actions'])
    const [button] = row('Message 38').querySelectorAll('button')
    await userEvent.hover(row('Message 38').querySelector('.rb-bubble') as Element)
    await vi.waitFor(() => expect(names().length).toBeGreaterThan(1))
    // The same element: a click that assistive technology began on it goes on.
    expect(button?.isConnected).toBe(true)
  })
  it('leaves the list where it is when a chip comes, but for the row that bears it', async () => {
    const { source, row } = await show(MANY)
    const before = row('Message 38').getBoundingClientRect().height
    source.set(MANY.map((each) => (each.localId === 'l38' ? { ...each, reactions: [{ emoji: '👍', by: 'ben' }] } : each)))
    await vi.waitFor(() => expect(row('Message 38').querySelector('.rb-reaction')).not.toBeNull())
    const withChip = row('Message 38').getBoundingClientRect().height
    expect(withChip).toBeGreaterThan(before)
    source.set(MANY.map((each) => (each.localId === 'l38' ? { ...each, reactions: [{ emoji: '👍', by: 'ben' }, { emoji: '👍', by: 'cy' }, { emoji: '❤️', by: 'cy' }] } : each)))
    await vi.waitFor(() => expect(row('Message 38').querySelectorAll('.rb-reaction')).toHaveLength(2))
    expect(row('Message 38').getBoundingClientRect().height).toBe(withChip)
  })
})

describe('a quote in a real list', () => {
  it('leads to what it quotes, far above, and marks it', async () => {
    const { row, container } = await show([...MANY, message(41, { ...text('the answer'), replyTo: 'm2' })])
    await userEvent.click(row('the answer').querySelector('.rb-quote') as Element)
    await vi.waitFor(() => expect(container.querySelector('.rb-row[data-highlighted]')?.textContent).toContain('Message 2'))
    const { top } = row('Message 2').getBoundingClientRect()
    expect(top).toBeGreaterThan(0)
  })
  it('however long, hostile or turned, widens nothing', async () => {
    const hostile = ['x'.repeat(2 ** 20), `Z${'\u0301\u0322'.repeat(5000)}lgo`, '\u202egnp.exe \u2067\u2066', '\u0000\ud800', '\n'.repeat(100_000)]
    for (const words of hostile) {
      const { container, row, scroller } = await show([message(1, text(words)), message(3, { ...text('answer'), replyTo: 'm1', reactions: [{ emoji: words.slice(0, 20_000), by: words.slice(0, 5000) }] })], { widthPx: 280 })
      const bubble = row('answer').querySelector('.rb-bubble') as HTMLElement
      expect(bubble.getBoundingClientRect().width).toBeLessThanOrEqual(280 * 0.8)
      expect(bubble.querySelector('.rb-quote')?.getBoundingClientRect().height).toBeLessThan(60)
      for (const chip of container.querySelectorAll('.rb-reaction')) expect(chip.getBoundingClientRect().height).toBe(26)
      expect(scroller.scrollWidth).toBeLessThanOrEqual(scroller.clientWidth)
      cleanup()
    }
  })
})
