/** Provider and hooks. */
export { ChatProvider, type ChatProviderProps } from './ChatProvider.js'
export { useChatClient } from './useChatClient.js'
export { useClient } from './clientContext.js'
export { useLocale } from './localeContext.js'
export { DEFAULT_QUICK_REACTIONS, type MessageActions } from './messageActions.js'
export { useParts } from './parts.js'
export type {
  AvatarProps, ChatComponents, ComposerProps, ConversationHeaderProps, ConversationRowProps, DateSeparatorProps, EmptyStateProps, JumpToNewestProps, LightboxProps, MenuAnchor, MessageBodyProps, MessageMenuEntry, MessageMenuProps, MessageRowProps, PartProps, ReadBadgeProps, TypingIndicatorProps, UnreadSeparatorProps,
} from './parts.js'
export type { ReaderSource } from './readerSource.js'
export type { ReceiptIcons, ReceiptIconSlotProps } from './receiptContext.js'
export { useTheme, type Appearance, type Density, type Theme } from './themeContext.js'
export { useClientState } from './useClientState.js'
export { useConversation } from './useConversation.js'
export { useMembers } from './useMembers.js'
export { useMessages } from './useMessages.js'
export { useProfile, useProfiles, type ProfileLookup } from './useProfile.js'
export { useTyping } from './useTyping.js'
