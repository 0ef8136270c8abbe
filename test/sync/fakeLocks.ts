/** Web Locks of one browser, and how each tab of it sees them: a frozen tab keeps what it holds and hears of nothing until it wakes. */
import type { Locks } from 'readback/core'

interface Request {
  readonly name: string
  readonly tab: FakeTabLocks
  readonly hold: () => Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export interface FakeTabLocks extends Locks {
  freeze(): void
  wake(): void
  /** The tab is gone: what it held is free. */
  crash(): void
}

export interface FakeBrowserLocks {
  tab(): FakeTabLocks
  /** How many tabs believe that they hold it: more than one after a theft that a frozen tab has not heard of. */
  held(name: string): number
  /** From now on everybody is given every lock at once, those who wait for it too, as a broken browser would. */
  giveToAll: boolean
}

export function fakeLocks(): FakeBrowserLocks {
  const holders = new Map<string, Request[]>()
  const queues = new Map<string, Request[]>()
  let toAll = false
  const browser: FakeBrowserLocks = {
    tab,
    held: (name) => (holders.get(name) ?? []).length,
    get giveToAll() {
      return toAll
    },
    set giveToAll(on) {
      toAll = on
      if (on) for (const queue of queues.values()) for (const request of queue.splice(0)) grant(request)
    },
  }
  const of = (map: Map<string, Request[]>, name: string) => map.get(name) ?? map.set(name, []).get(name)!
  const without = (map: Map<string, Request[]>, request: Request) => map.set(request.name, of(map, request.name).filter((each) => each !== request))

  function grant(request: Request): void {
    of(holders, request.name).push(request)
    queueMicrotask(() =>
      request.hold().then(() => {
        if (!of(holders, request.name).includes(request)) return
        free(request)
        request.resolve()
      }, request.reject),
    )
  }

  function free(request: Request): void {
    without(holders, request)
    if (of(holders, request.name).length > 0) return
    const next = of(queues, request.name).shift()
    if (next) grant(next)
  }

  function tab(): FakeTabLocks {
    let frozen = false
    let gone = false
    const late: (() => void)[] = []
    const tell = (fn: () => void) => (frozen ? late.push(fn) : gone ? undefined : fn())
    const locks: FakeTabLocks = {
      request(name, { steal, signal }, hold) {
        if (steal && signal) return Promise.reject(new DOMException('Both steal and signal.', 'NotSupportedError'))
        return new Promise<void>((resolve, reject) => {
          const request: Request = { name, tab: locks, hold, resolve, reject: (error) => tell(() => reject(error)) }
          signal?.addEventListener('abort', () => {
            if (!of(queues, name).includes(request)) return
            without(queues, request)
            request.reject(signal.reason)
          })
          if (steal) {
            for (const holder of of(holders, name)) holder.reject(new DOMException('Stolen.', 'AbortError'))
            holders.set(name, [])
          }
          if (steal || browser.giveToAll || of(holders, name).length === 0) grant(request)
          else of(queues, name).push(request)
        })
      },
      freeze: () => void (frozen = true),
      wake() {
        frozen = false
        for (const fn of late.splice(0)) fn()
      },
      crash() {
        gone = true
        for (const [name, queue] of queues) queues.set(name, queue.filter((each) => each.tab !== locks))
        for (const all of [...holders.values()]) for (const each of all) if (each.tab === locks) free(each)
      },
    }
    return locks
  }

  return browser
}
