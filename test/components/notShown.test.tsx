// @vitest-environment jsdom
/** What stands in place of a message, or is only its beginning, is not that message: whoever looks at it has not read it. */
import { cleanup, fireEvent, render } from '@testing-library/react'
import { MessageRow, whyMessageUnseen, type ChatComponents, type Message } from 'readback'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { laterParts } from '../../src/components/lazyParts.js'
import { CLAMP_CHARS, CLAMP_LINES } from '../../src/model/clampText.js'
import { message } from '../react/fakeClient.js'

afterEach(cleanup)

const FILE = { url: 'https://example.com/a' }
const NOWHERE = { url: 'javascript:alert(1)' }
const UNKNOWN = { kind: 'hologram' } as unknown as Message['body']
const LONG = 'word '.repeat(CLAMP_CHARS)
const Throws = () => {
  throw new Error('of the app')
}

async function show(body: Message['body'], components: ChatComponents = {}) {
  await Promise.all([besideEngine.preload(), laterParts.preload()])
  const { container } = render(<MessageRow message={message({ body })} own={false} runStart runEnd components={components} />)
  const bubble = container.querySelector('.rb-bubble') as Element
  return { bubble, why: () => whyMessageUnseen(bubble) }
}

describe('a message that is not shown', () => {
  it.each<[string, Message['body']]>([
    ['of a kind that nobody here knows', UNKNOWN],
    ['of the app, without words for who does not know it', { kind: 'custom', type: 'poll', data: null }],
    ['of the app, of whose words only the beginning is drawn', { kind: 'custom', type: 'poll', data: null, fallback: LONG }],
    ['without any body', null as unknown as Message['body']],
    ['a picture that is nowhere', { kind: 'image', file: NOWHERE }],
    ['a video that is nowhere', { kind: 'video', file: NOWHERE }],
  ])('[RD14] %s', async (_what, body) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => void vi.restoreAllMocks())
    expect((await show(body)).why()).toBe('cannotBeShown')
  })

  it('[RD14] whose part threw', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => void vi.restoreAllMocks())
    expect((await show({ kind: 'text', text: 'hi' }, { TextBody: Throws })).why()).toBe('cannotBeShown')
  })

  it('[RD14] a picture that failed', async () => {
    const { bubble, why } = await show({ kind: 'image', file: FILE, widthPx: 40, heightPx: 30 })
    expect(why()).toBeNull()
    fireEvent.error(bubble.querySelector('img') as Element)
    expect(why()).toBe('cannotBeShown')
  })
})

describe('a text of which only the beginning is drawn', () => {
  it.each([['of very many letters', LONG], ['of very many lines', 'line\n'.repeat(CLAMP_LINES + 1)]])('[RD14] %s, until all of it is there', async (_what, text) => {
    const { bubble, why } = await show({ kind: 'text', text })
    expect(why()).toBe('shortened')
    const more = bubble.querySelector('button') as Element
    fireEvent.click(more)
    expect(why()).toBeNull()
    fireEvent.click(more)
    expect(why()).toBe('shortened')
  })
})

describe('a message that is shown', () => {
  it.each<[string, Message['body']]>([
    ['words', { kind: 'text', text: 'hi' }], ['words of nothing', { kind: 'text', text: '' }], ['a picture', { kind: 'image', file: FILE }], ['a video', { kind: 'video', file: FILE }],
    ['a voice', { kind: 'voice', file: FILE }], ['a file', { kind: 'file', file: FILE }], ['what the app has words for', { kind: 'custom', type: 'poll', data: null, fallback: 'A poll' }],
  ])('[RD14] is not held back: %s', async (_what, body) => {
    expect((await show(body)).why()).toBeNull()
  })
})
