/** One browser with several tabs of one account: the locks and the channel they share, with the trouble these can make. */
import type { Keepsakes, Locks, TabChannel } from 'readback/core'
import { fakeLocks, type FakeTabLocks } from '../sync/fakeLocks.js'
import type { Prng } from './prng.js'
import type { TabWorld } from './schedule.js'
import type { VirtualTime } from './virtualTime.js'

export interface Browser {
  /** Without one, a tab that follows learns from the database alone: nothing of the connection. */
  readonly hasChannel: boolean
  openTab(): BrowserTab
  /** Whoever asks for a lock gets it, held or not. */
  giveToAll(on: boolean): void
  /** Some other page of this site takes every lock by force, and gives it back. */
  stealLocks(): Promise<void>
  /** From now on news arrive, once and in order. */
  calm(): void
}

export interface BrowserTab {
  readonly locks: Locks | null
  openChannel(name: string): TabChannel | null
  /** It had a channel, and has closed all that it had. */
  hasHungUp(): boolean
  freeze(): void
  wake(): void
  crash(): void
}

/** Longest that news are late, milliseconds. */
const LATEST_MS = 2_000

export function createBrowser(time: VirtualTime, random: Prng, { locks: hasLocks, channel: hasChannel, trouble }: TabWorld): Browser {
  const all = fakeLocks()
  const ends = new Set<{ readonly name: string; hear(message: unknown): void }>()
  const names = new Set<string>()
  let share = trouble

  /** Late, twice or never, by chance. A frozen page still hears: what it heard waits for its timers. */
  function carry(hear: () => void): void {
    if (!random.chance(share)) return void time.clock.setTimer(hear, 0)
    const times = random.pick([0, 1, 2])
    for (let n = 0; n < times; n += 1) time.clock.setTimer(hear, random.int(LATEST_MS))
  }

  function openChannel(name: string): { readonly channel: TabChannel; cut(): void; isOpen(): boolean } {
    const listeners = new Set<(message: unknown) => void>()
    const own = { name, hear: (message: unknown) => ends.has(own) && listeners.forEach((listener) => listener(message)) }
    ends.add(own)
    const channel: TabChannel = {
      post(message) {
        if (!ends.has(own)) return
        const text = JSON.stringify(message)
        for (const other of ends) if (other !== own && other.name === name) carry(() => other.hear(JSON.parse(text)))
      },
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close: () => void ends.delete(own),
    }
    return { channel, cut: () => void ends.delete(own), isOpen: () => ends.has(own) }
  }

  function named(locks: FakeTabLocks): Locks {
    return { request: (name, options, hold) => (names.add(name), locks.request(name, options, hold)) }
  }

  return {
    hasChannel,
    openTab() {
      const locks = all.tab()
      const opened: ReturnType<typeof openChannel>[] = []
      return {
        locks: hasLocks ? named(locks) : null,
        openChannel(name) {
          if (!hasChannel) return null
          const own = openChannel(name)
          opened.push(own)
          return own.channel
        },
        hasHungUp: () => opened.length > 0 && !opened.some(({ isOpen }) => isOpen()),
        freeze: () => locks.freeze(),
        wake: () => locks.wake(),
        crash() {
          locks.crash()
          for (const { cut } of opened) cut()
        },
      }
    },
    giveToAll: (on) => void (all.giveToAll = on),
    async stealLocks() {
      const thief = all.tab()
      await Promise.all([...names].map((name) => thief.request(name, { steal: true }, async () => {})))
    },
    calm: () => void (share = 0),
  }
}

export interface DeviceKeepsakes extends Keepsakes {
  names(): readonly string[]
}

/** As `localStorage`: of all tabs of a browser, and there after the database has gone. */
export function createKeepsakes(): DeviceKeepsakes {
  const all = new Map<string, string>()
  return { get: (name) => all.get(name) ?? null, set: (name, value) => void all.set(name, value), remove: (name) => void all.delete(name), names: () => [...all.keys()] }
}
