/** The whole window without a mouse and without eyes: real keys, a real hub, and what a screen reader is told. */
import { render, screen, within } from '@testing-library/react'
import { ChatProvider, ChatWindow, ConversationList, createChatClient, type ChatClient } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import 'readback/styles.css'
import { useState } from 'react'
import { userEvent } from 'vitest/browser'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { laterParts } from '../../src/components/lazyParts.js'

// What answers keys comes after the first screen: two keys within its first moment would find it on its way.
beforeAll(() => laterParts.preload())

const GROUP = { id: 'garden', kind: 'group', members: ['ada', 'bo', 'cleo'], title: 'Garden' } as const

const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

const onScreen = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }

async function scene() {
  const hub = memoryHub()
  await hub.seed({ conversation: GROUP, messages: Array.from({ length: 30 }, (_, index) => ({ from: index % 3 === 0 ? 'ada' : 'bo', body: { kind: 'text', text: `Line ${index + 1}` } as const, time: Date.UTC(2026, 10, 19, 9) + index * 60_000 })) })
  const make = (userId: string): ChatClient => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20, dwellMs: 50 }, ports: { locks: null, openChannel: () => null, visibility: onScreen }, directory: { resolve: (ids) => Promise.resolve(ids.map((id) => ({ userId: id, name: id[0]!.toUpperCase() + id.slice(1) }))) } })
    cleanUp.push(() => client.dispose())
    return client
  }
  return { hub, ada: make('ada'), bo: make('bo'), cleo: make('cleo') }
}

function Messenger({ client }: { client: ChatClient }) {
  const [selected, select] = useState<string>('garden')
  return (
    <ChatProvider client={client} style={{ display: 'grid', gridTemplateColumns: '240px 1fr', blockSize: 560, inlineSize: 760 }}>
      <ConversationList selectedId={selected} onSelect={select} />
      <ChatWindow conversationId={selected} initialPosition="newest" />
    </ChatProvider>
  )
}

async function show(client: ChatClient) {
  const { unmount, container } = render(<Messenger client={client} />)
  cleanUp.push(unmount)
  await expect.poll(() => container.querySelector('[role="log"]')?.textContent, { timeout: 8000 }).toContain('Line 30')
  await expect.poll(() => container.querySelector('[data-settled="true"]'), { timeout: 8000 }).not.toBeNull()
  return container
}

/** Everything that was said, in order, without the marks that isolate names. */
function transcript(container: HTMLElement) {
  const said: string[] = []
  const region = container.querySelector('[aria-live="polite"][aria-relevant="additions"]') as HTMLElement
  const observer = new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach((node) => said.push((node.textContent ?? '').replace(/[\u2066-\u2069]/g, '')))))
  observer.observe(region, { childList: true })
  cleanUp.push(() => observer.disconnect())
  return said
}

const focused = () => document.activeElement as HTMLElement
const nameOf = (element: Element) => element.getAttribute('aria-label') ?? element.textContent ?? ''

