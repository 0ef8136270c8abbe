// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, ChatWindow, ReceiptIcon, type ChatComponents, type ChatWindowHandle, type ChatWindowProps } from 'readback'
import { en } from 'readback/locales/en'
import { createRef } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { conversation, fakeClient, type FakeClient } from '../react/fakeClient.js'

afterEach(cleanup)

/** jsdom has no layout; the list then shows no rows, which is all that these tests need of it. */
beforeAll(() => {
  class NoObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', NoObserver)
  vi.stubGlobal('IntersectionObserver', NoObserver)
  Element.prototype.scrollTo = () => {}
})

async function show(client: FakeClient, props: Partial<ChatWindowProps> = {}, conversations = [conversation('garden')]) {
  const ref = createRef<ChatWindowHandle>()
  const view = render(<ChatProvider client={client}><ChatWindow ref={ref} conversationId="garden" {...props} /></ChatProvider>)
  await act(async () => client.set({ conversations, hydrated: true }))
  return { ref, view, field: () => screen.getByRole<HTMLTextAreaElement>('textbox') }
}

const STATUSES = ['sending', 'sent', 'delivered', 'read', 'failed'] as const
const callsOf = (client: FakeClient, name: string) => client.calls.filter(([called]) => called === name).map(([, ...args]) => args)

