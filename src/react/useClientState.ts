'use client'
import { useMemo, useSyncExternalStore } from 'react'
import type { ClientState } from '../client/chatClient.js'
import { useClient } from './clientContext.js'
import { sharedSubscription } from './sharedSubscription.js'

/**
 * One fact of the client's state; renders again only when it changed (`Object.is`).
 * The selector may be written in place and may make a new object: it runs once for each state.
 * @throws ChatError `part/outside` without a provider
 * @public
 */
export function useClientState<T>(selector: (state: ClientState) => T, asker = 'useClientState()'): T {
  const client = useClient(asker)
  const select = useMemo(() => onceForEach(selector), [selector])
  return useSyncExternalStore(sharedSubscription(client), () => select(client.getState()), () => select(client.getServerState()))
}

/** Remembers the answer for the last argument, so that a selector that makes objects is stable between changes. */
function onceForEach<A, R>(fn: (argument: A) => R): (argument: A) => R {
  let last: { readonly argument: A; readonly result: R } | undefined
  return (argument) => {
    if (last === undefined || last.argument !== argument) last = { argument, result: fn(argument) }
    return last.result
  }
}
