/** What may be done with messages, as the parts of a list are given it. */
import type { Message } from '../model/index.js'

/** Emoji offered first, where the app names no others. @public */
export const DEFAULT_QUICK_REACTIONS: readonly string[] = /* @__PURE__ */ Object.freeze(['👍', '❤️', '😂', '😮', '😢', '🙏'])

/**
 * What a person may do with messages here. What is absent is not offered. `<ChatWindow>` fills it from what the wire can;
 * over an app's own data it is the app's. Copying text is always offered.
 * @public
 */
export interface MessageActions {
  readonly onReply?: (message: Message) => void
  readonly onReact?: (message: Message, emoji: string, on: boolean) => void
  /** Offered on own text. */
  readonly onEdit?: (message: Message) => void
  /** Offered on own messages that the back end has, within `recallWindowMs`. */
  readonly onRecall?: (message: Message) => void
  readonly onDeleteForMe?: (message: Message) => void
  /** Offered on own messages that the back end has, and on those of others where I `moderates`. */
  readonly onDeleteForAll?: (message: Message) => void
  /** I may delete what others wrote, for all. Default false. */
  readonly moderates?: boolean
  /** Takes back what was not accepted yet. */
  readonly onDiscard?: (message: Message) => void
  /** Who received and read it. */
  readonly onInfo?: (message: Message) => void
  /** How long after sending a message may be recalled, milliseconds; absent = always. */
  readonly recallWindowMs?: number
  /** Default {@link DEFAULT_QUICK_REACTIONS}. */
  readonly quickReactions?: readonly string[]
}
