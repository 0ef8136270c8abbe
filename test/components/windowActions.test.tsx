// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, ChatWindow, createArraySource, MessageRow, useMembers, type ChatWindowProps, type ConversationKind, type Message, type MessageActions, type MessageListProps, type OutgoingMessage, type ReceiptPreferences } from 'readback'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { laterParts } from '../../src/components/lazyParts.js'
import { WindowComposer } from '../../src/components/WindowComposer.js'
import { conversation, fakeClient, message, type FakeClient } from '../react/fakeClient.js'

/** jsdom has no layout, so a list shows no rows: what they would be given is taken where the window hands it over. */
const given: { actions?: MessageActions; policy?: MessageListProps['policy'] } = {}
vi.mock('../../src/components/SourceList.js', () => ({
  SourceList(props: MessageListProps) {
    Object.assign(given, { actions: props.actions, policy: props.policy })
    return null
  },
}))

beforeAll(async () => {
  void laterParts.preload()
  await vi.dynamicImportSettled()
})
afterEach(cleanup)

const CAN = { edit: true, recall: true, delete: true, react: true, limits: { recallWindowMs: 120_000 } } as const
const MINE = message({ from: 'ada', localId: 'm-2', ids: ['m-2', 'm-2b'], body: { kind: 'text', text: 'I will bring the hoe' } })
const THEIRS = message()
const callsOf = (client: FakeClient, name: string) => client.calls.filter(([called]) => called === name).map(([, ...args]) => args)

async function show(client: FakeClient, props: Partial<ChatWindowProps> = {}, kind: ConversationKind = 'direct') {
  const view = render(<ChatProvider client={client}><ChatWindow conversationId="garden" {...props} /></ChatProvider>)
  await act(async () => client.set({ conversations: [conversation('garden', { kind })], hydrated: true }))
  return { view, field: () => screen.getByRole<HTMLTextAreaElement>('textbox'), actions: () => given.actions ?? {} }
}

const standing = (options: Parameters<typeof fakeClient>[0] = {}) => fakeClient({ capabilities: CAN, snapshot: { messages: [THEIRS, MINE] }, ...options })

describe('a window offers', () => {
  it('what its wire can', async () => {
    const { actions } = await show(standing())
    expect(Object.keys(actions()).toSorted()).toEqual(['onDeleteForAll', 'onDeleteForMe', 'onDiscard', 'onEdit', 'onInfo', 'onReact', 'onRecall', 'onReply', 'recallWindowMs'])
  })
  it('less over a wire that can less', async () => {
    const { actions } = await show(standing({ capabilities: {} }))
    expect(Object.keys(actions()).toSorted()).toEqual(['onDeleteForMe', 'onDiscard', 'onInfo', 'onReply'])
  })
  it.each([['edit', 'onEdit'], ['recall', 'onRecall'], ['delete', 'onDeleteForAll'], ['react', 'onReact']] as const)('of "%s" alone nothing but that besides', async (capability, offer) => {
    const { actions } = await show(standing({ capabilities: { [capability]: true } }))
    expect(Object.keys(actions()).toSorted()).toEqual(['onDeleteForMe', 'onDiscard', 'onInfo', 'onReply', offer].toSorted())
  })
  it.each([['owner', 'group', true, true], ['admin', 'group', true, true], ['member', 'group', true, undefined], ['owner', 'direct', true, undefined], ['owner', 'group', false, undefined]] as const)('deleting what others wrote to an %s of a %s where the wire lets them (%s): %s', async (role, kind, moderation, offered) => {
    const client = standing({ capabilities: { ...CAN, moderation }, members: ['ada', 'bo'] })
    client.getMembers = () => Promise.resolve(['ada', 'bo'].map((userId) => ({ userId, role: userId === 'ada' ? role : 'member', intervals: [{ joinedAt: null, leftAt: null }] })))
    const { actions } = await show(client, {}, kind)
    expect(actions().moderates).toBe(offered)
  })
  it('the same functions at every render, so that no row renders for it', async () => {
    const client = standing()
    const { actions } = await show(client)
    const before = actions()
    act(() => client.setTypingPeople(['bo']))
    expect(actions()).toBe(before)
  })
  it('and does it through its client', async () => {
    const client = standing()
    const { actions } = await show(client)
    actions().onReact?.(THEIRS, '👍', true)
    actions().onRecall?.(MINE)
    actions().onDeleteForMe?.(THEIRS)
    actions().onDeleteForAll?.(MINE)
    actions().onDiscard?.(message({ ids: [], localId: 'm-9' }))
    const done = client.calls.filter(([name]) => ['react', 'recall', 'delete', 'discard'].includes(name))
    expect(done).toEqual([['react', 'garden', 'm-1', '👍', true], ['recall', 'garden', 'm-2'], ['delete', 'garden', 'm-1', { for: 'me' }], ['delete', 'garden', 'm-2', { for: 'all' }], ['discard', 'garden', 'm-9']])
  })
})

