'use client'
import { useEffect } from 'react'
import type { ChatClient } from '../client/chatClient.js'

interface Hold {
  /** How many providers hold the client; several may share one. */
  count: number
  running: boolean
}

const holds = new WeakMap<ChatClient, Hold>()

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
  const held = holdOf(client)
  held.count++
  if (held.running) return
  held.running = true
  // What goes wrong is told by the client's 'error' event and its storage state.
  client.start().catch(() => {})
}

function release(client: ChatClient): void {
  const held = holdOf(client)
  held.count--
  queueMicrotask(() => {
    if (held.count > 0 || !held.running) return
    held.running = false
    client.stop().catch(() => {})
  })
}

function holdOf(client: ChatClient): Hold {
  const held = holds.get(client) ?? { count: 0, running: false }
  holds.set(client, held)
  return held
}
