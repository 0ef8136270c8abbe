import type { Point } from '../model/index.js'

/** Before every message: where paging from the oldest on begins. */
export const FIRST_PLACE: Point = { epoch: 0, order: 0, id: '' }

/** After every message that has a place. */
export const LAST_PLACE: Point = { epoch: Number.MAX_VALUE, order: 0, id: '' }
