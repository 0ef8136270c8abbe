import type { Message, Progress } from '../model/index.js'
import { coversPoint } from './coversPoint.js'

/** Whether it was reached: at any of its places, for who reached one of them has it. */
export function coversMessage(progress: Progress, { at, otherPlaces = [] }: Pick<Message, 'at' | 'otherPlaces'>): boolean {
  return at !== null && [at, ...otherPlaces].some((place) => coversPoint(progress, place))
}
