'use client'
/** Parts that a window does not need to be read: their code comes later, but before anybody asks, since they may be offline by then. */
import type { LightboxProps, MessageMenuProps } from '../react/parts.js'
import { lazyPart } from './lazyPart.js'

export const LazyMessageMenu = lazyPart<MessageMenuProps>(async () => (await import('./MessageMenu.js')).MessageMenu)
export const LazyLightbox = lazyPart<LightboxProps>(async () => (await import('./Lightbox.js')).Lightbox)
export const LazyMentionList = lazyPart(async () => (await import('./MentionList.js')).MentionList)
export const LazyFilePreviews = lazyPart(async () => (await import('./FilePreview.js')).FilePreviews)
export const LazyConfirmDelete = lazyPart(async () => (await import('./ConfirmDelete.js')).ConfirmDelete)

/** Where entering reads everything; not foreseen, as few want it. */
export const LazyReadOnEntry = lazyPart(async () => (await import('./ReadOnEntry.js')).ReadOnEntry)

/** Fetches all of them. */
export function preloadParts(): void {
  for (const part of [LazyMessageMenu, LazyLightbox, LazyMentionList, LazyFilePreviews, LazyConfirmDelete]) part.preload()
}
