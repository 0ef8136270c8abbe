/** What somebody's devices had while others might be told so: who tells nobody anything does not tell that a message came, either. */
import type { Message } from 'readback/core'
import type { Device } from './device.js'

export function createReceived(visibilityOf: (device: number, c: string) => 'public' | 'private' | 'off') {
  const tellable = new Set<string>()
  return {
    note({ index, user, had }: Device, c: string, rows: readonly Message[]): void {
      if (visibilityOf(index, c) === 'off') return
      for (const id of [...had, ...rows.flatMap(({ ids }) => ids)]) tellable.add(`${user} ${id}`)
    },
    mayBeTold: (user: string, id: string): boolean => tellable.has(`${user} ${id}`),
  }
}

export type Received = ReturnType<typeof createReceived>
