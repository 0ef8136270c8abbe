'use client'
import type { MessageStatus } from '../model/message.js'
import { smallGlyph } from './glyph.js'

/** On a grid of 16: clock, check, two checks, an exclamation mark in a ring. */
const LINES: Readonly<Record<MessageStatus, string>> = {
  sending: 'M8 2.25a5.75 5.75 0 1 1 0 11.5a5.75 5.75 0 1 1 0-11.5M8 4.9V8l2.1 1.5',
  sent: 'M3.5 8.75 6.5 11.75 12.75 4.5',
  delivered: 'M1.25 8.75l3 3L10.5 4.5M7.9 11.35l.4.4 6.45-7.25',
  read: 'M1.25 8.75l3 3L10.5 4.5M7.9 11.35l.4.4 6.45-7.25',
  failed: 'M8 2.25a5.75 5.75 0 1 1 0 11.5a5.75 5.75 0 1 1 0-11.5M8 5v3.4M8 10.9v.05',
}

/** The kit's own drawing of a status. Read is also heavier, so that it does not differ by colour alone. */
export function ReceiptGlyph({ status }: { status: MessageStatus }) {
  return smallGlyph(LINES[status], status === 'read' ? 1.9 : 1.5)
}
