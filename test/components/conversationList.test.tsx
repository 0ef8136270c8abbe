// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, ConversationList, type Conversation, type ConversationListProps } from 'readback'
import { createFakeClock } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { conversation, fakeClient, message } from '../react/fakeClient.js'

afterEach(cleanup)

async function show(conversations: readonly Conversation[], props: ConversationListProps = {}) {
  const client = fakeClient({ names: { ada: 'Ada', bo: 'Bo Lindqvist' }, members: ['ada', 'bo'] })
  render(<ChatProvider client={client}><ConversationList {...props} /></ChatProvider>)
  await act(async () => client.set({ conversations, hydrated: true }))
  return { client, rows: screen.queryAllByRole('button'), titles: () => screen.queryAllByRole('button').map((row) => row.querySelector('.rb-conversation-title')?.textContent) }
}

const three = [conversation('a', { title: 'Allotment', lastActivityAt: 1 }), conversation('b', { title: 'Beekeepers', lastActivityAt: 3 }), conversation('c', { title: 'Choir', lastActivityAt: 2, pinned: true })]

describe('ConversationList', () => {
  it('shows pinned first, then newest activity', async () => {
    expect((await show(three)).titles()).toEqual(['Choir', 'Beekeepers', 'Allotment'])
  })
  it('filters and sorts as it is told, and leaves the state as it was', async () => {
    const frozen = Object.freeze([...three])
    expect((await show(frozen, { filter: ({ id }) => id !== 'b', sort: (x, y) => x.id.localeCompare(y.id) })).titles()).toEqual(['Allotment', 'Choir'])
  })
  it('names a direct conversation after the other person', async () => {
    expect((await show([conversation('x')])).titles()).toEqual(['Bo Lindqvist'])
  })
  it('goes on naming it after them once they have left', async () => {
    const client = fakeClient({ names: { bo: 'Bo Lindqvist' } })
    const left = { epoch: 0, order: 5, id: 'm-5' }
    const getMembers = () => Promise.resolve([['ada', null], ['bo', left]].map(([userId, leftAt]) => ({ userId, role: 'member', intervals: [{ joinedAt: null, leftAt }] })))
    Object.assign(client, { getMembers })
    render(<ChatProvider client={client}><ConversationList /></ChatProvider>)
    await act(async () => client.set({ conversations: [conversation('x'), conversation('y', { kind: 'group' })], hydrated: true }))
    expect(screen.getAllByRole('button').map((row) => row.querySelector('.rb-conversation-title')?.textContent)).toEqual(['Bo Lindqvist', 'Conversation'])
  })
  it('marks the chosen one, its own or the app’s', async () => {
    const onSelect = vi.fn()
    const { rows } = await show(three, { onSelect })
    await userEvent.click(rows[1] as Element)
    expect(onSelect).toHaveBeenCalledExactlyOnceWith('b')
    expect(screen.getByRole('button', { current: true })).toBe(rows[1])
    cleanup()
    const controlled = await show(three, { selectedId: 'a', onSelect })
    await userEvent.click(controlled.rows[0] as Element)
    expect(onSelect).toHaveBeenLastCalledWith('c')
    expect(screen.getByRole('button', { current: true })).toBe(controlled.rows[2])
  })
  it('is one stop for Tab; arrows, Home and End move within it', async () => {
    const { rows } = await show(three, { defaultSelectedId: 'b' })
    await userEvent.tab()
    expect(document.activeElement).toBe(rows[1])
    const visit = async (key: string) => {
      await userEvent.keyboard(`{${key}}`)
      return rows.indexOf(document.activeElement as HTMLElement)
    }
    expect([await visit('ArrowDown'), await visit('ArrowDown'), await visit('ArrowUp'), await visit('Home'), await visit('ArrowUp'), await visit('End')]).toEqual([2, 2, 1, 0, 0, 2])
    await userEvent.tab()
    expect(document.activeElement).toBe(document.body)
  })
  it('says that there is none, and before that that it is loading', async () => {
    const client = fakeClient()
    render(<ChatProvider client={client}><ConversationList /></ChatProvider>)
    expect(screen.getByText('Loading conversations…')).toBeTruthy()
    act(() => client.set({ hydrated: true }))
    expect(screen.getByText('No conversations yet')).toBeTruthy()
  })
  it('outside a provider says what happened, why, and what to do', () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => render(<ConversationList />)).toThrow('<ConversationList> has no chat client. It takes its conversations from the client of the nearest <ChatProvider>, and there is none above it, or that one was given no client. Wrap it in <ChatProvider client={client}>.')
    silence.mockRestore()
  })
})

