// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { ChatProvider, MessageRow, ReadStatesContext, type Message, type MessageRowProps, type MessageStatus, type Tally } from 'readback'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CLAMP_CHARS } from '../../src/model/clampText.js'
import { fakeClient, message } from '../react/fakeClient.js'

afterEach(cleanup)

interface Shown {
  readonly status?: MessageStatus
  readonly tally?: Tally
}

function show(given: Partial<Message>, props: Partial<MessageRowProps> = {}, { status, tally = { tracked: false, reason: 'off' } }: Shown = {}) {
  const states = { getStatus: () => status ?? null, getTally: () => tally, isRead: () => false, subscribe: () => () => {} }
  const names: Record<string, string> = { ada: 'Ada Okafor', bo: 'Bo Lindqvist' }
  const { container } = render(
    <ChatProvider profiles={(userId) => (Object.hasOwn(names, userId) ? { userId, name: names[userId] as string } : undefined)}>
      <ReadStatesContext.Provider value={states}>
        <MessageRow message={message(given)} own={false} runStart runEnd {...props} />
      </ReadStatesContext.Provider>
    </ChatProvider>,
  )
  return container.querySelector('.rb-row') as HTMLElement
}

const text = (words: string): Partial<Message> => ({ body: { kind: 'text', text: words } })

describe('MessageRow shows words', () => {
  it('as they were typed, in their own direction', () => {
    const row = show(text('  two\n\n  lines  '))
    const words = row.querySelector('.rb-text') as HTMLElement
    expect(words.dir).toBe('auto')
    expect(words.firstChild?.textContent).toBe('  two\n\n  lines  ')
  })
  it.each(['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '&lt;b&gt;', '\u0000\ud800'])('never as markup: %j', (words) => {
    const row = show(text(words))
    expect(row.querySelector('.rb-text')?.firstChild?.textContent).toBe(words)
    expect(row.querySelector('img, script, b')).toBeNull()
  })
  it('with links that cannot reach back, and asks the app before one is followed', () => {
    const onLinkClick = vi.fn((event: React.MouseEvent, _href: string) => event.preventDefault())
    const link = within(show(text('see https://example.com/x.'), { onLinkClick })).getByRole('link')
    expect([link.getAttribute('href'), link.getAttribute('rel'), link.getAttribute('target'), link.textContent]).toEqual(['https://example.com/x', 'noopener noreferrer', '_blank', 'https://example.com/x'])
    fireEvent.click(link)
    expect(onLinkClick.mock.calls[0]?.[1]).toBe('https://example.com/x')
  })
  it('with whom they name, and me louder', () => {
    const mentions = [{ userId: 'bo', start: 0, end: 3 }, { userId: 'me', start: 4, end: 8 }, { userId: 'bo', start: 9, end: 12 }]
    const row = show({ body: { kind: 'text', text: '@Bo @Ada now', mentions } })
    expect([...row.querySelectorAll('bdi.rb-named')].map(({ textContent }) => textContent)).toEqual(['@Bo', '@Ada'])
    expect(row.querySelector('.rb-text')?.textContent).toMatch(/^@Bo @Ada now/)
    cleanup()
    const { container } = render(<ChatProvider client={fakeClient()}><MessageRow message={message({ body: { kind: 'text', text: '@Ada', mentions: [{ userId: 'ada', start: 0, end: 4 }] } })} own={false} runStart runEnd /></ChatProvider>)
    expect(container.querySelector('.rb-named')?.hasAttribute('data-me')).toBe(true)
  })
  it('shortened when they are very many, until asked', () => {
    const row = show(text('a'.repeat(2 ** 20)))
    const length = () => row.querySelector('.rb-text')?.firstChild?.textContent?.length
    expect(length()).toBe(CLAMP_CHARS)
    fireEvent.click(screen.getByRole('button', { name: 'Show more' }))
    expect(length()).toBe(2 ** 20)
    fireEvent.click(screen.getByRole('button', { name: 'Show less' }))
    expect(length()).toBe(CLAMP_CHARS)
  })
  it('large when they are an emoji or three', () => {
    const large = (words: string) => show(text(words)).querySelector('.rb-text')?.hasAttribute('data-emoji')
    expect(['👍', '👩‍👩‍👧‍👦', '🇸🇪🌱', '❤️'].map(large)).toEqual([true, true, true, true])
    expect(['ok', '1', '👍 ok', '👍👍👍👍', '#'].map(large)).toEqual([false, false, false, false, false])
  })
})

