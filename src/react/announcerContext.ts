'use client'
import { createContext, useContext } from 'react'

/** Says something to screen readers when they have said what they are saying. */
export type Announce = (text: string) => void

/** Null outside of every `<ChatProvider>`: nothing is said. */
export const AnnouncerContext = createContext<Announce | null>(null)
AnnouncerContext.displayName = 'AnnouncerContext'

/** What screen readers are told by the nearest `<ChatProvider>`; one voice for all parts, so that nothing is said over another. @public */
export function useAnnounce(): Announce {
  return useContext(AnnouncerContext) ?? silent
}

const silent = () => {}
