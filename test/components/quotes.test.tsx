// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, createArraySource, MessageRow, type ChatClient, type Message, type UserId } from 'readback'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ImageViewer } from '../../src/components/ImageViewer.js'
import { laterParts } from '../../src/components/lazyParts.js'
import { ListContext } from '../../src/react/listContext.js'
import { fakeClient, message } from '../react/fakeClient.js'

beforeAll(async () => {
  void laterParts.preload()
  await vi.dynamicImportSettled()
})
afterEach(cleanup)

const ORIGINAL = message({ localId: 'm-0', ids: ['m-0', 'm-0b'], body: { kind: 'text', text: 'Who brings\nthe long hose?' } })
const ANSWER = message({ from: 'ada', localId: 'm-1', replyTo: 'm-0b' })

function show(shown: Message, { listed = [], stored, address, userId = 'ada' }: { listed?: readonly Message[]; stored?: ChatClient['getMessage']; address?: ChatClient['resolveAttachment']; userId?: UserId } = {}) {
  const scrollTo = vi.fn(() => Promise.resolve(true))
  const source = createArraySource(listed)
  const client = Object.assign(fakeClient({ names: { bo: 'Bo Lindqvist' } }), stored && { getMessage: stored }, address && { resolveAttachment: address })
  const onView = vi.fn<(viewed: Message) => void>()
  render(
    <ChatProvider client={client}>
      <ListContext.Provider value={{ source, userId, scrollTo, readStates: null, dwell: NOT_WATCHED }}>
        <MessageRow message={shown} own={shown.from === userId} runStart runEnd onView={onView} />
      </ListContext.Provider>
    </ChatProvider>,
  )
  return { scrollTo, source, onView }
}

const NOT_WATCHED = { getView: () => ({ state: 'unseen' as const, reasons: [] }), subscribe: () => () => {} }
const quote = () => document.querySelector<HTMLElement>('.rb-quote')

describe('a message that answers another', () => {
  it('says whom and what, by any of its ids, and leads there', async () => {
    const { scrollTo } = show(ANSWER, { listed: [ORIGINAL] })
    expect(quote()?.querySelector('.rb-quote-author')?.textContent).toBe('Bo Lindqvist')
    expect(quote()?.querySelector('.rb-quote-text')?.textContent).toBe('Who brings the long hose?')
    await userEvent.click(screen.getByRole('button', { name: /^In reply to.*Bo Lindqvist.*Who brings the long hose\?$/ }))
    expect(scrollTo).toHaveBeenCalledExactlyOnceWith('m-0b')
  })
  it('follows what becomes of it', () => {
    const { source } = show(ANSWER, { listed: [ORIGINAL] })
    act(() => source.set([{ ...ORIGINAL, recalledAt: 1 }]))
    expect(quote()?.querySelector('.rb-quote-text')?.textContent).toBe('\u2068Bo Lindqvist\u2069 recalled a message')
  })
  it('finds it in storage where the list does not hold it', async () => {
    const stored = vi.fn(() => Promise.resolve(ORIGINAL))
    show(ANSWER, { stored })
    expect(quote()?.textContent).toBe('In reply to A message that is not loaded here')
    await waitFor(() => expect(quote()?.textContent).toContain('Who brings'))
    expect(stored).toHaveBeenCalledExactlyOnceWith('garden', 'm-0b')
  })
  it.each([['listed', { listed: [{ ...ORIGINAL, hidden: true }] }], ['stored', { stored: () => Promise.resolve({ ...ORIGINAL, hidden: true }) }]])('[RS29] shows nothing of what was deleted for me, though it is still %s', async (_, where) => {
    show(ANSWER, where)
    await act(async () => {})
    expect(quote()?.textContent).toBe('In reply to A message that is not loaded here')
  })
  it('says so where it is nowhere, and still leads to where it may be loaded', async () => {
    const { scrollTo } = show(ANSWER, { stored: () => Promise.reject(new Error('database gone')) })
    await userEvent.click(screen.getByRole('button', { name: /A message that is not loaded here/ }))
    expect(scrollTo).toHaveBeenCalledExactlyOnceWith('m-0b')
  })
  it.each([
    [{ kind: 'image', file: {} } as const, 'Photo'],
    [{ kind: 'file', file: { name: 'plan.pdf' } } as const, 'plan.pdf'],
    [{ kind: 'text', text: 'x'.repeat(2 ** 20) } as const, 'x'.repeat(200)],
    [{ kind: 'text', text: '<img src=x onerror=alert(1)>' } as const, '<img src=x onerror=alert(1)>'],
  ])('shows a line of %o', (body, line) => {
    show(ANSWER, { listed: [{ ...ORIGINAL, body }] })
    expect(quote()?.querySelector('.rb-quote-text')?.textContent).toBe(line)
    expect(quote()?.querySelector('img')).toBeNull()
  })
})

