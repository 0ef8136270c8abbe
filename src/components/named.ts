/** Who is named in a text that was written with mentions. Pure. */
import type { Mention, UserId } from '../model/index.js'

/** Somebody who was chosen while a text was written, by the name that was put in. */
export interface Named {
  readonly userId: UserId
  readonly name: string
}

/**
 * Who is named where. Only names that were chosen: what was merely typed names nobody. Of two people by one name, the one chosen first stands first.
 */
export function mentionsIn(text: string, named: readonly Named[]): readonly Mention[] {
  if (named.length === 0) return []
  const left = [...named]
  const found: Mention[] = []
  for (let start = text.search(AT); start >= 0; ) {
    const here = named.filter(({ name }) => text.startsWith(name, start + 1) && !/^[\p{L}\p{N}_]/u.test(text.slice(start + 1 + name.length)))
    const longest = Math.max(0, ...here.map(({ name }) => name.length))
    const meant = left.find((each) => here.includes(each) && each.name.length === longest) ?? here.findLast(({ name }) => name.length === longest)
    const end = start + 1 + longest
    if (meant !== undefined) {
      left.splice(left.indexOf(meant), Number(left.includes(meant)))
      found.push({ userId: meant.userId, start, end })
    }
    const next = text.slice(end).search(AT)
    start = next < 0 ? -1 : end + next
  }
  return found
}

/** Where a name may begin. */
export const AT = /[@＠]/

/** Whom the mentions of a text name, so that it can be written on. */
export function namedIn(text: string, mentions: readonly Mention[] = []): readonly Named[] {
  return mentions.map(({ userId, start, end }) => ({ userId, name: text.slice(start + 1, end) })).filter(({ name }) => name !== '')
}
