'use client'
import { createContext, useContext } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import { ChatError } from '../model/errors.js'

export const ClientContext = createContext<ChatClient | null>(null)

/**
 * The client of the nearest `<ChatProvider>`.
 *
 * @param asker - what asked for it, as it is named in the error
 * @throws ChatError `part/outside` when there is no provider above, or it has no client
 * @public
 */
export function useClient(asker = 'useClient()'): ChatClient {
  const client = useContext(ClientContext)
  if (client === null) throw outsideError(asker)
  return client
}

/** The client if there is one: for parts that also work over an app's own data. */
export function useOptionalClient(): ChatClient | null {
  return useContext(ClientContext)
}

function outsideError(asker: string): ChatError {
  return new ChatError(
    'part/outside',
    `${asker} has no chat client. It takes its conversations from the client of the nearest <ChatProvider>, and there is none above it, or that one was given no client. Wrap it in <ChatProvider client={client}>.`,
  )
}
