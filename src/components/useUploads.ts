/** Files on their way to where the app keeps them: one after another, in the order in which they were sent. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { Attachment, MessageBody } from '../model/index.js'
import { isPicture } from './composerFiles.js'
import { measureImage } from './measureImage.js'

export interface Upload {
  readonly key: number
  readonly file: File
  /** 0 to 1. */
  readonly fraction: number
  /** Why it stopped; it goes on when asked. */
  readonly failure: string | null
}

export interface Uploads {
  readonly list: readonly Upload[]
  /** `onDone` gets the body that stands for the file; the file leaves the list when it resolves. */
  readonly add: (files: readonly File[], onDone: (body: MessageBody) => Promise<unknown>) => void
  readonly retry: (upload: Upload) => void
  readonly cancel: (upload: Upload) => void
}

interface Job extends Upload {
  readonly onDone: (body: MessageBody) => Promise<unknown>
}

const NONE: readonly Job[] = []
let lastKey = 0

/** What is not done when the part goes is given up. */
export function useUploads(client: ChatClient): Uploads {
  const [jobs, setJobs] = useState(NONE)
  const running = useRef<{ readonly key: number; readonly abort: AbortController } | null>(null)
  const change = useCallback((key: number, changes: Partial<Upload>) => setJobs((all) => all.map((job) => (job.key === key ? { ...job, ...changes } : job))), [])
  const remove = useCallback((key: number) => setJobs((all) => all.filter((job) => job.key !== key)), [])

  const next = jobs.find(({ failure }) => failure === null)
  useEffect(() => {
    if (next === undefined || running.current !== null) return
    const { key, file, onDone } = next
    const abort = new AbortController()
    running.current = { key, abort }
    run(client, file, abort.signal, (fraction) => change(key, { fraction: Math.min(1, Math.max(0, fraction)) }))
      .then(onDone)
      .then(
        () => remove(key),
        (error: unknown) => !abort.signal.aborted && change(key, { failure: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => {
        running.current = null
        // Looks for the next one.
        setJobs((all) => [...all])
      })
  }, [client, next, jobs, change, remove])
  useEffect(() => () => running.current?.abort.abort(), [])

  return {
    list: jobs,
    add: useCallback((files, onDone) => setJobs((all) => [...all, ...files.map((file) => ({ key: (lastKey += 1), file, fraction: 0, failure: null, onDone }))]), []),
    retry: useCallback(({ key }) => change(key, { failure: null, fraction: 0 }), [change]),
    cancel: useCallback(({ key }) => {
      if (running.current?.key === key) running.current.abort.abort()
      remove(key)
    }, [remove]),
  }
}

async function run(client: ChatClient, file: File, signal: AbortSignal, onProgress: (fraction: number) => void): Promise<MessageBody> {
  const size = isPicture(file) ? await measureImage(file) : null
  const stored = await client.upload(file, { signal, onProgress })
  // One that was given up may have gone through all the same.
  signal.throwIfAborted()
  const named: Attachment = { name: file.name, ...(file.type === '' ? {} : { mime: file.type }), sizeBytes: file.size, ...stored }
  return isPicture(file) ? { kind: 'image', file: named, ...size } : { kind: 'file', file: named }
}
