'use client'
import type { Message } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { useUploadProgress } from '../react/useUpload.js'

/** How much of a file of mine has left. Of fixed size, and laid over its place: it comes and goes and moves nothing. */
export function UploadProgress({ message }: { message: Message }) {
  const { messages } = useLocale()
  const fraction = useUploadProgress(message)
  if (fraction === null) return null
  return (
    <span className="rb-upload" role="progressbar" aria-label={messages.uploading(fraction)} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(fraction * 100)}>
      <svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
        <circle cx="20" cy="20" r="16" />
        <circle cx="20" cy="20" r="16" pathLength="100" strokeDasharray={`${Math.max(4, fraction * 100)} 100`} />
      </svg>
    </span>
  )
}
