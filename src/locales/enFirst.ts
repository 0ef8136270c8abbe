/** English, as far as it is seen as soon as a window opens. The rest comes with the parts that say it (`en.ts`): half of all words are those of menus, dialogs and settings. */
import type { Catalogue } from './catalogue.js'
import { createFormatters, type Formatters } from './formatters.js'
import type { Locale } from './locale.js'
import { DEFAULT_BADGE_LABELS, DEFAULT_RECEIPT_LABELS } from './receiptLabels.js'

export const firstMessages = ({ plural, list, number }: Formatters) => ({
  receipts: DEFAULT_RECEIPT_LABELS,
  badge: {
    ...DEFAULT_BADGE_LABELS,
    some: (read) => `${number(read)} read`,
    long: (read, total) => `Read by ${number(read)} of ${number(total)}`,
  },

  messageListLabel: 'Messages',
  unreadSeparator: 'New messages',
  jumpToNewest: 'Go to the newest message',
  newMessages: (count) => plural(count, { one: '# new message', other: '# new messages' }),
  noMessagesTitle: 'No messages yet',
  noMessagesHint: 'Say hello. It is sent even if you are offline now.',
  noLongerMember: 'You are no longer a member of this conversation.',
  unknownConversationTitle: 'There is no such conversation',
  unknownConversationHint: (conversationId) => `Nothing is known here about “${conversationId}”. It may have been deleted, or the link may be wrong.`,
  loadFailedTitle: 'Messages could not be loaded',
  loadFailedHint: 'They are still stored. Reload the page to try again.',

  you: 'You',
  authorSays: (name) => `${name}: `,
  edited: 'edited',
  recalledByYou: 'You recalled a message',
  recalledBy: (name) => `${name} recalled a message`,
  deleted: 'This message was deleted',
  retry: 'Try again',
  showMore: 'Show more',
  showLess: 'Show less',
  partFailed: 'This message could not be shown',
  unsupportedMessage: 'This kind of message cannot be shown here',
  image: 'Photo',
  imageFailed: 'This photo could not be loaded',
  video: 'Video',
  voice: 'Voice message',
  file: 'File',

  messageActions: 'Message actions',
  reactionNote: (count, mine) => `${plural(count, { one: 'reaction', other: 'reactions' })}${mine ? ', yours among them' : ''}`,
  quoteMissing: 'A message that is not loaded here',
  inReplyTo: 'In reply to',

  openImage: (alt) => `Open photo: ${alt}`,

  typing(names) {
    if (names.length > 3) return 'Several people are typing…'
    return `${list(names)} ${names.length === 1 ? 'is' : 'are'} typing…`
  },
  memberCount: (count) => plural(count, { one: '# member', other: '# members' }),
  presences: { online: 'Online', unavailable: 'Away' },
  connecting: 'Connecting…',
  connectionTrouble: {
    offline: 'You are offline. Messages will be sent when you are back.',
    unauthorized: 'You are signed out. Sign in again to send and receive.',
    insecureAddress: 'The address of the server is not secure, so nothing was sent to it.',
  },
  storageMemory: 'This browser keeps nothing. What is not sent yet is lost when you close the page.',
  storageFull: 'This device is out of storage. Free some space to keep new messages.',
  storageReadOnly: 'Messages can be read but not stored on this device right now.',
  storageBlocked: 'Another tab is using an older version. Close it to go on.',
  storageReopening: 'Reopening the stored messages…',

  composerLabel: 'Message',
  composerPlaceholder: 'Write a message',
  send: 'Send',
  save: 'Save',
  attach: 'Attach files',
  dropFiles: 'Drop files here to attach them',
  requestReceipt: 'Request read receipts',
  receiptRequested: 'Read receipts are requested for this message',

  untitledConversation: 'Conversation',

  announceMessage: (name, text) => `${name}: ${text}`,
  announceStatus: (status) => `Your message: ${status}`,
  announceReadBy: (count) => `Read by ${number(count)}`,
}) satisfies Partial<Catalogue>

/** What a part that is there at first may say. */
export type FirstMessages = Pick<Catalogue, keyof ReturnType<typeof firstMessages>>

/** A language as far as such parts need it; every `Locale` is one. */
export type FirstLocale = Omit<Locale, 'messages'> & { readonly messages: FirstMessages }

const formatters = /* @__PURE__ */ createFormatters('en')

export const enFirst: FirstLocale = { tag: 'en', dir: 'ltr', messages: /* @__PURE__ */ firstMessages(formatters), formatters }
