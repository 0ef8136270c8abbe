// @vitest-environment jsdom
/** [I26] Another account in the same place: nothing of the one before is shown, nor sent. */
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef } from 'react'
import { ChatProvider, ChatWindow, useMembers, type ChatWindowHandle } from 'readback'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { useAnnounce } from '../../src/react/announcerContext.js'
import { laterParts } from '../../src/components/lazyParts.js'
import { conversation, fakeClient, message } from '../react/fakeClient.js'

/** jsdom has no layout: a list shows no rows. */
vi.mock('../../src/components/SourceList.js', () => ({ SourceList: () => null }))

beforeAll(async () => {
  void laterParts.preload()
  await vi.dynamicImportSettled()
})
afterEach(cleanup)

const SECRET = message({ from: 'ada', localId: 'm-2', ids: ['m-2'], body: { kind: 'text', text: 'Only for Bo' } })
const account = (userId: string, messages = [SECRET]) => {
  const client = Object.assign(fakeClient({ snapshot: { messages }, members: [userId, 'bo'] }), { userId })
  client.set({ conversations: [conversation('garden')], hydrated: true })
  return client
}

it('[I26] a window that is given the client of somebody else begins anew: no dialog, no half-written words', async () => {
  const handle = createRef<ChatWindowHandle>()
  const tree = (client: ReturnType<typeof account>) => <ChatProvider client={client}><ChatWindow ref={handle} conversationId="garden" /></ChatProvider>
  const { rerender } = render(tree(account('ada')))
  await userEvent.type(screen.getByRole('textbox'), 'Half a thought')
  await act(async () => void handle.current?.showInfo('m-2'))
  await waitFor(() => expect(document.querySelector('.rb-info-words')?.textContent).toBe('Only for Bo'))
  await act(async () => rerender(tree(account('eve', []))))
  expect(document.querySelector('.rb-info-words')).toBeNull()
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('')
})

it('[I26] useMembers knows nobody of the account before', async () => {
  const drawn: string[] = []
  const Roster = () => {
    drawn.push(useMembers('garden')?.map(({ userId }) => userId).join() ?? 'unknown')
    return null
  }
  const tree = (client: ReturnType<typeof account>) => <ChatProvider client={client}><Roster /></ChatProvider>
  const { rerender } = render(tree(account('ada')))
  await waitFor(() => expect(drawn.at(-1)).toBe('ada,bo'))
  drawn.length = 0
  await act(async () => rerender(tree(account('eve'))))
  expect([...new Set(drawn)]).toEqual(['unknown', 'eve,bo'])
})

it('[I26] what was just said aloud to the account before is not on the page any more', async () => {
  const Speaker = () => {
    const announce = useAnnounce()
    return <button type="button" onClick={() => announce('Bo: Only for you')}>speak</button>
  }
  const tree = (client: ReturnType<typeof account>) => <ChatProvider client={client}><Speaker /></ChatProvider>
  const { container, rerender } = render(tree(account('ada')))
  await userEvent.click(screen.getByText('speak'))
  expect(container.querySelector('.rb-announcer')?.textContent).toBe('Bo: Only for you')
  await act(async () => rerender(tree(account('eve'))))
  expect(container.querySelector('.rb-announcer')?.textContent).toBe('')
  await userEvent.click(screen.getByText('speak'))
  expect(container.querySelector('.rb-announcer')?.textContent).toBe('Bo: Only for you')
})