describe('what is broken breaks nothing else', () => {
  let silence: { mockRestore(): void }
  beforeEach(() => {
    silence = vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => silence.mockRestore())
  const words = () => document.querySelector('.rb-text')?.textContent

  it.each([[{ body: { kind: 'text', text: 7 } }], [{ body: { kind: 'file' } }], [{ body: { kind: 'never heard of' } }]])('a quoted message that is %o', (broken) => {
    show(ANSWER, { listed: [{ ...ORIGINAL, ...broken } as never] })
    expect(words()).toContain('Hello')
  })
  it.each([[7], ['👍'], [[null]], [[{ emoji: { toString: null }, by: 1 }]]])('reactions that are %o', (reactions) => {
    show({ ...ANSWER, reactions: reactions as never })
    expect(words()).toContain('Hello')
  })
  it('a viewer that throws', async () => {
    render(
      <ChatProvider components={{ Lightbox: () => { throw new Error('broken') } }}>
        <MessageRow message={message({ body: { kind: 'image', file: { url: 'https://example.com/a.png' } } })} own={false} runStart runEnd />
      </ChatProvider>,
    )
    await userEvent.click(screen.getByRole('link'))
    expect(screen.getByRole('link')).toBeTruthy()
  })
})

describe('a picture', () => {
  const picture = (name: string, rest: Partial<Message> = {}) => message({ localId: name, ids: [name], body: { kind: 'image', file: { url: `https://example.com/${name}.png` }, widthPx: 640, heightPx: 480, alt: name }, ...rest })
  const viewer = () => document.querySelector('dialog')
  const shownAlt = () => viewer()?.querySelector('img')?.alt

  const load = () => fireEvent.load(viewer()!.querySelector('img')!)
  it('[RD6] opens over the page, counts as viewed once it is here, and closes again', async () => {
    const { onView } = show(picture('hills'))
    const link = screen.getByRole('link', { name: 'Open photo: hills' })
    await userEvent.click(link)
    expect([viewer()?.getAttribute('aria-label'), shownAlt(), onView.mock.calls.length]).toEqual(['Photo viewer', 'hills', 0])
    load()
    expect(onView).toHaveBeenCalledTimes(1)
    await userEvent.click(screen.getByRole('button', { name: 'Close' }))
    expect(viewer()).toBeNull()
    expect(document.activeElement).toBe(link)
  })
  it('[RD6] that is pressed before it is here, and then fails, was not viewed', async () => {
    const { onView } = show(picture('hills'))
    await userEvent.click(screen.getByRole('link'))
    fireEvent.error(document.querySelector('.rb-media img')!)
    fireEvent.error(viewer()!.querySelector('img')!)
    expect(onView).not.toHaveBeenCalled()
  })
  it('[RD6] that opens elsewhere counts as viewed when it is pressed: nobody here can see what becomes of it there', () => {
    const { onView } = show(picture('hills'))
    fireEvent.click(screen.getByRole('link'), { ctrlKey: true })
    expect([viewer(), onView.mock.calls.length]).toEqual([null, 1])
  })
  it('[RD6] is viewed once, though its message changes by that', () => {
    const onView = vi.fn()
    const opened = (rest: Partial<Message>) => <ImageViewer message={picture('hills', rest)} onView={onView} onClose={() => {}} />
    const { rerender } = render(opened({}))
    load()
    rerender(opened({ editedAt: 1 }))
    expect(onView).toHaveBeenCalledTimes(1)
  })
  it('[RD6] leads to those around it, each viewed when it is here', async () => {
    const { onView } = show(picture('b'), { listed: [picture('a'), message({ localId: 'words', ids: ['words'] }), picture('b'), picture('gone', { recalledAt: 1 }), picture('c')] })
    await userEvent.click(screen.getByRole('link'))
    load()
    await userEvent.keyboard('{ArrowRight}')
    expect([shownAlt(), screen.queryByRole('button', { name: 'Next photo' })]).toEqual(['c', null])
    const viewed = () => onView.mock.calls.map(([each]) => each.localId)
    expect(viewed()).toEqual(['b'])
    load()
    load()
    expect(viewed()).toEqual(['b', 'c'])
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}')
    load()
    expect([shownAlt(), viewed()]).toEqual(['a', ['b', 'c', 'a']])
  })
  it('[RD2] [RD6] that comes when somebody has gone to another tab is viewed when they are back, and not before', async () => {
    const { onView } = show(picture('b'), { listed: [picture('b'), picture('c')] })
    await userEvent.click(screen.getByRole('link'))
    load()
    await userEvent.keyboard('{ArrowRight}')
    const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    load()
    const viewed = () => onView.mock.calls.map(([each]) => each.localId)
    expect(viewed()).toEqual(['b'])
    state.mockRestore()
    fireEvent(document, new Event('visibilitychange', { bubbles: true }))
    expect(viewed()).toEqual(['b', 'c'])
  })
  it('[RD6] that failed was not viewed', async () => {
    const { onView } = show(picture('b'), { listed: [picture('b'), picture('c')] })
    await userEvent.click(screen.getByRole('link'))
    await userEvent.keyboard('{ArrowRight}')
    fireEvent.error(viewer()!.querySelector('img')!)
    expect([screen.getByRole('alert').textContent, onView.mock.calls.length]).toEqual(['This photo could not be loaded', 0])
  })
  it('[RD6] that is the same once more is viewed, though it loads no second time', async () => {
    const same = picture('b', { localId: 'again', ids: ['again'] })
    const { onView } = show(picture('b'), { listed: [picture('b'), same] })
    await userEvent.click(screen.getByRole('link'))
    load()
    await userEvent.keyboard('{ArrowRight}')
    expect(onView.mock.calls.map(([{ localId }]) => localId)).toEqual(['b', 'again'])
  })
  it('[RD6] for which there is no address was not viewed, closes the viewer, and keeps none from being opened', async () => {
    const lost = message({ localId: 'lost', ids: ['lost'], body: { kind: 'image', file: { ref: 'nowhere' } } })
    const { onView } = show(picture('b'), { listed: [picture('b'), lost], address: () => Promise.resolve(null) })
    await userEvent.click(screen.getByRole('link'))
    load()
    await userEvent.keyboard('{ArrowRight}')
    await waitFor(() => expect(viewer()).toBeNull())
    expect(onView).toHaveBeenCalledTimes(1)
    await userEvent.click(screen.getByRole('link'))
    expect(shownAlt()).toBe('b')
  })
  it('[RD6] is led past by no key that is held', async () => {
    show(picture('a'), { listed: [picture('a'), picture('b'), picture('c')] })
    await userEvent.click(screen.getByRole('link'))
    await userEvent.keyboard('{ArrowRight>5/}')
    expect(shownAlt()).toBe('b')
    screen.getByRole('button', { name: 'Previous photo' }).focus()
    expect(fireEvent.keyDown(document.activeElement!, { key: 'Enter', repeat: true })).toBe(false)
    await userEvent.keyboard('{Enter}')
    expect(shownAlt()).toBe('a')
  })
  it('zooms, and arrow keys are then for scrolling', async () => {
    show(picture('b'), { listed: [picture('b'), picture('c')] })
    await userEvent.click(screen.getByRole('link'))
    await userEvent.click(screen.getByRole('button', { name: 'Zoom' }))
    await userEvent.keyboard('{ArrowRight}')
    expect([viewer()?.hasAttribute('data-zoomed'), shownAlt()]).toEqual([true, 'b'])
  })
  it('goes where the app or the reader wants it instead', async () => {
    const onOpenAttachment = vi.fn((event: React.MouseEvent) => event.preventDefault())
    render(<MessageRow message={picture('hills')} own={false} runStart runEnd onOpenAttachment={onOpenAttachment} />)
    await userEvent.click(screen.getByRole('link'))
    expect([onOpenAttachment.mock.calls.length, viewer()]).toEqual([1, null])
    cleanup()
    render(<MessageRow message={picture('hills')} own={false} runStart runEnd />)
    const user = userEvent.setup()
    await user.keyboard('{Control>}')
    await user.click(screen.getByRole('link'))
    expect(viewer()).toBeNull()
  })
})