describe('answering', () => {
  it('goes with the next message, and with no other', async () => {
    const client = standing()
    const { actions, field } = await show(client)
    act(() => actions().onReply?.(THEIRS))
    expect(document.activeElement).toBe(field())
    await userEvent.type(field(), 'I do{Enter}and gloves{Enter}')
    expect(callsOf(client, 'send')).toEqual([['garden', { body: { kind: 'text', text: 'I do' }, replyTo: 'm-1' }], ['garden', { body: { kind: 'text', text: 'and gloves' } }]])
  })
  it('a message that is taken back meanwhile shows no more of its words', async () => {
    const source = createArraySource([THEIRS])
    const client = Object.assign(standing(), { messages: () => source })
    const { actions } = await show(client)
    act(() => actions().onReply?.(THEIRS))
    await waitFor(() => expect(document.querySelector('.rb-composer-mode')?.textContent).toContain('Hello'))
    act(() => source.append({ ...THEIRS, recalledAt: 1 }))
    expect(document.querySelector('.rb-composer-mode')?.textContent).not.toContain('Hello')
  })
  it('can be left', async () => {
    const client = standing()
    const { actions, field } = await show(client)
    act(() => actions().onReply?.(THEIRS))
    await userEvent.type(field(), '{Escape}no{Enter}')
    expect(callsOf(client, 'send')).toEqual([['garden', { body: { kind: 'text', text: 'no' } }]])
  })
})

describe('changing a message', () => {
  it('saves what it says then, and gives the draft back', async () => {
    const client = standing()
    const { actions, field } = await show(client)
    await userEvent.type(field(), 'half a thou')
    act(() => actions().onEdit?.(MINE))
    expect(field().value).toBe('I will bring the hoe')
    await userEvent.type(field(), '{Backspace}se{Enter}')
    expect(callsOf(client, 'edit')).toEqual([['garden', 'm-2', { kind: 'text', text: 'I will bring the hose' }]])
    expect(field().value).toBe('half a thou')
    expect(callsOf(client, 'send')).toEqual([])
  })
  it('into what it said before changes nothing', async () => {
    const client = standing()
    const { actions, field } = await show(client)
    act(() => actions().onEdit?.(MINE))
    await userEvent.type(field(), '{Enter}')
    expect([callsOf(client, 'edit'), field().value]).toEqual([[], ''])
  })
  it('begins with the up arrow at the one sent last', async () => {
    const { field } = await show(standing())
    await userEvent.type(field(), '{ArrowUp}')
    expect(field().value).toBe('I will bring the hoe')
    await userEvent.type(field(), '{Escape}')
    expect(field().value).toBe('')
  })
})

describe('naming somebody', () => {
  it('goes with the text to the wire, and with a change of it', async () => {
    const client = standing({ names: { bo: 'Bo' }, members: ['ada', 'bo'] })
    const { field, actions } = await show(client, {}, 'group')
    await userEvent.type(field(), 'Ask @b')
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1))
    await userEvent.keyboard('{Enter}{Enter}')
    expect(callsOf(client, 'send')).toEqual([['garden', { body: { kind: 'text', text: 'Ask @Bo', mentions: [{ userId: 'bo', start: 4, end: 7 }] } }]])
    act(() => actions().onEdit?.(message({ ...MINE, body: { kind: 'text', text: 'Ask @Bo', mentions: [{ userId: 'bo', start: 4, end: 7 }] } })))
    await userEvent.type(field(), ' now{Enter}')
    expect(callsOf(client, 'edit').map(([, , body]) => body)).toEqual([{ kind: 'text', text: 'Ask @Bo now', mentions: [{ userId: 'bo', start: 4, end: 7 }] }])
  })
  it('in a large group asks the app\'s search, and offers only who is in the group', async () => {
    const crowd = ['ada', ...Array.from({ length: 150 }, (_, at) => `u${at}`)]
    const asked: string[] = []
    const client = standing({ names: { u7: 'Zoë', out: 'Zoran' }, members: crowd, search: (text) => (asked.push(text), ['out', 'u7']) })
    const getProfile = vi.spyOn(client, 'getProfile')
    const { field } = await show(client, {}, 'group')
    getProfile.mockClear()
    await userEvent.type(field(), '@')
    await waitFor(() => expect(screen.getAllByRole('option').length).toBeGreaterThan(3))
    expect(new Set(getProfile.mock.calls.map(([id]) => id)).size).toBeLessThan(120)
    await userEvent.type(field(), 'zo')
    await waitFor(() => expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['ZZoë']))
    expect(asked).toEqual(['z', 'zo'])
  })
})

