'use client'
import { forwardRef } from 'react'
import type { FirstMessages } from '../locales/enFirst.js'
import { useFirstLocale } from '../react/localeContext.js'
import type { PartProps } from '../react/parts.js'
import type { StorageState } from '../storage/index.js'
import { Banner } from './Banner.js'

/** @public */
export interface StorageBannerProps extends PartProps {
  readonly storage: StorageState
}

/** Says when messages cannot be kept on this device. Quiet where the app itself chose to keep nothing. @public */
export const StorageBanner = forwardRef<HTMLDivElement, StorageBannerProps>(function StorageBanner({ storage, className, ...rest }, ref) {
  const { messages } = useFirstLocale()
  return <Banner ref={ref} {...rest} className={className} kind="warning" text={wordsFor(storage, messages)} />
})

function wordsFor(storage: StorageState, messages: FirstMessages): string | null {
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
