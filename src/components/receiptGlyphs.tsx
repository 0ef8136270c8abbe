'use client'
import type { MessageStatus } from '../model/message.js'

/** On a grid of 16: clock, check, two checks, an exclamation mark in a ring. */
const LINES: Readonly<Record<MessageStatus, string>> = {
  sending: 'M8 2.25a5.75 5.75 0 1 1 0 11.5a5.75 5.75 0 1 1 0-11.5M8 4.9V8l2.1 1.5',
  sent: 'M3.5 8.75 6.5 11.75 12.75 4.5',
  delivered: 'M1.25 8.75l3 3L10.5 4.5M7.9 11.35l.4.4 6.45-7.25',
  read: 'M1.25 8.75l3 3L10.5 4.5M7.9 11.35l.4.4 6.45-7.25',
  failed: 'M8 2.25a5.75 5.75 0 1 1 0 11.5a5.75 5.75 0 1 1 0-11.5M8 5v3.4M8 10.9v.05',
}

const RING = 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 1.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8'

/** Told apart by their outline alone, whatever a person sees of colours: dots, a ring, a half moon in a ring, a disc with a check cut out, a triangle. */
const SHAPES: Readonly<Record<MessageStatus, string>> = {
  sending: 'M2.5 8a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 0 0-2.8 0m4.1 0a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 0 0-2.8 0m4.1 0a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 0 0-2.8 0',
  sent: RING,
  delivered: `${RING}M8 4.8a3.2 3.2 0 0 1 0 6.4z`,
  read: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13m-.9 9.4 4.3-4.9-1.1-1-3.3 3.8-1.6-1.6-1 1z',
  failed: 'M8 1.5 15.3 14.3H.7zM7.2 6v4h1.6V6zm0 5.2v1.7h1.6v-1.7z',
}

interface ReceiptGlyphProps {
  readonly status: MessageStatus
  /** By outline instead of by checks. Default false. */
  readonly shapes?: boolean
}

/** The kit's own drawing of a status. Read is also heavier, so that it does not differ by colour alone. */
export function ReceiptGlyph({ status, shapes = false }: ReceiptGlyphProps) {
  const ink = shapes
    ? ({ fill: 'currentColor', fillRule: 'evenodd' } as const)
    : ({ fill: 'none', stroke: 'currentColor', strokeWidth: status === 'read' ? 1.9 : 1.5, strokeLinecap: 'round', strokeLinejoin: 'round' } as const)
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" {...ink} aria-hidden="true">
      <path d={(shapes ? SHAPES : LINES)[status]} />
    </svg>
  )
}
