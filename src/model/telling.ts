/** Calls what somebody else listens with. What it throws is its own trouble, and breaks nothing here: the error surfaces as an uncaught one. */
export function telling<Args extends readonly unknown[]>(listener: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      listener(...args)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
