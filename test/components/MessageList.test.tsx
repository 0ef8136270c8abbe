import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { createArraySource, MessageList, type Message } from 'readback'

const messages = Array.from({ length: 50 }, (_, order): Message => ({
  conversationId: 'c1', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: 1_770_000_000_000 + order, body: { kind: 'text', text: 'hi' },
}))

describe('MessageList on a server', () => {
  it('renders a named, busy-free log and leaves the rows to the browser, which knows the sizes', () => {
    const warned = vi.spyOn(console, 'error')
    const html = renderToString(createElement(MessageList, { source: createArraySource(messages), userId: 'me', onRead: () => {} }))
    expect(html).toContain('role="log"')
    expect(html).toContain('aria-label="Messages"')
    expect(html).toContain('data-settled="false"')
    expect(html).not.toContain('data-index')
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('says that a conversation is empty', () => {
    expect(renderToString(createElement(MessageList, { source: createArraySource() }))).toContain('No messages yet')
  })
})
