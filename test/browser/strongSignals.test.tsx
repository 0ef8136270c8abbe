/** What somebody really does with a message reads it at once, in a window in which nothing is read by looking at it. */
import 'readback/styles.css'
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeVisibility } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { server, userEvent } from 'vitest/browser'
import { voiceUrl } from '../../stories/fixtures/voice.js'

const PATIENCE = { timeout: 15_000 }
const running: ChatClient[] = []
afterEach(async () => {
  cleanup()
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

/** A red dot. */
const PICTURE = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

async function start() {
  const hub = memoryHub()
  const unfocused = createFakeVisibility()
  unfocused.setFocus(false)
  const make = (userId: string) => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null, visibility: unfocused } })
    running.push(client)
    return client
  }
  const [ada, bo] = [make('ada'), make('bo')]
  await hub.seed({
    conversation: { id: 'team', kind: 'group', members: ['ada', 'bo'] },
    messages: [
      { from: 'bo', body: { kind: 'image', file: { url: URL.createObjectURL(await (await fetch(PICTURE)).blob()) }, widthPx: 90, heightPx: 60 }, time: 1_000 },
      { from: 'bo', body: { kind: 'voice', file: { url: voiceUrl() }, durationMs: 3000 }, time: 2_000 },
      // A browser plays a sound as a video without a picture.
      { from: 'bo', body: { kind: 'video', file: { url: voiceUrl() }, widthPx: 90, heightPx: 60 }, time: 3_000 },
      { from: 'bo', body: 'The long one?', time: 4_000 },
    ],
  })
  await bo.start()
  const { container } = render(
    <div style={{ inlineSize: 420, blockSize: 640 }}>
      <ChatProvider client={ada} theme="light"><ChatWindow conversationId="team" /></ChatProvider>
    </div>,
  )
  await vi.waitFor(() => expect(container.querySelectorAll('.rb-row')).toHaveLength(4), PATIENCE)
  const rows = () => ada.messages('team').getSnapshot().messages
  const find = (selector: string) => vi.waitFor(() => {
    const found = container.querySelector<HTMLElement>(selector)
    if (!found) throw new Error(`There is no ${selector} in ${container.querySelector('.rb-list')?.innerHTML}`)
    return found
  }, PATIENCE)
  const choose = async (entry: string) => {
    await userEvent.click(await find('.rb-text'), { button: 'right' })
    await find('[role^="menuitem"]')
    await userEvent.click([...container.querySelectorAll('[role^="menuitem"]')].find((each) => (each.getAttribute('aria-label') ?? each.textContent) === entry)!)
  }
  const readHere = () => rows().filter((each) => each.from === 'bo' && ada.readStates('team').isRead(each)).map(({ body }) => body.kind)
  const readThere = async () => {
    const states = await Promise.all(rows().filter(({ from }) => from === 'bo').map(async ({ ids, body }) => [body.kind, (await bo.statusRows(ids[0]!))[0]?.status] as const))
    return states.filter(([, status]) => status === 3).map(([kind]) => kind)
  }
  return { find, choose, readHere, readThere }
}
type Scene = Awaited<ReturnType<typeof start>>

it('[RD6] nothing plays by itself, so that nothing is read by it', async () => {
  const { find, readHere, readThere } = await start()
  const media = [await find('audio'), await find('video')] as HTMLMediaElement[]
  const began = vi.fn()
  for (const each of media) each.addEventListener('play', began)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect([media.map(({ paused, currentTime }) => [paused, currentTime]), began.mock.calls, readHere(), await readThere()]).toEqual([[[true, 0], [true, 0]], [], [], []])
})

it.each([
  ['opening a picture', 'image', async ({ find }: Scene) => userEvent.click(await find('.rb-media-link'))],
  ['playing a voice message', 'voice', async ({ find }: Scene) => userEvent.click(await find('.rb-voice button'))],
  ['playing a video', 'video', async ({ find }: Scene) => {
    const video = (await find('video')) as HTMLVideoElement
    video.focus()
    if (server.browser === 'chromium') return userEvent.keyboard(' ')
    // Elsewhere no key plays it everywhere.
    video.muted = true
    return video.play().catch(() => {})
  }],
  ['replying', 'text', async ({ find, choose }: Scene) => {
    await choose('Reply')
    ;(await find('textarea')).focus()
    await userEvent.keyboard('Yes{Enter}')
  }],
  ['reacting', 'text', ({ choose }: Scene) => choose('React with ❤️')],
] as const)('[RD6] %s reads at once, and nothing else', async (_what, kind, does) => {
  const scene = await start()
  expect(scene.readHere()).toEqual([])
  await does(scene)
  await vi.waitFor(() => expect(scene.readHere()).toEqual([kind]), PATIENCE)
  await vi.waitFor(async () => expect(await scene.readThere()).toEqual([kind]), PATIENCE)
  expect(scene.readHere()).toEqual([kind])
})
