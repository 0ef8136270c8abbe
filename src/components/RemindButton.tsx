'use client'
import { useEffect, useState } from 'react'
import type { UserId } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'

interface RemindButtonProps {
  readonly count: number
  /** Whom to remind; null until all of them are loaded. */
  readonly userIds: readonly UserId[] | null
  readonly loadMore: () => void
  /** Changes with every page. */
  readonly progress: number
  readonly onRemind: (userIds: readonly UserId[]) => void
}

/** Hands everybody who has not read a message to the app. Loads the rest of the list first. Once for each set of people. */
export function RemindButton({ count, userIds, loadMore, progress, onRemind }: RemindButtonProps) {
  const { messages } = useLocale()
  const [asked, ask] = useState(false)
  const [doneFor, setDoneFor] = useState<string | null>(null)
  const key = userIds?.join('\n') ?? null
  const isDone = key !== null && key === doneFor
  useEffect(() => {
    if (!asked) return
    if (userIds === null) return loadMore()
    ask(false)
    setDoneFor(key)
    onRemind(userIds)
    // oxlint-disable-next-line react/exhaustive-deps -- asked once; what changes is how much is loaded
  }, [asked, key, progress])
  return (
    <button type="button" className="rb-remind" disabled={asked || isDone} onClick={() => ask(true)}>
      {isDone ? messages.reminded : messages.remind(count)}
    </button>
  )
}
