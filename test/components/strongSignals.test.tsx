// @vitest-environment jsdom
/** What somebody does with a message reads it at once, and no other: through the window, in the store, and told to its author. */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, ChatWindow, createChatClient, MessageRow, useMessages, type ChatClient, type Message, type MessageActions, type MessageListProps } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeVisibility } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { laterParts } from '../../src/components/lazyParts.js'

/** jsdom has no layout, so a list shows no rows: here they stand in a heap, with what the window hands the list for them. Nothing is read by looking at it. */
const given: { actions?: MessageActions } = {}
vi.mock('../../src/components/SourceList.js', () => ({
  SourceList({ source, onView, actions }: MessageListProps) {
    Object.assign(given, { actions })
    return useMessages(source).messages.map((message) => <div key={message.localId} data-testid={message.ids[0]}><MessageRow message={message} own={message.from === 'ada'} runStart runEnd onView={onView!} /></div>)
  },
}))

beforeAll(async () => {
  void laterParts.preload()
  await vi.dynamicImportSettled()
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue()
})
const running: ChatClient[] = []
afterEach(async () => {
  cleanup()
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const file = (ending: string) => ({ url: `https://example.com/a.${ending}`, name: `a.${ending}` })
const BODIES: readonly Message['body'][] = [
  { kind: 'text', text: 'Look at these' },
  { kind: 'image', file: file('png'), widthPx: 640, heightPx: 480, alt: 'hills' },
  { kind: 'voice', file: file('ogg'), durationMs: 3000 },
  { kind: 'video', file: file('webm') },
  { kind: 'file', file: file('pdf') },
  { kind: 'text', text: 'Well?' },
]

async function start() {
  const hub = memoryHub()
  const make = (userId: string) => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null, visibility: createFakeVisibility() } })
    running.push(client)
    return client
  }
  const [ada, bo] = [make('ada'), make('bo')]
  await hub.seed({ conversation: TEAM, messages: BODIES.map((body, n) => ({ from: 'bo', body, time: 1_000 * (n + 1) })) })
  await bo.start()
  render(<ChatProvider client={ada}><ChatWindow conversationId="team" /></ChatProvider>)
  const rows = () => ada.messages('team').getSnapshot().messages
  await waitFor(() => expect(document.querySelectorAll('.rb-row')).toHaveLength(BODIES.length))
  const messageOf = (kind: Message['body']['kind']) => rows().findLast(({ body, from }) => body.kind === kind && from === 'bo')!
  return { ada, bo, rows, messageOf, row: (kind: Message['body']['kind']) => screen.getByTestId(messageOf(kind).ids[0]!) }
}
type Scene = Awaited<ReturnType<typeof start>>

const reply = async ({ messageOf }: Scene) => {
  act(() => given.actions!.onReply!(messageOf('text')))
  await userEvent.type(screen.getByRole('textbox'), 'Yes{Enter}')
}
const SIGNALS: readonly (readonly [what: string, kind: Message['body']['kind'], does: (scene: Scene) => unknown])[] = [
  ['opening a picture', 'image', async ({ row }) => {
    fireEvent.click(row('image').querySelector('a')!)
    fireEvent.load(await waitFor(() => document.querySelector('dialog img')!))
  }],
  ['playing a voice message', 'voice', ({ row }) => fireEvent.playing(row('voice').querySelector('audio')!)],
  ['playing a video', 'video', ({ row }) => fireEvent.playing(row('video').querySelector('video')!)],
  ['opening a file', 'file', ({ row }) => fireEvent.click(row('file').querySelector('a')!)],
  ['replying', 'text', reply],
  ['reacting', 'text', ({ messageOf }) => given.actions!.onReact!(messageOf('text'), '❤️', true)],
]

describe('somebody who has not read anything yet', () => {
  it.each(SIGNALS)('[RD6] reads one message by %s: it alone, at once, and its author is told', async (_what, kind, does) => {
    const scene = await start()
    const { ada, bo, rows, messageOf } = scene
    const target = messageOf(kind)
    const readHere = () => rows().filter((each) => each.from === 'bo' && ada.readStates('team').isRead(each)).flatMap(({ ids }) => ids)
    expect(readHere()).toEqual([])
    await does(scene)
    await waitFor(() => expect(readHere()).toEqual(target.ids))
    const toldOf = async () => (await Promise.all(rows().filter(({ from }) => from === 'bo').map(({ ids }) => bo.statusRows(ids[0]!)))).flat().filter(({ status }) => status === 3).map(({ messageId }) => messageId)
    await waitFor(async () => expect(await toldOf()).toEqual(target.ids), { timeout: 10_000 })
    expect(readHere()).toEqual(target.ids)
  })

  it('[RD6] has read nothing of what could play: it begins when somebody plays it, and not by itself', async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
    const { ada, rows, row } = await start()
    const media = [row('voice').querySelector('audio')!, row('video').querySelector('video')!]
    for (const each of media) for (const event of ['loadedData', 'canPlay', 'canPlayThrough', 'ended'] as const) fireEvent[event](each)
    expect(media.map(({ autoplay, preload }) => [autoplay, preload])).toEqual([[false, 'none'], [false, 'none']])
    expect(play).not.toHaveBeenCalled()
    expect(rows().some((each) => ada.readStates('team').isRead(each))).toBe(false)
    play.mockRestore()
  })

  it('[RD6] reads nothing by taking a reaction back', async () => {
    const { ada, rows, messageOf } = await start()
    await ada.react('team', messageOf('text').ids[0]!, '❤️', false)
    expect(rows().some((each) => ada.readStates('team').isRead(each))).toBe(false)
  })
})
