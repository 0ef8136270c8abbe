'use client'
import { forwardRef } from 'react'
import type { Locale } from '../locales/locale.js'
import { useLocale } from '../react/localeContext.js'
import type { PartProps } from '../react/parts.js'
import type { StorageState } from '../storage/index.js'
import { Banner } from './Banner.js'

/** @public */
export interface StorageBannerProps extends PartProps {
  readonly storage: StorageState
}

/** Says when messages cannot be kept on this device. Quiet where the app itself chose to keep nothing. @public */
export const StorageBanner = forwardRef<HTMLDivElement, StorageBannerProps>(function StorageBanner({ storage, className, ...rest }, ref) {
  const { messages } = useLocale()
  return <Banner ref={ref} {...rest} className={className} kind="warning" text={wordsFor(storage, messages)} />
})

function wordsFor(storage: StorageState, messages: Locale['messages']): string | null {
  switch (storage.status) {
    case 'memory':
      return storage.reason === 'chosen' ? null : messages.storageMemory
    case 'full':
      return messages.storageFull
    case 'readOnly':
      return messages.storageReadOnly
    case 'blocked':
      return messages.storageBlocked
    case 'reopening':
      return messages.storageReopening
    default:
      return null
  }
}
