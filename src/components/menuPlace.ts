/** Where a menu goes beside what it belongs to. Pure; all in CSS pixels of the viewport. */
import type { MenuAnchor } from '../react/parts.js'

interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

/** Between the menu and what it belongs to, and between the menu and the edge. */
const GAP_PX = 4
const EDGE_PX = 8

/** Below and towards the end of the line where there is room, else above or the other way; never beyond an edge. */
export function placeMenu(anchor: MenuAnchor, menu: Size, viewport: Size, dir: 'ltr' | 'rtl'): { readonly x: number; readonly y: number } {
  const isPoint = anchor.widthPx === 0 && anchor.heightPx === 0
  const gap = isPoint ? 0 : GAP_PX
  const below = anchor.y + anchor.heightPx + gap
  const above = anchor.y - gap - menu.heightPx
  const fitsBelow = below + menu.heightPx + EDGE_PX <= viewport.heightPx
  const fitsAbove = above >= EDGE_PX
  // From a point it opens to the side of reading; at a box it keeps the box's starting edge.
  const towardsRight = anchor.x + (isPoint ? gap : 0)
  const towardsLeft = anchor.x + anchor.widthPx - menu.widthPx - (isPoint ? gap : 0)
  const fitsRight = towardsRight + menu.widthPx + EDGE_PX <= viewport.widthPx
  const fitsLeft = towardsLeft >= EDGE_PX
  const x = dir === 'ltr' ? (fitsRight || !fitsLeft ? towardsRight : towardsLeft) : fitsLeft || !fitsRight ? towardsLeft : towardsRight
  return {
    x: clamp(x, EDGE_PX, viewport.widthPx - menu.widthPx - EDGE_PX),
    y: clamp(fitsBelow || !fitsAbove ? below : above, EDGE_PX, viewport.heightPx - menu.heightPx - EDGE_PX),
  }
}

/** The lower bound wins where there is no room at all. */
function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
