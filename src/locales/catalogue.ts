/** Every word the interface says. Flat, so that a missing one is a type error and an app may replace one by spreading. */
import type { ReceiptVisibility } from '../model/index.js'
import type { UntrackedReason } from '../receipts/tallyTypes.js'
import type { BadgeLabels, ReceiptLabels } from './receiptLabels.js'

/** Why the connection is down, in the interface's terms. @public */
export type ConnectionTrouble = 'offline' | 'unauthorized' | 'insecureAddress'

/** How receipts are drawn: the kit's checks, shapes that differ without their colour, or words. @public */
export type ReceiptLook = 'icons' | 'shapes' | 'text'

/** How far the members of an audience got: read, delivered only, neither. @public */
export type ReaderGroup = 'read' | 'delivered' | 'waiting'

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
  readonly noLongerMember: string
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
  readonly playVoice: string
  readonly pauseVoice: string
  /** Names what moves within a voice message. */
  readonly voicePosition: string
  /** 1.5: half as fast again. Names the button that changes it. */
  readonly voiceSpeed: (speed: number) => string
  readonly voiceFailed: string
  readonly file: string

  readonly messageActions: string
  readonly reply: string
  readonly react: string
  readonly reactWith: (emoji: string) => string
  /** Said after an emoji and how many gave it; `mine`: I am one of them. */
  readonly reactionNote: (count: number, mine: boolean) => string
  readonly copyText: string
  readonly edit: string
  readonly recall: string
  readonly deleteForMe: string
  readonly deleteForAll: string
  readonly deleteForAllTitle: string
  readonly deleteForAllHint: string
  readonly discard: string
  readonly messageInfo: string
  /** Stands for a message that is answered and is not here. */
  readonly quoteMissing: string
  /** Said before the author and the words of what is answered. */
  readonly inReplyTo: string

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
  /** Whether the other of a direct conversation is there. */
  readonly presences: Readonly<Record<'online' | 'unavailable', string>>
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

  readonly close: string
  readonly readerGroups: Readonly<Record<ReaderGroup, string>>
  /** In place of an empty group. */
  readonly readerGroupsEmpty: Readonly<Record<ReaderGroup, string>>
  /** Readers that the wire counted without naming them. */
  readonly readersUnnamed: (count: number) => string
  /** Why there is no list. */
  readonly readersUntracked: Readonly<Record<UntrackedReason, string>>
  readonly readersFailed: string
  readonly readersLoading: string
  readonly readTimeUnknown: string
  readonly viewedMark: string
  readonly remind: (count: number) => string
  readonly reminded: string

  readonly receiptSettings: string
  readonly receiptSettingsHere: string
  readonly visibilityTitle: string
  readonly visibilityNames: Readonly<Record<ReceiptVisibility, string>>
  /** In a header, while it is so. */
  readonly visibilityMarks: Readonly<Record<Exclude<ReceiptVisibility, 'public'>, string>>
  /** What others will see, one sentence each. */
  readonly visibilityHints: Readonly<Record<ReceiptVisibility, string>>
  readonly visibilityFollow: string
  /** Given the name of the user's own setting. */
  readonly visibilityFollowHint: (name: string) => string
  /** Where reports cannot reach only my own devices. */
  readonly visibilityNotSynced: string
  readonly visibilityFailed: string
  readonly lookTitle: string
  readonly lookNames: Readonly<Record<ReceiptLook, string>>
  readonly dwellTitle: string
  readonly dwellHint: string

  /** Spoken once when a message comes. */
  readonly announceMessage: (name: string, text: string) => string
  /** Spoken when my newest message got further; `status` in words. */
  readonly announceStatus: (status: string) => string
  readonly announceReadBy: (count: number) => string
}
