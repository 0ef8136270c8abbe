/** Every word the interface says. Flat, so that a missing one is a type error and an app may replace one by spreading. */
import type { BadgeLabels, ReceiptLabels } from './receiptLabels.js'

/** Why the connection is down, in the interface's terms. @public */
export type ConnectionTrouble = 'offline' | 'unauthorized' | 'insecureAddress'

/** @public */
export interface Catalogue {
  readonly receipts: ReceiptLabels
  readonly badge: BadgeLabels

  readonly messageListLabel: string
  readonly unreadSeparator: string
  readonly jumpToNewest: string
  readonly newMessages: (count: number) => string
  readonly loadingMessages: string
  readonly noMessagesTitle: string
  readonly noMessagesHint: string
  readonly unknownConversationTitle: string
  readonly unknownConversationHint: (conversationId: string) => string
  readonly loadFailedTitle: string
  readonly loadFailedHint: string

  readonly you: string
  /** Before a message for those who cannot see on which side it stands. */
  readonly authorSays: (name: string) => string
  readonly edited: string
  readonly recalledByYou: string
  readonly recalledBy: (name: string) => string
  readonly deleted: string
  readonly retry: string
  readonly showMore: string
  readonly showLess: string
  readonly partFailed: string
  readonly unsupportedMessage: string
  readonly image: string
  readonly imageFailed: string
  readonly video: string
  readonly voice: string
  readonly file: string

  readonly messageActions: string
  readonly reply: string
  readonly react: string
  readonly reactWith: (emoji: string) => string
  /** Name of the button under a message; `mine`: I am one of them. */
  readonly reactions: (emoji: string, count: number, mine: boolean) => string
  readonly copyText: string
  readonly edit: string
  readonly recall: string
  readonly deleteForMe: string
  readonly deleteForAll: string
  readonly discard: string
  readonly messageInfo: string
  /** Stands for a message that is answered and is not here. */
  readonly quoteMissing: string
  /** Name of the quote, which leads to what it quotes. */
  readonly quoteOf: (name: string, excerpt: string) => string

  readonly openImage: (alt: string) => string
  readonly imageViewer: string
  readonly closeViewer: string
  readonly previousImage: string
  readonly nextImage: string
  readonly zoom: string
  readonly openOriginal: string

  /** `names` holds at least one. `direct`: there is only one other person. */
  readonly typing: (names: readonly string[], direct: boolean) => string
  readonly memberCount: (count: number) => string
  readonly connecting: string
  readonly connectionTrouble: Readonly<Record<ConnectionTrouble, string>>
  readonly storageMemory: string
  readonly storageFull: string
  readonly storageReadOnly: string
  readonly storageBlocked: string
  readonly storageReopening: string

  readonly composerLabel: string
  readonly composerPlaceholder: string
  readonly send: string
  readonly replyingTo: (name: string) => string
  readonly editing: string
  readonly cancel: string
  readonly save: string
  readonly attach: string
  readonly attachedFiles: string
  readonly removeFile: (name: string) => string
  readonly dropFiles: string
  readonly uploading: (fraction: number) => string
  /** The switch that asks a group for receipts of the next message. */
  readonly requestReceipt: string
  readonly receiptRequested: string
  readonly mentionSuggestions: string

  readonly conversationListLabel: string
  readonly noConversations: string
  readonly loadingConversations: string
  readonly untitledConversation: string
  /** `exact: false`: at least so many. */
  readonly unreadCount: (count: number, exact: boolean) => string
  readonly markedUnread: string
  readonly draftPrefix: string
  /** What stands before the last message in a list of conversations. */
  readonly previewFrom: (name: string) => string
}