describe('by keyboard alone', () => {
  it('every message is an article; one that a menu gives the focus back to says what it is again', async () => {
    const { ada } = await scene()
    const container = await show(ada)
    const rows = [...container.querySelectorAll('.rb-list .rb-row')]
    expect(rows.length).toBeGreaterThan(3)
    expect(rows.filter((row) => row.getAttribute('role') !== 'article')).toEqual([])
    screen.getByRole('log').focus()
    await userEvent.keyboard('{ArrowUp}{Enter}')
    await screen.findByRole('menu', undefined, { timeout: 8000 })
    expect(focused().closest('[role="menu"]')).not.toBeNull()
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => focused().getAttribute('role')).toBe('article')
    expect(focused().getAttribute('aria-label')).toMatch(/^Bo: Line 30, /)
    await userEvent.keyboard('{Escape}')
    expect(container.querySelectorAll('.rb-row[aria-label]')).toHaveLength(0)
  })

  it('one goes from the conversations to a message, to who read it, back, writes and sends', async () => {
    const { ada, bo } = await scene()
    await bo.start()
    const container = await show(ada)
    await userEvent.keyboard('{Tab}')
    expect(nameOf(focused())).toContain('Garden')
    const log = screen.getByRole('log')
    for (let step = 0; step < 6 && focused() !== log; step++) await userEvent.keyboard('{Tab}')
    expect(focused()).toBe(log)

    await userEvent.keyboard('{ArrowUp}')
    expect(nameOf(focused())).toMatch(/^Bo: Line 30, /)
    expect(focused().getAttribute('role')).toBe('article')
    await userEvent.keyboard('{ArrowUp}{ArrowUp}')
    expect(nameOf(focused())).toMatch(/^You: Line 28, .+, (Sent|Delivered|Read), Read by \d of 2$/)
    await userEvent.keyboard('{End}')
    expect(nameOf(focused())).toMatch(/Line 30/)
    await userEvent.keyboard('{Home}')
    await expect.poll(() => nameOf(focused()), { timeout: 5000 }).toMatch(/Line 1,/)
    await userEvent.keyboard('{End}')
    await expect.poll(() => nameOf(focused()), { timeout: 5000 }).toMatch(/Line 30,/)
    await userEvent.keyboard('{ArrowUp}{ArrowUp}')
    expect(nameOf(focused())).toMatch(/Line 28/)

    // Within the message, on to its badge.
    for (let step = 0; step < 8 && !focused().classList.contains('rb-badge'); step++) await userEvent.keyboard('{Tab}')
    expect(nameOf(focused())).toMatch(/Read by/)
    const badge = focused()
    await userEvent.keyboard('{Enter}')
    const dialog = await screen.findByRole('dialog', undefined, { timeout: 8000 })
    expect(dialog.contains(focused())).toBe(true)
    await within(dialog).findAllByRole('tab')
    for (let step = 0; step < 4 && focused().getAttribute('role') !== 'tab'; step++) await userEvent.keyboard('{Tab}')
    await userEvent.keyboard('{ArrowRight}')
    expect(focused().getAttribute('aria-selected')).toBe('true')
    for (let step = 0; step < 6; step++) {
      await userEvent.keyboard('{Tab}')
      expect(dialog.contains(focused()) || focused() === document.body).toBe(true)
    }
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('dialog')).toBeNull()
    expect(focused()).toBe(badge)

    const field = screen.getByRole('textbox')
    for (let step = 0; step < 30 && focused() !== field; step++) await userEvent.keyboard('{Tab}')
    expect(focused()).toBe(field)
    await userEvent.keyboard('By keys alone{Enter}')
    expect(await within(log).findByText('By keys alone', undefined, { timeout: 5000 })).toBeTruthy()
    expect(container.querySelectorAll('[tabindex="0"].rb-conversation')).toHaveLength(1)
  })

  it('whatever Tab reaches is 24 pixels wide and high, and shows that it has the focus', async ({ skip }) => {
    // Firefox gives the focus to its own buttons when Tab leaves a page, and takes none back from a script: nothing has a ring there.
    skip(!window.parent.document.hasFocus(), 'this page has no focus to show')
    const { ada } = await scene()
    const container = await show(ada)
    const small = [...container.querySelectorAll<HTMLElement>('button, a[href], [role="tab"], input, textarea')].filter((element) => {
      const { width, height } = element.getBoundingClientRect()
      return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && width > 1 && (width < 24 || height < 24)
    })
    expect(small.map((element) => element.outerHTML.slice(0, 120))).toEqual([])
    for (let step = 0; step < 8; step++) {
      await userEvent.keyboard('{Tab}')
      if (!container.contains(focused())) continue
      const ring = [focused(), focused().parentElement!].map((element) => getComputedStyle(element)).some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none')
      expect(ring, focused().outerHTML.slice(0, 100)).toBe(true)
    }
  })
})

describe('by ear alone', () => {
  it('[A23] each new message is said once, history never, and receipts together', async () => {
    const { ada, bo, cleo } = await scene()
    await Promise.all([bo.start(), cleo.start()])
    await new Promise((resolve) => setTimeout(resolve, 500))
    const container = await show(ada)
    const said = transcript(container)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(said).toEqual([])

    await bo.send('garden', { body: { kind: 'text', text: 'Is anybody there?' } })
    await expect.poll(() => said, { timeout: 5000 }).toEqual(['Bo: Is anybody there?'])
    await cleo.send('garden', { body: { kind: 'image', file: { ref: 'hill' } } })
    await expect.poll(() => said.length, { timeout: 5000 }).toBe(2)

    await ada.send('garden', { body: { kind: 'text', text: 'I am' } })
    await new Promise((resolve) => setTimeout(resolve, 1800))
    for (const client of [bo, cleo]) {
      const source = client.messages('garden')
      source.subscribe(() => {})
      await expect.poll(() => source.getSnapshot().messages.at(-1)?.body, { timeout: 5000 }).toEqual({ kind: 'text', text: 'I am' })
      await client.markRead(source.getSnapshot().messages.slice(-1))
    }
    await expect.poll(() => said.at(-1), { timeout: 12_000 }).toBe('All read')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(said.filter((line) => line !== 'Read by 1')).toEqual(['Bo: Is anybody there?', 'Cleo: Photo', 'Your message: Delivered', 'All read'])
  })
})
