'use client'
/** Parts that a window does not need to be read: their code comes later, but before anybody asks, since they may be offline by then. */
import { lazyModule } from './lazyModule.js'
import { lazyPart } from './lazyPart.js'

/** What somebody does with a window. Fetched when the first screen is there. */
export const laterParts = lazyModule(() => import('./laterParts.js'))

export const LazyRowMenu = lazyPart(laterParts, ({ OpenRowMenu }) => OpenRowMenu)
export const LazyQuickTools = lazyPart(laterParts, ({ QuickTools }) => QuickTools)
export const LazyMoreGlyph = lazyPart(laterParts, ({ MoreGlyph }) => MoreGlyph)
export const LazyFloatingDate = lazyPart(laterParts, ({ FloatingDate }) => FloatingDate, 500)
export const LazyImageViewer = lazyPart(laterParts, ({ ImageViewer }) => ImageViewer)
export const LazyUploadProgress = lazyPart(laterParts, ({ UploadProgress }) => UploadProgress)
export const LazyWaitingPicture = lazyPart(laterParts, ({ WaitingPicture }) => WaitingPicture)
export const LazyComposerContext = lazyPart(laterParts, ({ ComposerContext }) => ComposerContext)
export const LazyMentionList = lazyPart(laterParts, ({ MentionList }) => MentionList)
export const LazyFilePreviews = lazyPart(laterParts, ({ FilePreviews }) => FilePreviews)
export const LazyVoicePlayer = lazyPart(laterParts, ({ VoicePlayer }) => VoicePlayer)
export const LazyConfirmDelete = lazyPart(laterParts, ({ ConfirmDelete }) => ConfirmDelete)
export const LazyMessageInfo = lazyPart(laterParts, ({ MessageInfo }) => MessageInfo)
export const LazyReceiptSettings = lazyPart(laterParts, ({ ReceiptSettingsDialog }) => ReceiptSettingsDialog)
/** Where entering reads everything. */
export const LazyReadOnEntry = lazyPart(laterParts, ({ ReadOnEntry }) => ReadOnEntry)
