/** Server rendering, in plain Node: no window, no document. */
import { Avatar, ChatProvider, ChatWindow, Composer, ConnectionBanner, ConversationHeader, ConversationList, createArraySource, EmptyState, MessageInfo, MessageList, MessageRow, ReadBadge, ReaderList, ReceiptIcon, StatusText, StorageBanner, TypingIndicator, type MessageBody } from 'readback'
import { zhCN } from 'readback/locales/zh-CN'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { crowd, standingReaders } from '../../stories/fixtures/readers.js'
import { fakeClient, message } from '../react/fakeClient.js'

const row = (body: MessageBody) => <MessageRow message={message({ body })} own={false} runStart runEnd conversationKind="group" />

const PARTS: Readonly<Record<string, ReactNode>> = {
  Avatar: <Avatar userId="ada" />,
  Composer: <Composer onSend={() => {}} />,
  ConnectionBanner: <ConnectionBanner connection={{ status: 'offline', reason: 'network' }} />,
  ConversationHeader: <ConversationHeader conversationId="garden" title="Garden" />,
  EmptyState: <EmptyState title="Nothing" />,
  MessageList: <MessageList source={createArraySource(Array.from({ length: 300 }, (_, index) => message({ localId: `m-${index}` })))} />,
  ReadBadge: <ReadBadge read={1} total={2} />,
  ReaderList: <ReaderList message={message()} source={standingReaders(crowd(500))} />,
  MessageInfo: <MessageInfo message={message()} onClose={() => {}} />,
  ReceiptIcon: <ReceiptIcon status="read" size={24} />,
  StatusText: <StatusText status="read" />,
  StorageBanner: <StorageBanner storage={{ status: 'full' }} />,
  TypingIndicator: <TypingIndicator names={['Ada']} />,
  'MessageRow with text': row({ kind: 'text', text: 'Hello https://example.com' }),
  'MessageRow with a picture': row({ kind: 'image', file: { url: 'https://example.com/a.png' } }),
  'MessageRow with a video': row({ kind: 'video', file: { url: 'https://example.com/a.mp4' } }),
  'MessageRow with a voice message': row({ kind: 'voice', file: { url: 'https://example.com/a.ogg' } }),
  'MessageRow with a file': row({ kind: 'file', file: { url: 'https://example.com/a.pdf' } }),
  'MessageRow of a notice': row({ kind: 'system', text: 'Bo joined' }),
}

describe('on a server', () => {
  it('there is no window', () => {
    expect([typeof window, typeof document]).toEqual(['undefined', 'undefined'])
  })
  it.each(Object.keys(PARTS))('%s renders without a provider', (name) => {
    expect(renderToString(PARTS[name])).toMatch(/class="rb-/)
  })
  it.each(Object.keys(PARTS))('%s carries no style attribute, which a strict policy would refuse', (name) => {
    expect(renderToString(PARTS[name])).not.toMatch(/ style="/)
  })
  it('the whole renders, in the language asked for, and starts nothing', () => {
    const client = fakeClient()
    const html = renderToString(
      <ChatProvider client={client} theme="dark" locale={zhCN}>
        <ConversationList />
        <ChatWindow conversationId="garden" />
      </ChatProvider>,
    )
    expect(html).toContain('lang="zh-CN"')
    expect(html).toContain('data-rb-theme="dark"')
    expect(html).toContain('正在加载会话…')
    expect(html).not.toMatch(/ style="/)
    expect(client.calls).toEqual([])
    expect(client.listenerCount()).toBe(0)
  })
})