describe('MessageRow says who', () => {
  it('by name at the start of a run in a group, isolated', () => {
    const row = show({}, { conversationKind: 'group' })
    expect(row.querySelector('.rb-author > bdi')?.textContent).toBe('Bo Lindqvist')
    expect(row.querySelector('.rb-avatar')?.textContent).toBe('BL')
  })
  it('and to screen readers where nobody is named in sight', () => {
    expect(show({}).querySelector('.rb-sr')?.textContent).toBe('\u2068Bo Lindqvist\u2069: ')
    expect(show({ from: 'ada' }, { own: true }).querySelector('.rb-sr')?.textContent).toBe('You: ')
    expect(show({}, { conversationKind: 'group', runStart: false }).querySelector('.rb-author')).toBeNull()
  })
  it('an id where there is no name, whatever the id', () => {
    for (const from of ['stranger', '__proto__', 'constructor']) expect(show({ from }, { conversationKind: 'group' }).querySelector('.rb-author')?.textContent).toBe(from)
  })
})

describe('MessageRow says what became of it', () => {
  it('for own messages, and keeps the place while nothing is known', () => {
    expect(show({}, { own: true }, { status: 'delivered' }).dataset['status']).toBe('delivered')
    expect(screen.getByRole('img', { name: 'Delivered' })).toBeTruthy()
    expect(show({}, { own: true }).querySelectorAll('.rb-meta .rb-receipt')).toHaveLength(1)
    expect(show({}, { own: false }).querySelectorAll('.rb-receipt')).toHaveLength(0)
  })
  it('with a badge in groups only, and an empty one where nobody counts', () => {
    const tally: Tally = { tracked: true, read: 3, of: 12, delivered: 9, viewed: 0 }
    expect(show({}, { own: true, conversationKind: 'group' }, { status: 'sent', tally }).querySelector('.rb-badge')?.textContent).toContain('3 read')
    expect(show({}, { own: true, conversationKind: 'group' }, { status: 'sent' }).querySelector('.rb-badge')?.textContent).toBe('')
    expect(show({}, { own: true }, { status: 'sent', tally }).querySelector('.rb-badge')).toBeNull()
  })
  it('and offers to try again what failed, with the reason', () => {
    const onRetry = vi.fn()
    const failed = { failure: { code: 'transport/forbidden', message: 'Only members may write here.' } }
    show(failed, { own: true, onRetry }, { status: 'failed' })
    const button = screen.getByRole('button', { name: 'Try again' })
    expect(button.title).toBe('Only members may write here.')
    fireEvent.click(button)
    expect(onRetry).toHaveBeenCalledWith(message(failed))
  })
  it('with a notice in place of what was taken back', () => {
    expect(show({ recalledAt: 1 }).textContent).toBe('\u2068Bo Lindqvist\u2069 recalled a message')
    expect(show({ recalledAt: 1 }, { own: true }).textContent).toBe('You recalled a message')
    expect(show({ deletedAt: 1 }).textContent).toBe('This message was deleted')
    expect(show({ body: { kind: 'system', text: 'Bo joined' } }).dataset['kind']).toBe('system')
  })
})

