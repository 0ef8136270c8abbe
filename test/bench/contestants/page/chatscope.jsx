/** @chatscope/chat-ui-kit-react as its documentation shows it: messages mapped into a list. */
import { ChatContainer, MainContainer, Message, MessageInput, MessageList } from '@chatscope/chat-ui-kit-react'
import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css'
import { runArrayList } from './arrayList'

const clock = (time) => new Date(time).toISOString().slice(11, 16)

function List({ rows }) {
  return (
    <div style={{ height: '100%' }}>
      <MainContainer>
        <ChatContainer>
          <MessageList>
            {rows.map((row) => (
              <Message key={row.key} model={{ message: row.text, sentTime: clock(row.time), sender: row.from, direction: row.own ? 'outgoing' : 'incoming', position: 'single' }}>
                {row.own && <Message.Footer sender={`${row.readers}`} sentTime={row.read ? '✓✓' : '✓'} />}
              </Message>
            ))}
          </MessageList>
          <MessageInput placeholder="Message" />
        </ChatContainer>
      </MainContainer>
    </div>
  )
}

runArrayList(List, {
  rowSelector: '.cs-message',
  scroller: '.cs-message-list__scroll-wrapper',
  isRead: (row) => row.querySelector('.cs-message__sent-time, .cs-message__footer')?.textContent?.includes('✓✓') === true,
  readers: (row) => Number(/\d+/.exec(row.querySelector('.cs-message__footer')?.textContent ?? '')?.[0] ?? 0),
})