describe('ChatWindow', () => {
  it('hands what is written to the client', async () => {
    const client = fakeClient()
    const { field } = await show(client)
    await userEvent.type(field(), 'Hello{Enter}')
    expect(callsOf(client, 'send')).toEqual([['garden', { body: { kind: 'text', text: 'Hello' } }]])
    expect(field().value).toBe('')
    expect(callsOf(client, 'setTyping')).toEqual([['garden', true], ['garden', false]])
  })
  it('says in the header of a direct conversation that the other is there; of a group how many are in it', async () => {
    const client = fakeClient({ names: { bo: 'Bo' }, members: ['ada', 'bo'] })
    await show(client)
    const header = () => [document.querySelector('.rb-header-subtitle')?.textContent, document.querySelector('.rb-header .rb-face')?.getAttribute('data-presence') ?? null]
    expect(header()).toEqual(['', null])
    act(() => client.setPresences({ bo: 'online' }))
    expect(header()).toEqual(['Online', 'online'])
    act(() => client.setPresences({}))
    expect(header()).toEqual(['', 'offline'])
    act(() => client.set({ conversations: [conversation('garden', { kind: 'group' })] }))
    expect(header()).toEqual(['2 members', null])
  })
  it('lets the app look at it first: change it, or leave it', async () => {
    const client = fakeClient()
    const { field } = await show(client, { onBeforeSend: (draft) => (draft.body.kind === 'text' && draft.body.text === 'no' ? null : { ...draft, receiptRequested: true }) })
    await userEvent.type(field(), 'no{Enter}')
    expect(field().value).toBe('no')
    await userEvent.type(field(), 't{Enter}')
    await waitFor(() => expect(field().value).toBe(''))
    expect(callsOf(client, 'send')).toEqual([['garden', { body: { kind: 'text', text: 'not' }, receiptRequested: true }]])
  })
  it('brings back what could not be stored, and says why', async () => {
    const reason = new Error('disk full')
    const onError = vi.fn()
    const client = fakeClient({ send: () => Promise.reject(reason) })
    const { field } = await show(client, { onError })
    await userEvent.type(field(), 'Hello{Enter}')
    await waitFor(() => expect(field().value).toBe('Hello'))
    expect(onError).toHaveBeenCalledExactlyOnceWith(reason)
  })
  it('keeps what could not be stored as a draft again, so that it survives a reload', async () => {
    const client = fakeClient({ send: () => Promise.reject(new Error('disk full')) })
    const { field, view } = await show(client, { onError: () => {} })
    await userEvent.type(field(), 'Hello{Enter}')
    await waitFor(() => expect(field().value).toBe('Hello'))
    view.unmount()
    expect(callsOf(client, 'setDraft').at(-1)).toEqual(['garden', 'Hello'])
  })
  it('opens with the stored draft, and stores what is being written when it goes', async () => {
    const client = fakeClient()
    const { field, view } = await show(client, {}, [conversation('garden', { draft: 'Shall' })])
    expect(field().value).toBe('Shall')
    await userEvent.type(field(), ' we')
    view.unmount()
    expect(callsOf(client, 'setDraft').at(-1)).toEqual(['garden', 'Shall we'])
  })
  it('stores a draft as it was sent before it is sent, so that both go together', async () => {
    const client = fakeClient()
    const { field } = await show(client)
    await userEvent.type(field(), 'Hello{Enter}')
    expect(client.calls.filter(([name]) => name === 'send' || name === 'setDraft').map(([name, , what]) => (name === 'send' ? 'sent' : what))).toEqual(['Hello', 'sent', ''])
  })
  it('leaves a controlled draft to the app', async () => {
    const client = fakeClient()
    const onDraftChange = vi.fn()
    const { field, view } = await show(client, { draft: 'fixed', onDraftChange })
    await userEvent.type(field(), '!')
    expect([onDraftChange.mock.calls, field().value]).toEqual([[['fixed!']], 'fixed'])
    view.unmount()
    expect(callsOf(client, 'setDraft')).toEqual([])
  })
  it('says that there is no such conversation, and offers nothing to write in', async () => {
    await show(fakeClient({ snapshot: { status: 'unknown' } }), {}, [])
    expect(screen.getByText('There is no such conversation')).toBeTruthy()
    expect(screen.getByText(/“garden”/)).toBeTruthy()
    expect(screen.queryByRole('textbox')).toBeNull()
  })
  it('names the people, those who type, and what is wrong', async () => {
    const client = fakeClient({ names: { bo: 'Bo Lindqvist' }, members: ['ada', 'bo'] })
    await show(client)
    expect(screen.getByRole('heading', { name: 'Bo Lindqvist' })).toBeTruthy()
    act(() => client.setTypingPeople(['bo']))
    expect(screen.getByText(/is typing…/)).toBeTruthy()
    act(() => client.set({ connection: { status: 'offline', reason: 'network' }, storage: { status: 'memory', reason: 'unavailable' } }))
    expect(screen.getAllByRole('status').map((banner) => banner.textContent)).toEqual(['You are offline. Messages will be sent when you are back.', 'This browser keeps nothing. What is not sent yet is lost when you close the page.'])
  })
  it('counts the members of a group', async () => {
    await show(fakeClient({ members: ['ada', 'bo', 'cy'] }), {}, [conversation('garden', { kind: 'group', title: 'Garden' })])
    expect(screen.getByText('3 members')).toBeTruthy()
  })
  it('takes the focus to the composer when told', async () => {
    const { ref, field } = await show(fakeClient())
    act(() => ref.current?.focusComposer())
    expect(document.activeElement).toBe(field())
  })
  it('replaces parts and icons for itself alone', async () => {
    await show(fakeClient(), { components: { Composer: () => <p>my composer</p>, ConversationHeader: ({ title }) => <p>my {title}</p> } }, [conversation('garden', { title: 'Garden' })])
    expect(screen.getByText('my composer')).toBeTruthy()
    expect(screen.getByText('my Garden')).toBeTruthy()
  })
  it.each(STATUSES)('nearer wins, for the icon of %s: the part, then the window, then the provider, then what the kit draws', async (status) => {
    const named = (words: string) => ({ [status]: ({ label, size }: { label: string; size: number }) => <b>{`${words} ${label} ${size}`}</b> })
    const shown = async (provider: boolean, window: boolean, part: boolean) => {
      const Composer = () => <ReceiptIcon status={status} label="L" size={9} {...(part && { icons: named('part') })} />
      const client = fakeClient()
      const { container, unmount } = render(
        <ChatProvider client={client} {...(provider && { icons: named('provider') })}>
          <ChatWindow conversationId="garden" components={{ Composer }} {...(window && { icons: named('window') })} />
        </ChatProvider>,
      )
      await act(async () => client.set({ conversations: [conversation('garden')], hydrated: true }))
      const icon = container.querySelector('.rb-receipt')
      const is = icon?.querySelector('svg') ? 'kit' : icon?.textContent
      unmount()
      return is
    }
    expect(await shown(true, true, true)).toBe('part L 9')
    expect(await shown(true, true, false)).toBe('window L 9')
    expect(await shown(true, false, false)).toBe('provider L 9')
    expect(await shown(false, false, false)).toBe('kit')
  })
  it('draws the look that the user chose, also where it has icons of its own', async () => {
    const client = fakeClient()
    const Composer = () => <ReceiptIcon status="read" />
    const shown = (look: 'icons' | 'shapes' | 'text') => <ChatProvider client={client} preferences={{ look }}><ChatWindow conversationId="garden" components={{ Composer }} icons={{ read: () => <b>mine</b> }} /></ChatProvider>
    const { container, rerender } = render(shown('icons'))
    await act(async () => client.set({ conversations: [conversation('garden')], hydrated: true }))
    const icon = () => container.querySelector('.rb-receipt')
    expect(icon()?.textContent).toBe('mine')
    rerender(shown('text'))
    expect(icon()?.textContent).toBe('Read')
    rerender(shown('shapes'))
    expect([icon()?.textContent, icon()?.querySelector('svg')]).toEqual(['', expect.anything()])
  })
  it('nearer wins, for parts: the window, then the inner provider, then the outer, then the kit; what one replaces the others leave', async () => {
    const say = (words: string) => () => <i>{words}</i>
    const shown = async (outer: ChatComponents, inner: ChatComponents, window: ChatComponents) => {
      const client = fakeClient()
      const { container, unmount } = render(
        <ChatProvider client={client} components={outer}>
          <ChatProvider components={inner}><ChatWindow conversationId="garden" components={window} /></ChatProvider>
        </ChatProvider>,
      )
      await act(async () => client.set({ conversations: [conversation('garden')], hydrated: true }))
      const is = [...container.querySelectorAll('i')].map((each) => each.textContent)
      const hasField = container.querySelector('textarea') !== null
      unmount()
      return [is, hasField]
    }
    const [header, composer] = [(words: string) => ({ ConversationHeader: say(words) }), (words: string) => ({ Composer: say(words) })]
    expect(await shown(header('outer'), header('inner'), header('window'))).toEqual([['window'], true])
    expect(await shown(header('outer'), header('inner'), {})).toEqual([['inner'], true])
    expect(await shown(header('outer'), composer('inner'), {})).toEqual([['outer', 'inner'], false])
    expect(await shown({}, {}, {})).toEqual([[], true])
  })
  it('renders to a string with a client that was not started', () => {
    const client = fakeClient()
    expect(renderToString(<ChatProvider client={client}><ChatWindow conversationId="garden" /></ChatProvider>)).toContain('rb-window')
    expect(client.calls).toEqual([])
  })
  it('outside a provider says what happened, why, and what to do', () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => render(<ChatWindow conversationId="garden" />)).toThrow('<ChatWindow> has no chat client. It takes its conversations from the client of the nearest <ChatProvider>, and there is none above it, or that one was given no client. Wrap it in <ChatProvider client={client}>.')
    silence.mockRestore()
  })
})

describe('a conversation that is not known here', () => {
  const unknown = { snapshot: { status: 'unknown' } } as const
  it('is waited for until the back end has told, then said to be unknown', () => {
    const client = fakeClient(unknown)
    client.set({ caughtUp: false })
    const { container } = render(<ChatProvider client={client}><ChatWindow conversationId="garden" /></ChatProvider>)
    expect(screen.queryByText(en.messages.unknownConversationTitle)).toBeNull()
    expect(container.querySelector('[aria-busy="true"]')).not.toBeNull()
    act(() => client.set({ caughtUp: true }))
    expect(screen.getByText(en.messages.unknownConversationTitle)).toBeTruthy()
  })
  it('is said to be unknown where nobody can be asked', () => {
    const client = fakeClient(unknown)
    client.set({ caughtUp: false, connection: { status: 'offline', reason: 'network' } })
    render(<ChatProvider client={client}><ChatWindow conversationId="garden" /></ChatProvider>)
    expect(screen.getByText(en.messages.unknownConversationTitle)).toBeTruthy()
  })
})
