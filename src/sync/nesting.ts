/** Pure: how deep something goes. What a database takes at one depth of the stack it may not give back at another, and then nothing can be read that stands beside it. */

/** Of what people write to each other a few levels are known; what goes deeper was made to, or turns in a circle. */
const MOST_LEVELS = 100

/** Level by level, each object once in a level: neither a circle nor one object in many places takes long. */
export function isTooDeep(value: unknown): boolean {
  try {
    let level = containersIn([value])
    for (let levels = 1; level.size > 0; levels += 1) {
      if (levels > MOST_LEVELS) return true
      level = containersIn(level, Object.values)
    }
    return false
  } catch {
    // A getter or a proxy of the host's own: what looks into it next tells.
    return false
  }
}

function containersIn(values: Iterable<unknown>, inside?: (value: object) => readonly unknown[]): Set<object> {
  const found = new Set<object>()
  for (const value of values) for (const each of inside ? inside(value as object) : [value]) if (isContainer(each)) found.add(each)
  return found
}

/** Only these a wire can make; of files and the like the fields are no levels. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
