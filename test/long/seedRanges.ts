/** So many schedules are one test with a limit of its own: one for all of them would be over on a busy machine before they are. */
const A_TEST = 250

/** Seeds from `first` on, in parts. */
export function seedRanges(count: number, first = 1_000): readonly (readonly [from: number, to: number])[] {
  const end = first + count
  return Array.from({ length: Math.ceil(count / A_TEST) }, (_, n) => [first + n * A_TEST, Math.min(end, first + (n + 1) * A_TEST) - 1] as const)
}
