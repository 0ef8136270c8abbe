/** What a row and its menu share. */
import type { SyntheticEvent } from 'react'
import type { MenuAnchor } from '../react/parts.js'

export interface OpenMenu {
  readonly anchor: MenuAnchor
  /** `react`: the emoji alone. */
  readonly kind: 'all' | 'react'
}

/** Makes of what a pointer does on a row that its menu opens. */
export interface RowGestures {
  handle(event: SyntheticEvent<HTMLElement>): void
  endPress(): void
}

export function bubbleOf(row: Element): Element {
  return row.querySelector('.rb-bubble') ?? row
}
