'use client'
/** Parts that a window does not need to be read: their code comes later, but before anybody asks, since they may be offline by then. */
import type { LightboxProps } from '../react/parts.js'
import type { FloatingDateProps } from './FloatingDate.js'
import { lazyModule } from './lazyModule.js'
import { lazyPart } from './lazyPart.js'
import type { RowMenuProps } from './OpenRowMenu.js'
import type { VoicePlayerProps } from './VoicePlayer.js'

export const LazyRowMenu = lazyPart<RowMenuProps>(async () => (await import('./OpenRowMenu.js')).OpenRowMenu)
export const LazyFloatingDate = lazyPart<FloatingDateProps>(async () => (await import('./FloatingDate.js')).FloatingDate, 500)
export const LazyLightbox = lazyPart<LightboxProps>(async () => (await import('./Lightbox.js')).Lightbox)
export const LazyMentionList = lazyPart(async () => (await import('./MentionList.js')).MentionList)
export const LazyFilePreviews = lazyPart(async () => (await import('./FilePreview.js')).FilePreviews)
export const LazyVoicePlayer = lazyPart<VoicePlayerProps>(async () => (await import('./VoicePlayer.js')).VoicePlayer)
export const LazyConfirmDelete = lazyPart(async () => (await import('./ConfirmDelete.js')).ConfirmDelete)

/** Where entering reads everything; not foreseen, as few want it. */
export const LazyReadOnEntry = lazyPart(async () => (await import('./ReadOnEntry.js')).ReadOnEntry)

/** What answers the keys of a list. */
export const rowFocus = lazyModule(() => import('./rowFocus.js'))
/** What tells whether a row is seen. */
export const rowSight = lazyModule(() => import('./rowSight.js'))
/** Where messages may ask for receipts: whether this one may. */
export const requestRules = lazyModule(() => import('../receipts/requestRules.js'))

/** Fetches all of them. */
export function preloadParts(): void {
  for (const part of [LazyRowMenu, LazyFloatingDate, LazyLightbox, LazyMentionList, LazyFilePreviews, LazyVoicePlayer, LazyConfirmDelete, rowFocus, rowSight, requestRules]) void part.preload()
}