describe('MessageRow shows other kinds', () => {
  const picture = (widthPx?: number, heightPx?: number, url = 'https://example.com/a.png'): Partial<Message> => ({ body: { kind: 'image', file: { url }, alt: 'A hill', ...(widthPx === undefined ? {} : { widthPx }), ...(heightPx === undefined ? {} : { heightPx }) } })
  const box = (row: HTMLElement) => {
    const size = row.querySelector('.rb-media-size')
    return [size?.getAttribute('width'), size?.getAttribute('height')]
  }
  it('pictures in a box reserved before they load', () => {
    expect(box(show(picture(640, 480)))).toEqual(['320', '240'])
    expect(box(show(picture(100, 80)))).toEqual(['100', '80'])
  })
  it.each([[undefined, undefined], [0, 0], [-1, 100], [1e9, 1e9], [NaN, 1], [Infinity, Infinity]])('a common box for a size of %s by %s', (width, height) => {
    expect(box(show(picture(width, height)))).toEqual(['260', '195'])
  })
  it('words for a picture that fails, in the same box', () => {
    const row = show(picture(640, 480))
    const before = row.querySelector<HTMLElement>('.rb-media')?.style.aspectRatio
    fireEvent.error(row.querySelector('img') as Element)
    expect(screen.getByRole('img', { name: 'A hill. This photo could not be loaded' })).toBeTruthy()
    expect(row.querySelector<HTMLElement>('.rb-media')?.style.aspectRatio).toBe(before)
  })
  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'])('nothing from %s', (url) => {
    const bodies: Message['body'][] = [{ kind: 'image', file: { url } }, { kind: 'file', file: { url } }, { kind: 'video', file: { url } }, { kind: 'voice', file: { url } }]
    for (const body of bodies) expect(show({ body }).querySelector('a, img, video, audio')).toBeNull()
  })
  it('[RD6] a picture that the app opens elsewhere and a voice message that sounds as viewed', () => {
    const onView = vi.fn()
    fireEvent.click(show(picture(), { onView, onOpenAttachment: (event) => event.preventDefault() }).querySelector('a') as Element)
    fireEvent.playing(show({ body: { kind: 'voice', file: { url: 'https://example.com/a.ogg' } } }, { onView }).querySelector('audio') as Element)
    expect(onView).toHaveBeenCalledTimes(2)
  })
  it.each([['voice', 'audio'], ['video', 'video']] as const)('[RD6] no %s as viewed that was pressed and did not come: "play" is told before anything is loaded', (kind, tag) => {
    const onView = vi.fn()
    const media = show({ body: { kind, file: { url: 'https://example.com/gone' } } }, { onView }).querySelector(tag)!
    for (const event of ['play', 'waiting', 'error'] as const) fireEvent[event](media)
    expect(onView).not.toHaveBeenCalled()
    fireEvent.playing(media)
    expect(onView).toHaveBeenCalledTimes(1)
  })
  it('a file by name and size', () => {
    const row = show({ body: { kind: 'file', file: { url: 'https://example.com/a', name: 'plan.pdf', sizeBytes: 482_113 } } })
    expect(within(row).getByRole('link', { name: 'plan.pdf 482.1 kB' }).getAttribute('download')).toBe('plan.pdf')
  })
  it('its fallback for what only the app knows, and says so for what nobody knows', () => {
    expect(show({ body: { kind: 'custom', type: 'poll', data: null, fallback: 'Poll: when?' } }).textContent).toContain('Poll: when?')
    expect(show({ body: { kind: 'hologram' } as unknown as Message['body'] }).textContent).toContain('This kind of message cannot be shown here')
  })
})

describe('MessageRow contains what goes wrong', () => {
  const quietly = <T,>(run: () => T): T => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      return run()
    } finally {
      silence.mockRestore()
    }
  }
  it('in its bubble when a replaced body throws', () => {
    const TextBody = () => {
      throw new Error('broken part')
    }
    const row = quietly(() => show({}, { components: { TextBody } }))
    expect(row.querySelector('.rb-bubble')?.textContent).toContain('This message could not be shown')
    expect(row.dataset['kind']).toBe('text')
  })
  it('in its row when anything else does', () => {
    const row = quietly(() => show({ body: null as unknown as Message['body'] }))
    expect(row.textContent).toBe('This message could not be shown')
  })
  it.each([NaN, Infinity, -1, 8.65e15])('and shows a message whose time is %s', (time) => {
    expect(show({ ...text('still here'), time }).textContent).toContain('still here')
  })
})
