import 'readback/styles.css'
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient, type Message } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { userEvent } from 'vitest/browser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** A window over a real client, and somebody else at the other end of the hub. */
const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
let ada: ChatClient
let bo: ChatClient
let box: HTMLElement

beforeEach(async () => {
  const hub = memoryHub()
  const make = (userId: string) => createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null }, directory: { resolve: async (ids) => ids.map((id) => ({ userId: id, name: id === 'bo' ? 'Bo Lindqvist' : 'Ada Okafor' })) } })
  ada = make('ada')
  bo = make('bo')
  await ada.ensureConversation(TEAM)
  await bo.start()
  const { container } = render(
    <div style={{ inlineSize: 420, blockSize: 560 }}>
      <ChatProvider client={ada} theme="light">
        <ChatWindow conversationId="team" />
      </ChatProvider>
    </div>,
  )
  box = container
  bo.messages('team').subscribe(() => {})
  await vi.waitFor(() => expect(box.querySelector('textarea')).not.toBeNull(), 5000)
})
afterEach(async () => {
  cleanup()
  await Promise.all([ada.dispose(), bo.dispose()])
})

const field = () => box.querySelector('textarea') as HTMLTextAreaElement
const rowsOfBo = () => bo.messages('team').getSnapshot().messages
const textOf = ({ body }: Message) => (body.kind === 'text' ? body.text : body.kind)
const row = (words: string) => [...box.querySelectorAll<HTMLElement>('.rb-row')].find((each) => each.textContent?.includes(words)) as HTMLElement
/** Firefox gives no data to a paste that a script makes. */
const paste = (clipboardData: DataTransfer) => field().dispatchEvent(Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData }))
const soon = <T,>(check: () => T) => vi.waitFor(check, 5000)

async function say(words: string) {
  field().focus()
  await userEvent.keyboard(`${words}{Enter}`)
  await soon(() => expect(rowsOfBo().some((each) => textOf(each) === words)).toBe(true))
}

async function choose(words: string, entry: string) {
  await userEvent.click(row(words).querySelector('.rb-text') as Element, { button: 'right' })
  await soon(() => expect(box.querySelector('[role="menu"]')).not.toBeNull())
  const found = [...box.querySelectorAll<HTMLElement>('[role^="menuitem"]')].find((each) => (each.getAttribute('aria-label') ?? each.textContent) === entry)
  await userEvent.click(found as Element)
}

describe('a window over a real client', () => {
  it('answers, reacts, changes and recalls, and the other side sees it', async () => {
    await say('Who brings the hose?')
    await bo.send('team', { body: { kind: 'text', text: 'The long one?' } })
    await soon(() => expect(row('The long one?')).toBeDefined())

    await choose('The long one?', 'Reply')
    await say('Yes')
    await soon(() => expect(row('Yes').querySelector('.rb-quote')?.textContent).toContain('The long one?'))
    expect(rowsOfBo().at(-1)?.replyTo).toBe(rowsOfBo()[1]?.ids[0])

    await choose('The long one?', 'React with ❤️')
    await soon(() => expect(row('The long one?').querySelector('.rb-reaction[data-mine]')?.textContent).toContain('❤️1'))
    await soon(() => expect(rowsOfBo()[1]?.reactions).toEqual([{ emoji: '❤️', by: 'ada' }]))
    await userEvent.click(row('The long one?').querySelector('.rb-reaction') as Element)
    await soon(() => expect(rowsOfBo()[1]?.reactions ?? []).toEqual([]))

    field().focus()
    await userEvent.keyboard('{ArrowUp}')
    await soon(() => expect(field().value).toBe('Yes'))
    await userEvent.keyboard(', please{Enter}')
    await soon(() => expect(rowsOfBo().map(textOf)).toEqual(['Who brings the hose?', 'The long one?', 'Yes, please']))
    await soon(() => expect(row('Yes, please').textContent).toContain('edited'))

    await choose('Who brings', 'Recall')
    await soon(() => expect(box.textContent).toContain('You recalled a message'))
    await soon(() => expect(rowsOfBo()[0]?.recalledAt).toEqual(expect.any(Number)))
    await choose('The long one?', 'Delete for me')
    await soon(() => expect(row('The long one?')?.querySelector('.rb-author')).toBeFalsy())
    expect(rowsOfBo()).toHaveLength(3)
  })

  it('sends a pasted picture: seen at once in a box of its shape, and by the other side', async () => {
    const canvas = new OffscreenCanvas(64, 32)
    canvas.getContext('2d')?.fillRect(0, 0, 64, 32)
    const file = new File([await canvas.convertToBlob({ type: 'image/png' })], 'wide.png', { type: 'image/png' })
    const clipboardData = new DataTransfer()
    clipboardData.items.add(file)
    paste(clipboardData)
    await soon(() => expect(box.querySelector('.rb-file-preview img')).not.toBeNull())
    field().focus()
    await userEvent.keyboard('{Enter}')
    await soon(() => expect(box.querySelector('.rb-row .rb-media img')).not.toBeNull())
    expect(box.querySelectorAll('.rb-file-preview')).toHaveLength(0)
    await soon(() => expect(rowsOfBo()[0]?.body).toMatchObject({ kind: 'image', widthPx: 64, heightPx: 32, file: { name: 'wide.png', mime: 'image/png', url: expect.stringMatching(/^data:image\/png;base64,/) } }))
    await soon(() => expect(box.querySelector('.rb-media-link img')).not.toBeNull())
  })

  it('sends a file that can be saved from its message, byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256)
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], 'plan.pdf', { type: 'application/pdf' }))
    paste(clipboardData)
    await soon(() => expect(box.querySelector('.rb-file-preview')).not.toBeNull())
    field().focus()
    await userEvent.keyboard('{Enter}')
    await soon(() => expect(box.querySelector('.rb-row button.rb-file-link')).not.toBeNull())
    const saved: { name: string; content: Promise<ArrayBuffer> }[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push({ name: this.download, content: fetch(this.href).then((answer) => answer.arrayBuffer()) })
    })
    await userEvent.click(box.querySelector('.rb-row button.rb-file-link') as Element)
    await soon(() => expect(saved.map(({ name }) => name)).toEqual(['plan.pdf']))
    expect(new Uint8Array(await (saved[0]?.content as Promise<ArrayBuffer>))).toEqual(bytes)
    vi.restoreAllMocks()
  })

  it('mentions a member by name', async () => {
    await userEvent.fill(field(), '')
    await userEvent.type(field(), 'Ask @bo')
    await soon(() => expect([...box.querySelectorAll('[role="option"]')].map(({ textContent }) => textContent)).toEqual(['BLBo Lindqvist']))
    await userEvent.keyboard('{Enter}')
    expect(field().value).toBe('Ask @Bo Lindqvist ')
    await userEvent.keyboard('{Enter}')
    await soon(() => expect(rowsOfBo().map(textOf)).toEqual(['Ask @Bo Lindqvist']))
  })
})
