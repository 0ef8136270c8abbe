'use client'
/** What may be replaced, and what each replacement is given. */
import { createContext, useContext, useMemo, type ComponentType, type ReactNode } from 'react'
import type { Conversation, ConversationId, ConversationKind, Mention, Message, MessageBody, UserId, UserProfile } from '../model/index.js'
import type { Presence } from '../transport/index.js'
import type { MessageActions } from './messageActions.js'

/** Attributes every part forwards to its one node. @public */
export interface PartProps {
  readonly className?: string
  readonly [attribute: `data-${string}`]: unknown
}

/** @public */
export interface MessageRowProps extends PartProps {
  readonly message: Message
  /** Whether I wrote it. */
  readonly own: boolean
  /** First of a run of messages by one sender: bears the name. */
  readonly runStart: boolean
  /** Last of the run: bears the picture. */
  readonly runEnd: boolean
  /** Default `direct`: no names, no pictures, no badge. */
  readonly conversationKind?: ConversationKind
  /** Just jumped to: flashes once. */
  readonly highlighted?: boolean
  /** Shown as "Try again" on a failed message. */
  readonly onRetry?: (message: Message) => void
  /** An image was opened, a voice or video message played. */
  readonly onView?: (message: Message) => void
  /** Called before a link is followed; `event.preventDefault()` keeps the page. */
  readonly onLinkClick?: (event: React.MouseEvent<HTMLAnchorElement>, href: string) => void
  /** Called when an attachment is opened; `event.preventDefault()` keeps the browser from doing it. */
  readonly onOpenAttachment?: (event: React.MouseEvent, message: Message) => void
  /** What may be done with the message: a menu and buttons offer it. Default: nothing. Keep it stable between renders. */
  readonly actions?: MessageActions
  readonly components?: ChatComponents
}

/** What a body is given: the message, and its body narrowed to the kind. @public */
export interface MessageBodyProps<Kind extends MessageBody['kind'] = MessageBody['kind']> extends Pick<MessageRowProps, 'message' | 'own' | 'onView' | 'onLinkClick' | 'onOpenAttachment'> {
  readonly body: Extract<MessageBody, { kind: Kind }>
  /** Time, mark and receipt, to be placed at the end. Of fixed size. */
  readonly meta: ReactNode
}

/** One thing that the menu of a message offers. @public */
export interface MessageMenuEntry {
  readonly id: 'retry' | 'reply' | 'copy' | 'edit' | 'info' | 'recall' | 'discard' | 'deleteForMe' | 'deleteForAll'
  /** In the language of the interface. */
  readonly label: string
  /** It takes something away. */
  readonly danger: boolean
  readonly onSelect: () => void
}

/** Where a menu opens: a place in the viewport, CSS pixels. Width and height are 0 for a pointer. @public */
export interface MenuAnchor {
  readonly x: number
  readonly y: number
  readonly widthPx: number
  readonly heightPx: number
}

/** @public */
export interface MessageMenuProps extends PartProps {
  readonly message: Message
  readonly own: boolean
  /** In order; at least one, unless there are reactions. */
  readonly entries: readonly MessageMenuEntry[]
  /** Emoji to react with; empty where the wire has no reactions. */
  readonly reactions: readonly string[]
  /** Those of them that I gave. */
  readonly given: readonly string[]
  readonly onReact: (emoji: string) => void
  readonly anchor: MenuAnchor
  /** Closes it and gives the focus back. The menu calls it after each choice. */
  readonly onClose: () => void
}

/** @public */
export interface LightboxProps extends PartProps {
  readonly message: Message
  /** Safe to load. An `<img>` of it that has loaded says that the message was viewed. */
  readonly url: string
  readonly alt: string
  readonly onClose: () => void
  /** The picture before and after in the conversation, where there is one. */
  readonly onPrevious?: () => void
  readonly onNext?: () => void
}

/** @public */
export interface ReadBadgeProps extends PartProps {
  /** How many read it. */
  readonly read: number
  /** How many could have, the author not counted. */
  readonly total: number
  /** Default true; false leaves the slot empty: nobody counts here. */
  readonly tracked?: boolean
  /** Opens the list of readers: the badge is then a button. */
  readonly onOpen?: () => void
}

/** @public */
export interface AvatarProps extends PartProps {
  readonly userId: UserId
  /** Default: the id. */
  readonly name?: string
  readonly src?: string
}

/** @public */
export interface TypingIndicatorProps extends PartProps {
  /** Names of those who are typing; empty keeps the line's height and shows nothing. */
  readonly names: readonly string[]
  /** Default `direct`. */
  readonly conversationKind?: ConversationKind
}

/** @public */
export interface EmptyStateProps extends PartProps {
  readonly title: string
  readonly hint?: string
}

/** @public */
export interface DateSeparatorProps extends PartProps {
  /** Some time of the day that begins here, epoch milliseconds. */
  readonly timeMs: number
  /** What "today" is counted from, epoch milliseconds. */
  readonly nowMs: number
}

/** @public */
export type UnreadSeparatorProps = PartProps

/** @public */
export interface JumpToNewestProps extends PartProps {
  /** Messages of others that came while the list was not at its end; 0 shows none. */
  readonly count: number
  readonly onJump: () => void
}

