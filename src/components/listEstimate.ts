/** Heights before anything is measured. They only place the scrollbar and rows far away; nothing on screen is placed by them. */
import type { ListRow } from './listRows.js'

const SEPARATOR_PX = 40
const ROW_PX = 44
const RUN_START_PX = 8
const LINE_PX = 21
/** Characters in a line of a bubble of usual width. */
const LINE_CHARS = 48
const MEDIA_PX = 240
const FILE_PX = 72
const MAX_MEDIA_PX = 360
const MAX_LINES = 24

/**
 * Height of a row that was not measured yet, CSS pixels.
 * Depends on the row alone: an estimate that changed would move everything below the rows that still rely on it.
 */
export function estimateRowPx(row: ListRow): number {
  if (row.kind !== 'message') return SEPARATOR_PX
  return bodyPx(row) + (row.runStart ? RUN_START_PX : 0)
}

function bodyPx({ message: { body } }: Extract<ListRow, { kind: 'message' }>): number {
  switch (body.kind) {
    case 'text':
    case 'system':
      return ROW_PX + (Math.min(MAX_LINES, Math.ceil(body.text.length / LINE_CHARS)) - 1) * LINE_PX
    case 'image':
    case 'video':
      return Math.min(MAX_MEDIA_PX, body.heightPx ?? MEDIA_PX) + ROW_PX / 2
    case 'voice':
    case 'file':
      return FILE_PX
    case 'custom':
      return ROW_PX
  }
}
