'use client'
import { createContext, useContext, useRef, useSyncExternalStore } from 'react'
import type { UserId, UserProfile } from '../model/index.js'
import { useOptionalClient } from './clientContext.js'
import { sharedSubscription } from './sharedSubscription.js'

/** Names and pictures for parts that stand over an app's own data, without a client. @public */
export type ProfileLookup = (userId: UserId) => UserProfile | undefined

export const ProfileContext = createContext<ProfileLookup | null>(null)

/** Name and picture of somebody, from the provider's `profiles`, else the client's directory. Unknown people are their id. @public */
export function useProfile(userId: UserId): UserProfile {
  const client = useOptionalClient()
  const lookup = useContext(ProfileContext)
  const last = useRef<UserProfile | null>(null)
  const keep = (next: UserProfile) => (last.current !== null && isSameProfile(next, last.current) ? last.current : (last.current = next))
  return useSyncExternalStore(
    client === null ? never : sharedSubscription(client),
    () => keep(lookup?.(userId) ?? client?.getProfile(userId) ?? { userId }),
    () => keep(lookup?.(userId) ?? { userId }),
  )
}

/** The same for several people; the array keeps its identity until one of them changed. @public */
export function useProfiles(userIds: readonly UserId[]): readonly UserProfile[] {
  const client = useOptionalClient()
  const lookup = useContext(ProfileContext)
  const last = useRef<readonly UserProfile[]>([])
  const ids = useStableList(userIds)
  const keep = (next: readonly UserProfile[]) => (sameProfiles(last.current, next) ? last.current : (last.current = next))
  return useSyncExternalStore(
    client === null ? never : sharedSubscription(client),
    () => keep(ids.map((userId) => lookup?.(userId) ?? client?.getProfile(userId) ?? { userId })),
    () => keep(ids.map((userId) => lookup?.(userId) ?? { userId })),
  )
}

const never = () => () => {}

function useStableList<T>(list: readonly T[]): readonly T[] {
  const last = useRef(list)
  if (last.current.length !== list.length || last.current.some((value, index) => value !== list[index])) last.current = list
  return last.current
}

function sameProfiles(a: readonly UserProfile[], b: readonly UserProfile[]): boolean {
  return a.length === b.length && a.every((profile, index) => isSameProfile(profile, b[index]))
}

function isSameProfile(a: UserProfile, b: UserProfile | undefined): boolean {
  return b !== undefined && a.userId === b.userId && a.name === b.name && a.avatarUrl === b.avatarUrl
}
