import type { Point } from '../model/index.js'

/** Before every message: where paging from the oldest on begins. */
export const FIRST_PLACE: Point = { epoch: 0, order: 0, id: '' }
