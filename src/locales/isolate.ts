/** Marks that change the direction of what follows them. */
const DIRECTION_MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g

/**
 * A name within a plain-text sentence (label, title, notification): isolated, so that it cannot turn the words around it.
 * Its own direction marks are left out, since an unbalanced one would end the isolation. In elements use `<bdi>`.
 */
export function isolate(name: string): string {
  return `\u2068${name.replace(DIRECTION_MARKS, '')}\u2069`
}
