// @vitest-environment jsdom
import { act, cleanup, createEvent, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, MessageRow, type ChatComponents, type Message, type MessageActions, type MessageMenuProps } from 'readback'
import { createFakeClock } from 'readback/testing'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { laterParts } from '../../src/components/lazyParts.js'
import { LONG_PRESS_MS } from '../../src/components/rowGestures.js'
import { fakeClient, message } from '../react/fakeClient.js'

beforeAll(async () => {
  void laterParts.preload()
  await vi.dynamicImportSettled()
})
afterEach(cleanup)

function show(given: Partial<Message> = {}, { own = true, components, actions }: { own?: boolean; components?: ChatComponents; actions?: MessageActions } = {}) {
  const does = { onReply: vi.fn(), onReact: vi.fn(), onEdit: vi.fn(), onDeleteForMe: vi.fn() }
  const clock = createFakeClock()
  const client = Object.assign(fakeClient(), { ports: { ...fakeClient().ports, clock } })
  const { container } = render(
    <ChatProvider client={client}>
      <button type="button">before</button>
      <MessageRow message={message({ from: own ? 'ada' : 'bo', ...given })} own={own} runStart runEnd actions={actions ?? does} {...(components && { components })} />
    </ChatProvider>,
  )
  const row = container.querySelector<HTMLElement>('.rb-row') as HTMLElement
  return { does, clock, row, more: () => within(row).getByRole('button', { name: 'Message actions' }) }
}

const menu = () => screen.queryByRole('menu')
const entries = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent)
const focused = () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent

describe('the menu of a message opens', () => {
  it('at its button, and says what it is', async () => {
    const { more } = show()
    expect(more().getAttribute('aria-expanded')).toBe('false')
    await userEvent.click(more())
    expect(more().getAttribute('aria-expanded')).toBe('true')
    expect(menu()?.getAttribute('aria-label')).toBe('Message actions')
    expect(entries()).toEqual(['Reply', 'Copy text', 'Edit', 'Delete for me'])
  })
  it('at a right click, but leaves links to the browser', () => {
    const { row } = show({ body: { kind: 'text', text: 'see https://example.com' } })
    expect(fireEvent.contextMenu(within(row).getByRole('link'), { button: 2 })).toBe(true)
    expect(menu()).toBeNull()
    expect(fireEvent.contextMenu(row, { button: 2, shiftKey: true })).toBe(true)
    expect(menu()).toBeNull()
    expect(fireEvent.contextMenu(row, { button: 2, clientX: 10, clientY: 10 })).toBe(false)
    expect(menu()).not.toBeNull()
  })
  it('at Enter and at the menu key on the row', () => {
    for (const open of [(row: HTMLElement) => fireEvent.keyDown(row, { key: 'Enter' }), (row: HTMLElement) => fireEvent.contextMenu(row, { button: 0 })]) {
      const { row } = show()
      row.tabIndex = -1
      row.focus()
      open(row)
      expect(menu()).not.toBeNull()
      cleanup()
    }
  })
  it('when a finger stays, and not when it moves or leaves', () => {
    const { row, clock } = show()
    const touch = { pointerType: 'touch', isPrimary: true, clientX: 20, clientY: 20 }
    const pointer = (name: 'pointerDown' | 'pointerMove' | 'pointerUp', init: object) => {
      // jsdom has no pointer events of its own.
      const event = createEvent[name](row, init)
      for (const [key, value] of Object.entries({ ...touch, ...init })) Object.defineProperty(event, key, { value })
      act(() => void fireEvent(row, event))
    }
    pointer('pointerDown', {})
    pointer('pointerMove', { clientY: 60 })
    act(() => clock.advance(LONG_PRESS_MS))
    expect(menu()).toBeNull()
    pointer('pointerDown', {})
    pointer('pointerUp', {})
    act(() => clock.advance(LONG_PRESS_MS))
    expect(menu()).toBeNull()
    pointer('pointerDown', { pointerType: 'mouse' })
    act(() => clock.advance(LONG_PRESS_MS))
    expect(menu()).toBeNull()
    pointer('pointerDown', {})
    pointer('pointerMove', { clientY: 24 })
    act(() => clock.advance(LONG_PRESS_MS))
    expect(menu()).not.toBeNull()
  })
  it('not where nothing may be done', () => {
    const { container } = render(<MessageRow message={message()} own={false} runStart runEnd />)
    expect(container.querySelectorAll('button')).toHaveLength(0)
    fireEvent.contextMenu(container.querySelector('.rb-row') as Element, { button: 2 })
    expect(menu()).toBeNull()
  })
})

