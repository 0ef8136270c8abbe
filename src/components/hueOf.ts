/** Colours people are told apart by; the palette is in the tokens. */
export const HUES = 8

/** A colour's number for an id, the same on every device (FNV-1a over code units, at most the first 256). */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < Math.min(id.length, 256); index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  // The low bits of FNV are its worst; fold the high ones in.
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES
}
