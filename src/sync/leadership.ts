/**
 * One tab of an account leads: it holds the wire and drains the outbox. The others queue, and wait.
 *
 * - The leader holds a Web Lock, and writes a heartbeat into the lease every 2 s. The lock goes to the next tab at once when its tab is closed or crashes.
 * - A frozen tab keeps its lock (measured in Chromium), so a tab that sees no heartbeat for 6 s claims the lease, and takes the lock by force.
 * - Each change of lead raises the lease's epoch, which every transaction of the leader checks. A former leader that wakes up is refused there, stands down and waits like the others.
 * - Without locks the lease alone decides, by compare-and-set.
 *
 * Silence is counted in looks of the waiting tab, never by comparing clocks: a tab that slept itself has to look three times again.
 * Known gap: a tab frozen between its last check and the call of the wire still makes that call when it wakes; the wire knows the local id.
 */
import type { Clock, Locks, Random, Stop } from '../model/index.js'
import type { ChatStorage } from '../storage/index.js'
import { fencedStorage } from './fencedStorage.js'
import { beatLease, checkLease, claimLease, readLease, releaseLease, sameLease, type Claim, type Lease } from './lease.js'

/** Time between two heartbeats, and between two looks at them. Milliseconds. */
export const BEAT_MS = 2_000
/** Looks without a new heartbeat before the lead is taken by force. */
export const SILENT_LOOKS = 3

export interface Leadership {
  isLeading(): boolean
  /** Gives the lead up; another tab may take it at once. */
  stop(): Promise<void>
}

export interface LeadershipOptions {
  readonly storage: ChatStorage
  /** Null where the browser has none. */
  readonly locks: Locks | null
  readonly clock: Clock
  readonly random: Random
  /** Of the lock. */
  readonly name: string
  /**
   * This tab leads from now on. Returns how to stop what a leading tab does.
   * @param storage - refuses every transaction once another tab has taken over
   */
  onLead(storage: ChatStorage): Stop
}

/** Where nobody else shares the rows: leads at once and for good. */
export function leadAlone({ storage, onLead }: Pick<LeadershipOptions, 'storage' | 'onLead'>): Leadership {
  let end: Stop | null = null
  let stopped = false
  queueMicrotask(() => {
    if (!stopped) end = onLead(storage)
  })
  return {
    isLeading: () => end !== null && !stopped,
    async stop() {
      stopped = true
      end?.()
    },
  }
}

/** For a tab that may only read. */
export function neverLead(): Leadership {
  return { isLeading: () => false, stop: async () => {} }
}

