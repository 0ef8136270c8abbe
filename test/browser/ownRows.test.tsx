/** What the docs show of reading on elements of one's own, done in a page without any list. */
import { cleanup, render } from '@testing-library/react'
import { createChatClient, type ChatClient, type ChatClientOptions, type Message } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { Notice, watchReading } from '../../stories/docs/recipes/ownRows.js'
import { frames } from './listKit.js'

const PATIENCE = { timeout: 15_000 }
const DWELL_MS = 800
const running: ChatClient[] = []
afterEach(async () => {
  cleanup()
  vi.restoreAllMocks()
  document.body.replaceChildren()
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** Two messages of bo in a group, where each is read for itself. */
async function start(ports: ChatClientOptions['ports'] = {}) {
  const hub = memoryHub()
  const make = async (userId: string, given = {}) => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), policy: { dwellMs: DWELL_MS }, ports: { locks: null, openChannel: () => null, ...given } })
    running.push(client)
    await client.start()
    return client
  }
  await hub.seed({ conversation: { id: 'team', kind: 'group', members: ['ada', 'bo'] }, messages: [{ from: 'bo', body: 'The long hose is yours', time: 1_000 }, { from: 'bo', body: 'And the hoe', time: 2_000 }] })
  const [ada, bo] = [await make('ada', ports), await make('bo')]
  const source = ada.messages('team')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(2), PATIENCE)
  const [first, second] = source.getSnapshot().messages as [Message, Message]
  const unread = () => ada.getState().conversations[0]?.unread?.count
  await vi.waitFor(() => expect(unread()).toBe(2), PATIENCE)
  const readers = async () => (await Promise.all([first, second].map(({ ids }) => bo.statusRows(ids[0]!)))).map(([row]) => row?.status === 3)
  return { ada, first, second, unread, readers }
}

it('[RD4] one message on a page is read once it was seen, in the store and to its author; one that is not in sight is not', async () => {
  // The page of another test may have the focus.
  vi.spyOn(window.top!.document, 'hasFocus').mockReturnValue(true)
  const { ada, first, second, unread, readers } = await start()
  const reader = watchReading(ada, 'team')
  render(<><Notice reader={reader} message={second} text="And the hoe" /><div style={{ height: '300vh' }} /><Notice reader={reader} message={first} text="The long hose is yours" /></>)
  await vi.waitFor(() => expect(unread()).toBe(1), PATIENCE)
  await vi.waitFor(async () => expect(await readers()).toEqual([false, true]), PATIENCE)
  expect(unread()).toBe(1)
  reader.dispose()
})

it('[RD4] of elements without React each is read after its dwell, and no sooner; nothing without the focus', async () => {
  const clock = createFakeClock()
  const visibility = createFakeVisibility()
  const { ada, first, second, unread, readers } = await start({ visibility })
  const reader = watchReading({ ...ada, ports: { clock, visibility } }, 'team')
  for (const message of [first, second]) {
    const element = document.body.appendChild(document.createElement('article'))
    element.textContent = 'a message'
    reader.observe(element, message.ids[0]!)
    if (message === second) element.style.marginTop = '300vh'
  }
  await frames(2)
  visibility.setFocus(false)
  clock.advance(60_000)
  visibility.setFocus(true)
  await clock.advanceAsync(DWELL_MS - 1)
  expect([reader.getQueued(), unread()]).toEqual([[], 2])
  await clock.advanceAsync(1)
  await vi.waitFor(() => expect(unread()).toBe(1), PATIENCE)
  await vi.waitFor(async () => expect(await readers()).toEqual([true, false]), PATIENCE)
  reader.dispose()
})

it('[RD9] what the client did not take is handed over again', async () => {
  const clock = createFakeClock()
  const { ada, first, unread } = await start()
  let isDown = true
  const markRead: ChatClient['markRead'] = (messages, kind) => (isDown ? Promise.reject(new Error('no room')) : ada.markRead(messages, kind))
  const reader = watchReading({ ...ada, ports: { clock, visibility: createFakeVisibility() }, markRead }, 'team')
  reader.markNow(first.ids[0]!)
  await reader.flush()
  expect([reader.getQueued(), unread()]).toEqual([first.ids.slice(0, 1), 2])
  isDown = false
  await reader.flush()
  expect([reader.getQueued(), unread()]).toEqual([[], 1])
  reader.dispose()
})
