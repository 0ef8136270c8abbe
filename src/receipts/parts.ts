import type { Point, Progress } from '../model/index.js'
import { toProgress } from './progress.js'

/** One of the stretches that a progress consists of. */
export interface Part {
  /** Null: from the beginning. */
  readonly from: Point | null
  readonly to: Point
}

/** In order. */
export function partsOf({ upTo, ranges }: Progress): readonly Part[] {
  return upTo ? [{ from: null, to: upTo }, ...ranges] : ranges
}

/** @param parts - of which one at most begins at the beginning */
export function progressOfParts(parts: readonly Part[]): Progress {
  return toProgress(parts.find(({ from }) => from === null)?.to ?? null, parts.flatMap(({ from, to }) => (from ? [{ from, to }] : [])))
}
