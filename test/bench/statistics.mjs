/** Middle of the numbers; of an even count the upper of the two. */
export function median(values) {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The value under which `part` (0 to 1) of all lie. */
export function share(values, part) {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** Median, least and greatest of each figure over several samples. */
export function summarise(samples) {
  const names = new Set(samples.flatMap((sample) => Object.keys(sample)))
  return Object.fromEntries(
    [...names].map((name) => {
      const values = samples.map((sample) => sample[name]).filter(Number.isFinite)
      return [name, { median: median(values), least: Math.min(...values), most: Math.max(...values), samples: values.length }]
    }),
  )
}
