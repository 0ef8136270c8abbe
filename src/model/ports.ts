/** The world outside, passed in so that tests replace it without mocks. Browser defaults are in `systemPorts.ts` and `systemTime.ts`. */

/** Stops what was started; calling it twice does no harm. @public */
export type Stop = () => void

/** @public */
export interface Clock {
  /** Wall clock, epoch milliseconds. Shown to people; orders and decides nothing. */
  now(): number
  /** Milliseconds from an arbitrary start, never backwards. */
  monotonic(): number
  /** Runs `fn` once, `delayMs` from now or later. */
  setTimer(fn: () => void, delayMs: number): Stop
}

/** @public */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** An id no other device will make: 128 bits as text. */
  id(): string
}

/** Whether the page is on screen and has the focus. @public */
export interface PageVisibility {
  isVisible(): boolean
  hasFocus(): boolean
  /** Told on every change of either, and once more on `pagehide`. */
  subscribe(listener: () => void): Stop
}

/** Signs that somebody is at the page: a key, a pointer, a wheel, a touch. Scrolling alone is none, since pages scroll by themselves. @public */
export interface UserActivity {
  /** Told at every sign. */
  subscribe(listener: () => void): Stop
}

/** Mutual exclusion between tabs (Web Locks), or null where the browser has none. @public */
export interface Locks {
  /** Runs `hold` when the lock is ours; it is given up when the returned promise settles. `signal` gives up waiting. */
  request(name: string, options: { steal?: boolean; signal?: AbortSignal }, hold: () => Promise<void>): Promise<void>
}

/** News between tabs of one origin. @public */
export interface TabChannel {
  post(message: unknown): void
  subscribe(listener: (message: unknown) => void): Stop
  close(): void
}

/** Whether the device believes it has a network; a hint that lies both ways. @public */
export interface Connectivity {
  isOnline(): boolean
  subscribe(listener: () => void): Stop
}

/** A few bytes that a browser keeps when it throws a database away for want of room: tells an evicted database from a new one. @public */
export interface Keepsakes {
  get(key: string): string | null
  /** A browser that refuses is no trouble: nothing is told then. */
  set(key: string, value: string): void
  remove(key: string): void
}

/** How much a browser lets this site keep. @public */
export interface StorageEstimate {
  readonly usedBytes: number
  readonly quotaBytes: number
  /** Whether the browser has promised not to throw it away for want of room. */
  readonly persisted: boolean
}

/** Everything the core takes from its surroundings. @public */
export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly visibility: PageVisibility
  readonly locks: Locks | null
  readonly connectivity: Connectivity
  /** Null where the browser has no localStorage. */
  readonly keepsakes: Keepsakes | null
  /** Null where the browser does not say. */
  estimateStorage(): Promise<StorageEstimate | null>
  /** Null where the browser has no BroadcastChannel. */
  openChannel(name: string): TabChannel | null
}
