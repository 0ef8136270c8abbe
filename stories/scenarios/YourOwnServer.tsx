import { useEffect, useState, type FormEvent } from 'react'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { websocketTransport } from 'readback/transport/websocket'

const FIELDS = [
  { name: 'url', label: 'Address of the server', value: 'ws://127.0.0.1:8787' },
  { name: 'me', label: 'Your name', value: 'ada' },
  { name: 'other', label: 'Whom you write to', value: 'bo' },
] as const

interface Session {
  readonly client: ChatClient
  readonly conversationId: string
}

/** A direct conversation of two names: the same for both, whoever begins. */
function open(form: FormData): Session {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const [me, other] = [text('me'), text('other')]
  const conversationId = [me, other].toSorted().join(' and ')
  const transport = websocketTransport({ url: text('url'), allowInsecure: form.get('insecure') === 'on' })
  const token = text('token')
  const client = createChatClient({ userId: me, ...(token === '' ? {} : { getToken: async () => token }), transport, storage: dexieStorage({ name: 'your-own-server' }) })
  void client.ensureConversation({ id: conversationId, kind: 'direct', members: [me, other] })
  return { client, conversationId }
}

export function YourOwnServer() {
  const [session, setSession] = useState<Session | null>(null)
  useEffect(() => () => void session?.client.dispose(), [session])

  function enter(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    setSession(open(new FormData(event.currentTarget)))
  }

  if (session) {
    return (
      <ChatProvider client={session.client}>
        <div style={{ blockSize: '100dvh' }}>
          <ChatWindow conversationId={session.conversationId} />
        </div>
      </ChatProvider>
    )
  }
  return (
    <form onSubmit={enter} style={{ display: 'grid', gap: '1rem', maxInlineSize: '24rem', padding: '1.5rem', fontFamily: 'system-ui' }}>
      {FIELDS.map(({ name, label, value }) => (
        <label key={name} style={{ display: 'grid', gap: '0.25rem' }}>
          {label}
          <input name={name} defaultValue={value} required style={{ font: 'inherit', padding: '0.5rem' }} />
        </label>
      ))}
      <label style={{ display: 'grid', gap: '0.25rem' }}>
        Token, where the server asks for one
        <input name="token" autoComplete="off" style={{ font: 'inherit', padding: '0.5rem' }} />
      </label>
      <label>
        <input name="insecure" type="checkbox" /> The network is my own: allow an address that is not encrypted
      </label>
      <button type="submit" style={{ font: 'inherit', padding: '0.5rem' }}>Connect</button>
    </form>
  )
}
