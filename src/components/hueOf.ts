/** Colours people are told apart by; the palette is in the tokens. */
export const HUES = 8

/** A colour's number for an id, the same on every device: FNV-1a over at most 256 code units, its bits then stirred as MurmurHash3 does, since short ids differ in few of them. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < Math.min(id.length, 256); index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % HUES
}
