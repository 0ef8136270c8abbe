/** How to take back what a write has done so far, newest first. */
export interface UndoLog {
  push(inverse: () => void): void
  undo(): void
}

export function createUndoLog(): UndoLog {
  const inverses: (() => void)[] = []
  return {
    push: (inverse) => void inverses.push(inverse),
    undo() {
      while (inverses.length > 0) inverses.pop()?.()
    },
  }
}

/** Sets an entry, remembering how it was. */
export function setEntry<K, V>(map: Map<K, V>, key: K, value: V, log: UndoLog): void {
  const had = map.has(key)
  const before = map.get(key)
  map.set(key, value)
  log.push(() => (had ? void map.set(key, before as V) : void map.delete(key)))
}

/** Deletes an entry, remembering how it was. */
export function deleteEntry<K, V>(map: Map<K, V>, key: K, log: UndoLog): void {
  if (!map.has(key)) return
  const before = map.get(key) as V
  map.delete(key)
  log.push(() => void map.set(key, before))
}
