import { Chat } from './Chat'

/** A server component: it renders the chat on the server first. */
export default function Page() {
  return (
    <main style={{ height: '100dvh' }}>
      <Chat />
    </main>
  )
}
