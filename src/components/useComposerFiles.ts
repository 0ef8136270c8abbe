/** The files that wait in a composer, and why one was not taken. */
import { useCallback, useRef, useState } from 'react'
import { addFiles, type HeldFile } from './composerFiles.js'

export interface ComposerFiles {
  readonly held: readonly HeldFile[]
  /** Why the last file was not taken; null when it was. */
  readonly refused: string | null
  readonly add: (files: readonly File[]) => void
  readonly remove: (file: HeldFile) => void
  readonly clear: () => void
}

const NONE: readonly HeldFile[] = []

export function useComposerFiles(refuse: ((file: File) => string | null) | undefined): ComposerFiles {
  const [held, setHeld] = useState(NONE)
  const [refused, setRefused] = useState<string | null>(null)
  const ask = useRef(refuse)
  ask.current = refuse
  const add = useCallback((files: readonly File[]) => {
    const answers = files.map((file) => [file, ask.current?.(file) ?? null] as const)
    setRefused(answers.find(([, why]) => why !== null)?.[1] ?? null)
    setHeld((before) => addFiles(before, answers.filter(([, why]) => why === null).map(([file]) => file)))
  }, [])
  const remove = useCallback(({ key }: HeldFile) => setHeld((before) => before.filter((each) => each.key !== key)), [])
  const clear = useCallback(() => {
    setHeld(NONE)
    setRefused(null)
  }, [])
  return { held, refused, add, remove, clear }
}
