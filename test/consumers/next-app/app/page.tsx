import { createChatClient } from 'readback'
import { createReceiptPolicy } from 'readback/core'
import { en } from 'readback/locales/en'
import { Chat } from './Chat'

/** A server component: it renders the chat on the server first, and uses rules, words and `createChatClient` as they are. */
export default function Page() {
  return (
    <main style={{ height: '100dvh' }} lang={en.tag} data-dwell-ms={createReceiptPolicy({}).dwellMs} data-client={createChatClient.length}>
      <Chat />
    </main>
  )
}
