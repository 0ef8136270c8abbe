import type { MessageId } from './ids.js'
import type { Message } from './message.js'
import { placesOf } from './placesOf.js'

/**
 * The id under which the wire knows it now. What a restored server has lost, and was sent again, it knows by its place in a later epoch alone;
 * else every id of a message is as good as the other.
 * @param asked - one of its ids. Default: the first
 */
export function wireIdOf(message: Pick<Message, 'ids' | 'at' | 'otherPlaces'>, asked: MessageId | undefined = message.ids[0]): MessageId | undefined {
  const places = placesOf(message)
  const newest = places.filter(({ epoch }) => places.every((place) => place.epoch <= epoch)).flatMap(({ id }) => (message.ids.includes(id) ? id : []))
  return asked !== undefined && newest.includes(asked) ? asked : (newest[0] ?? asked)
}
