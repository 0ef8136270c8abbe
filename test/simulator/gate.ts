/** What stands between a tab and the world: shut while the tab is frozen, never open again once it died. */
export interface Gate {
  readonly isShut: boolean
  readonly isDead: boolean
  /** Resolves at once in a tab that runs, at its wake in a frozen one, and never in one that died. */
  pass(): Promise<void>
  /** Waits like `pass`, for an event: those of one tab stay in order. */
  whenOpen(run: () => void): void
  shut(): void
  open(): void
  kill(): void
}

export function createGate(): Gate {
  let shut = false
  let dead = false
  const waiting: (() => void)[] = []
  return {
    get isShut() {
      return shut
    },
    get isDead() {
      return dead
    },
    pass: () => (dead ? new Promise(() => {}) : shut ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    whenOpen(run) {
      if (dead) return
      if (shut) waiting.push(run)
      else run()
    },
    shut: () => void (shut = true),
    open() {
      shut = false
      if (dead) return
      for (const go of waiting.splice(0)) go()
    },
    kill() {
      dead = true
      waiting.length = 0
    },
  }
}

/** Begins and ends only in a tab that runs. */
export async function through<T>(gate: Gate, work: () => Promise<T>): Promise<T> {
  await gate.pass()
  const settled = await work().then((value) => () => value, (error: unknown) => () => {
    throw error
  })
  await gate.pass()
  return settled()
}
