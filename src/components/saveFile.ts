/** Saves a file that came within its message. */
import type { Clock } from '../model/index.js'

/**
 * Hands the file of a `data:` address to the browser's downloads; says whether it was one. Such an address is never followed: some open as pages.
 * The bytes get an address of their own for as long as the browser needs to take them, as bytes of no kind, so that nothing of them is ever shown as a page of this one.
 */
export function saveFile(address: string, name: string, clock: Clock): boolean {
  const bytes = bytesOf(address)
  if (bytes === null) return false
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads it after this.
  clock.setTimer(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS)
  return true
}

/** Long enough for a slow disk to take the file, milliseconds. */
const REVOKE_AFTER_MS = 40_000

/** What a `data:` address holds; null where it is none, or broken. */
export function bytesOf(address: string): Uint8Array<ArrayBuffer> | null {
  const comma = address.indexOf(',')
  if (!/^data:/i.test(address) || comma < 0) return null
  try {
    if (!/;\s*base64\s*$/i.test(address.slice(0, comma))) return new TextEncoder().encode(decodeURIComponent(address.slice(comma + 1)))
    return Uint8Array.from(atob(decodeURIComponent(address.slice(comma + 1))), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}
