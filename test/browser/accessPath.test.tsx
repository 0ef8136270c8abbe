/** [A23] The whole way through a messenger without a pointer: conversations, a message, its menu, an answer, who read it, and out again. */
import 'readback/styles.css'
import { cleanup, render, screen, within } from '@testing-library/react'
import { ChatProvider, ChatWindow, ConversationList, createChatClient } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { useState } from 'react'
import { userEvent } from 'vitest/browser'
import { afterEach, expect, it } from 'vitest'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  cleanup()
  for (const undo of cleanUp.splice(0)) await undo()
})

const GARDEN = { id: 'garden', kind: 'group', title: 'Garden', members: ['ada', 'bo', 'cleo'] } as const
const CHOIR = { id: 'choir', kind: 'group', title: 'Choir', members: ['ada', 'bo'] } as const
const PATIENCE = { timeout: 8000 }
const onScreen = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }

function Messenger({ client }: { client: ReturnType<typeof createChatClient> }) {
  const [selected, select] = useState<string | null>(null)
  return (
    <ChatProvider client={client} style={{ display: 'grid', gridTemplateColumns: '240px 1fr', blockSize: 560, inlineSize: 760 }}>
      <ConversationList selectedId={selected} onSelect={select} />
      {selected !== null && <ChatWindow conversationId={selected} initialPosition="newest" />}
    </ChatProvider>
  )
}

const focused = () => document.activeElement as HTMLElement
/** As it is read out: without the marks that isolate names. */
const nameOf = (element: Element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/[\u2066-\u2069]/g, '')
const press = (keys: string) => userEvent.keyboard(keys)
async function tabTo(what: () => boolean, key = '{Tab}') {
  for (let steps = 0; steps < 30 && !what(); steps++) await press(key)
  expect(what(), `Tab reached ${focused().outerHTML.slice(0, 120)}`).toBe(true)
}

it('[A23] from the list of conversations to an answer, and to who read it, by keys alone', async () => {
  const hub = memoryHub()
  const time = Date.UTC(2026, 10, 19, 9)
  await hub.seed({ conversation: GARDEN, messages: [{ from: 'bo', body: { kind: 'text', text: 'Who brings the hose?' }, time }] })
  await hub.seed({ conversation: CHOIR, messages: [{ from: 'bo', body: { kind: 'text', text: 'Altos at six' }, time: time + 60_000 }] })
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20, dwellMs: 50 }, ports: { locks: null, openChannel: () => null, visibility: onScreen }, directory: { resolve: (ids) => Promise.resolve(ids.map((id) => ({ userId: id, name: id[0]!.toUpperCase() + id.slice(1) }))) } })
  cleanUp.push(() => client.dispose())
  render(<Messenger client={client} />)
  await screen.findByRole('button', { name: /Choir/ }, PATIENCE)

  // To a conversation, and into it.
  const isAt = (title: RegExp) => focused().classList.contains('rb-conversation') && title.test(nameOf(focused()))
  await tabTo(() => isAt(/Choir/))
  await press('{ArrowDown}')
  expect(isAt(/Garden/)).toBe(true)
  await press('{Enter}')
  const log = await screen.findByRole('log', undefined, PATIENCE)
  await expect.poll(() => log.textContent, PATIENCE).toContain('Who brings the hose?')
  await expect.poll(() => log.dataset['settled'], PATIENCE).toBe('true')

  // To its message, and what may be done with it.
  await tabTo(() => focused() === log)
  await press('{ArrowUp}')
  // A key that is faster than its code is answered when that has come.
  await expect.poll(() => nameOf(focused()), PATIENCE).toMatch(/^Bo: Who brings the hose\?/)
  await press('{Enter}')
  const menu = await screen.findByRole('menu', undefined, PATIENCE)
  await expect.poll(() => menu.contains(focused()), PATIENCE).toBe(true)
  for (let steps = 0; steps < 12 && focused().textContent !== 'Reply'; steps++) await press('{ArrowDown}')
  expect(focused().textContent).toBe('Reply')
  await press('{Enter}')

  // The answer.
  const field = screen.getByRole<HTMLTextAreaElement>('textbox')
  await expect.poll(() => focused() === field, PATIENCE).toBe(true)
  expect(document.querySelector('.rb-composer-mode')?.textContent).toContain('Who brings the hose?')
  await press('I do{Enter}')
  await expect.poll(() => [...log.querySelectorAll('.rb-row[data-direction="own"]')].map((row) => row.querySelector('.rb-quote') !== null), PATIENCE).toEqual([true])
  await expect.poll(() => log.querySelector('[data-direction="own"]')?.getAttribute('data-status'), PATIENCE).toBe('sent')

  // Who read it.
  await tabTo(() => log.contains(focused()), '{Shift>}{Tab}{/Shift}')
  await press('{End}')
  await expect.poll(() => nameOf(focused()), PATIENCE).toMatch(/^You: .*I do/)
  await press('{Enter}')
  await screen.findByRole('menu', undefined, PATIENCE)
  for (let steps = 0; steps < 12 && focused().textContent !== 'Message info'; steps++) await press('{ArrowDown}')
  await press('{Enter}')
  const dialog = await screen.findByRole('dialog', { name: 'Message info' }, PATIENCE)
  await expect.poll(() => dialog.contains(focused()), PATIENCE).toBe(true)
  await tabTo(() => focused().getAttribute('role') === 'tab')
  await press('{End}')
  expect(nameOf(focused())).toMatch(/^Not yet/)
  await within(dialog).findByText('Bo', undefined, PATIENCE)

  // And out again, to where it began.
  await press('{Escape}')
  await expect.poll(() => document.querySelector('dialog')).toBeNull()
  await expect.poll(() => nameOf(focused()), PATIENCE).toMatch(/I do/)
  await tabTo(() => isAt(/Garden/), '{Shift>}{Tab}{/Shift}')
}, 90_000)
