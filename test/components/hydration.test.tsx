// @vitest-environment jsdom
import { act } from '@testing-library/react'
import { ChatProvider, ChatWindow, ConversationList, MessageRow } from 'readback'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { conversation, fakeClient, message } from '../react/fakeClient.js'

beforeAll(() => {
  class NoObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', NoObserver)
  vi.stubGlobal('IntersectionObserver', NoObserver)
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  Element.prototype.scrollTo = () => {}
})

afterEach(() => vi.restoreAllMocks())

describe('hydration', () => {
  it('takes over what the server rendered without a complaint, though the client knows more by then', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    const client = fakeClient({ names: { bo: 'Bo Lindqvist' }, members: ['ada', 'bo'] })
    const page = (
      <StrictMode>
        <ChatProvider client={client} theme="light">
          <ConversationList />
          <ChatWindow conversationId="garden" />
          <MessageRow message={message()} own runStart runEnd />
        </ChatProvider>
      </StrictMode>
    )
    const container = document.createElement('div')
    container.innerHTML = renderToString(page)
    client.set({ conversations: [conversation('garden')], hydrated: true })
    const recovered: unknown[] = []
    const root = await act(async () => hydrateRoot(container, page, { onRecoverableError: (error) => recovered.push(error) }))
    expect(recovered).toEqual([])
    expect(complaints).not.toHaveBeenCalled()
    expect(container.querySelector('textarea')).not.toBeNull()
    await act(async () => root.unmount())
    expect(client.listenerCount()).toBe(0)
    expect(client.calls.map(([name]) => name)).toEqual(['start', 'stop'])
  })
})
