/** The list of people that "@" opens under a text field: who is in it, which one is chosen, and its keys. */
import { useEffect, useId, useRef, useState, type RefObject } from 'react'
import type { UserProfile } from '../model/index.js'
import { nameOf, type ComposerProps } from '../react/parts.js'
import { laterParts } from './lazyParts.js'
import type { MentionQuery } from './mentions.js'
import { AT, mentionsIn, type Named } from './named.js'
import type { Mentions } from './suggestedPeople.js'

/** More do not fit above a composer, and nobody reads them. */
export const MAX_SUGGESTIONS = 8

interface Suggestions {
  readonly query: MentionQuery
  readonly people: readonly UserProfile[]
}

export function useMentions(field: RefObject<HTMLTextAreaElement | null>, suggest: ComposerProps['suggestMentions'], onChange: (text: string) => void): Mentions {
  const listId = useId()
  const [query, setQuery] = useState<MentionQuery | null>(null)
  const [found, setFound] = useState<Suggestions | null>(null)
  const [chosen, setChosen] = useState(0)
  /** An "@" whose list was closed by hand stays closed. */
  const dismissed = useRef<number | null>(null)
  const caretAfter = useRef<number | null>(null)
  const named = useRef<readonly Named[]>([])

  useEffect(() => {
    if (query === null || suggest === undefined) return setFound(null)
    let wanted = true
    Promise.resolve(suggest(query.typed)).then(
      (people) => {
        if (!wanted) return
        setFound({ query, people: people.slice(0, MAX_SUGGESTIONS) })
        setChosen(0)
      },
      () => wanted && setFound(null),
    )
    return () => {
      wanted = false
    }
  }, [query, suggest])
  useEffect(() => {
    if (caretAfter.current === null) return
    field.current?.setSelectionRange(caretAfter.current, caretAfter.current)
    caretAfter.current = null
  })

  const people = query === null ? [] : (found?.people ?? [])
  const close = () => {
    dismissed.current = query?.start ?? null
    setQuery(null)
  }
  const look = (text: string, caret: number | null) => {
    if (suggest === undefined) return
    const later = laterParts.now()
    if (later === null) {
      // Whoever types faster than the code comes is asked about what they have typed by then.
      if (AT.test(text)) laterParts.load().then(() => field.current && look(field.current.value, field.current.selectionStart), () => {})
      return
    }
    const next = caret === null ? null : later.mentionAt(text, caret)
    if (next?.start !== dismissed.current) dismissed.current = null
    setQuery((before) => (next === null || next.start === dismissed.current ? null : before !== null && before.start === next.start && before.end === next.end && before.typed === next.typed ? before : next))
  }
  const take = (person: UserProfile) => {
    const element = field.current
    const inserted = query && element && laterParts.now()?.insertMention(element.value, query, nameOf(person))
    if (!inserted) return
    const { text, caret } = inserted
    caretAfter.current = caret
    named.current = [...named.current, { userId: person.userId, name: nameOf(person) }]
    setQuery(null)
    onChange(text)
    element.focus()
  }
  return {
    listId, people, chosen, choose: setChosen, look, take, close,
    within: (text) => mentionsIn(text, named.current),
    begin(next) {
      const before = named.current
      named.current = next
      return before
    },
    onKeyDown(event) {
      if (people.length === 0) return false
      const step = { ArrowDown: 1, ArrowUp: people.length - 1 }[event.key]
      if (step !== undefined) setChosen((chosen + step) % people.length)
      else if (event.key === 'Enter' || event.key === 'Tab') take(people[chosen] as UserProfile)
      else if (event.key === 'Escape') close()
      else return false
      event.preventDefault()
      event.stopPropagation()
      return true
    },
  }
}
