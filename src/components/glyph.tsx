import type { ReactNode } from 'react'

/** A drawing of one line, 18 by 18, in the colour of the words. */
export const glyph = (path: string, mirror?: ''): ReactNode => (
  <svg viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" data-mirror={mirror}>
    <path d={path} />
  </svg>
)
