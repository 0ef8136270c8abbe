/**
 * Lets at most `width` pieces of work run at a time, in the order in which they came; the others wait. A browser opens six connections to a host, so a flood of
 * messages that takes four leaves room for receipts.
 * @public
 */
export function createTurns(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = Math.max(1, width)
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((begin) => { waiting.push(begin) })
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
