'use client'
import { ChatProvider, ChatWindow, createChatClient } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'

const hub = memoryHub({ persist: true })
hub.addBot({ userId: 'ada', delivers: true, reads: true, replies: true })
const client = createChatClient({ userId: 'me', transport: hub.transport(), storage: dexieStorage() })
client.ensureConversation({ id: 'ada', kind: 'direct', members: ['me', 'ada'] })

export function Chat() {
  return (
    <ChatProvider client={client}>
      <ChatWindow conversationId="ada" />
    </ChatProvider>
  )
}
