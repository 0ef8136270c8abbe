import type { Message } from './message.js'
import type { Point } from './point.js'

/** Every place of a message: where it stands, and where else the wire stored it. None while it is provisional. */
export function placesOf({ at, otherPlaces = NOWHERE }: Pick<Message, 'at' | 'otherPlaces'>): readonly Point[] {
  return at === null ? NOWHERE : [at, ...otherPlaces]
}

const NOWHERE: readonly Point[] = []
