import type { MessageId } from './ids.js'
import type { Message } from './message.js'
import { placesOf } from './placesOf.js'

/**
 * The id under which the wire knows it now. What a restored server has lost, and was sent again, it knows by its place in a later epoch alone;
 * of what it stored twice it may have lost the later one.
 * @param asked - where no place says. Default: the first
 */
export function wireIdOf(message: Pick<Message, 'ids' | 'at' | 'otherPlaces'>, asked: MessageId | undefined = message.ids[0]): MessageId | undefined {
  const places = placesOf(message)
  return places.find(({ id, epoch }) => message.ids.includes(id) && places.every((place) => place.epoch <= epoch))?.id ?? asked
}
