'use client'
import { useEffect } from 'react'
import type { ChatClient } from '../client/chatClient.js'

/** How many providers hold each client; several may share one. */
const holders = new WeakMap<ChatClient, number>()

/**
 * Runs a client while at least one provider holds it. Nothing starts during render, so servers start nothing.
 * StrictMode and moves within the tree unmount and mount in one task: the stop waits for its end and is then not needed.
 */
export function useClientLifetime(client: ChatClient | null): void {
  useEffect(() => {
    if (client === null) return
    hold(client)
    return () => release(client)
  }, [client])
}

function hold(client: ChatClient): void {
  const count = (holders.get(client) ?? 0) + 1
  holders.set(client, count)
  // Starting is idempotent. What goes wrong is told by the client's 'error' event and its storage state.
  if (count === 1) client.start().catch(() => {})
}

function release(client: ChatClient): void {
  holders.set(client, (holders.get(client) ?? 1) - 1)
  queueMicrotask(() => {
    if ((holders.get(client) ?? 0) > 0) return
    client.stop().catch(() => {})
  })
}
