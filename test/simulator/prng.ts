/** Numbers that look random and are the same for the same seed. */
export interface Prng {
  /** In [0, 1). */
  next(): number
  /** In [0, below). */
  int(below: number): number
  pick<T>(from: readonly T[]): T
  chance(share: number): boolean
}

/** Mulberry32; a name of its own for each concern, so that one more draw here changes nothing there. */
export function createPrng(seed: number, concern = ''): Prng {
  let state = seed >>> 0
  for (const char of concern) state = Math.imul(state ^ char.charCodeAt(0), 0x9e3779b1) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number) => Math.floor(next() * below)
  return { next, int, pick: (from) => from[int(from.length)]!, chance: (share) => next() < share }
}
