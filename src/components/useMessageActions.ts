/** What a window offers on its messages: what its wire can do, done through its client. */
import { useMemo } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { ConversationId, Message, MessageId } from '../model/index.js'
import type { MessageActions } from '../react/messageActions.js'
import { useLatest } from './useKept.js'

interface Callbacks {
  readonly onReply: (message: Message) => void
  readonly onEdit: (message: Message) => void
  readonly onInfo: ((message: Message) => void) | undefined
  readonly onError: (error: unknown) => void
  readonly quickReactions: readonly string[] | undefined
  /** I own this group, or am one of its admins. */
  readonly leads: boolean
}

/** As a record of functions, which an interface is not. */
type StableCallbacks = Omit<{ [Name in keyof Callbacks]: Callbacks[Name] }, 'quickReactions' | 'leads'>

/** The same object until the client or the conversation changes, so that no row renders for it. */
export function useMessageActions(client: ChatClient, conversationId: ConversationId, { quickReactions, leads, ...callbacks }: Callbacks): MessageActions {
  const { onReply, onEdit, onInfo, onError } = useLatest(callbacks as StableCallbacks) as StableCallbacks
  return useMemo(() => {
    const { edit, recall, delete: deletes, react, limits, moderation } = client.capabilities
    const run = (act: (id: MessageId) => Promise<void>) => ({ ids: [id] }: Message) => void (id !== undefined && act(id).catch(onError))
    return {
      onReply,
      onDiscard: ({ localId }) => void client.discard(conversationId, localId).catch(onError),
      onDeleteForMe: run((id) => client.delete(conversationId, id, { for: 'me' })),
      ...(onInfo && { onInfo }),
      ...(edit && { onEdit }),
      ...(recall && { onRecall: run((id) => client.recall(conversationId, id)) }),
      ...(deletes && { onDeleteForAll: run((id) => client.delete(conversationId, id, { for: 'all' })) }),
      ...(deletes && moderation && leads && { moderates: true }),
      ...(react && { onReact: (message: Message, emoji: string, on: boolean) => run((id) => client.react(conversationId, id, emoji, on))(message) }),
      ...(limits?.recallWindowMs !== undefined && { recallWindowMs: limits.recallWindowMs }),
      ...(quickReactions && { quickReactions }),
    }
  }, [client, conversationId, onReply, onEdit, onInfo, onError, quickReactions, leads])
}
