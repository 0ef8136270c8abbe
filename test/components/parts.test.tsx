// @vitest-environment jsdom
import { Avatar, ChatProvider, Composer, ConnectionBanner, ConversationHeader, ConversationList, ConversationRow, EmptyState, MessageRow, ReadBadge, ReceiptIcon, StatusText, StorageBanner, TypingIndicator } from 'readback'
import type { ReactNode } from 'react'
import { conversation, fakeClient, message } from '../react/fakeClient.js'
import { describePart } from './describePart.js'

const withClient = (part: ReactNode) => <ChatProvider client={fakeClient()}>{part}</ChatProvider>

describePart('ReceiptIcon', ReceiptIcon, { status: 'read' })
describePart('StatusText', StatusText, { status: 'read' })
describePart('ReadBadge', ReadBadge, { read: 1, total: 2 })
describePart('Avatar', Avatar, { userId: 'ada' })
describePart('MessageRow', MessageRow, { message: message(), own: false, runStart: true, runEnd: true })
describePart('MessageRow of a notice', MessageRow, { message: message({ recalledAt: 1 }), own: false, runStart: true, runEnd: true })
describePart('Composer', Composer, { onSend: () => {} })
describePart('TypingIndicator', TypingIndicator, { names: ['Ada'] })
describePart('ConversationHeader', ConversationHeader, { conversationId: 'garden', title: 'Garden' })
describePart('ConnectionBanner', ConnectionBanner, { connection: { status: 'offline', reason: 'network' } })
describePart('StorageBanner', StorageBanner, { storage: { status: 'full' } })
describePart('EmptyState', EmptyState, { title: 'Nothing' })
describePart('ConversationList', ConversationList, {}, withClient)
describePart('ConversationRow', ConversationRow, { conversation: conversation('garden'), selected: false, tabbable: true, nowMs: 0, onSelect: () => {} }, withClient)
