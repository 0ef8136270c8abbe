/** The box a picture gets before it has loaded, so that nothing moves when it does. CSS pixels. */
export interface MediaBox {
  readonly widthPx: number
  readonly heightPx: number
}

const MAX_WIDTH_PX = 320
const MAX_HEIGHT_PX = 360
const MIN_SIDE_PX = 72
const UNKNOWN_BOX: MediaBox = { widthPx: 260, heightPx: 195 }

/** Fits a picture's own size into the bubble. Sizes from a wire may be missing, zero, negative or absurd: then a common shape stands in. */
export function mediaBox(widthPx: number | undefined, heightPx: number | undefined): MediaBox {
  if (!isSize(widthPx) || !isSize(heightPx)) return UNKNOWN_BOX
  const scale = Math.min(1, MAX_WIDTH_PX / widthPx, MAX_HEIGHT_PX / heightPx)
  return { widthPx: Math.max(MIN_SIDE_PX, Math.round(widthPx * scale)), heightPx: Math.max(MIN_SIDE_PX, Math.round(heightPx * scale)) }
}

/** What a picture can measure. */
export function isSize(px: number | undefined): px is number {
  return px !== undefined && Number.isFinite(px) && px >= 1 && px <= 100_000
}
