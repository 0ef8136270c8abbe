'use client'
import { useEffect, useRef, useState } from 'react'
import type { ChatClient, ChatClientOptions } from '../client/chatClient.js'
import { createChatClient } from '../client/createChatClient.js'

/**
 * One client for each user, made while rendering (it is inert until a `<ChatProvider>` starts it, so servers may render it too)
 * and disposed of when the user changes.
 *
 * @param makeOptions - called once for each user, so that transport and storage are made once
 * @returns the same client until `userId` changes
 * @public
 */
export function useChatClient(userId: string, makeOptions: () => Omit<ChatClientOptions, 'userId'>): ChatClient {
  const make = () => ({ userId, client: createChatClient({ ...makeOptions(), userId }) })
  const [held, setHeld] = useState(make)
  const latest = useRef(held)
  let current = held
  if (held.userId !== userId) {
    current = make()
    setHeld(current)
  }
  useEffect(() => {
    const before = latest.current
    latest.current = current
    if (before.client !== current.client) void before.client.dispose()
  }, [current])
  return current.client
}
