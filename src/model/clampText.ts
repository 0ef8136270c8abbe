/** Text above these is shown shortened until asked for: a megabyte in one row would stop the list. */
export const CLAMP_CHARS = 4000
export const CLAMP_LINES = 80

/**
 * The beginning of a text, at most `maxChars` characters and `maxLines` lines; the same string when it fits.
 * Never cuts a character in two.
 */
export function clampText(text: string, maxChars: number = CLAMP_CHARS, maxLines: number = CLAMP_LINES): string {
  let end = Math.min(text.length, maxChars)
  let newline = -1
  for (let line = 0; line < maxLines; line++) {
    newline = text.indexOf('\n', newline + 1)
    if (newline === -1 || newline >= end) break
    if (line === maxLines - 1) end = newline
  }
  if (end === text.length) return text
  const last = text.charCodeAt(end - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)
}
