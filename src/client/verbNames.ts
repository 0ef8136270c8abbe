/** What needs a running session and nothing else: the names are here at once, the deeds come with the engine (`verbs.ts`). */
export const VERBS = [
  'getMembers', 'getMemberStates', 'receiptReport', 'send', 'retry', 'discard', 'recall', 'edit', 'delete', 'react', 'getMessage', 'openAt', 'readers', 'audience', 'markRead', 'markReached',
  'markUnread', 'clearUnread', 'setDraft', 'publishEarlier', 'setReceipts', 'getUpload', 'pruneHistory', 'importConversation', 'statusRows', 'diagnostics',
] as const

export type Verb = (typeof VERBS)[number]
