'use client'
import { forwardRef, memo } from 'react'
import type { MessageRowProps } from '../react/parts.js'
import { containedRow } from './ListedMessageRow.js'
import { rowParts } from './rowParts.js'
import { RowPartsContext } from './rowPartsContext.js'

export type { MessageRowProps }

/**
 * One message: its bubble, who wrote it, when, and what became of it. Also notices: system, recalled, deleted.
 * Over an app's own data it needs no client. What throws inside is contained in the row.
 *
 * Data attributes: `data-direction` (own, other), `data-kind`, `data-status`, `data-conversation`, `data-run-start`, `data-run-end`, `data-highlighted`, `data-actions`, `data-menu-open`.
 * @public
 */
export const MessageRow = memo(
  forwardRef<HTMLDivElement, MessageRowProps>(function MessageRow(props, ref) {
    return <RowPartsContext.Provider value={rowParts}>{containedRow(props, ref)}</RowPartsContext.Provider>
  }),
)
