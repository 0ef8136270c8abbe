'use client'
import { useSyncExternalStore } from 'react'
import type { UserId } from '../model/index.js'
import type { Presence } from '../transport/index.js'
import { useOptionalClient } from './clientContext.js'
import { sharedSubscription } from './sharedSubscription.js'

/** Whether somebody is there; null while that is not known: no client, no connection, or a wire that does not tell. @public */
export function usePresence(userId: UserId): Presence | null {
  const client = useOptionalClient()
  return useSyncExternalStore(client === null ? never : sharedSubscription(client), () => client?.getPresence(userId) ?? null, () => null)
}

const never = () => () => {}
