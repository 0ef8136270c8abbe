/** Which addresses may be followed, and which may be loaded. */

/** Whether an address may be the target of a link: http, https, mailto or tel, whatever its disguise. @public */
export function isSafeHref(href: string): boolean {
  return hasProtocol(href, ['http:', 'https:', 'mailto:', 'tel:'])
}

/** Whether an address may be loaded as a picture, a sound or a file: http, https, blob, or a picture within the address itself. Relative addresses pass. @public */
export function isSafeMediaUrl(url: string): boolean {
  return hasProtocol(url, ['http:', 'https:', 'blob:']) || /^data:image\/(png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i.test(url)
}

function hasProtocol(address: string, allowed: readonly string[]): boolean {
  try {
    return allowed.includes(new URL(address, 'https://relative.invalid').protocol)
  } catch {
    return false
  }
}
