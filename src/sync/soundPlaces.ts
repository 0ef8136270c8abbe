/** Places that are noted in a list in `meta`, as far as they are sound: what is torn of it says nothing, and stands in the way of nothing. */
import { isPoint, type PointRange } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { isRow, own } from '../storage/rows/fields.js'

export async function soundOf<T>(tx: StorageTx, key: string, isSound: (value: unknown) => value is T): Promise<readonly T[]> {
  return soundIn(await tx.meta.get<unknown>(key), isSound)
}

export function soundIn<T>(list: unknown, isSound: (value: unknown) => value is T): readonly T[] {
  return Array.isArray(list) ? list.filter(isSound) : []
}

export function isRange(value: unknown): value is PointRange {
  return isRow(value) && isPoint(own(value, 'from')) && isPoint(own(value, 'to'))
}
