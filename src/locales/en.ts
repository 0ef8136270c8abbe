/** `readback/locales/en`: English, the language used where no other is given. */
import type { Catalogue } from './catalogue.js'
import { firstMessages, type FirstMessages } from './enFirst.js'
import type { Formatters } from './formatters.js'
import { createLocale, type LocaleDefinition } from './locale.js'

const laterMessages = ({ plural, number }: Formatters): Omit<Catalogue, keyof FirstMessages> => ({
  loadingMessages: 'Loading messages…',

  playVoice: 'Play',
  pauseVoice: 'Pause',
  voicePosition: 'Position',
  voiceSpeed: (speed) => `Speed: ${number(speed)}×`,
  voiceFailed: 'It could not be played',

  reply: 'Reply',
  react: 'React',
  reactWith: (emoji) => `React with ${emoji}`,
  copyText: 'Copy text',
  edit: 'Edit',
  recall: 'Recall',
  deleteForMe: 'Delete for me',
  deleteForAll: 'Delete for everyone',
  deleteForAllTitle: 'Delete this message for everyone?',
  deleteForAllHint: 'Everybody sees that a message was deleted here. It cannot be brought back.',
  discard: 'Discard',
  messageInfo: 'Message info',

  imageViewer: 'Photo viewer',
  closeViewer: 'Close',
  previousImage: 'Previous photo',
  nextImage: 'Next photo',
  zoom: 'Zoom',
  openOriginal: 'Open in a new tab',

  replyingTo: (name) => `Replying to ${name}`,
  editing: 'Editing your message',
  cancel: 'Cancel',
  attachedFiles: 'Attached files',
  removeFile: (name) => `Remove ${name}`,
  uploading: (fraction) => `${number(Math.floor(fraction * 100))}% uploaded`,
  mentionSuggestions: 'People to mention',

  conversationListLabel: 'Conversations',
  noConversations: 'No conversations yet',
  loadingConversations: 'Loading conversations…',
  unreadCount: (count, exact) => (exact ? plural(count, { one: '# unread message', other: '# unread messages' }) : `At least ${number(count)} unread messages`),
  markedUnread: 'Marked as unread',
  draftPrefix: 'Draft:',
  previewFrom: (name) => `${name}: `,

  close: 'Close',
  readerGroups: { read: 'Read', delivered: 'Delivered', waiting: 'Not yet' },
  readerGroupsEmpty: { read: 'Nobody has read it yet', delivered: 'Nobody has it unread', waiting: 'It has reached everybody' },
  readersUnnamed: (count) => plural(count, { one: 'and # more', other: 'and # more' }),
  readersUntracked: {
    notRequested: 'No receipts were asked for with this message.',
    unsupported: 'This server does not tell who has read a message.',
    expired: 'The time for receipts of this message is over.',
    tooLarge: 'This group is too large for receipts.',
    off: 'Read receipts are switched off.',
    rosterUnknown: 'It is not known yet who is in this conversation.',
  },
  readersFailed: 'The list could not be loaded',
  readersLoading: 'Loading the list…',
  readTimeUnknown: 'time unknown',
  viewedMark: 'opened',
  remind: (count) => plural(count, { one: 'Remind # person', other: 'Remind # people' }),
  reminded: 'Reminded',

  receiptSettings: 'Read receipts',
  receiptSettingsHere: 'Read receipts in this conversation',
  visibilityTitle: 'Who is told what I read',
  visibilityNames: { public: 'Everybody', private: 'Only my devices', off: 'Nobody' },
  visibilityMarks: { private: 'Receipts private', off: 'Receipts off' },
  visibilityHints: {
    public: 'Others see when a message reached you and when you read it.',
    private: 'Others see that a message reached you, never that you read it; your other devices know.',
    off: 'Others see neither, only that the message was sent.',
  },
  visibilityFollow: 'As everywhere',
  visibilityFollowHint: (name) => `Follows your setting for all conversations: ${name}.`,
  visibilityNotSynced: 'This server cannot tell only your other devices, so they will not know what you read here.',
  visibilityFailed: 'The setting could not be stored. It is as it was.',
  lookTitle: 'How receipts look',
  lookNames: { icons: 'Checks', shapes: 'Shapes', text: 'Words' },
  dwellTitle: 'A message counts as read after',
  dwellHint: 'It must be in view so long, in a window that you are looking at.',
})

/** @public */
export const enDefinition: LocaleDefinition = {
  tag: 'en',
  dir: 'ltr',
  messages: (formatters) => ({ ...firstMessages(formatters), ...laterMessages(formatters) }),
}

/** @public */
export const en = createLocale(enDefinition)