/** @public */
export interface ConversationHeaderProps extends PartProps {
  readonly conversationId: ConversationId
  /** Whose colour the picture bears while there is none. Default: the conversation's. */
  readonly faceId?: string
  readonly title: string
  readonly avatarUrl?: string
  /** How many members, whether the other is there, or what is wrong with the connection. */
  readonly subtitle?: string
  /** Whether the other of a direct conversation is there. Default: nobody knows. */
  readonly presence?: Presence | null
  /** Buttons at the end. */
  readonly children?: ReactNode
}

/** @public */
export interface ConversationRowProps extends PartProps {
  readonly conversation: Conversation
  readonly selected: boolean
  /** The row that Tab reaches; the others are reached by arrow keys. */
  readonly tabbable: boolean
  /** Epoch milliseconds, to the minute: what "today" is. */
  readonly nowMs: number
  readonly onSelect: (conversationId: ConversationId) => void
}

/** What is written next to: a message that is answered, or one of mine that is changed. @public */
export interface ComposerMode {
  readonly kind: 'reply' | 'edit'
  readonly message: Message
}

/** What goes with the text of a composer. @public */
export interface ComposerExtras {
  /** Who was chosen behind an "@" and still stands in the text. Absent: nobody. */
  readonly mentions?: readonly Mention[]
  /** In the order in which they were added. */
  readonly files: readonly File[]
  readonly receiptRequested: boolean
}

/** @public */
export interface ComposerProps extends PartProps {
  /** Text of the field, controlled. Uncontrolled twin: `defaultDraft`. */
  readonly draft?: string
  /** Default ''. */
  readonly defaultDraft?: string
  readonly onDraftChange?: (draft: string) => void
  /** Given trimmed text, empty only when there are files. `false` (or a promise of it) keeps all in the composer. */
  readonly onSend: (text: string, extras: ComposerExtras) => void | boolean | Promise<void | boolean>
  /** On when somebody begins to type, repeated while they go on; off when they stop, send or leave. */
  readonly onTyping?: (on: boolean) => void
  /** Default false. */
  readonly disabled?: boolean
  readonly placeholder?: string
  readonly label?: string
  /** Default false. */
  readonly autoFocus?: boolean
  /** Shown above the field. Default: a new message is written. */
  readonly mode?: ComposerMode
  /** Leaves the mode: its button, or Escape. */
  readonly onCancelMode?: () => void
  /** The up arrow in an empty field: to change the message sent last. */
  readonly onEditLast?: () => void
  /** Takes files by a button, by pasting and by dropping. Default false. */
  readonly acceptFiles?: boolean
  /** Why a file is not taken, or null. Told for each before it is added. */
  readonly refuseFile?: (file: File) => string | null
  /** Shows the switch that asks for read receipts. Default false. */
  readonly offerReceiptRequest?: boolean
  /** Whom "@" suggests for what is typed behind it, me excluded. Absent: nobody. Keep it stable between renders. */
  readonly suggestMentions?: (typed: string) => readonly UserProfile[] | Promise<readonly UserProfile[]>
  /** The text field, for setting the focus. */
  readonly inputRef?: React.Ref<HTMLTextAreaElement>
}

/**
 * Parts that an app may replace, each typed with what it is given. Nearer wins: part, `ChatWindow`, `ChatProvider`.
 * A replacement that throws is contained in its bubble.
 * @public
 */
export interface ChatComponents {
  readonly MessageRow?: ComponentType<MessageRowProps>
  readonly TextBody?: ComponentType<MessageBodyProps<'text'>>
  readonly ImageBody?: ComponentType<MessageBodyProps<'image'>>
  readonly VideoBody?: ComponentType<MessageBodyProps<'video'>>
  readonly VoiceBody?: ComponentType<MessageBodyProps<'voice'>>
  readonly FileBody?: ComponentType<MessageBodyProps<'file'>>
  readonly CustomBody?: ComponentType<MessageBodyProps<'custom'>>
  readonly MessageMenu?: ComponentType<MessageMenuProps>
  readonly Lightbox?: ComponentType<LightboxProps>
  readonly Avatar?: ComponentType<AvatarProps>
  readonly ReadBadge?: ComponentType<ReadBadgeProps>
  readonly TypingIndicator?: ComponentType<TypingIndicatorProps>
  readonly Composer?: ComponentType<ComposerProps>
  readonly ConversationHeader?: ComponentType<ConversationHeaderProps>
  readonly ConversationRow?: ComponentType<ConversationRowProps>
  readonly DateSeparator?: ComponentType<DateSeparatorProps>
  readonly UnreadSeparator?: ComponentType<UnreadSeparatorProps>
  readonly JumpToNewest?: ComponentType<JumpToNewestProps>
  readonly EmptyState?: ComponentType<EmptyStateProps>
}

const NONE: ChatComponents = {}

export const PartsContext = createContext<ChatComponents>(NONE)

/** The replacements that hold here; `nearer` (a part's own prop) goes first. @public */
export function useParts(nearer?: ChatComponents): ChatComponents {
  const inherited = useContext(PartsContext)
  return useMemo(() => (nearer === undefined ? inherited : { ...inherited, ...nearer }), [inherited, nearer])
}

/** What is shown for somebody: their name, else their id. */
export function nameOf(profile: UserProfile): string {
  return profile.name?.trim() || profile.userId
}
