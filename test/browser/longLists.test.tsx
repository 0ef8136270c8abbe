/** Ten thousand conversations, and ten thousand members who read a message or did not. */
import { act, render, screen, within } from '@testing-library/react'
import { ChatProvider, ConversationList, ReaderList, type Tally } from 'readback'
import 'readback/styles.css'
import { userEvent } from 'vitest/browser'
import { afterEach, describe, expect, it } from 'vitest'
import { crowd, standingReaders } from '../../stories/fixtures/readers.js'
import { conversationOf, standingClient } from '../../stories/fixtures/standingClient.js'
import { message } from '../react/fakeClient.js'

afterEach(() => document.body.replaceChildren())

const MANY = Array.from({ length: 10_000 }, (_, index) => conversationOf(`c${index}`, { title: `Conversation ${index + 1}`, lastActivityAt: 20_000 - index, unread: { count: index % 3, exact: index % 2 === 0 } }))

describe('ten thousand conversations', () => {
  const show = () => render(
    <ChatProvider client={standingClient({ state: { conversations: MANY } })} style={{ inlineSize: 320, blockSize: 500 }}>
      <ConversationList />
    </ChatProvider>,
  )
  it('render what is in sight, and say how many there are', async () => {
    const { container } = show()
    await expect.poll(() => container.querySelectorAll('.rb-conversation').length).toBeGreaterThan(5)
    expect(container.querySelectorAll('.rb-conversation').length).toBeLessThan(60)
    expect(container.querySelector('li')?.getAttribute('aria-setsize')).toBe('10000')
    const list = container.querySelector('.rb-conversations')!
    expect(list.scrollHeight).toBeGreaterThan(400_000)
    await expect.poll(() => {
      // Rows turn out higher than they were thought to be, and the end moves on.
      list.scrollTop = list.scrollHeight
      return container.textContent
    }, { timeout: 5000 }).toContain('Conversation 10000')
  })
  it('are reached by End and Home, and the one with the focus stays', async () => {
    const { container } = show()
    await screen.findByText('Conversation 1')
    act(() => container.querySelector<HTMLElement>('.rb-conversation')!.focus())
    await userEvent.keyboard('{End}')
    await expect.poll(() => document.activeElement?.textContent).toContain('Conversation 10000')
    container.querySelector('.rb-conversations')!.scrollTop = 0
    await expect.poll(() => container.textContent).toContain('Conversation 1')
    expect(document.activeElement?.textContent).toContain('Conversation 10000')
    await userEvent.keyboard('{Home}{ArrowDown}{PageDown}')
    await expect.poll(() => document.activeElement?.textContent).toMatch(/Conversation 10(?!\d)/)
    expect(container.querySelectorAll('.rb-conversation[tabindex="0"]')).toHaveLength(1)
  })
})

describe('ten thousand readers', () => {
  const show = (source = standingReaders(crowd(10_000)), onRemind?: (ids: readonly string[]) => void) => render(
    <ChatProvider style={{ inlineSize: 360, blockSize: 480 }}>
      <ReaderList message={message({ from: 'ada' })} source={source} style={{ blockSize: 480 }} {...(onRemind && { onRemind })} />
    </ChatProvider>,
  )
  it('are counted as the badge counts them before they are loaded, and rendered as they come into view', async () => {
    const { container } = show()
    const tabs = await screen.findAllByRole('tab')
    expect(tabs.map((tab) => tab.textContent)).toEqual(['Read 6,000', 'Delivered 3,000', 'Not yet 1,000'])
    await expect.poll(() => container.querySelectorAll('.rb-reader').length).toBeGreaterThan(5)
    expect(container.querySelectorAll('.rb-reader').length).toBeLessThan(60)
  })
  it('are loaded to the end by scrolling', async () => {
    const { container } = show()
    await screen.findAllByText(/member-/)
    const panel = container.querySelector('.rb-readers-panel')!
    await expect.poll(() => {
      panel.scrollTop = panel.scrollHeight
      return container.querySelector('li')?.getAttribute('aria-setsize')
    }, { timeout: 10_000 }).toBe('6000')
    await expect.poll(() => container.textContent).toContain('member-09996')
  })
  it('who have not read it are all handed over, once', async () => {
    const reminded: (readonly string[])[] = []
    show(undefined, (ids) => reminded.push(ids))
    await userEvent.click(await screen.findByRole('button', { name: 'Remind 4,000 people' }))
    await expect.poll(() => reminded.length, { timeout: 10_000 }).toBe(1)
    expect(new Set(reminded[0]).size).toBe(4000)
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Reminded' })).disabled).toBe(true)
  })
  it('who were not reached are found though they are nobody’s reader', async () => {
    const { container } = show()
    await userEvent.click((await screen.findAllByRole('tab'))[2]!)
    await expect.poll(() => container.querySelector('li')?.getAttribute('aria-setsize'), { timeout: 10_000 }).toBe('1000')
    expect(within(container).queryByText('member-00010')).not.toBeNull()
  })
})

describe('a list of readers', () => {
  it('follows the receipts', async () => {
    let readers = crowd(20).readers.slice(0, 2)
    let tally: Tally = { tracked: true, read: 2, of: 20, delivered: 2, viewed: 0 }
    const listeners = new Set<() => void>()
    const source = {
      load: () => Promise.resolve({ items: readers }),
      audience: () => Promise.resolve(crowd(20).audience),
      getTally: () => tally,
      subscribe(listener: () => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    }
    const { container, unmount } = render(<ReaderList message={message({ from: 'ada' })} source={source} />)
    await expect.poll(() => container.querySelectorAll('.rb-reader').length).toBe(2)
    readers = crowd(20).readers.slice(0, 5)
    tally = { tracked: true, read: 5, of: 20, delivered: 5, viewed: 0 }
    act(() => listeners.forEach((listener) => listener()))
    await expect.poll(() => container.querySelectorAll('.rb-reader').length).toBe(5)
    expect(screen.getAllByRole('tab')[0]?.textContent).toBe('Read 5')
    unmount()
    expect(listeners.size).toBe(0)
  })
})
