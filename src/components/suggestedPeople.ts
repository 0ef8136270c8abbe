/** What a field and the list of people above it share. */
import type { KeyboardEvent } from 'react'
import type { Mention, UserProfile } from '../model/index.js'
import type { Named } from './named.js'

export interface Mentions {
  readonly listId: string
  readonly people: readonly UserProfile[]
  readonly chosen: number
  readonly choose: (index: number) => void
  /** To be called when the text or the caret moved. */
  readonly look: (text: string, caret: number | null) => void
  readonly take: (person: UserProfile) => void
  readonly close: () => void
  /** Who is named in a text, of those that were chosen since `begin`. */
  readonly within: (text: string) => readonly Mention[]
  /** Another text is written, and these are named in it; gives back who was named in the one before. */
  readonly begin: (named: readonly Named[]) => readonly Named[]
  /** Whether the key was the list's. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean
}

/** Id of a suggestion, so that the field can name the one that is chosen. */
export const optionId = (listId: string, index: number): string => `${listId}-${index}`
