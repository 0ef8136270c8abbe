/** Runs work one after another, in the order in which it was handed in. */
export interface SerialQueue {
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createSerialQueue(): SerialQueue {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    run(work) {
      const result = tail.then(work)
      // The queue goes on after a failure; whoever handed the work in hears of it.
      tail = result.catch(() => {})
      return result
    },
  }
}
