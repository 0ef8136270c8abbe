'use client'
import type { ConversationId } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { useParts } from '../react/parts.js'
import { useClientState } from '../react/useClientState.js'
import { usePresence } from '../react/usePresence.js'
import type { ConversationFace } from '../react/useConversationFace.js'
import type { ConversationFacts } from '../react/useConversationFacts.js'
import { ConversationHeader } from './ConversationHeader.js'
import { LazyReceiptsIndicator } from './lazyBesideEngine.js'

interface WindowHeaderProps {
  readonly conversationId: ConversationId
  readonly conversation: ConversationFacts | null
  readonly face: ConversationFace
  /** Opens who is told what I read. */
  readonly onReceipts: () => void
}

/** Title of the open conversation, and beneath it the most telling fact there is. */
export function WindowHeader({ conversationId, conversation, face, onReceipts }: WindowHeaderProps) {
  const { messages } = useLocale()
  const Part = useParts().ConversationHeader ?? ConversationHeader
  const { title, avatarUrl, faceId, memberCount } = face
  const connecting = useClientState(({ connection }) => connection.status === 'connecting' && connection.reason !== 'starting')
  const there = usePresence(faceId)
  const presence = conversation?.kind === 'direct' ? there : null
  const told = conversation?.kind === 'group' ? memberCount !== null && memberCount > 0 && messages.memberCount(memberCount) : presence !== null && presence !== 'offline' && messages.presences[presence]
  const subtitle = connecting ? messages.connecting : told || undefined
  return (
    <Part conversationId={conversationId} faceId={faceId} title={title} presence={presence} {...(avatarUrl === undefined ? {} : { avatarUrl })} {...(subtitle === undefined ? {} : { subtitle })}>
      <LazyReceiptsIndicator conversationId={conversationId} onOpen={onReceipts} />
    </Part>
  )
}
