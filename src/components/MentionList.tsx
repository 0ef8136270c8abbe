'use client'
import { useEffect, useRef } from 'react'
import { useLocale } from '../react/localeContext.js'
import { nameOf, useParts } from '../react/parts.js'
import { Avatar } from './Avatar.js'
import { optionId, type Mentions } from './suggestedPeople.js'

/** Stands above the field while somebody is being mentioned; the keys stay in the field. */
export function MentionList({ mentions: { listId, people, chosen, choose, take } }: { mentions: Mentions }) {
  const { messages } = useLocale()
  const AvatarPart = useParts().Avatar ?? Avatar
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView?.({ block: 'nearest' })
  }, [chosen])
  return (
    <div ref={list} id={listId} className="rb-mentions" role="listbox" aria-label={messages.mentionSuggestions}>
      {people.map((person, index) => (
        <div
          key={person.userId} id={optionId(listId, index)} role="option" tabIndex={-1} aria-selected={index === chosen} className="rb-mention"
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => index !== chosen && choose(index)}
          onClick={() => take(person)}
          onKeyDown={(event) => event.key === 'Enter' && take(person)}
        >
          <AvatarPart userId={person.userId} name={nameOf(person)} {...(person.avatarUrl === undefined ? {} : { src: person.avatarUrl })} />
          <bdi>{nameOf(person)}</bdi>
        </div>
      ))}
    </div>
  )
}
