import type { ReactNode } from 'react'

/** A drawing of one line in the colour of the words, on a grid of `cells` by `cells`. */
const drawing = (cells: number, path: string, sizePx: number, strokeWidth: number, mirror?: ''): ReactNode => (
  <svg viewBox={`0 0 ${cells} ${cells}`} width={sizePx} height={sizePx} fill="none" stroke="currentColor" strokeWidth={strokeWidth} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" data-mirror={mirror}>
    <path d={path} />
  </svg>
)

/** For buttons and menus. */
export const glyph = (path: string, mirror?: '', strokeWidth = 1.5, sizePx = 18): ReactNode => drawing(20, path, sizePx, strokeWidth, mirror)

/** Beside words. */
export const smallGlyph = (path: string, strokeWidth = 1.5, sizePx = 16): ReactNode => drawing(16, path, sizePx, strokeWidth)
