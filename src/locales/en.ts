/** `readback/locales/en`: English, the language used where no other is given. */
import { createLocale, type LocaleDefinition } from './locale.js'
import { DEFAULT_BADGE_LABELS, DEFAULT_RECEIPT_LABELS } from './receiptLabels.js'

/** @public */
export const enDefinition: LocaleDefinition = {
  tag: 'en',
  dir: 'ltr',
  messages: ({ plural, list, number }) => ({
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
    loadingMessages: 'Loading messages…',
    noMessagesTitle: 'No messages yet',
    noMessagesHint: 'Say hello. It is sent even if you are offline now.',
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
    reply: 'Reply',
    react: 'React',
    reactWith: (emoji) => `React with ${emoji}`,
    reactions: (emoji, count, mine) => `${emoji} ${plural(count, { one: '# reaction', other: '# reactions' })}${mine ? ', yours among them' : ''}`,
    copyText: 'Copy text',
    edit: 'Edit',
    recall: 'Recall',
    deleteForMe: 'Delete for me',
    deleteForAll: 'Delete for everyone',
    discard: 'Discard',
    messageInfo: 'Message info',
    quoteMissing: 'A message that is not loaded here',
    quoteOf: (name, excerpt) => `In reply to ${name}: ${excerpt}`,

    openImage: (alt) => `Open photo: ${alt}`,
    imageViewer: 'Photo viewer',
    closeViewer: 'Close',
    previousImage: 'Previous photo',
    nextImage: 'Next photo',
    zoom: 'Zoom',
    openOriginal: 'Open in a new tab',

    typing(names) {
      if (names.length > 3) return 'Several people are typing…'
      return `${list(names)} ${names.length === 1 ? 'is' : 'are'} typing…`
    },
    memberCount: (count) => plural(count, { one: '# member', other: '# members' }),
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
    replyingTo: (name) => `Replying to ${name}`,
    editing: 'Editing your message',
    cancel: 'Cancel',
    save: 'Save',
    attach: 'Attach files',
    attachedFiles: 'Attached files',
    removeFile: (name) => `Remove ${name}`,
    dropFiles: 'Drop files here to attach them',
    uploading: (fraction) => `${number(Math.floor(fraction * 100))}% uploaded`,
    requestReceipt: 'Request read receipts',
    receiptRequested: 'Read receipts are requested for this message',
    mentionSuggestions: 'People to mention',

    conversationListLabel: 'Conversations',
    noConversations: 'No conversations yet',
    loadingConversations: 'Loading conversations…',
    untitledConversation: 'Conversation',
    unreadCount: (count, exact) => (exact ? plural(count, { one: '# unread message', other: '# unread messages' }) : `At least ${number(count)} unread messages`),
    markedUnread: 'Marked as unread',
    draftPrefix: 'Draft:',
    previewFrom: (name) => `${name}: `,
  }),
}

/** @public */
export const en = createLocale(enDefinition)
