'use client'
/** Where the file of a message can be loaded from. */
import { useEffect, useRef, useState } from 'react'
import type { Attachment } from '../model/index.js'
import { isSafeMediaUrl } from '../model/safeUrl.js'
import { useOptionalClient } from './clientContext.js'

export interface AttachmentUrl {
  /** Safe to load; null while it is looked for, and where there is none. */
  readonly url: string | null
  /** The app is being asked. */
  readonly pending: boolean
}

const NONE: AttachmentUrl = { url: null, pending: false }
const PENDING: AttachmentUrl = { url: null, pending: true }

/** The file's own address, else the one that the app gives for its `ref`. Addresses that may not be loaded are none. */
export function useAttachmentUrl(file: Attachment): AttachmentUrl {
  const client = useOptionalClient()
  const { url, ref } = file
  const asks = url === undefined && ref !== undefined && client?.resolveAttachment !== undefined
  // Only the ref decides when it is asked again: the rest may come as a new object at every render.
  const latest = useRef(file)
  latest.current = file
  const [found, setFound] = useState<{ readonly ref: string; readonly url: string | null } | null>(null)
  useEffect(() => {
    if (!asks) return
    let wanted = true
    const note = (resolved: string | null) => wanted && setFound({ ref, url: resolved })
    client.resolveAttachment(latest.current).then(note, () => note(null))
    return () => {
      wanted = false
    }
  }, [client, ref, asks])
  if (url !== undefined) return safe(url)
  if (!asks) return NONE
  return found?.ref === ref ? safe(found.url) : PENDING
}

function safe(url: string | null): AttachmentUrl {
  return url !== null && isSafeMediaUrl(url) ? { url, pending: false } : NONE
}