describe('a row of it', () => {
  const words = async (rest: Partial<Conversation>) => (await show([conversation('x', { title: 'X', ...rest })])).rows[0] as HTMLElement
  const unread = (row: HTMLElement) => [row.querySelector('.rb-unread [aria-hidden]')?.textContent, row.querySelector('.rb-unread .rb-sr')?.textContent]
  it('shows how many are unread: exact, at least, unknown, none, or marked', async () => {
    const shown = []
    for (const rest of [{ unread: { count: 3, exact: true } }, { unread: { count: 99, exact: false } }, { unread: { count: 250, exact: true } }, { unread: null }, {}, { manualUnread: { rev: 1, on: true } }]) {
      shown.push(unread(await words(rest)))
      cleanup()
    }
    expect(shown).toEqual([['3', '3 unread messages'], ['99+', 'At least 99 unread messages'], ['99+', 'At least 99 unread messages'], [undefined, undefined], [undefined, undefined], ['', 'Marked as unread']])
  })
  it('shows the last message, mine with its receipt, theirs in a group with a name', async () => {
    const mine = await words({ lastMessage: message({ from: 'ada', body: { kind: 'text', text: 'See\nyou' } }) })
    expect([mine.querySelector('.rb-receipt')?.getAttribute('data-status'), mine.querySelector('.rb-conversation-preview')?.textContent]).toEqual(['delivered', 'See you'])
    cleanup()
    const theirs = await words({ kind: 'group', lastMessage: message({ body: { kind: 'image', file: {} } }) })
    expect([theirs.querySelector('.rb-receipt'), theirs.querySelector('.rb-conversation-preview')?.textContent]).toEqual([null, '\u2068Bo Lindqvist\u2069: Photo'])
  })
  it('shows in a direct conversation whether the other is there, and says so', async () => {
    const { client, rows } = await show([conversation('x'), conversation('y', { kind: 'group', title: 'Y' })])
    const face = () => rows.map((row) => row.querySelector('.rb-face')?.getAttribute('data-presence') ?? null)
    expect(face()).toEqual([null, null])
    act(() => client.setPresences({ bo: 'online', y: 'online' }))
    expect([face(), rows[0]?.textContent]).toEqual([['online', null], expect.stringContaining('Bo Lindqvist, Online, ')])
    act(() => client.setPresences({ bo: 'unavailable' }))
    expect([face()[0], rows[0]?.textContent]).toEqual(['unavailable', expect.stringContaining(', Away, ')])
    act(() => client.setPresences({}))
    expect([face()[0], rows[0]?.textContent]).toEqual(['offline', expect.not.stringContaining('Online')])
  })
  it('shows who is typing, but for the open one, which says it itself', async () => {
    const { client, rows } = await show([conversation('x', { lastMessage: message() }), conversation('y', { title: 'Y', lastMessage: message() })], { defaultSelectedId: 'y' })
    act(() => client.setTypingPeople(['bo']))
    expect(rows.map((row) => row.querySelector('.rb-conversation-preview')?.textContent)).toEqual(['\u2068Bo Lindqvist\u2069 is typing…', 'Hello'])
  })
  it('says of what was said today that it was yesterday once it is midnight, with nothing else happening', async () => {
    const clock = createFakeClock(new Date(2026, 2, 9, 23, 50).getTime())
    const client = fakeClient()
    Object.assign(client, { ports: { ...client.ports, clock } })
    render(<ChatProvider client={client}><ConversationList /></ChatProvider>)
    act(() => client.set({ conversations: [conversation('x', { title: 'X', lastMessage: message({ time: clock.now() }) })], hydrated: true }))
    const time = () => screen.getByRole('button').querySelector('.rb-conversation-time')?.textContent
    expect(time()).toMatch(/^11:50/)
    act(() => clock.advance(10 * 60_000))
    expect(time()).toBe('Yesterday')
  })
  it('shows what was begun and not sent', async () => {
    expect((await words({ draft: 'Shall we', lastMessage: message() })).querySelector('.rb-conversation-preview')?.textContent).toBe('Draft: Shall we')
  })
})