describe('sending files', () => {
  const choose = (...files: File[]) => userEvent.upload(document.querySelector('input[type="file"]') as HTMLInputElement, files)
  const plan = new File(['plan'], 'plan.pdf', { type: 'application/pdf' })
  const hills = new File(['hills'], 'hills.png', { type: 'image/png' })
  const planBody = { kind: 'file', file: { name: 'plan.pdf', mime: 'application/pdf', sizeBytes: 4 } }
  const hillsBody = { kind: 'image', file: { name: 'hills.png', mime: 'image/png', sizeBytes: 5 } }

  it('hands words and files to the client, a message each, in order; the first answers', async () => {
    const client = standing({ canUpload: true })
    const { field, actions } = await show(client)
    act(() => actions().onReply?.(THEIRS))
    await choose(plan, hills)
    await userEvent.type(field(), 'The plan{Enter}')
    expect(field().value).toBe('')
    await waitFor(() => expect(callsOf(client, 'send')).toHaveLength(3))
    expect(callsOf(client, 'send').map(([, sent]) => sent)).toEqual([
      { body: { kind: 'text', text: 'The plan' }, replyTo: 'm-1' },
      { body: planBody, upload: plan },
      { body: hillsBody, upload: hills },
    ])
  })
  it('asks the app about each, and keeps all when it says no to the first', async () => {
    const client = standing({ canUpload: true })
    const onBeforeSend = vi.fn((draft: OutgoingMessage) => (draft.body.kind === 'text' && draft.body.text === 'no' ? null : draft))
    const { field } = await show(client, { onBeforeSend })
    await choose(plan)
    await userEvent.type(field(), 'no{Enter}')
    expect([callsOf(client, 'send').length, field().value, document.querySelectorAll('.rb-file-preview').length]).toEqual([0, 'no', 1])
    await userEvent.type(field(), 't{Enter}')
    await waitFor(() => expect(callsOf(client, 'send')).toHaveLength(2))
    await waitFor(() => expect([field().value, document.querySelectorAll('.rb-file-preview').length]).toEqual(['', 0]))
  })
  it('is not offered where they have nowhere to go', async () => {
    await show(standing())
    expect(screen.queryByRole('button', { name: 'Attach files' })).toBeNull()
  })
})

describe('a file on its way', () => {
  const way = (body: Message['body'], client: FakeClient, rest: Partial<Message> = {}) =>
    render(<ChatProvider client={client}><MessageRow message={message({ from: 'ada', ids: [], at: null, outgoing: 'sending', body, ...rest })} own runStart runEnd /></ChatProvider>)
  const progress = () => screen.queryByRole('progressbar')?.getAttribute('aria-valuenow') ?? null

  it('says how far it is, and no more when it is there', () => {
    const client = fakeClient()
    way({ kind: 'file', file: { name: 'plan.pdf' } }, client)
    expect(progress()).toBeNull()
    act(() => client.setUploaded('m-1', 0.4))
    expect([progress(), screen.getByRole('progressbar').getAttribute('aria-label')]).toEqual(['40', '40% uploaded'])
    act(() => client.setUploaded('m-1', null))
    expect(progress()).toBeNull()
  })
  it('is seen from this device meanwhile, also when it failed', async () => {
    URL.createObjectURL = () => 'blob:here'
    const revoke = vi.fn()
    URL.revokeObjectURL = revoke
    for (const outgoing of ['sending', 'failed'] as const) {
      way({ kind: 'image', file: { name: 'hills.png' } }, fakeClient(), { outgoing })
      expect((await screen.findByAltText('hills.png')).getAttribute('src')).toBe('blob:here')
      cleanup()
    }
    expect(revoke).toHaveBeenCalledTimes(2)
  })
})

