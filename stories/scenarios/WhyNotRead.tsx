import { useCallback } from 'react'
import { ChatProvider, ChatWindow, createChatClient, MessageRow, readMeaning, useClient, useConversation, useIsRead, useWhyUnread, type ChatClient, type ConversationKind, type MessageRowProps, type ReceiptPolicy } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { createDirectory } from './directory'
import { groupHistory, memberName } from './groupHistory'
import { Figure, Phone } from './Phone'
import { useScene } from './useScene'

const ID = 'inspected'
const MEMBERS = ['ada', 'm1']
const COUNT = 30
const READ_BEFORE = 4

export interface WhyNotReadProps {
  readonly kind: ConversationKind
  /** What entering the conversation does. */
  readonly onOpen: 'dwell' | 'all'
  /** What reading one message reads. */
  readonly readMode: 'upTo' | 'perMessage'
  /** Milliseconds that a message has to be in view. */
  readonly dwellMs: number
}

interface Scene {
  readonly hub: ReturnType<typeof memoryHub>
  readonly client: ChatClient
}

function createScene({ kind, onOpen, readMode, dwellMs }: WhyNotReadProps): Scene {
  const hub = memoryHub({ name: ID })
  const policy: Partial<ReceiptPolicy> = { dwellMs, readMode: { direct: readMode, group: readMode }, onOpen: { direct: onOpen, group: 'dwell' } }
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), policy, directory: createDirectory(memberName) })
  void begin()
  return { hub, client }

  async function begin() {
    await hub.seed({ conversation: { id: ID, kind, members: MEMBERS, title: 'Harbour festival crew' }, messages: groupHistory(MEMBERS.slice(1), 'm1', COUNT) })
    const upTo = hub.log(ID)[READ_BEFORE - 1]?.at
    if (upTo) await hub.receipt({ by: 'ada', conversationId: ID, upTo })
  }
}

function disposeScene({ hub }: Scene): void {
  void hub.dispose()
}

/** The kit's own row, and below it what it says of itself. */
function InspectedRow(props: MessageRowProps) {
  return (
    <div data-inspected={props.message.ids[0]}>
      <MessageRow {...props} />
      <Answer {...props} />
    </div>
  )
}

function Answer({ message }: MessageRowProps) {
  const { policy } = useClient('<Answer>')
  const kind = useConversation(ID)?.kind ?? 'group'
  const reasons = useWhyUnread(message)
  const isRead = useIsRead(message)
  return (
    <small data-answer style={{ display: 'block', paddingInline: 16, textAlign: 'end', fontFamily: 'monospace' }}>
      {isRead ? `read: ${readMeaning(policy, kind)}` : `not read: ${reasons.join(', ')}`}
    </small>
  )
}

const PARTS = { MessageRow: InspectedRow }

/** Every message says whether it is read, and why not yet: scroll, look at another window, lay something over it, and follow the answers. */
export function WhyNotRead({ kind, onOpen, readMode, dwellMs }: WhyNotReadProps) {
  const scene = useScene(useCallback(() => createScene({ kind, onOpen, readMode, dwellMs }), [kind, onOpen, readMode, dwellMs]), disposeScene)
  return (
    scene && (
      <ChatProvider client={scene.client}>
        <Stage />
      </ChatProvider>
    )
  )
}

function Stage() {
  const unread = useConversation(ID)?.unread?.count ?? null
  return (
    <main className="scene">
      <Phone owner="Ada Okafor">
        <ChatWindow conversationId={ID} components={PARTS} />
      </Phone>
      <div className="figures">
        <Figure name="unread" value={unread ?? '…'} label="unread" />
      </div>
    </main>
  )
}