export function takeLead(options: LeadershipOptions): Leadership {
  const { storage, clock, random, name, onLead } = options
  const tab = random.id()
  /** Null, too, after a browser refused to give any. */
  let { locks } = options
  let stopped = false
  /** Counts the times that this tab began to wait; what an earlier one left under way is over. */
  let round = 0
  let claiming: Promise<void> | null = null
  /** Not null while this tab leads. */
  let reign: { readonly held: Claim; end: Stop } | null = null
  let stopTimer: Stop = () => {}
  /** Gives the lock back, or gives up waiting for it. */
  let letGo: Stop = () => {}

  function later(fn: () => void, delayMs = BEAT_MS): void {
    stopTimer()
    stopTimer = clock.setTimer(fn, delayMs)
  }

  function wait(): void {
    if (stopped) return
    const mine = ++round
    claiming = null
    if (locks) queueForLock(locks)
    void watch(mine)
  }

  /** Looks at the lease again and again until this tab leads, or something is to be done about it. */
  async function watch(mine: number, before: Lease | null = null, silence = 0): Promise<void> {
    const lease = await storage.read(readLease).catch(() => null)
    if (stopped || mine !== round || claiming || reign) return
    const isSilent = lease !== null && before !== null && sameLease(lease, before)
    const looks = isSilent ? silence + 1 : 0
    if (lease && !locks && (lease.holder === null || looks >= SILENT_LOOKS)) return startClaim(lease)
    if (lease && locks && looks >= SILENT_LOOKS) return stealLock(locks, lease)
    later(() => void watch(mine, lease, looks))
  }

  function queueForLock(all: Locks): void {
    const giveUp = new AbortController()
    const giveBack = holdLock((hold) => all.request(name, { signal: giveUp.signal }, hold))
    letGo = () => {
      giveBack()
      giveUp.abort()
    }
  }

  /** Out of the line and claimed first: who cannot claim, on a full disk, must not take the lock from a tab that is alive and only cannot say so. */
  function stealLock(all: Locks, seen: Lease): void {
    letGo()
    startClaim(seen, all)
  }

  /**
   * Asks for the lock, and claims the lease once it is held. Returns how to give it back.
   * @param held - what is claimed already
   */
  function holdLock(request: (hold: () => Promise<void>) => Promise<void>, held?: Claim): Stop {
    let isOver = false
    let isHeld = false
    let release!: () => void
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const lost = () => {
      if (isOver) return
      isOver = true
      // Refused without ever being held: this browser, or this page, has no locks to give.
      if (!isHeld) locks = null
      standDown()
    }
    request(() => {
      if (isOver) return Promise.resolve()
      isHeld = true
      if (held && !stopped) lead(held)
      else startClaim()
      return released
    }).then(lost, lost)
    return () => {
      isOver = true
      release()
    }
  }

  /** @param lock - to be taken by force where the claim succeeds */
  function startClaim(seen?: Lease, lock?: Locks): void {
    stopTimer()
    claiming = claim(seen, lock)
  }

  async function claim(seen?: Lease, lock?: Locks): Promise<void> {
    const mine = round
    // Each reign has a name of its own: in a database that was thrown away epochs begin anew, and what an earlier one left under way is not this one's.
    const holder = `${tab}/${mine}`
    let epoch: number | null
    try {
      epoch = await storage.write((tx) => claimLease(tx, holder, seen))
    } catch {
      if (stopped || mine !== round) return
      if (lock) wait()
      // Full, busy or being opened again: tried until it works, as nobody else can lead meanwhile either.
      else later(() => startClaim(seen), BEAT_MS * (1 + random.next()))
      return
    }
    if (epoch !== null && (stopped || mine !== round)) return giveUp({ epoch, holder })
    if (epoch === null) standDown()
    else if (lock) takeLock(lock, { epoch, holder })
    else lead({ epoch, holder })
  }

  function takeLock(lock: Locks, held: Claim): void {
    claiming = null
    letGo = holdLock((hold) => lock.request(name, { steal: true }, hold), held)
    // Should that lead to nothing, the next look starts anew.
    const mine = round
    later(() => void watch(mine))
  }

  function giveUp(held: Claim): Promise<void> {
    return storage.write((tx) => releaseLease(tx, held)).catch(() => {})
  }

  function lead(held: Claim): void {
    // Another tab leads and is alive: with a browser that gives one lock to many, claiming at once would never end.
    const refused = () => {
      if (reign === own) standDown(BEAT_MS * (1 + random.next()))
    }
    const own: { readonly held: Claim; end: Stop } = { held, end: () => {} }
    reign = own
    const beat = () => {
      later(beat)
      storage.write((tx) => beatLease(tx, held)).catch((error: unknown) => {
        if ((error as { code?: unknown }).code === 'outbox/notLeading') refused()
      })
    }
    later(beat)
    own.end = onLead(fencedStorage(storage, (tx) => checkLease(tx, held), refused))
  }

  /** Back into the line, after a rest: the lock was taken by force, or the lease says that another tab leads. */
  function standDown(restMs = 0): void {
    const ended = endReign()
    ended?.end()
    if (restMs === 0) wait()
    else if (!stopped) later(wait, restMs)
  }

  function endReign(): typeof reign {
    stopTimer()
    letGo()
    const ended = reign
    reign = null
    return ended
  }

  wait()
  return {
    isLeading: () => reign !== null,
    async stop() {
      stopped = true
      stopTimer()
      const ended = reign
      reign = null
      ended?.end()
      await claiming
      // Said before the lock is given back: without locks the next tab goes by this alone.
      if (ended) await giveUp(ended.held)
      letGo()
    },
  }
}