describe('in the menu', () => {
  it('arrow keys, Home, End and letters move; the emoji are one line', async () => {
    const { more } = show()
    await userEvent.click(more())
    expect(focused()).toBe('React with 👍')
    const path: (string | null | undefined)[] = []
    for (const key of ['{ArrowRight}', '{ArrowRight}', '{ArrowDown}', '{ArrowDown}', '{End}', '{ArrowDown}', '{ArrowUp}', '{Home}', 'e']) {
      await userEvent.keyboard(key)
      path.push(focused())
    }
    expect(path).toEqual(['React with ❤️', 'React with 😂', 'Reply', 'Copy text', 'Delete for me', 'React with 👍', 'Delete for me', 'React with 👍', 'Edit'])
  })
  it.each(['{Escape}', '{Tab}'])('%s closes it and gives the focus back', async (key) => {
    const { more } = show()
    more().focus()
    await userEvent.keyboard('{Enter}')
    await userEvent.keyboard(key)
    expect(menu()).toBeNull()
    expect(document.activeElement).toBe(more())
  })
  it('a press elsewhere closes it, and what was pressed keeps the focus', async () => {
    const { more } = show()
    await userEvent.click(more())
    await userEvent.click(screen.getByRole('button', { name: 'before' }))
    expect(menu()).toBeNull()
    expect(document.activeElement?.textContent).toBe('before')
  })
  it('a choice is made once, and closes it', async () => {
    const { more, does } = show()
    await userEvent.click(more())
    await userEvent.click(screen.getByRole('menuitem', { name: 'Edit' }))
    expect(does.onEdit).toHaveBeenCalledExactlyOnceWith(message({ from: 'ada' }))
    expect(menu()).toBeNull()
  })
  it('an emoji is given, and one that was given is taken back', async () => {
    const { more, does } = show({ reactions: [{ emoji: '❤️', by: 'ada' }] })
    await userEvent.click(more())
    const heart = screen.getByRole('menuitemcheckbox', { name: 'React with ❤️' })
    expect(heart.getAttribute('aria-checked')).toBe('true')
    await userEvent.click(heart)
    await userEvent.click(more())
    await userEvent.click(screen.getByRole('menuitemcheckbox', { name: 'React with 👍' }))
    expect(does.onReact.mock.calls.map(([, emoji, on]) => [emoji, on])).toEqual([['❤️', false], ['👍', true]])
  })
  it('deleting for everyone asks first, and the focus comes back', async () => {
    const onDeleteForAll = vi.fn()
    const { more } = show({}, { actions: { onDeleteForAll } })
    const ask = async () => {
      more().focus()
      await userEvent.keyboard('{Enter}{End}{Enter}')
      return screen.findByRole('dialog', { name: 'Delete this message for everyone?' })
    }
    expect((await ask()).textContent).toContain('Hello')
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    expect([screen.queryByRole('dialog'), document.activeElement === more(), onDeleteForAll.mock.calls.length]).toEqual([null, true, 0])
    await ask()
    await userEvent.click(screen.getByRole('button', { name: 'Delete for everyone' }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(onDeleteForAll).toHaveBeenCalledExactlyOnceWith(message({ from: 'ada' }))
  })
  it('text is copied as it was written', async () => {
    const user = userEvent.setup()
    const { more } = show({ body: { kind: 'text', text: ' <b>two</b>\n\u202elines ' } })
    await user.click(more())
    await user.click(screen.getByRole('menuitem', { name: 'Copy text' }))
    expect(await navigator.clipboard.readText()).toBe(' <b>two</b>\n\u202elines ')
  })
})

describe('the menu of an app', () => {
  it('is given what may be done, and where', async () => {
    const given = vi.fn((_: MessageMenuProps) => null)
    const { more } = show({}, { components: { MessageMenu: given } })
    await userEvent.click(more())
    expect(given.mock.lastCall?.[0]).toMatchObject({ own: true, entries: [{ id: 'reply' }, { id: 'copy' }, { id: 'edit' }, { id: 'deleteForMe', danger: true }], given: [], anchor: { x: 0, y: 0 } })
  })
  it('that throws gives way to the kit’s own', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { more, row } = show({}, { components: { MessageMenu: () => { throw new Error('broken') } } })
    await userEvent.click(more())
    expect([row.querySelector('.rb-text')?.textContent?.includes('Hello'), entries()[0]]).toEqual([true, 'Reply'])
    silence.mockRestore()
  })
})

describe('reactions under a message', () => {
  it('say how many, mark mine, and change at a click', async () => {
    const { row, does } = show({ reactions: [{ emoji: '👍', by: 'bo' }, { emoji: '👍', by: 'ada' }, { emoji: '😮', by: 'bo' }] })
    const [thumbs, wow] = [...row.querySelectorAll<HTMLElement>('.rb-reaction')] as [HTMLElement, HTMLElement]
    expect([thumbs.getAttribute('aria-pressed'), thumbs.textContent, wow.getAttribute('aria-pressed')]).toEqual(['true', '👍2 reactions, yours among them', 'false'])
    await userEvent.click(thumbs)
    await userEvent.click(wow)
    expect(does.onReact.mock.calls.map(([, emoji, on]) => [emoji, on])).toEqual([['👍', false], ['😮', true]])
  })
  it('are no buttons where nobody can react', () => {
    const { row } = show({ reactions: [{ emoji: '👍', by: 'bo' }] }, { actions: {} })
    expect(row.querySelector('button.rb-reaction')).toBeNull()
    expect(row.querySelector('.rb-reaction')?.textContent).toBe('👍1 reaction')
  })
})
