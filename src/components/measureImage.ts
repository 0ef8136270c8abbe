/** How large a picture is, in its own pixels; nothing where the browser cannot draw it. */
export async function measureImage(file: Blob): Promise<{ readonly widthPx: number; readonly heightPx: number } | null> {
  if (typeof createImageBitmap !== 'function') return null
  try {
    const bitmap = await createImageBitmap(file)
    const { width: widthPx, height: heightPx } = bitmap
    bitmap.close()
    return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : null
  } catch {
    return null
  }
}
