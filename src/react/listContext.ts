'use client'
/** What a row may ask of the list around it. */
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import type { Message, MessageId, MessageSource, UserId } from '../model/index.js'
import type { DwellViews } from '../reading/index.js'
import type { ReadStateSource } from '../receipts/readStateSource.js'
import { useOptionalClient } from './clientContext.js'

/** What a list knows of reading; {@link useWhyUnread} makes answers of it. @public */
export interface ListReading {
  /** Who looks; undefined where nobody said. */
  readonly userId: UserId | undefined
  readonly readStates: ReadStateSource | null
  /** By `messageKey`. */
  readonly dwell: DwellViews
}

export interface ListAround extends ListReading {
  readonly source: MessageSource
  /** Brings a message into view and marks it. */
  readonly scrollTo: (id: MessageId) => Promise<boolean>
}

/** Null for a row that stands alone. */
export const ListContext = createContext<ListAround | null>(null)
ListContext.displayName = 'ListContext'

/** Who looks: the user of the list around, else of the client; undefined where nobody said. */
export function useViewer(): UserId | undefined {
  const client = useOptionalClient()
  return useContext(ListContext)?.userId ?? client?.userId
}

/** The message with that id where the list around holds it now; renders again when it changed. */
export function useListedMessage(id: MessageId | undefined): Message | undefined {
  const source = useContext(ListContext)?.source
  const subscribe = useCallback((listener: () => void) => source?.subscribe(listener) ?? NOTHING, [source])
  const find = () => (source === undefined || id === undefined ? undefined : byId(source.getSnapshot().messages).get(id))
  return useSyncExternalStore(subscribe, find, find)
}

const NOTHING = () => {}
const indexes = new WeakMap<readonly Message[], ReadonlyMap<MessageId, Message>>()

/** Made once for each array, and only where somebody asks. */
function byId(messages: readonly Message[]): ReadonlyMap<MessageId, Message> {
  const known = indexes.get(messages)
  if (known !== undefined) return known
  const made = new Map(messages.flatMap((message) => message.ids.map((id) => [id, message] as const)))
  indexes.set(messages, made)
  return made
}
