/** A cursor names the hub, a row, and the greatest epoch, so that a hub that lost everything knows what its devices have seen. */
import type { HubState } from './hubState.js'

export interface Cursor {
  readonly hubId: string
  readonly seq: number
  readonly epoch: number
}

export function cursorText(state: HubState, seq: number): string {
  let epoch = 0
  for (const conversation of state.conversations.values()) epoch = Math.max(epoch, conversation.epoch)
  return `${state.hubId}.${seq}.${epoch}`
}

/** Null for anything that no hub wrote. */
export function parseCursor(text: string | undefined): Cursor | null {
  const parts = /^(.+)\.(\d+)\.(\d+)$/.exec(text ?? '')
  return parts ? { hubId: parts[1]!, seq: Number(parts[2]), epoch: Number(parts[3]) } : null
}
