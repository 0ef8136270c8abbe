import type { Place } from './oracle.js'
import type { World } from './world.js'

/** A message that the server lost and was sent again is the one that was read at its place before, too. */
export function placesOf(world: World, c: string, at: Place): readonly Place[] {
  const accepted = world.accepted.get(c)!
  const message = accepted.get(at.id)
  if (!world.wasReset.has(c) || !message) return [at]
  return [at, ...[...accepted.values()].filter(({ from, localId }) => from === message.from && localId === message.localId).map((row) => row.at!)]
}
