/** Whom "@" may mean in a group: its members now, by name. */
import { useMemo } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { Member } from '../model/index.js'
import type { ComposerProps } from '../react/parts.js'
import type { ConversationFacts } from '../react/useConversationFacts.js'
import { laterParts } from './lazyParts.js'

/** Undefined in a direct conversation, where there is nobody to tell apart. */
export function useMentionSearch(client: ChatClient, { kind }: ConversationFacts, members: readonly Member[] | null): ComposerProps['suggestMentions'] {
  return useMemo(() => {
    if (kind !== 'group' || members === null) return undefined
    return async (typed) => (await laterParts.load()).searchMentions(client, members, typed)
  }, [client, kind, members])
}
