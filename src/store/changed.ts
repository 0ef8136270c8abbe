/** A store listener that fires only when what `pick` takes has changed. */
export function changed<T>(pick: () => T, fire: (value: T) => void, same: (a: T, b: T) => boolean = Object.is): () => void {
  let before = pick()
  return () => {
    const next = pick()
    if (same(before, next)) return
    before = next
    fire(next)
  }
}
