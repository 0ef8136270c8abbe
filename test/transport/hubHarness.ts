import { createFakeClock } from 'readback/testing'
import { memoryHub, type Hub, type MemoryHubOptions } from 'readback/transport/memory'
import type { Locks, Point, TabChannel, Transport, TransportEvent } from 'readback/core'

export const DIRECT = { id: 'c', kind: 'direct' } as const

/** A hub with Ann and Bob in one conversation. */
export async function annAndBob(options: MemoryHubOptions = {}) {
  const clock = createFakeClock()
  const hub = memoryHub({ clock, ...options })
  await hub.ensureConversation({ ...DIRECT, members: ['ann', 'bob'] })
  return { clock, hub }
}

export async function connect(hub: Hub, userId: string, since?: string) {
  const transport = hub.transport()
  const events = record(transport)
  await transport.connect({ userId, token: async () => undefined, conversations: [], ...(since === undefined ? {} : { since }) })
  return { transport, events, of: <Type extends TransportEvent['type']>(type: Type) => ofType(events, type) }
}

export function record(transport: Transport): TransportEvent[] {
  const events: TransportEvent[] = []
  transport.on((event) => events.push(event))
  return events
}

export function ofType<Type extends TransportEvent['type']>(events: readonly TransportEvent[], type: Type) {
  return events.filter((event): event is Extract<TransportEvent, { type: Type }> => event.type === type)
}

let drafts = 0
export function draft(text: string, localId = `l${drafts++}`) {
  return { localId, conversation: DIRECT, body: { kind: 'text', text } } as const
}

export function readUpTo(upTo: Point) {
  return { conversation: DIRECT, kind: 'read', visibility: 'published', upTo, ranges: [], messages: [], ageMs: 0 } as const
}

/** Tabs of one origin: messages are copied, and arrive later, as with BroadcastChannel. */
export function createTabs() {
  const open = new Map<string, Set<(message: unknown) => void>>()
  const held = new Map<string, Promise<void>>()
  const openChannel = (name: string): TabChannel => {
    const peers = open.get(name) ?? new Set()
    open.set(name, peers)
    const mine = new Set<(message: unknown) => void>()
    return {
      post(message) {
        const copy = structuredClone(message)
        const others = [...peers].filter((peer) => !mine.has(peer))
        void Promise.resolve().then(() => others.filter((peer) => peers.has(peer)).forEach((peer) => peer(copy)))
      },
      subscribe(listener) {
        peers.add(listener)
        mine.add(listener)
        return () => peers.delete(listener)
      },
      close() {
        for (const listener of mine) peers.delete(listener)
      },
    }
  }
  const locks: Locks = {
    request(name, { signal }, hold) {
      const mine = (held.get(name) ?? Promise.resolve()).then(async () => {
        if (signal?.aborted) throw new DOMException('given up', 'AbortError')
        await hold()
      })
      held.set(name, mine.catch(() => {}))
      return mine
    },
  }
  return { openChannel, locks }
}

export async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (let step = 0; step < 400; step += 1) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`It never came true that ${what}.`)
}
