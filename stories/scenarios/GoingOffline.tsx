import { useCallback, useEffect, useState } from 'react'
import { ChatProvider, ChatWindow, createChatClient, useClientState, type ChatClient, type Locale, type Theme } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import { directory } from './directory'
import { Figure, Phone, Switch } from './Phone'
import { useScene } from './useScene'

const CONVERSATION = { id: 'on-the-train', kind: 'direct', members: ['ada', 'bo'] } as const
const LATENCY_MS = 120
const BEGAN_AT = Date.UTC(2026, 5, 19, 17, 42)
/** How the conversation began, the evening before. */
const BEGINNING = [
  { from: 'bo', body: 'Which train are you on?' },
  { from: 'ada', body: 'The 17:32. It is lovely and empty.' },
  { from: 'bo', body: 'Then the long tunnel is in ten minutes' },
  { from: 'ada', body: 'I will write all the way through it' },
] as const
/** What Bo writes while Ada has no network, one at each press. */
const MEANWHILE = ['Are you in the tunnel?', 'You are in the tunnel.', 'The soup is on. Take your time!', '路上小心', 'Bring bread if the shop is open'] as const

export interface GoingOfflineProps {
  /** Names the databases. */
  readonly name?: string
  readonly theme?: Theme
  readonly locale?: Locale
  readonly dir?: 'ltr' | 'rtl'
}

interface Scene {
  readonly hub: ReturnType<typeof memoryHub>
  readonly client: ChatClient
}

/** A hub with its own log and a phone with its own database: both are there after a reload. Bo's phone lies on the table and answers receipts by itself. */
function createScene(name: string): Scene {
  const hub = memoryHub({ name: `${name}-hub`, persist: true, latencyMs: LATENCY_MS })
  void begin(hub).catch(() => {})
  hub.addBot({ userId: 'bo', delivers: 500, reads: 900, replies: false })
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: dexieStorage({ name }), directory })
  void client.ensureConversation(CONVERSATION)
  return { hub, client }
}

async function begin(hub: Scene['hub']): Promise<void> {
  await hub.seed({ conversation: CONVERSATION, messages: BEGINNING.map((message, i) => ({ ...message, time: BEGAN_AT + i * 40_000 })) })
  const upTo = hub.log(CONVERSATION.id)[BEGINNING.length - 1]?.at
  if (upTo) await hub.receipt(CONVERSATION.members.map((by) => ({ by, conversationId: CONVERSATION.id, upTo })))
}

function disposeScene({ hub }: Scene): void {
  void hub.dispose()
}

/** One phone with a switch for its network. What is written without one waits in the outbox and leaves in order. */
export function GoingOffline({ name = 'going-offline', ...appearance }: GoingOfflineProps) {
  const scene = useScene(useCallback(() => createScene(name), [name]), disposeScene)
  return scene && <Stage scene={scene} appearance={appearance} />
}

function Stage({ scene, appearance }: { scene: Scene; appearance: Omit<GoingOfflineProps, 'name'> }) {
  const { hub, client } = scene
  const [online, setOnline] = useState(true)
  const [written, setWritten] = useState(0)
  useEffect(() => hub.setOnline('ada', online), [hub, online])
  const boWrites = () => {
    void hub.post({ from: 'bo', conversationId: CONVERSATION.id, body: MEANWHILE[written % MEANWHILE.length]! }).catch(() => {})
    setWritten(written + 1)
  }
  return (
    <ChatProvider client={client} {...appearance}>
      <main className="scene">
        <Phone
          owner="Ada Okafor"
          controls={
            <>
              <Switch label="Network" on={online} onChange={setOnline} />
              <button type="button" className="button" onClick={boWrites}>Bo writes something</button>
            </>
          }
        >
          <ChatWindow conversationId={CONVERSATION.id} />
        </Phone>
        <Outbox />
      </main>
    </ChatProvider>
  )
}

/** What waits: messages, and reports of what was read. */
function Outbox() {
  const pending = useClientState((state) => state.pendingCount)
  const status = useClientState((state) => state.connection.status)
  return (
    <div className="figures">
      <Figure name="outbox" value={pending} label="in the outbox" />
      <Figure name="connection" value={status} label="connection" />
    </div>
  )
}
