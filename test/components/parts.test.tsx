// @vitest-environment jsdom
import { render } from '@testing-library/react'
import {
  Avatar, ChatProvider, ChatWindow, Composer, ConnectionBanner, ConversationHeader, ConversationList, ConversationRow, createArraySource, DateSeparator, EmptyState, JumpToNewest, MessageInfo, MessageList, MessageRow, ReadBadge, ReaderList, ReceiptIcon,
  ReceiptSettings, StatusText, StorageBanner, TypingIndicator, UnreadSeparator,
} from 'readback'
import * as everything from 'readback'
import type { ReactNode } from 'react'
import { beforeAll, describe, expect, it } from 'vitest'
import { SIX, SIX_AUDIENCE, standingReaders } from '../../stories/fixtures/readers.js'
import { conversation, fakeClient, message } from '../react/fakeClient.js'
import { describePart } from './describePart.js'

/** jsdom has no layout; parts that measure themselves then show no rows, which is all that these tests need of them. */
beforeAll(() => {
  class NoObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  Element.prototype.scrollTo ??= () => {}
  Object.assign(globalThis, { ResizeObserver: NoObserver, IntersectionObserver: NoObserver })
})

const tried = new Set<string>()
const part: typeof describePart = (name, ...rest) => {
  tried.add(name.split(' ')[0]!)
  describePart(name, ...rest)
}
const withClient = (inner: ReactNode) => <ChatProvider client={fakeClient()}>{inner}</ChatProvider>
const readers = standingReaders({ readers: SIX, audience: SIX_AUDIENCE })

part('ReceiptIcon', ReceiptIcon, { status: 'read' })
part('StatusText', StatusText, { status: 'read' })
part('ReadBadge', ReadBadge, { read: 1, total: 2 })
part('ReadBadge as a button', ReadBadge, { read: 1, total: 2, onOpen: () => {} })
part('ReaderList', ReaderList, { message: message(), source: readers })
part('MessageInfo', MessageInfo, { message: message(), source: readers, onClose: () => {} })
part('ReceiptSettings', ReceiptSettings, {}, withClient)
part('Avatar', Avatar, { userId: 'ada' })
part('MessageRow', MessageRow, { message: message(), own: false, runStart: true, runEnd: true })
part('MessageRow of a notice', MessageRow, { message: message({ recalledAt: 1 }), own: false, runStart: true, runEnd: true })
part('DateSeparator', DateSeparator, { timeMs: 0, nowMs: 0 })
part('UnreadSeparator', UnreadSeparator, {})
part('JumpToNewest', JumpToNewest, { count: 1, onJump: () => {} })
part('Composer', Composer, { onSend: () => {} })
part('TypingIndicator', TypingIndicator, { names: ['Ada'] })
part('ConversationHeader', ConversationHeader, { conversationId: 'garden', title: 'Garden' })
part('ConnectionBanner', ConnectionBanner, { connection: { status: 'offline', reason: 'network' } })
part('StorageBanner', StorageBanner, { storage: { status: 'full' } })
part('EmptyState', EmptyState, { title: 'Nothing' })
part('ConversationList', ConversationList, {}, withClient)
part('ConversationRow', ConversationRow, { conversation: conversation('garden'), selected: false, tabbable: true, nowMs: 0, onSelect: () => {} }, withClient)

/** Their ref is a handle, not the node. */
const HANDLES = { MessageList: <MessageList source={createArraySource([])} className="mine" data-mine="" />, ChatWindow: withClient(<ChatWindow conversationId="garden" className="mine" data-mine="" />) }

describe.each(Object.entries(HANDLES))('%s, whose ref is a handle,', (_, part) => {
  it('forwards className and data attributes to its one node', () => {
    const { container, unmount } = render(part)
    expect(container.querySelectorAll('[data-mine]')).toHaveLength(1)
    expect(container.querySelector('[data-mine]')?.className).toMatch(/^rb-(list|window) mine$/)
    unmount()
  })
})

describe('every exported part', () => {
  it('is tried above, or says why not', () => {
    // A provider, and what only a message row or its menu renders, with the attributes of their own contract.
    const others = ['ChatProvider', 'TextBody', 'ImageBody', 'VideoBody', 'VoiceBody', 'FileBody', 'CustomBody', 'MessageMenu', 'Lightbox', ...Object.keys(HANDLES)]
    const isPart = (value: unknown) => typeof value === 'function' || (typeof value === 'object' && value !== null && '$$typeof' in value)
    const exported = Object.entries(everything).filter(([name, value]) => /^[A-Z][a-z]/.test(name) && isPart(value) && !('Provider' in Object(value)) && !/Error$/.test(name)).map(([name]) => name)
    expect(exported.length).toBeGreaterThan(20)
    expect(exported.filter((name) => !tried.has(name) && !others.includes(name))).toEqual([])
  })
})
