'use client'
/** The file of a message of mine that is still on its way: how far it is, and the file itself to look at meanwhile. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { Message } from '../model/index.js'
import { useOptionalClient } from './clientContext.js'

/** 0 to 1; null where nothing of it is on its way from here. */
export function useUploadProgress(message: Message): number | null {
  const client = useOptionalClient()
  const waits = message.outgoing === 'sending' && client?.getUploadProgress !== undefined
  const subscribe = useCallback((listener: () => void) => (waits ? client.subscribe(listener) : NOTHING), [client, waits])
  const get = () => (waits ? client.getUploadProgress(message) : null)
  return useSyncExternalStore(subscribe, get, () => null)
}

/** An address for a file that has none yet; null where it is not here. Given back when the part goes. */
export function useWaitingFileUrl(message: Message, hasUrl: boolean): string | null {
  const client = useOptionalClient()
  const [made, setMade] = useState<{ readonly of: string; readonly url: string } | null>(null)
  const { localId } = message
  const waits = message.outgoing !== undefined && !hasUrl && client?.getUpload !== undefined
  useEffect(() => {
    if (!waits) return
    let wanted = true
    let url: string | null = null
    client.getUpload({ localId }).then(
      (file) => {
        if (!wanted || file === null) return
        url = URL.createObjectURL(file)
        setMade({ of: localId, url })
      },
      // Storage that cannot answer shows itself in the client's state.
      () => {},
    )
    return () => {
      wanted = false
      setMade(null)
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [client, localId, waits])
  return made?.of === localId ? made.url : null
}

const NOTHING = () => {}
