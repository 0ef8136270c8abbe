/**
 * What `npm test` tries of something large, and the long run all of. `READBACK_SAMPLE` says which: `all`, or the seed by which the sample is chosen.
 * What was chosen is printed, so that a run can be repeated. In Node and in a browser.
 */
import { createPrng } from '../simulator/prng.js'

const { process } = globalThis as { process?: { env: Record<string, string | undefined> } }
/** A page has no process, and in Node `import.meta.env` has not this one. */
const asked = process?.env['READBACK_SAMPLE'] ?? (import.meta as unknown as { env: Record<string, string | undefined> }).env['READBACK_SAMPLE'] ?? '1'

/** True in the long run: nothing is left out. */
export const TAKES_ALL = asked === 'all'

const prngOf = (name: string) => createPrng(Number(asked), name)

function tell(name: string, count: number, total: number): void {
  console.log(`${name}: ${count.toLocaleString('en')} of ${total.toLocaleString('en')}${count < total ? ` (READBACK_SAMPLE=${asked})` : ''}`)
}

/** `count` of them from all over, in their order. */
export function sampleOf<T>(name: string, all: readonly T[], count: number): readonly T[] {
  const size = TAKES_ALL ? all.length : Math.min(count, all.length)
  tell(name, size, all.length)
  if (size === all.length) return all
  const prng = prngOf(name)
  // One after another is taken with the chance that is left for it.
  let wanted = size
  return all.filter((_, index) => {
    const isTaken = prng.next() < wanted / (all.length - index)
    if (isTaken) wanted -= 1
    return isTaken
  })
}

/** `count` that follow on one another. */
export function stretchOf<T>(name: string, all: readonly T[], count: number): readonly T[] {
  const size = TAKES_ALL ? all.length : Math.min(count, all.length)
  tell(name, size, all.length)
  const start = prngOf(name).int(all.length - size + 1)
  return size === all.length ? all : all.slice(start, start + size)
}
