/** Drawings beside what a menu offers. */
import type { ReactNode } from 'react'
import { glyph } from './glyph.js'
import type { OfferId } from './messageOffers.js'

const BIN_PATH = 'M4 6h12M8 6V4.25h4V6M5.5 6l.75 10.25h7.5L14.5 6M8.5 9v4.5M11.5 9v4.5'

export const replyGlyph = glyph('M8 5 3.5 9.5 8 14M4 9.5h7.5a5 5 0 0 1 5 5V16', '')
export const moreGlyph = glyph('M4.6 10a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0m5 0a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0m5 0a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0')
export const reactGlyph = glyph('M17 10a7 7 0 1 1-7-7M7 11.75c.6 1.1 1.7 1.75 3 1.75s2.4-.65 3-1.75M7.75 8h.01M12.25 8h.01M15.5 2.5v5M13 5h5')
export const closeGlyph = glyph('m5.5 5.5 9 9M14.5 5.5l-9 9')
export const playGlyph = glyph('M6.5 4.25v11.5L16 10z')
export const pauseGlyph = glyph('M7 4.5v11M13 4.5v11')

const BIN = glyph(BIN_PATH)

export const menuGlyphs: Readonly<Record<OfferId, ReactNode>> = {
  retry: glyph('M15.5 10a5.5 5.5 0 1 1-1.6-3.9L15.5 7.7M15.5 4v3.7h-3.7'),
  reply: replyGlyph,
  copy: glyph('M7.5 7.5h8v8.75h-8zM12.5 7.5V3.75h-8v8.75h3'),
  edit: glyph('m4 16 .8-3.2 8.4-8.4a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2l-8.4 8.4zM12 5.6l2.4 2.4'),
  info: glyph('M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 9.25v4M10 6.5h.01'),
  recall: glyph('M6.5 4 3 7.5 6.5 11M3.5 7.5h8.25a4.25 4.25 0 0 1 0 8.5H7', ''),
  discard: BIN,
  deleteForMe: BIN,
  deleteForAll: BIN,
}