describe('a file that the app keeps by a reference', () => {
  const show = (body: Message['body'], resolve?: FakeClient['resolveAttachment']) => {
    const client = Object.assign(fakeClient(), resolve && { resolveAttachment: vi.fn(resolve) })
    const row = (held: Message['body']) => <ChatProvider client={client}><MessageRow message={message({ body: held })} own={false} runStart runEnd /></ChatProvider>
    const view = render(row(body))
    return { client, again: (held: Message['body']) => view.rerender(row(held)) }
  }
  it('is loaded from where the app says, asked once', async () => {
    const { client, again } = show({ kind: 'image', file: { ref: 'hills' } }, () => Promise.resolve('https://example.com/hills.png'))
    expect(screen.queryByText('This photo could not be loaded')).toBeNull()
    expect((await screen.findByRole('img')).getAttribute('src')).toBe('https://example.com/hills.png')
    again({ kind: 'image', file: { ref: 'hills', name: 'hills.png' } })
    expect(client.resolveAttachment).toHaveBeenCalledTimes(1)
    again({ kind: 'file', file: { ref: 'plan' } })
    await waitFor(() => expect(screen.getByRole('link').getAttribute('href')).toBe('https://example.com/hills.png'))
    expect(client.resolveAttachment).toHaveBeenCalledTimes(2)
  })
  it.each([['javascript:alert(1)'], [null], [new Error('gone')]])('and not from %s', async (answer) => {
    show({ kind: 'image', file: { ref: 'hills' } }, () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)))
    expect(await screen.findByText('This photo could not be loaded')).toBeTruthy()
    expect(screen.queryByRole('link')).toBeNull()
  })
})

it('a composer of the app that throws gives way to the kit’s own', async () => {
  const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
  const client = standing()
  const { field } = await show(client, { components: { Composer: () => { throw new Error('broken') } } })
  await userEvent.type(field(), 'Hello{Enter}')
  expect(callsOf(client, 'send')).toHaveLength(1)
  silence.mockRestore()
})

describe('receipts are asked for', () => {
  const asks = async (options: Parameters<typeof fakeClient>[0], kind: ConversationKind) => {
    const client = fakeClient({ members: ['ada', 'bo'], ...options })
    const none = { draft: undefined, defaultDraft: undefined, onDraftChange: undefined, onBeforeSend: undefined, mode: null, onModeEnd: () => {}, onEditLast: () => {}, onSent: () => {}, onError: () => {}, inputRef: { current: null } }
    const Alone = () => <WindowComposer conversation={conversation('garden', { kind })} members={useMembers('garden')} {...none} />
    render(<ChatProvider client={client}><Alone /></ChatProvider>)
    await act(async () => client.set({ conversations: [conversation('garden', { kind })] }))
    const there = screen.queryByRole('switch') !== null
    cleanup()
    return there
  }
  const onRequest = { capabilities: { groupReceipts: 'onRequest' } } as const

  it('in groups where the wire or the policy wants it so, by those who may', async () => {
    expect(await asks({ ...onRequest, policy: { requesters: ['member'] } }, 'group')).toBe(true)
    expect(await asks({ policy: { requesters: ['member'], groupReceipts: 'onRequest' } }, 'group')).toBe(true)
    expect(await asks(onRequest, 'group')).toBe(false)
    expect(await asks({ ...onRequest, policy: { requesters: ['member'], maxGroupSize: 1 } }, 'group')).toBe(false)
    expect(await asks({ ...onRequest, policy: { requesters: ['member'] } }, 'direct')).toBe(false)
    expect(await asks({ capabilities: { groupReceipts: 'always' }, policy: { requesters: ['member'] } }, 'group')).toBe(false)
  })
})

describe('mentions in a window', () => {
  it('are of the members of a group, by name, me excluded', async () => {
    const client = fakeClient({ members: ['ada', 'cy', 'bo'], names: { bo: 'Bo Lindqvist', cy: 'Cy', ada: 'Ada' }, snapshot: { messages: [THEIRS] } })
    const { field } = await show(client, {}, 'group')
    await userEvent.type(field(), '@')
    await waitFor(() => expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['BLBo Lindqvist', 'CCy']))
  })
})

describe('how long reading takes', () => {
  it('is as its user set it, at once, and all else as the client has it', async () => {
    const client = standing({ policy: { visibleFraction: 0.75 } })
    const window = (preferences: ReceiptPreferences) => <ChatProvider client={client} preferences={preferences}><ChatWindow conversationId="garden" /></ChatProvider>
    const { rerender } = render(window({}))
    expect(given.policy).toEqual(client.policy)
    rerender(window({ dwellMs: 1500 }))
    expect(given.policy).toEqual({ ...client.policy, dwellMs: 1500 })
    rerender(window({ look: 'shapes' }))
    expect(given.policy).toEqual(client.policy)
  })
})
